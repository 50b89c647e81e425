"""Why a row to mend was closed: the service's own words, by which is told what became of it. A person's are never taken for them."""

from enum import StrEnum

ACCEPTED, REPLACED, RETURN_WITHDRAWN, TIME_OVER = "accepted", "replaced", "return withdrawn", "time over"
MENDED_ON_PAGE = "mended on the debt's page"
DEBT_ENDED = "the debt was repaid or withdrawn"
LOADED_AFTER_ALL = "the recipient loaded it after all"


class Answer(StrEnum):
    """What a trust may answer to a rule's question about its row."""

    REPORTED_BEFORE_SERVICE = "reported_before_service"
    WRONG_PERSON_BEFORE = "wrong_person_before"
    IS_AN_ADDRESS = "is_an_address"
    EARLIER_FACTS_STAND = "earlier_facts_stand"


MENDING = frozenset({ACCEPTED, MENDED_ON_PAGE, DEBT_ENDED, *(answer.value for answer in Answer)})
OURS = MENDING | {REPLACED, RETURN_WITHDRAWN, TIME_OVER, LOADED_AFTER_ALL}


def typed(words: str) -> str:
    """A reason as a person gave it: in quotation marks where it would be taken for one of ours."""
    words = words.strip()
    return f"“{words}”" if words in OURS else words
