"""The keys by which a person is found among a million by those who may be the same: quick to make, and never a decision."""

from dataclasses import dataclass
from datetime import date
from zlib import crc32

from app.debts.rules.likeness import Traits
from app.debts.rules.names import sound_of

CROWD = 50  # a key under which more stand says nothing, as where a trust writes one birthday for all who did not tell


@dataclass(frozen=True, slots=True)
class Keys:
    """`sure` ones make two people be compared; those `of_name` only where their birthdays may be one day too."""

    sure: tuple[int, ...]
    of_name: tuple[int, ...] = ()

    @property
    def all(self) -> tuple[int, ...]:
        return self.sure + self.of_name


def keys_of(person: Traits) -> Keys:
    """By these a person is found by others who may be the same: two who share none of them are never compared."""
    numbers = [
        _short(f"{kind}|{number}")
        for kind, number in (("p", person.passport), ("h", person.home_office), ("n", person.ni))
        if len(number) >= 5
    ]
    if person.born is None:
        return Keys(tuple(numbers))
    born, nationality = person.born.isoformat(), person.nationality
    sounds = [sound_of(word)[:3] for word in (*person.family[:2], *person.given[:1])]
    sure = (*numbers, *{_short(f"d|{born}|{sound}") for sound in sounds})
    if len(sounds) < 2:
        return Keys(sure)
    one, other = sorted((sounds[0], sounds[-1]))
    of_name = (f"y|{born[:4]}|{nationality}|{one}|{other}", f"m|{born[5:]}|{nationality}|{one}|{other}")
    return Keys(sure, (_short(of_name[0]), _short(of_name[1])))


def day_of(born: date | None) -> int:
    """A birthday as a number whose digits can be compared, such as 19850327; 0 where it is not known."""
    return born.year * 10_000 + born.month * 100 + born.day if born else 0


def may_be_one_day(one: int, other: int) -> bool:
    """Whether two birthdays differ by no more than people confuse; quick, and never wrong in saying no."""
    if one == other or not one or not other:
        return True
    if one // 10_000 == other // 10_000:
        mine, theirs = one % 10_000, other % 10_000
        if 101 in (mine, theirs) or (mine // 100, mine % 100) == (theirs % 100, theirs // 100):
            return True
    return len(str(abs(one - other)).rstrip("0")) == 1


def _short(key: str) -> int:
    """Two keys become one number once in four thousand million, which costs a comparison and no more."""
    return crc32(key.encode("utf-8", "surrogatepass"))
