"""Nationalities: what people write, read as ISO 3166 alpha-3, and back into the words that people read."""

from dataclasses import dataclass
from functools import lru_cache

from rapidfuzz import fuzz, process

from app.policy import reading
from app.policy.reading import SHIPPED, BrokenTable
from app.policy.words import words_of

COUNTRIES, AMBIGUOUS = "countries.csv", "ambiguous_nationalities.csv"
_LIKE_ENOUGH = 75  # per cent: "Nigerean" suggests Nigeria, "Utopia" suggests nothing
_SMALL = frozenset({"the", "of", "and"})
_AROUND = frozenset({"citizen", "citizens", "national", "nationals", "nationality", "passport"})


@dataclass(frozen=True)
class Country:
    alpha3: str
    alpha2: str
    name: str
    demonym: str
    aliases: tuple[str, ...]


@dataclass(frozen=True)
class _Index:
    by_code: dict[str, Country]
    by_word: dict[str, str]
    by_spelling: dict[str, str]
    ambiguous: dict[str, str]


@lru_cache(maxsize=8192)
def recognise(text: str) -> str | None:
    """The alpha-3 code of a code, English name or demonym; None for what is not known or could be two countries."""
    code = text.strip().upper()
    index = _index()
    if code in index.by_code:
        return code
    return index.by_word.get(_key(text)) or index.by_word.get(_key(text, without=_AROUND))


@lru_cache(maxsize=8192)
def suggest(text: str) -> str | None:
    """The name or names that come nearest to a text that was not recognised."""
    index = _index()
    if (key := _key(text)) in index.ambiguous:
        return index.ambiguous[key]
    if len(key) < 4:
        return None
    nearest = process.extract(key, index.by_spelling.keys(), scorer=fuzz.ratio, limit=3, score_cutoff=_LIKE_ENOUGH)
    names = dict.fromkeys(
        country_name(index.by_spelling[spelling]) for spelling, score, _ in nearest if score == nearest[0][1]
    )
    return " or ".join(names) or None


def country_name(alpha3: str) -> str:
    """The English name, or the code itself when we know no such country."""
    country = _index().by_code.get(alpha3)
    return country.name if country else alpha3


def demonym(alpha3: str) -> str:
    country = _index().by_code.get(alpha3)
    return country.demonym if country else alpha3


def drop_down() -> list[str]:
    """The names for the template's list, in order of the alphabet."""
    return sorted((country.name for country in _index().by_code.values()), key=_key)


def codes() -> list[str]:
    return list(_index().by_code)


def _key(text: str, without: frozenset[str] = frozenset()) -> str:
    """A name without case, accents, spacing, punctuation and small words; St is read as Saint."""
    words = ["saint" if word == "st" else word for word in words_of(text)]
    return "".join(word for word in words if word not in _SMALL and word not in without)


@lru_cache(maxsize=1)
def _index() -> _Index:
    countries = _read()
    by_word: dict[str, str] = {}
    for country in countries:
        for word in (country.alpha2, country.alpha3, country.name, country.demonym, *country.aliases):
            if not (key := _key(word)):
                continue
            if (other := by_word.setdefault(key, country.alpha3)) != country.alpha3:
                raise BrokenTable(COUNTRIES, None, f"“{word}” stands for both {other} and {country.alpha3}.")
    names = {country.alpha3: country.name for country in countries}
    ambiguous = {}
    lines = reading.read((SHIPPED / AMBIGUOUS).read_bytes(), AMBIGUOUS, ("word", "could_be"))
    for line in lines:
        ambiguous[_key(line.text("word"))] = " or ".join(names[code] for code in line.several("could_be"))
    spellings = {key: code for key, code in by_word.items() if len(key) > 3}
    return _Index({country.alpha3: country for country in countries}, by_word, spellings, ambiguous)


def _read() -> list[Country]:
    lines = reading.read(
        (SHIPPED / COUNTRIES).read_bytes(), COUNTRIES, ("alpha3", "alpha2", "name", "demonym", "aliases")
    )
    return [
        Country(
            line.text("alpha3"), line.cells["alpha2"], line.text("name"), line.text("demonym"), line.several("aliases")
        )
        for line in lines
    ]
