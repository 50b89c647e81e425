"""The formula guard of CSVs meant for people: what a spreadsheet program would take for a formula gets a ' in front.

Workbooks need no guard: `writing` stores every text as a text. CSVs meant for machines carry none either.
"""

import re

_STARTS = (
    "[=+\\-@\t\r\uff1d\uff0b\uff0d\uff20]"  # also in the full width of East Asian keyboards, which Excel may read alike
)
_DANGEROUS = re.compile(f"'*{_STARTS}")
_GUARDED = re.compile(f"'+{_STARTS}")


def looks_like_formula(text: str) -> bool:
    """Whether a spreadsheet program could take the text for a formula, also once apostrophes before it are undone."""
    return _DANGEROUS.match(text) is not None


def guard(text: str) -> str:
    return "'" + text if _DANGEROUS.match(text) else text


def unguard(text: str) -> str:
    """The exact inverse of `guard`; a text that was never guarded stays as it is, unless it looks guarded."""
    return text[1:] if _GUARDED.match(text) else text
