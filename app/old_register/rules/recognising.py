"""Organisations as people wrote them: by code, ODS code or name, never by mere likeness, which only suggests."""

import re
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from rapidfuzz import fuzz, process

_DROPPED = frozenset({"nhs", "foundation", "trust", "ft", "nhsft", "nhst", "the", "of"})
_ALIKE = 70  # per cent from which a name is suggested


@dataclass(frozen=True)
class Body:
    """One organisation, as far as it is recognised by. `close_date` is its last open day."""

    code: str
    ods_code: str | None
    name: str
    close_date: date | None


class Organisations:
    """Answers which organisation a text means. Two spellings of one name differ in case, punctuation, "&" and "NHS Trust"."""

    def __init__(self, bodies: Iterable[Body], as_at: date) -> None:
        self._codes: dict[str, str] = {}
        self._names: dict[str, list[Body]] = defaultdict(list)
        self._labels: dict[str, str] = {}
        self._known: dict[str, str | None] = {}
        self._as_at = as_at
        for body in bodies:
            self._codes.setdefault(body.code.casefold(), body.code)
            if body.ods_code:
                self._codes.setdefault(body.ods_code.casefold(), body.code)
            self._names[bare_name(body.name)].append(body)
            self._labels[body.code] = f"{body.name} ({body.code})"

    def code_of(self, text: str) -> str | None:
        """None for what is not known, or could be two."""
        if text not in self._known:
            self._known[text] = self._find(text)
        return self._known[text]

    def suggestion(self, text: str) -> str | None:
        """The one that comes nearest, or those that it could be, with their codes."""
        if same := self._names.get(bare_name(text)):
            return " or ".join(self._labels[body.code] for body in same)
        nearest = process.extractOne(
            bare_name(text), self._names.keys(), scorer=fuzz.token_sort_ratio, score_cutoff=_ALIKE
        )
        return self._labels[self._names[nearest[0]][0].code] if nearest else None

    def _find(self, text: str) -> str | None:
        if code := self._codes.get(text.casefold()):
            return code
        bracketed = re.search(r"\(([^()]+)\)$", text)  # our own way to show one: name (CODE)
        if bracketed and (code := self._codes.get(bracketed[1].strip().casefold())):
            return code
        same = self._names.get(bare_name(text), [])
        exact = [body for body in same if body.name.casefold() == text.casefold()] or same
        still_open = [body for body in exact if body.close_date is None or body.close_date >= self._as_at]
        for found in (exact, still_open):
            if len(found) == 1:
                return found[0].code
        return None


def bare_name(name: str) -> str:
    """A name without case, punctuation and the words that every trust has."""
    words = re.sub(r"[^\w]+", " ", name.casefold().replace("&", " and ").replace("'", "").replace("’", "")).split()
    return " ".join(word for word in words if word not in _DROPPED) or " ".join(words)
