"""Invented people as a large register has them: a few names that thousands bear, and very many that few do."""

from dataclasses import dataclass
from datetime import date, timedelta
from itertools import accumulate, product
from random import Random

from app.debts.rules import matching
from app.demo.names import ORIGINS

_FIRST = (
    "Aba", "Ade", "Bal", "Ber", "Cha", "Dar", "Eke", "Fal", "Gor", "Hal", "Ime", "Jan", "Kal", "Lom", "Mar", "Nad", "Oku",
    "Par", "Rah", "Sam", "Tor", "Uba", "Var", "Wen", "Yar", "Zel",
)  # fmt: skip
_MIDDLE = ("ba", "de", "ko", "li", "mi", "no", "ra", "sa", "te", "vu", "wa", "ze", "ndi", "kwe", "sha", "tho")
_LAST = (
    "dze", "gani", "hara", "jan", "khel", "lova", "mba", "nen", "poor", "rek", "sto", "tan", "vic", "wala", "yev", "zai",
)  # fmt: skip
_COMMON = [(family, origin) for origin in ORIGINS for family in origin.families if family != "-"]
_RARE = [first + middle + last for first, middle, last in product(_FIRST, _MIDDLE, _LAST)]
_SHARE_OF_COMMON = 0.6


@dataclass(frozen=True, slots=True)
class Person:
    """What stays the same in every debt of one person, with the digests that the service itself makes."""

    family_name: str
    given_names: str
    date_of_birth: date
    nationality: str
    passport_number: str | None
    sex: str
    name_match: str | None
    passport_match: str | None
    other_names: str | None = None
    home_office_reference: str | None = None
    ni_number: str | None = None
    uk_postcode: str | None = None


class People:
    """Persons one after the other, the same ones for the same seed."""

    def __init__(self, chance: Random) -> None:
        self._chance = chance
        ranks = range(1, len(_COMMON) + 1)
        self._weights = list(accumulate(1 / (rank + 15) for rank in ranks))
        chance.shuffle(_RARE)

    def __call__(self, *, is_alone: bool = False) -> Person:
        """Nobody else has the family name of one who `is_alone`, as far as chance can tell."""
        chance = self._chance
        family, origin = chance.choices(_COMMON, cum_weights=self._weights)[0]
        if is_alone:
            family = f"{chance.choice(_RARE)}-{chance.choice(_RARE)}"
        elif chance.random() > _SHARE_OF_COMMON:
            family = _RARE[int(len(_RARE) * chance.random() ** 2)]
        is_woman = chance.random() < 0.58
        given = chance.sample(origin.women if is_woman else origin.men, 1 if chance.random() < 0.6 else 2)
        passport = f"{chance.choice('ABCDEFGHJKLMNP')}{chance.randrange(10_000_000, 99_999_999)}"
        bare = Person(
            family,
            " ".join(given),
            date(1940, 1, 1) + timedelta(days=chance.randrange(30_000)),
            origin.alpha3,
            passport if chance.random() < 0.7 else None,
            "female" if is_woman else "male",
            None,
            None,
        )
        values = (
            bare.family_name,
            bare.given_names,
            bare.date_of_birth,
            bare.nationality,
            bare.passport_number,
            bare.sex,
        )
        return Person(*values, matching.name_match(bare), matching.passport_match(bare))
