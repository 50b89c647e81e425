"""How alike two persons are: what speaks for one person and what against, in points and in words. Nothing is decided here:
a person is asked about every pair that reaches THRESHOLD.

Why these points, and how good they are: docs/decisions/0014-likeness-is-for-people-to-judge.md and `python -m bench`.
"""

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Protocol

from rapidfuzz.distance import OSA

from app.debts.rules.matching import fold_passport
from app.debts.rules.names import Alike, alike, words_of

# What is looked at: a change of any of these makes a person be compared anew.
COMPARED = frozenset({
    "family_name", "given_names", "other_names", "date_of_birth", "sex", "nationality", "passport_number",
    "home_office_reference", "ni_number", "uk_postcode",
})  # fmt: skip
THRESHOLD, MOST = 48, 99
_MOST_WORDS = 6
_TELLING_SEXES = frozenset({"female", "male"})


class Evidence(StrEnum):
    """What was found in comparing two persons. The words are what people read; they quote nothing."""

    EXACT = "exact"
    SAME_PASSPORT = "same_passport"
    NEAR_PASSPORT = "near_passport"
    OTHER_PASSPORT = "other_passport"
    ONE_PASSPORT = "one_passport"
    SAME_LONG_NAME = "same_long_name"
    SAME_NAME = "same_name"
    OTHER_ORDER = "other_order"
    SWAPPED_NAMES = "swapped_names"
    FURTHER_NAME = "further_name"
    FURTHER_FIRST = "further_first"
    NEAR_NAME = "near_name"
    OTHER_GIVEN = "other_given"
    OTHER_FAMILY = "other_family"
    ONLY_GIVEN = "only_given"
    OTHER_NAME = "other_name"
    SAME_BIRTHDAY = "same_birthday"
    FIRST_OF_JANUARY = "first_of_january"
    YEAR_ONLY = "year_only"
    SWAPPED_BIRTHDAY = "swapped_birthday"
    NEAR_BIRTHDAY = "near_birthday"
    OTHER_BIRTHDAY = "other_birthday"
    NO_BIRTHDAY = "no_birthday"
    SAME_NATIONALITY = "same_nationality"
    OTHER_NATIONALITY = "other_nationality"
    SAME_HOME_OFFICE = "same_home_office"
    OTHER_HOME_OFFICE = "other_home_office"
    SAME_NI = "same_ni"
    OTHER_NI = "other_ni"
    SAME_POSTCODE = "same_postcode"
    OTHER_POSTCODE = "other_postcode"
    OTHER_SEX = "other_sex"


E = Evidence
# Points for one person, or against, and the words. What is unknown on one side has none.
TABLE: dict[Evidence, tuple[int, str]] = {
    E.EXACT: (100, "They agree exactly: the passport number or the full name, with date of birth and nationality."),
    E.SAME_PASSPORT: (45, "Same passport number."),
    E.NEAR_PASSPORT: (15, "Passport numbers differ in one character."),
    E.OTHER_PASSPORT: (-12, "Passport numbers differ."),
    E.ONE_PASSPORT: (0, "Only one has a passport number."),
    E.SAME_LONG_NAME: (31, "Same full name, of three words or more."),
    E.SAME_NAME: (26, "Same full name."),
    E.OTHER_ORDER: (27, "Same names in another order."),
    E.SWAPPED_NAMES: (27, "Family name and given names are swapped."),
    E.FURTHER_NAME: (26, "Same names, and one has a further name."),
    E.NEAR_NAME: (25, "Names are spelled nearly alike."),
    E.FURTHER_FIRST: (21, "Same names, and one has a further given name before them."),
    E.OTHER_GIVEN: (-20, "Given names differ."),
    E.OTHER_FAMILY: (0, "Family names differ."),
    E.ONLY_GIVEN: (10, "Two given names agree. Family names differ."),
    E.OTHER_NAME: (-45, "Names differ."),
    E.SAME_BIRTHDAY: (30, "Same date of birth."),
    E.FIRST_OF_JANUARY: (15, "Same date of birth, but 1 January is often written for one that is not known."),
    E.YEAR_ONLY: (9, "One date of birth is 1 January of the other’s year, as when the day is not known."),
    E.SWAPPED_BIRTHDAY: (18, "Day and month of birth swapped."),
    E.NEAR_BIRTHDAY: (13, "Dates of birth differ in one digit."),
    E.OTHER_BIRTHDAY: (-42, "Dates of birth differ."),
    E.NO_BIRTHDAY: (0, "The date of birth is not known for both."),
    E.SAME_NATIONALITY: (8, "Same nationality."),
    E.OTHER_NATIONALITY: (-6, "Nationalities differ."),
    E.SAME_HOME_OFFICE: (40, "Same Home Office reference."),
    E.OTHER_HOME_OFFICE: (-4, "Home Office references differ."),
    E.SAME_NI: (40, "Same National Insurance number."),
    E.OTHER_NI: (-10, "National Insurance numbers differ."),
    E.SAME_POSTCODE: (10, "Same postcode."),
    E.OTHER_POSTCODE: (-3, "Postcodes differ."),
    E.OTHER_SEX: (-26, "Sex differs."),
}


