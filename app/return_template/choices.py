"""The words a person may choose in a cell, each declared once with the label that the workbook shows."""

from enum import StrEnum


class Choice(StrEnum):
    """A stored value and the label that people read."""

    label: str

    def __new__(cls, value: str, label: str = "") -> "Choice":
        member = str.__new__(cls, value)
        member._value_ = value
        member.label = label
        return member


class Status(Choice):
    """Where a debt stands. The first four are the Home Office's own categories (ICIBI figure 5); withdrawn is ours."""

    OUTSTANDING = "outstanding", "Debt outstanding"
    ARRANGEMENT = "arrangement", "Repayment arrangement"
    DEFAULTED = "defaulted", "Defaulted - debt still outstanding"
    REPAID = "repaid", "Debt repaid"
    WITHDRAWN = "withdrawn", "Withdrawn - reported in error"


OPEN_STATUSES = frozenset({Status.OUTSTANDING, Status.ARRANGEMENT, Status.DEFAULTED})


class Sex(Choice):
    FEMALE = "female", "Female"
    MALE = "male", "Male"
    UNSPECIFIED = "unspecified", "Unspecified"


class YesNo(Choice):
    YES = "yes", "Yes"
    NO = "no", "No"
