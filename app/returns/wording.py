"""A finding taken apart for a table: what is wrong, and what to do. Pure."""

import re

from app.returns.rules.engine import Finding

_PLACE = re.compile(r"^Row \d+(, [^:]*)?: ")
_SENTENCES = re.compile(r"(?<=[.!?])\s+(?=[A-Z£])")


def wrong_and_mend(finding: Finding) -> tuple[str, str]:
    """The message without its place: the first sentence says what is wrong, the others how to mend it.

    A full stop inside quotation marks ends no sentence: what is quoted is the trust's own.
    """
    text = _PLACE.sub("", finding.message, count=1)
    for match in _SENTENCES.finditer(text):
        before = text[: match.start()]
        if before.count('"') % 2 == 0 and before.count("“") == before.count("”"):
            return _begun(before), text[match.end() :]
    return _begun(text), ""


def _begun(words: str) -> str:
    """In the whole message the words go on after a colon; alone they are a sentence."""
    return words[:1].upper() + words[1:]