class Particulars(Protocol):
    """What a debt says of its person, as far as it is compared."""

    @property
    def family_name(self) -> str: ...
    @property
    def given_names(self) -> str: ...
    @property
    def other_names(self) -> str | None: ...
    @property
    def date_of_birth(self) -> date | None: ...
    @property
    def sex(self) -> str | None: ...
    @property
    def nationality(self) -> str | None: ...
    @property
    def passport_number(self) -> str | None: ...
    @property
    def home_office_reference(self) -> str | None: ...
    @property
    def ni_number(self) -> str | None: ...
    @property
    def uk_postcode(self) -> str | None: ...


@dataclass(frozen=True, slots=True)
class Traits:
    """A person's particulars made ready for comparing."""

    family: tuple[str, ...]
    given: tuple[str, ...]
    further: tuple[str, ...]
    born: date | None
    sex: str | None
    nationality: str | None
    passport: str
    home_office: str
    ni: str
    postcode: str


@dataclass(frozen=True, slots=True)
class Likeness:
    """`score` runs from 0 to 99; `evidence` speaks for one person first, then against."""

    score: int
    evidence: tuple[Evidence, ...]


def traits(person: Particulars) -> Traits:
    return Traits(
        family=words_of(person.family_name)[:_MOST_WORDS],
        given=words_of(person.given_names)[:_MOST_WORDS],
        further=words_of(person.other_names)[:_MOST_WORDS] if person.other_names else (),
        born=person.date_of_birth,
        sex=person.sex if person.sex in _TELLING_SEXES else None,
        nationality=person.nationality,
        passport=fold_passport(person.passport_number) if person.passport_number else "",
        home_office=fold_passport(person.home_office_reference) if person.home_office_reference else "",
        ni=fold_passport(person.ni_number) if person.ni_number else "",
        postcode=fold_passport(person.uk_postcode) if person.uk_postcode else "",
    )


def compare(one: Traits, other: Traits) -> Likeness:
    found = list(_evidence(one, other))
    points = sum(TABLE[each][0] for each in found)
    if points >= THRESHOLD:  # the strongest first, for people to read
        found.sort(key=lambda each: -TABLE[each][0])
    return Likeness(max(0, min(MOST, points)), tuple(found))


def in_words(evidence: Iterable[str]) -> tuple[list[str], list[str]]:
    """What speaks for one person, and what does not, as sentences."""
    found = [TABLE[Evidence(each)] for each in evidence]
    return [words for points, words in found if points > 0], [words for points, words in found if points <= 0]


def _evidence(one: Traits, other: Traits) -> Iterator[Evidence]:
    both_named = (one.family or one.given) and (other.family or other.given)
    yield _names(one, other) if both_named else E.OTHER_NAME
    yield _birthday(one.born, other.born)
    if one.passport and other.passport:
        yield _passport(one.passport, other.passport)
    elif one.passport or other.passport:
        yield E.ONE_PASSPORT
    for mine, theirs, same, differs in (
        (one.nationality, other.nationality, E.SAME_NATIONALITY, E.OTHER_NATIONALITY),
        (one.home_office, other.home_office, E.SAME_HOME_OFFICE, E.OTHER_HOME_OFFICE),
        (one.ni, other.ni, E.SAME_NI, E.OTHER_NI),
        (one.postcode, other.postcode, E.SAME_POSTCODE, E.OTHER_POSTCODE),
    ):
        if mine and theirs:
            yield same if mine == theirs else differs
    if one.sex and other.sex and one.sex != other.sex:
        yield E.OTHER_SEX


