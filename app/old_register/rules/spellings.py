"""Old words for what we choose from a list: statuses as they were written before, and yes and no."""

from app.core.spreadsheet.headings import heading_key
from app.return_template.choices import Status

# A write-off is accounting and not forgiveness: the debt is still owed. Our own labels need no line here.
STATUS_WORDS: dict[Status, tuple[str, ...]] = {
    Status.OUTSTANDING: (
        "unpaid", "owed", "owing", "open", "live", "due", "not paid", "still outstanding", "outstanding debt",
        "debt still outstanding", "no repayment", "no arrangement", "written off", "write off", "w/o",
    ),
    Status.ARRANGEMENT: (
        "arrangement", "repayment arrangement in place", "repayment plan", "payment plan", "paying", "instalments",
        "paying by instalments", "instalment plan", "part paid", "arrangement to pay", "repaying",
    ),
    Status.DEFAULTED: (
        "default", "defaulted", "in default", "defaulter", "arrangement defaulted", "arrangement broken",
        "repayment arrangement defaulted", "defaulted debt still outstanding", "broken arrangement",
    ),
    Status.REPAID: (
        "paid", "repaid", "paid in full", "fully paid", "settled", "cleared", "debt paid", "debt cleared",
        "debt settled", "repaid in full",
    ),
    Status.WITHDRAWN: (
        "withdrawn", "cancelled", "canceled", "credit note", "credited", "reported in error", "error", "exempt",
        "patient exempt", "void",
    ),
}  # fmt: skip
_BY_WORD = {heading_key(word): status for status, words in STATUS_WORDS.items() for word in words}
_YES = frozenset(map(heading_key, ("yes", "y", "true", "1", "on", "x", "flagged", "live", "active", "added")))
_NO = frozenset(map(heading_key, ("no", "n", "false", "0", "off", "none", "removed", "not flagged", "inactive")))


def old_status(text: str) -> Status | None:
    return _BY_WORD.get(heading_key(text))


def yes_or_no(text: str) -> bool | None:
    """None for a word that says neither."""
    word = heading_key(text) or ("no" if text.strip() == "-" else "")
    return True if word in _YES else False if word in _NO else None
