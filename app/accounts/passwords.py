"""Passwords: which are good enough, what is kept of them, and whether one is right."""

import re
import unicodedata
from functools import cache

from argon2 import PasswordHasher
from argon2.exceptions import Argon2Error, InvalidHashError

from app.core.errors import Refused

SHORTEST, LONGEST = 12, 500
# Guesses that a password must withstand. Ten wrong tries lock an account; this is for the day its hash is stolen.
FEWEST_GUESSES = 10**9
# Judged by its first characters: the time for a nasty text grows with the cube of its length (32: 0.5 s, 72: 3 s).
_JUDGED = 32
_OUR_WORDS = ("nhs", "debt", "debtor", "debtors", "return", "returns", "trust", "hospital", "overseas", "visitor")
# 19 MiB, two passes, one lane: OWASP's minimum for argon2id, 0.05 s here where the library's default takes 0.47 s.
_HASHER = PasswordHasher(time_cost=2, memory_cost=19 * 1024, parallelism=1)
# The hash of a password that nobody knows, of the same cost: who has none takes as long to refuse as who has.
_NOBODY = "$argon2id$v=19$m=19456,t=2,p=1$ph8ql30T7HRRTt0UVfmHpQ$K2kTSPkas6Ns6kEDTdByW1W0rjNrZGcxs5XuOXTs+EQ"


@cache
def _common() -> frozenset[str]:
    from zxcvbn.frequency_lists import FREQUENCY_LISTS  # noqa: PLC0415 - 13 MB, for the few who choose a password

    return frozenset(password for password in FREQUENCY_LISTS["passwords"] if len(password) >= SHORTEST)


def hash_of(password: str, email: str) -> str:
    """What to keep of a new password. Raises Refused (422) for one that is too short, too long or too easy to guess."""
    password = _as_typed(password)
    if not SHORTEST <= len(password) <= LONGEST:
        raise Refused(f"A password has {SHORTEST} to {LONGEST} characters. Choose another.")
    if password.lower() in _common():
        raise Refused("That password is on the list of common ones. Choose another, for example three random words.")
    if _guesses(password, email) < FEWEST_GUESSES:
        raise Refused(
            "That password is too easy to guess. Make it longer, for example three random words, and leave out names, "
            "your e-mail address and the words of this service."
        )
    return _HASHER.hash(password)


def matches(kept: str | None, password: str) -> bool:
    """Whether the password is the one kept. Takes the same time when nothing is kept."""
    password = _as_typed(password)
    known = kept if len(password) <= LONGEST else None
    try:
        return _HASHER.verify(known or _NOBODY, password[:LONGEST]) and known is not None
    except (Argon2Error, InvalidHashError):
        return False


def _as_typed(password: str) -> str:
    """One form for the same characters, however a keyboard makes them; what cannot be stored as text is replaced."""
    return unicodedata.normalize("NFKC", password.encode(errors="replace").decode())


def _guesses(password: str, email: str) -> float:
    """How many guesses are needed by a good guesser to whom the words of the address and of this service cost nothing."""
    from zxcvbn import matching, scoring  # noqa: PLC0415

    known = {*_OUR_WORDS, *(word for word in re.split(r"[^a-z0-9]+", email.lower()) if len(word) > 2)}
    unknown = re.sub("|".join(sorted(known, key=len, reverse=True)), "", password, flags=re.IGNORECASE)[:_JUDGED]
    if not unknown:
        return 1
    # The library's own call keeps the last caller's words for everybody: two people at once would mix.
    dictionaries = {**matching.RANKED_DICTIONARIES, "user_inputs": matching.build_ranked_dict(known)}
    found = scoring.most_guessable_match_sequence(unknown, matching.omnimatch(unknown, dictionaries))
    return float(found["guesses"])
