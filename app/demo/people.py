"""Invented people. Any likeness to a real person is chance; every row that names one says that it is invented."""

from dataclasses import dataclass, replace
from datetime import date, timedelta
from random import Random

from app.demo.names import ORIGINS, STREETS, TOWNS, Origin
from app.policy import countries

_SHARES = [origin.share for origin in ORIGINS]


@dataclass(frozen=True)
class Person:
    """A person as a trust's own records have them; texts as they would be typed into the workbook."""

    family_name: str
    given_names: str
    other_names: str | None
    date_of_birth: date
    sex: str | None
    nationality: str
    passport_number: str | None
    home_office_reference: str | None
    uk_address: str | None
    uk_postcode: str | None
    overseas_address: str | None


def invented(chance: Random, born_before: date) -> Person:
    """One person, an adult or a child, born at least a year before a day."""
    origin = chance.choices(ORIGINS, _SHARES)[0]
    is_woman = chance.random() < 0.58  # maternity is the commonest cause
    given = chance.sample(origin.women if is_woman else origin.men, 1 if chance.random() < 0.7 else 2)
    family = chance.choice(origin.families)
    if family == "-":  # a person with a single name
        family, given = given[0], ["-"]
    return Person(
        family_name=family,
        given_names=" ".join(given),
        other_names=f"{given[0]} {chance.choice(origin.families)}"
        if chance.random() < 0.04 and given != ["-"]
        else None,
        date_of_birth=_birthday(chance, born_before),
        sex=_sex(chance, is_woman),
        nationality=_nationality(chance, origin),
        passport_number=_passport(chance) if chance.random() < 0.72 else None,
        home_office_reference=_application_number(chance) if chance.random() < 0.12 else None,
        **_addresses(chance, origin),
    )


def written_otherwise(chance: Random, person: Person) -> Person:
    """The same person as another trust has them: a slip in the name or in the birthday, the rest alike."""
    born = person.date_of_birth
    if born.day <= 12 and born.day != born.month:
        return replace(person, date_of_birth=born.replace(day=born.month, month=born.day))
    name = person.family_name
    at = chance.randrange(1, len(name) - 1) if len(name) > 3 else 0
    return replace(person, family_name=name[:at] + name[at + 1] + name[at] + name[at + 2 :] if at else name + "h")


def _birthday(chance: Random, before: date) -> date:
    """Mostly of working age; 1 January now and then, as when a birthday is not known."""
    years = min(max(chance.gauss(38, 17), 1.1), 93)
    born = before - timedelta(days=int(years * 365.25))
    return born.replace(month=1, day=1) if chance.random() < 0.02 else born


def _sex(chance: Random, is_woman: bool) -> str | None:
    if chance.random() < 0.03:
        return None
    return "Female" if is_woman else "Male"


def _nationality(chance: Random, origin: Origin) -> str:
    """Trusts write it in many ways; all of them are read."""
    ways = (countries.country_name(origin.alpha3), countries.demonym(origin.alpha3), origin.alpha3)
    return chance.choices(ways, (80, 12, 8))[0]


def _passport(chance: Random) -> str:
    return f"{chance.choice('ABCDEFGHJKLMNP')}{chance.randrange(10_000_000, 99_999_999)}"


def _application_number(chance: Random) -> str:
    return f"1212-{chance.randrange(10_000):04d}-{chance.randrange(10_000):04d}-{chance.randrange(10_000):04d}"


def _addresses(chance: Random, origin: Origin) -> dict[str, str | None]:
    """An address in the UK (in the postcode area ZZ, which does not exist), one overseas, both, or rarely none."""
    where = chance.random()
    here, there = where < 0.80, where > 0.62 and where < 0.975
    street, number = chance.choice(STREETS), chance.randrange(1, 240)
    letters = "ABDEFGHJLNPQRSTUWXYZ"
    inward = f"{chance.randrange(1, 10)}{chance.choice(letters)}{chance.choice(letters)}"
    return {
        "uk_address": f"{number} {street}, {chance.choice(TOWNS)}" if here else None,
        "uk_postcode": f"ZZ{chance.randrange(1, 99)} {inward}" if here else None,
        "overseas_address": f"{chance.randrange(1, 400)} {chance.choice(STREETS)}, {chance.choice(origin.cities)}"
        if there
        else None,
    }
