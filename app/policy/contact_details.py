"""What names one person by how to reach them: e-mail addresses and telephone numbers, by their form. Names have none."""

import re

_MAIL = re.compile(r"[^\s@]@[^\s@]")
# From 0 or +, as people write them: dates, months, amounts and references of ours begin otherwise or are shorter.
_TELEPHONE = re.compile(r"(?<![0-9A-Za-z./,-])(?:\+|\(?0)(?:[ ()-]{0,2}[0-9]){8,14}(?![0-9])")


def contact_detail_in(text: str) -> str | None:
    """What the text seems to hold, in words; None when nothing."""
    if _MAIL.search(text):
        return "an e-mail address"
    if _TELEPHONE.search(text):
        return "a telephone number"
    return None
