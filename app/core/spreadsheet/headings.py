"""How a heading is recognised: case, spacing and punctuation do not matter."""

from functools import lru_cache


@lru_cache(maxsize=1024)
def heading_key(text: str) -> str:
    """A heading without case, spacing and punctuation, so that "date  of BIRTH" finds its column."""
    return "".join(letter for letter in text.casefold() if letter.isalnum())


@lru_cache(maxsize=1024)
def column_letter(index: int) -> str:
    """The letter of a column counted from 0: A, Z, AA."""
    before, last = divmod(index, 26)
    return (column_letter(before - 1) if before else "") + chr(ord("A") + last)
