"""Names as the ear and the keyboard confuse them: what they are made of, how they sound, and whether two are one name."""

import re
import unicodedata
from enum import IntEnum
from functools import lru_cache

from rapidfuzz.distance import OSA, JaroWinkler

_LETTERS = str.maketrans({"ø": "o", "ł": "l", "đ": "d", "ð": "d", "ß": "ss", "ı": "i", "æ": "ae", "œ": "oe", "þ": "th",
                          "ħ": "h", "ə": "a"})  # fmt: skip
_WORDS = re.compile(r"[^\W\d_]+")
# Left out as often as written, so that they say nothing of who somebody is.
_PARTICLES = frozenset((
    "al", "el", "bin", "ibn", "bint", "de", "da", "do", "dos", "das", "di", "la", "las", "los", "le", "del", "dela", "van",
    "der", "den", "von", "e", "y",
))  # fmt: skip
_SHORT_FOR = {"md": "mohammed", "mohd": "mohammed", "muhd": "mohammed"}
# Sounds behind which two names stand that brothers bear (Hasan and Husain, Mahmud and Muhammad): the first vowel counts.
_TWO_NAMES = frozenset({"hsn", "md"})
_VOWEL_SOUNDS = {"o": "u", "e": "i", "y": "i"}
_SOUNDS = (
    ("ph", "f"), ("kh", "k"), ("gh", "g"), ("dh", "d"), ("th", "t"), ("bh", "b"), ("sch", "s"), ("sh", "s"), ("ck", "k"),
    ("ch", "j"), ("dj", "j"), ("dz", "j"), ("zh", "j"), ("c", "k"), ("q", "k"), ("x", "ks"), ("z", "s"), ("w", "v"),
    ("oo", "u"), ("ou", "u"), ("ee", "i"), ("ie", "i"),
)  # fmt: skip
_VOWELS = frozenset("aeiouy")
_CLOSE, _CLOSE_AND_SOUNDING, _SHORT_AND_SOUNDING = 0.92, 0.75, 0.85


class Alike(IntEnum):
    """How near one word of a name is to another."""

    NOT, NEARLY, SAME = range(3)


@lru_cache(maxsize=100_000)
def words_of(text: str) -> tuple[str, ...]:
    """The words of a name without case, accents, apostrophes and particles; all of them where only particles are left."""
    plain = unicodedata.normalize("NFKD", text.casefold().translate(_LETTERS).replace("'", "").replace("’", ""))
    found = _WORDS.findall("".join(letter for letter in plain if not unicodedata.combining(letter)))
    kept = [_SHORT_FOR.get(word, word) for word in found if word not in _PARTICLES]
    return tuple(kept or found)


@lru_cache(maxsize=100_000)
def sound_of(word: str) -> str:
    """The consonants as they sound, with one sign for any vowel that comes first: muhammad and mohamed are both md."""
    word = _heard(word)
    first = "a" if word[:1] in _VOWELS else word[:1]
    heard = first + "".join(letter for letter in word[1:] if letter not in _VOWELS and letter != "h")
    return "".join(letter for place, letter in enumerate(heard) if place == 0 or letter != heard[place - 1])


@lru_cache(maxsize=100_000)
def _heard(word: str) -> str:
    """The word as it sounds, vowels and all: deepa and dipa, noor and nur."""
    for written, heard in _SOUNDS:
        word = word.replace(written, heard)
    return "".join(letter for place, letter in enumerate(word) if place == 0 or letter != word[place - 1])


@lru_cache(maxsize=200_000)
def alike(one: str, other: str) -> Alike:
    """Whether two words are one name: the same, spelled otherwise or mistyped, or another."""
    if one == other:
        return Alike.SAME
    shorter, longer = sorted((one, other), key=len)
    if len(shorter) < 3 or _is_short_for(shorter, longer):
        return Alike.NOT if len(shorter) < 3 else Alike.NEARLY
    if len(longer) - len(shorter) > 3:
        return Alike.NOT
    if _heard(one) == _heard(other):
        return Alike.NEARLY
    sounds = sound_of(one) == sound_of(other)
    if sounds and sound_of(one) in _TWO_NAMES and _first_vowel(one) != _first_vowel(other):
        return Alike.NOT
    if not sounds and len(shorter) < 5 and one[0] != other[0]:
        return Alike.NOT  # Sara and Mara: another first letter is oftener another name than a slip
    enough = _CLOSE if not sounds else _CLOSE_AND_SOUNDING if len(shorter) > 4 else _SHORT_AND_SOUNDING
    is_slip = OSA.distance(one, other) <= _slips(len(shorter)) or (len(one) == 3 and sorted(one) == sorted(other))
    return Alike.NEARLY if is_slip or JaroWinkler.similarity(one, other) >= enough else Alike.NOT


def _is_short_for(shorter: str, longer: str) -> bool:
    """Emeka for Chukwuemeka, Almasri for Masri, ekha for Rekha."""
    more = len(longer) - len(shorter)
    if longer.endswith(shorter):
        return len(shorter) > 4 or (len(shorter) == 4 and (more == 1 or longer[:more] in _PARTICLES))
    return len(shorter) > 4 and longer.startswith(shorter)


def _slips(length: int) -> int:
    """How many slips of the keyboard a word of so many letters may hold."""
    return 0 if length < 4 else 1 if length < 8 else 2


def _first_vowel(word: str) -> str:
    found = next((letter for letter in word if letter in _VOWELS), "")
    return _VOWEL_SOUNDS.get(found, found)
