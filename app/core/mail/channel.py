"""What a channel is: it is given one mail, tries once, and says what became of it in our own words."""

from dataclasses import dataclass
from datetime import timedelta
from enum import Enum, auto
from typing import Protocol

SERVICE = "NHS debtor returns"  # what mails call the service


@dataclass(frozen=True)
class Mail:
    """One mail in plain text. `id` is the message's own, the same at every attempt, by which it is recognised.

    `is_unsure`: an earlier attempt was cut off, and nobody knows whether it arrived.
    """

    id: str
    to: str
    subject: str
    body: str
    is_unsure: bool = False


class Result(Enum):
    SENT = auto()
    TRY_AGAIN = auto()
    FAILED = auto()  # for good: the same mail would be refused again
    KEPT = auto()


@dataclass(frozen=True)
class Outcome:
    """What became of one attempt. `trouble` never quotes the recipient; `asked` is how long it asked to be left alone.

    `is_unsure`: it may have arrived all the same. `is_down`: it lies with the channel, so that other mails can wait too.
    """

    result: Result
    trouble: str = ""
    reference: str = ""
    asked: timedelta = timedelta(0)
    is_unsure: bool = False
    is_down: bool = False


class Channel(Protocol):
    """`send` takes ten seconds at most and raises nothing that it can foresee."""

    @property
    def name(self) -> str: ...

    def send(self, mail: Mail) -> Outcome: ...