def _passport(one: str, other: str) -> Evidence:
    if one == other:
        return E.SAME_PASSPORT
    return E.NEAR_PASSPORT if OSA.distance(one, other, score_cutoff=1) <= 1 else E.OTHER_PASSPORT


def _birthday(one: date | None, other: date | None) -> Evidence:
    if one is None or other is None:
        return E.NO_BIRTHDAY
    if one == other:
        return E.FIRST_OF_JANUARY if (one.month, one.day) == (1, 1) else E.SAME_BIRTHDAY
    if (one.year, one.month, one.day) == (other.year, other.day, other.month):
        return E.SWAPPED_BIRTHDAY
    if one.year == other.year and (1, 1) in ((one.month, one.day), (other.month, other.day)):
        return E.YEAR_ONLY
    if (one.month, one.day) == (other.month, other.day) == (1, 1):
        return E.OTHER_BIRTHDAY
    digits = zip(f"{one:%Y%m%d}", f"{other:%Y%m%d}", strict=True)
    return E.NEAR_BIRTHDAY if sum(mine != theirs for mine, theirs in digits) == 1 else E.OTHER_BIRTHDAY


def _names(one: Traits, other: Traits) -> Evidence:
    mine, theirs = one.family + one.given, other.family + other.given
    if mine == theirs or "".join(mine) == "".join(theirs):
        return E.SAME_LONG_NAME if len(mine) > 2 and len(theirs) > 2 else E.SAME_NAME
    if sorted(mine) == sorted(theirs):
        return E.SWAPPED_NAMES if set(one.family) == set(other.given) else E.OTHER_ORDER
    fewer, more = sorted((mine, theirs), key=len)
    level = max(_level(fewer, words) for words in (more, *_run_together(more, len(fewer))))
    if len(fewer) > 1 and level is not Alike.NOT:
        if level is Alike.NEARLY:
            return E.NEAR_NAME
        return E.FURTHER_NAME if _starts_alike(one, other) else E.FURTHER_FIRST
    if _level(mine, theirs + other.further) is Alike.SAME or _level(theirs, mine + one.further) is Alike.SAME:
        return E.FURTHER_NAME if len(fewer) > 1 else E.NEAR_NAME
    if _share(one.family, other.family):
        return E.OTHER_GIVEN
    if not _share(one.given[:1], other.given[:1]):
        return E.OTHER_NAME
    return E.ONLY_GIVEN if one.given[1:] and one.given == other.given else E.OTHER_FAMILY


def _starts_alike(one: Traits, other: Traits) -> bool:
    """Whether both are called by the same first name, wherever their names were written down."""
    return any(some[:1] == others[:1] for some in (one.given, one.family) for others in (other.given, other.family)
               if some is not one.family or others is not other.family)  # fmt: skip


def _run_together(words: tuple[str, ...], few: int) -> Iterator[tuple[str, ...]]:
    """Two neighbours as one word (Mei Ling as Meiling), where there are more words than the few of the other."""
    for place in range(len(words) - 1 if len(words) > few else 0):
        yield (*words[:place], words[place] + words[place + 1], *words[place + 2 :])


def _level(words: Collection[str], among: Collection[str]) -> Alike:
    """How near the farthest of these words is to one of its own among the others."""
    left = list(among)
    unmatched = []
    for word in words:
        if word in left:
            left.remove(word)
        else:
            unmatched.append(word)
    for word in unmatched:
        near = next((each for each in left if alike(word, each)), None)
        if near is None:
            return Alike.NOT
        left.remove(near)
    return Alike.NEARLY if unmatched else Alike.SAME


def _share(some: Collection[str], others: Collection[str]) -> bool:
    return any(alike(word, other) for word in some for other in others)
