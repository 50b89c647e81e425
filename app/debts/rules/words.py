"""Words by which a debt is found: letters and digits without case and accents, the same for what is held and what is typed.

Why words and no parts of words: docs/decisions/0015-found-by-the-beginnings-of-words.md.
"""

import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

MOST_WORDS = 10
_LONGEST_WORD = 160  # as long as the longest text that is searched
_MOST_PARTS = 8
_PASSED_OVER = frozenset("-'\"`´‘’‚‛“”„ʼʹ.,/()&‐‑‒–—―·")  # between the parts of names and numbers
_LATIN = {"ø": "o", "ł": "l", "đ": "d", "ð": "d", "þ": "th", "æ": "ae", "œ": "oe", "ı": "i", "ħ": "h", "ŧ": "t"}


def _sign(character: str) -> str:
    """Any other sign is a word of its own, so that it is taken literally; it needs a name where it could mean something."""
    return f" ={ord(character):x} "


def _plain(character: str) -> str:
    if character.isalnum():
        return character.lower()
    if character.isspace() or character in _PASSED_OVER or not character.isprintable():
        return " "
    return _sign(character)


_ASCII = {code: _plain(chr(code)) for code in range(128)}


SEARCHED = (
    "organisation_code", "reference", "invoice_number", "family_name", "given_names", "other_names", "passport_number",
)  # fmt: skip


@dataclass(frozen=True)
class Word:
    """One typed word: found by its parts, all of them and the last one by its beginning, or written together."""

    parts: tuple[str, ...]
    together: str | None = None

    @property
    def may_go_on(self) -> bool:
        """A single letter is a whole word, an initial: as a beginning it would find a third of the register."""
        last = self.parts[-1]
        return not _is_sign(last) and (len(last) > 1 or not last.isascii())


def words_of(
    organisation: str, reference: str, invoice: str, family: str, given: str, other: str | None, passport: str | None
) -> str:  # fmt: skip
    """The words of one debt, a blank between them; the values come in the order of SEARCHED."""
    names = f"{_held(family)} {_held(given)} {_held(other)}" if other else f"{_held(family)} {_held(given)}"
    numbers = f"{_number(passport)} {_number(invoice)}" if passport else _number(invoice)
    found = f"{names} {numbers} {_number(reference.replace('-', ''))} {organisation_word(organisation)}"
    return found if "  " not in found else " ".join(found.split())


@lru_cache(maxsize=1_000)
def organisation_word(code: str) -> str:
    """A word that nobody can type: it narrows a search to an organisation within the index."""
    return f"=={together(code)}"


def _number(text: str) -> str:
    """Invoices and passports are written with and without blanks."""
    if text.isascii() and text.isalnum():
        return text.lower()
    parts = _held(text)
    whole = together(text)
    return parts if whole in parts.split() else f"{parts} {whole}"


def together(text: str) -> str:
    """The letters and digits of a text without what stands between them."""
    return "".join(part for part in _fold(text).split() if not _is_sign(part))


def typed(text: str) -> list[Word] | None:
    """What to look for. None where nothing can be found: no word in it, or one longer than any that is held."""
    words = [_word(_fold(each).split()) for each in text.split()[:MOST_WORDS]]
    found = list(dict.fromkeys(word for word in words if word.parts))
    if not found or any(len(part) > _LONGEST_WORD for word in found for part in (*word.parts, word.together or "")):
        return None
    return found


def _word(parts: list[str]) -> Word:
    if len(parts) == 1:
        return Word((parts[0],))
    has_signs = any(map(_is_sign, parts))
    if len(parts) > _MOST_PARTS:
        return Word(tuple(dict.fromkeys(parts))[:_MOST_PARTS] if has_signs else ("".join(parts),))
    return Word(tuple(parts), None if has_signs else "".join(parts))


@lru_cache(maxsize=50_000)
def _held(text: str) -> str:
    """The parts of each word, and what they make together: INV-001/22 is inv 001 22 inv00122."""
    parts = dict.fromkeys(part[:_LONGEST_WORD] for word in text.split() for part in _forms(_fold(word).split()))
    return " ".join(parts)


def _forms(parts: list[str]) -> Iterator[str]:
    yield from parts
    letters = [part for part in parts if not _is_sign(part)]
    if len(letters) > 1:
        yield "".join(letters)


def _is_sign(part: str) -> bool:
    return part.startswith("=") or not (part[0].isascii() or _is_letter(part[0]))


def _fold(text: str) -> str:
    if text.isascii():
        return text.translate(_ASCII)
    apart = unicodedata.normalize("NFKD", unicodedata.normalize("NFC", text).casefold())
    return unicodedata.normalize("NFC", "".join(map(_folded, apart)))


@lru_cache(maxsize=5_000)
def _folded(character: str) -> str:
    if character.isascii():
        return _ASCII[ord(character)]
    if unicodedata.combining(character) or unicodedata.category(character) in {"Cf", "Cs", "Cn", "Co"}:
        return ""
    if _is_letter(character):
        return _LATIN.get(character, character)
    if character.isspace() or character in _PASSED_OVER or not character.isprintable():
        return " "
    return f" {character} "


def _is_letter(character: str) -> bool:
    """Vowel signs of Indian and other scripts are marks that carry meaning: they stay with their letter."""
    return character.isalnum() or unicodedata.category(character).startswith("M")
