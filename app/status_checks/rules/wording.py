"""The answer in words: what is owed, and whether it may be relied on."""

from datetime import date

from app.core.money import in_words
from app.return_template.choices import Status

NO_MATCH = (
    "No debt matches exactly what was asked. Check the spelling, the date of birth and the number against the document. "
    "This does not show that the person owes nothing: only what hospitals have reported is known here."
)
NO_CONTACT = "No contact is kept for this organisation. Ask the NHS Debtors Team."
_SAID = {
    Status.OUTSTANDING: "Debt outstanding: {left} is owed.",
    Status.ARRANGEMENT: "Repayment arrangement: {left} is left to pay under it.",
    Status.DEFAULTED: "A repayment arrangement was broken: {left} is owed.",
    Status.REPAID: "Debt repaid: nothing is owed.",
    Status.WITHDRAWN: "Withdrawn: nothing is owed. It should not have been reported, and an older marker does not hold.",
}


def still_owed(status: Status, amount_outstanding: int) -> int:
    """Pence. A withdrawn debt keeps its amount in the register, but nobody owes it."""
    return 0 if status in (Status.REPAID, Status.WITHDRAWN) else amount_outstanding


def said_of(status: Status, owed: int) -> str:
    return _SAID[status].format(left=in_words(owed))


def caution(*, held: bool, unconfirmed: bool, last_confirmed: date) -> str:
    """Why the answer is not to be relied on before the organisation was asked; empty where nothing speaks against it."""
    if held:
        return "In doubt: do not rely on it. There is a question about this debt that is not settled."
    if unconfirmed:
        day = f"{last_confirmed.day} {last_confirmed:%B %Y}"
        return f"Not confirmed since {day}: ask the organisation before you rely on it."
    return ""
