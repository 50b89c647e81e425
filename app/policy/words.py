"""Recognising by words: clinical headings, clinical words in an address or name, and placeholders for nothing."""

import re
import unicodedata
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from app.policy.reading import Line

HEADINGS = ("words", "unless")
CLINICAL = ("words", "kind")
PLACEHOLDERS = ("text", "match")

_NOT_WORD = re.compile(r"[^a-z0-9]+")
_CAMEL = re.compile(r"(?<=[a-z])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])")
_SEGMENT = re.compile(r"[,;:\n\r]+")
_ABBREVIATED = re.compile(r"\b((?:[a-z]\.){2,})")
_NHS_NUMBER = re.compile(r"\bnhs\b[^0-9]{0,20}[0-9]{3}[ .-]?[0-9]{3}[ .-]?[0-9]{4}(?![0-9])")
_ALPHABET = str.maketrans({chr(code): " " for code in range(128) if not chr(code).isalnum()})
_CONNECTIVES = frozenset({"of", "for", "against", "and"})
_A_AND_E = re.compile(r"\ba ?& ?e\b")
_SAINT = "st"  # a street only where nothing follows
_TOGETHER = 50  # texts; one with a word that may be clinical has the others looked at one by one
_NEARBY = 4  # words within which a place word belongs to the same name, as in "Cancer Research House"


def fold(text: str) -> str:
    """Lower case without accents, invisible characters or compatibility forms: "HÉPATITIS" reads as "hepatitis"."""
    if text.isascii():
        return text.lower()
    plain = unicodedata.normalize("NFKD", text)
    return "".join(c for c in plain if not unicodedata.combining(c) and unicodedata.category(c) != "Cf").lower()


def _spelt_out(text: str) -> str:
    """Folded, with an abbreviation as the word it stands for."""
    plain = fold(text)
    if "." in plain:
        plain = _ABBREVIATED.sub(lambda letters: letters[1].replace(".", "") + " ", plain)
    return _A_AND_E.sub("accident and emergency", plain) if "&" in plain else plain


def words_of(text: str) -> list[str]:
    return _NOT_WORD.sub(" ", fold(text)).split()


def _contains(words: Sequence[str], phrase: Sequence[str]) -> bool:
    size = len(phrase)
    return any(words[at : at + size] == phrase for at in range(len(words) - size + 1))


def _is_numbered(after: Sequence[str]) -> bool:
    """Whether a number comes next, as in 7B or No. 7."""
    return any(word[0].isdigit() for word in (after[1:] if after[:1] == ["no"] else after[:1]))


@dataclass(frozen=True)
class ClinicalHeadings:
    """Headings of columns that must not be in a return, with the words that make a heading harmless after all."""

    phrases: tuple[tuple[list[str], frozenset[str]], ...]

    def match(self, heading: str) -> bool:
        words = words_of(_CAMEL.sub(" ", heading))
        squeezed = "".join(words)
        return any(
            (_contains(words, phrase) or squeezed == "".join(phrase)) and unless.isdisjoint(words)
            for phrase, unless in self.phrases
        )


class WordKind(StrEnum):
    """What a row of clinical_words.csv says of its words."""

    ALWAYS = "always"  # clinical wherever they stand
    UNLESS_NAMED = "unless_named"  # clinical, except as part of the name of a street, house or body
    PLACE = "place"  # makes such a name
    DEPARTMENT = "department"  # directly after: no name after all, unless a street is named after it
    STATEMENT = "statement"  # directly before: no name after all, as in "with HIV"
    BED = "bed"  # with a number, clinical when nothing else is said, a hospital is named, or two of them are numbered
    HOSPITAL = "hospital"  # names a hospital, unless a street is named after it
    LANDMARK = "landmark"  # says that the hospital is only nearby


