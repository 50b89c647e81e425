"""The labelled set: invented people as several trusts would write them down, with who is who. Nobody in it is real."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from random import Random

from bench.likeness_names import ORIGINS, Origin

_SHARES = [origin.share for origin in ORIGINS]
_LETTERS = "abcdefghijklmnopqrstuvwxyz"


@dataclass(frozen=True)
class Mix:
    """How often each thing happens to a later record of a person; shares from 0 to 1, of people where it says so."""

    spelling: float
    typo: float
    swapped_names: float
    middle_name: float
    swapped_birthday: float
    wrong_digit: float
    first_of_january: float
    renewed_passport: float
    passport_typo: float
    no_passport: float
    other_nationality: float
    married: float
    moved: float
    no_postcode: float
    people_born_first_of_january: float
    people_in_families: float
    twins_in_families: float
    parents_passport: float
    other_sex: float


TRAIN = Mix(
    spelling=0.18, typo=0.10, swapped_names=0.06, middle_name=0.12, swapped_birthday=0.03, wrong_digit=0.02,
    first_of_january=0.005, renewed_passport=0.08, passport_typo=0.04, no_passport=0.25, other_nationality=0.01, married=0.01,
    moved=0.25, no_postcode=0.2, people_born_first_of_january=0.025, people_in_families=0.25, twins_in_families=0.12,
    parents_passport=0.01, other_sex=0.005,
)  # fmt: skip
HELD_OUT = Mix(
    spelling=0.12, typo=0.14, swapped_names=0.09, middle_name=0.16, swapped_birthday=0.025, wrong_digit=0.025,
    first_of_january=0.005, renewed_passport=0.11, passport_typo=0.06, no_passport=0.3, other_nationality=0.015, married=0.015,
    moved=0.3, no_postcode=0.25, people_born_first_of_january=0.03, people_in_families=0.3, twins_in_families=0.15,
    parents_passport=0.01, other_sex=0.005,
)  # fmt: skip


@dataclass(frozen=True)
class Record:
    """What one trust wrote down; `person` is who it really is, `told` what happened to the record."""

    person: int
    family_name: str
    given_names: str
    date_of_birth: date | None
    sex: str | None
    nationality: str | None
    passport_number: str | None
    home_office_reference: str | None
    ni_number: str | None
    uk_postcode: str | None
    other_names: str | None = None
    told: tuple[str, ...] = ()


@dataclass
class _Name:
    """A name as somebody bears it: its spellings, of which one is theirs."""

    spellings: tuple[str, ...]
    own: str


@dataclass
class _Human:
    number: int
    origin: Origin
    family: _Name
    given: list[_Name]
    born: date
    sex: str
    passport: str
    home_office: str | None
    ni: str | None
    postcode: str
    relatives: list["_Human"] = field(default_factory=list)


def labelled(seed: int, people: int, mix: Mix) -> list[Record]:
    """The records of so many people, in the order in which they would be reported."""
    chance = Random(f"likeness {seed}")
    records: list[tuple[float, Record]] = []
    for human in _humans(chance, people, mix):
        number = chance.choices((1, 2, 3, 5), (66, 22, 8, 4))[0]
        records += [(chance.random(), record) for record in _records(chance, human, number, mix)]
    return [record for _, record in sorted(records, key=lambda pair: pair[0])]


def _humans(chance: Random, people: int, mix: Mix) -> Iterator[_Human]:
    made = 0
    while made < people:
        first = _human(chance, made, mix)
        made += 1
        family = [first]
        for _ in range(chance.choice((1, 2, 3)) if chance.random() < mix.people_in_families else 0):
            family.append(_relative(chance, made, first, mix))
            made += 1
        for human in family:
            human.relatives = [other for other in family if other is not human]
            yield human


def _human(chance: Random, number: int, mix: Mix) -> _Human:
    origin = chance.choices(ORIGINS, _SHARES)[0]
    sex = chance.choice(("female", "male"))
    born = date(1930, 1, 1) + timedelta(days=int(chance.triangular(0, 34_000, 19_000)))
    if chance.random() < mix.people_born_first_of_january:
        born = born.replace(month=1, day=1)
    family = _named(chance, origin.families)
    return _Human(
        number, origin, family, _given(chance, origin, sex), born, sex, _passport(chance),
        f"1212-{chance.randrange(10**8):08d}" if chance.random() < 0.12 else None,
        f"QQ{chance.randrange(10**6):06d}{chance.choice('ABCD')}" if chance.random() < 0.08 else None,
        f"ZZ{chance.randrange(1, 99)} {chance.randrange(1, 10)}{chance.choice('ABDEF')}{chance.choice('GHJLN')}",
    )  # fmt: skip


def _relative(chance: Random, number: int, of: _Human, mix: Mix) -> _Human:
    """A twin, or a brother, sister, parent or child at the same address; passports are often issued together."""
    human = _human(chance, number, mix)
    human.origin, human.family, human.postcode = of.origin, of.family, of.postcode
    human.given = _given(chance, of.origin, human.sex)
    while {name.spellings for name in human.given} & {name.spellings for name in of.given}:
        human.given = _given(chance, of.origin, human.sex)
    if chance.random() < mix.twins_in_families:
        human.born = of.born
    if chance.random() < 0.3:
        human.passport = f"{of.passport[:1]}{int(of.passport[1:]) + chance.choice((1, 2)):08d}"
    return human


def _named(chance: Random, names: tuple[tuple[str, ...], ...]) -> _Name:
    spellings = chance.choices(names, [1 / (place + 2) ** 0.7 for place in range(len(names))])[0]
    return _Name(spellings, chance.choice(spellings))


def _given(chance: Random, origin: Origin, sex: str) -> list[_Name]:
    pool = origin.women if sex == "female" else origin.men
    return [_named(chance, pool) for _ in range(1 if chance.random() < 0.6 else 2)]


def _passport(chance: Random) -> str:
    return f"{chance.choice('ABCDEFGHJKLMNP')}{chance.randrange(10_000_000, 90_000_000)}"


def _records(chance: Random, human: _Human, number: int, mix: Mix) -> Iterator[Record]:
    first = Record(
        human.number, human.family.own, " ".join(name.own for name in human.given), human.born, human.sex,
        human.origin.nationality, human.passport, human.home_office, human.ni, human.postcode,
    )  # fmt: skip
    yield _as_written(chance, first, human, mix)
    for _ in range(number - 1):
        record = first
        for what, change in _CHANGES:
            if chance.random() < getattr(mix, what):
                changed = change(chance, record, human)
                record = replace(changed, told=(*record.told, what)) if changed != record else record
        if "renewed_passport" in record.told:
            first = replace(first, passport_number=record.passport_number)
        yield _as_written(chance, record, human, mix)


def _as_written(chance: Random, record: Record, human: _Human, mix: Mix) -> Record:
    """What is left out of any record, the first too."""
    passport = None if chance.random() < mix.no_passport else record.passport_number
    told = (*record.told, "no_passport") if passport is None else record.told
    if passport and human.relatives and chance.random() < mix.parents_passport:
        passport, told = human.relatives[0].passport, (*told, "parents_passport")
    return replace(
        record, told=told, passport_number=passport,
        home_office_reference=record.home_office_reference if chance.random() < 0.7 else None,
        ni_number=record.ni_number if chance.random() < 0.6 else None,
        uk_postcode=None if chance.random() < mix.no_postcode else record.uk_postcode,
        sex=None if chance.random() < 0.03 else record.sex,
    )  # fmt: skip


def _spelled(chance: Random, record: Record, human: _Human) -> Record:
    place = chance.randrange(1 + len(human.given))
    if place == 0:
        return replace(record, family_name=chance.choice(human.family.spellings))
    given = [name.own for name in human.given]
    given[place - 1] = chance.choice(human.given[place - 1].spellings)
    return replace(record, given_names=" ".join(given))


def _mistyped(chance: Random, record: Record, _human: _Human) -> Record:
    if chance.choice((True, False)):
        return replace(record, family_name=_slip(chance, record.family_name, _LETTERS))
    return replace(record, given_names=_slip(chance, record.given_names, _LETTERS))


def _slip(chance: Random, text: str, letters: str) -> str:
    """One letter left out, doubled, replaced, or changed with its neighbour."""
    place = chance.randrange(len(text))
    before, letter, after = text[:place], text[place], text[place + 1 :]
    kind = chance.randrange(4)
    if kind == 0 and len(text) > 3:
        return before + after
    if kind == 1:
        return before + letter + letter + after
    if kind == 2 and after:
        return before + after[0] + letter + after[1:]
    return before + chance.choice(letters) + after


def _middle(chance: Random, record: Record, human: _Human) -> Record:
    if len(human.given) > 1:
        return replace(record, given_names=record.given_names.removesuffix(human.given[-1].own).strip())
    pool = human.origin.women if human.sex == "female" else human.origin.men
    return replace(record, given_names=f"{record.given_names} {_named(chance, pool).own}")


def _born_with_wrong_digit(chance: Random, record: Record, human: _Human) -> Record:
    """A digit that still gives a real date, as a check of dates would let it pass."""
    while True:
        digits = list(f"{human.born:%Y%m%d}")
        digits[chance.randrange(2, 8)] = str(chance.randrange(10))
        try:
            born = date(int("".join(digits[:4])), int("".join(digits[4:6])), int("".join(digits[6:])))
        except ValueError:
            continue
        if born != human.born and 1926 < born.year < 2026:
            return replace(record, date_of_birth=born)


def _swapped_birthday(_chance: Random, record: Record, human: _Human) -> Record:
    born = human.born
    return replace(record, date_of_birth=born.replace(month=born.day, day=born.month)) if born.day <= 12 else record


def _married(chance: Random, record: Record, human: _Human) -> Record:
    return replace(record, family_name=_named(chance, human.origin.families).own) if human.sex == "female" else record


def _moved(chance: Random, record: Record, _human: _Human) -> Record:
    return replace(record, uk_postcode=f"ZZ{chance.randrange(1, 99)} {chance.randrange(1, 10)}QQ")


_CHANGES: tuple[tuple[str, Callable[[Random, Record, _Human], Record]], ...] = (
    ("spelling", _spelled),
    ("middle_name", _middle),
    ("married", _married),
    ("typo", _mistyped),
    ("swapped_names", lambda _c, record, _h: replace(record, family_name=record.given_names,
                                                     given_names=record.family_name)),
    ("swapped_birthday", _swapped_birthday),
    ("wrong_digit", _born_with_wrong_digit),
    ("first_of_january", lambda _c, record, human: replace(record, date_of_birth=human.born.replace(month=1, day=1))),
    ("renewed_passport", lambda chance, record, _h: replace(record, passport_number=_passport(chance))),
    ("passport_typo", lambda chance, record, _h: replace(record, passport_number=_slip(
        chance, record.passport_number or "", "0123456789"))),
    ("other_nationality", lambda chance, record, _h: replace(record, nationality=chance.choice(ORIGINS).nationality)),
    ("moved", _moved),
    ("other_sex", lambda _c, record, _h: replace(record, sex="male" if record.sex == "female" else "female")),
)  # fmt: skip
