"""What may be said of a dispute: why it was opened, how it came, how the trust answers, how it ends."""

from collections.abc import Mapping

from app.return_template.choices import Choice
from app.return_template.columns import COLUMNS

STATUS = ("status", "status_date", "amount_outstanding")


class Reason(Choice):
    """What the person says is wrong (ICIBI 5.29–5.31; UK GDPR Articles 16 and 18)."""

    NOT_MY_DEBT = "not_my_debt", "The debt is another person’s"
    WRONG_DETAILS = "wrong_details", "The details of the person are wrong"
    ALREADY_PAID = "already_paid", "The debt is paid"
    EXEMPT = "exempt", "The person was exempt from the charge"
    AMOUNT_WRONG = "amount_wrong", "The amount is wrong"
    NOT_TOLD = "not_told", "The person was not told about the debt or the data sharing"
    OTHER = "other", "Something else"


_MONEY = frozenset({"invoice_amount", *STATUS})
LEAVES = frozenset(column.key for column in COLUMNS if column.leaves)
_DETAILS = LEAVES - _MONEY
# What a trust changes where it puts right what such a dispute is about. A debt that is withdrawn is put right in any case.
MENDED_BY: Mapping[Reason, frozenset[str]] = {
    Reason.NOT_MY_DEBT: _DETAILS,
    Reason.WRONG_DETAILS: _DETAILS,
    Reason.ALREADY_PAID: _MONEY,
    Reason.EXEMPT: _MONEY,
    Reason.AMOUNT_WRONG: _MONEY,
    Reason.NOT_TOLD: LEAVES,
    Reason.OTHER: LEAVES,
}


class Received(Choice):
    """How the dispute reached the Debtors Team."""

    EMAIL = "email", "By e-mail"
    LETTER = "letter", "By letter"
    PHONE = "phone", "By phone"
    IN_PERSON = "in_person", "In person, for example at the border"
    REPRESENTATIVE = "representative", "From a representative"
    TRUST = "trust", "Passed on by the trust"


class Answer(Choice):
    """What the trust found."""

    STANDS = "stands", "The record is right"
    AMENDED = "amended", "The record was wrong and is corrected"
    WITHDRAWN = "withdrawn", "The debt should not have been reported: withdraw it"


class Outcome(Choice):
    """How the dispute ended; the Debtors Team decides."""

    UPHELD = "upheld", "Upheld"
    PARTLY_UPHELD = "partly_upheld", "Partly upheld"
    NOT_UPHELD = "not_upheld", "Not upheld"
    ABANDONED = "abandoned", "Abandoned: opened by mistake"


UPHELD = (Outcome.UPHELD, Outcome.PARTLY_UPHELD)
SETTLEMENTS = (*UPHELD, Outcome.NOT_UPHELD)


class State(Choice):
    """Where a dispute stands: whose turn it is, or that it is over."""

    WAITING = "waiting", "Waits for the trust’s answer"
    ANSWERED = "answered", "Answered, to be settled"
    CLOSED = "closed", "Closed"
