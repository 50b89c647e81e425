"""Money at the edges: integer pence inside the service, a text such as "1250.00" outside it, a float never."""

import re

_POUNDS = re.compile(r"([0-9]{1,12})(?:\.([0-9]{1,2}))?")


def to_pounds(pence: int) -> str:
    """125000 becomes "1250.00"."""
    pounds, rest = divmod(abs(pence), 100)
    return f"{'-' if pence < 0 else ''}{pounds}.{rest:02d}"


def from_pounds(text: str) -> int:
    """ "1250.00" becomes 125000. Raises ValueError for anything but digits with at most two decimals."""
    match = _POUNDS.fullmatch(text)
    if match is None:
        raise ValueError("is not an amount. Write pounds and pence with digits and a point only, for example 1250.00")
    return int(match[1]) * 100 + int((match[2] or "").ljust(2, "0"))


def in_words(pence: int) -> str:
    """As people read it: 125000 becomes "£1,250.00"."""
    pounds, rest = divmod(abs(pence), 100)
    return f"{'-' if pence < 0 else ''}£{pounds:,}.{rest:02d}"
