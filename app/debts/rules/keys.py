"""The keys by which a person is found among a million by those who may be the same: quick to make, and never a decision."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from zlib import crc32

from app.debts.rules.likeness import Traits
from app.debts.rules.names import sound_of

CROWD = 50  # a key under which more stand says nothing, as where a trust writes one birthday for all who did not tell


@dataclass(frozen=True, slots=True)
class Keys:
    """`sure` ones make two people be compared; those `of_name` only where their birthdays may be one day too."""

    sure: frozenset[int]
    of_name: frozenset[int]

    def __iter__(self) -> Iterator[int]:
        yield from self.sure
        yield from self.of_name


def keys_of(person: Traits) -> Keys:
    """By these a person is found by others who may be the same: two who share none of them are never compared."""
    sure = {f"{kind}|{number}" for kind, number in (("p", person.passport), ("h", person.home_office), ("n", person.ni))
            if len(number) >= 5}  # fmt: skip
    if person.born is None:
        return Keys(frozenset(map(_short, sure)), frozenset())
    born = person.born.isoformat()
    sounds = [sound_of(word)[:3] for word in (*person.family[:2], *person.given[:1])]
    sure.update([f"d|{born}|{sound}" for sound in sounds])
    pair = "|".join(sorted((sounds[0], sounds[-1]))) if len(sounds) > 1 else ""
    of_name = (f"y|{born[:4]}|{person.nationality}|{pair}", f"m|{born[5:]}|{person.nationality}|{pair}") if pair else ()
    return Keys(frozenset(map(_short, sure)), frozenset(map(_short, of_name)))


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
