"""What an output reads of a line of a release (app/releases/lines.py has the line itself)."""

from typing import Any, Protocol


class Said(Protocol):
    """`values` by the keys of the consolidated layout; `shown`: it belongs on the Warnings Index; `flagged`: it was on."""

    reference: str
    organisation: str
    change: str
    values: dict[str, Any]
    shown: bool
    flagged: bool