class ClinicalWords:
    """Finds words about health or treatment. Most texts have none, so the first look is one set comparison."""

    def __init__(self, lines: Sequence[Line]) -> None:
        self._phrases: dict[str, list[tuple[list[str], bool]]] = defaultdict(list)
        self._words: dict[WordKind, set[str]] = {kind: set() for kind in WordKind}
        for line in lines:
            words, kind = words_of(line.text("words")), WordKind(line.choice("kind", WordKind))
            if not words:
                raise line.fault("words holds no letters or figures.")
            if kind in (WordKind.ALWAYS, WordKind.UNLESS_NAMED):
                self._phrases[words[0]].append((words, kind is WordKind.ALWAYS))
            else:
                self._words[kind].add(words[0])
        self._places, self._statements = self._words[WordKind.PLACE], self._words[WordKind.STATEMENT]
        self._departments = self._words[WordKind.DEPARTMENT]
        self._first_words = frozenset({*self._phrases, *self._words[WordKind.BED], "nhs"})

    def sift(self, texts: list[str]) -> list[str]:
        """Those in which it finds none. Some dozens get their first look together."""
        found = []
        for start in range(0, len(texts), _TOGETHER):
            some = texts[start : start + _TOGETHER]
            none_of_them = self._has_no_first_word(_spelt_out("\n".join(some)))
            found += some if none_of_them else [text for text in some if not self.found_in(text)]
        return found

    def found_in(self, text: str) -> bool:
        plain = _spelt_out(text)
        if self._has_no_first_word(plain):
            return False
        if _NHS_NUMBER.search(plain) or self._is_a_bed(_NOT_WORD.sub(" ", plain).split()):
            return True
        return any(self._found_in_segment(_NOT_WORD.sub(" ", part).split()) for part in _SEGMENT.split(plain))

    def _has_no_first_word(self, plain: str) -> bool:
        return self._first_words.isdisjoint(plain.translate(_ALPHABET).split())

    def _found_in_segment(self, words: list[str]) -> bool:
        for at, word in enumerate(words):
            for phrase, always in self._phrases.get(word, ()):
                end = at + len(phrase)
                if words[at:end] == phrase and (always or not self._is_a_name(words, at, end)):
                    return True
        return False

    def _is_a_bed(self, words: list[str]) -> bool:
        """Whether somebody lies there: "Ward 7B", "Bed 4 Ward 12", "Ward 5, St Mary's Hospital", not "Ward 5, near the
        hospital, Hue".
        """
        numbered = {
            word
            for at, word in enumerate(words)
            if word in self._words[WordKind.BED] and _is_numbered(words[at + 1 : at + 3])
        }
        if not numbered:
            return False
        if len(words) <= 3 or len(numbered) > 1:
            return True
        return self._words[WordKind.LANDMARK].isdisjoint(words) and any(
            word in self._words[WordKind.HOSPITAL] and self._places.isdisjoint(words[at + 1 : at + 3])
            for at, word in enumerate(words)
        )

    def _is_a_name(self, words: list[str], start: int, end: int) -> bool:
        """Whether the words from start to end stand in a name such as Cancer Research House or Institute of Cardiology."""
        before = words[max(0, start - _NEARBY) : start]
        if before and before[-1] in self._statements:
            return False
        if words[end : end + 1] and words[end] in self._departments:
            after = words[end + 1 :]
            return bool(after) and after[0] in self._places and not (after[0] == _SAINT and len(after) > 1)
        for word in words[end : end + _NEARBY]:
            if word[0].isdigit():
                break
            if word in self._places:
                return True
        return bool(before) and before[-1] in _CONNECTIVES and not self._places.isdisjoint(before)


class Placeholders:
    """Texts that people enter when there is nothing to enter."""

    def __init__(self, lines: Sequence[Line]) -> None:
        self._whole: set[str] = set()
        self._repeated: set[str] = set()
        for line in lines:
            match line.choice("match", ("whole", "repeated")):
                case "whole":
                    self._whole.add("".join(words_of(line.text("text"))))
                case _:
                    self._repeated.add(line.text("text").casefold())

    def match(self, text: str) -> bool:
        """Also true of a text without any letter or figure, such as "-"."""
        letters = folded if (folded := fold(text)).isalnum() else "".join(filter(str.isalnum, folded))
        return not letters or letters in self._whole or (len(set(letters)) == 1 and letters[0] in self._repeated)


def clinical_headings(lines: Sequence[Line]) -> ClinicalHeadings:
    return ClinicalHeadings(
        tuple((words_of(line.text("words")), frozenset(words_of(line.cells["unless"]))) for line in lines)
    )
