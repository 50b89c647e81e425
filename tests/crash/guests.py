"""People at work in a house that may fall at any moment: what each of them was told is kept in their `Ledger`.

A guest goes home at the first call that is not answered; what that call was about stands in the ledger as unanswered.
"""

import hashlib
import random
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import httpx2

from tests.crash.house import Caller, House
from tests.returns.conftest import csv_of, row

LATER = "2027-06-15"  # when files as they were sent, and debts that ended long before, have been kept long enough


MOMENTS = ("a return is sent", "a release is released", "a debt ends")


@dataclass
class Sent:
    """One file: `told` is the answer to it, once there was one."""

    who: str
    organisation: str
    data: bytes
    good: list[str]
    bad: list[str]
    told: dict[str, Any] | None = None

    @property
    def sha256(self) -> str:
        return hashlib.sha256(self.data).hexdigest()


@dataclass
class Ledger:
    """`ends`: invoice numbers of the other trust with whether the answer to their end was heard. `released`: releases that were said to be.
    `asked`: how often a release was asked to be released."""

    sent: list[Sent] = field(default_factory=list)
    ends: dict[str, bool] = field(default_factory=dict)
    released: dict[str, list[dict[str, Any]]] = field(default_factory=dict)
    troubles: list[str] = field(default_factory=list)
    asked: int = 0


class SentAway(Exception):
    """503."""


class Guests:
    def __init__(self, house: House, chance: random.Random, may_be_sent_away: bool = False) -> None:
        self._may_be_sent_away = may_be_sent_away
        self.house, self.ledger, self._chance = house, Ledger(), chance
        self._lock, self._made = threading.Lock(), 0
        self._at_work: list[threading.Thread] = []
        self.reached: dict[str, threading.Event] = {}

    def come(self, moment: str) -> None:
        """Three people: one comes to the moment that is named (`MOMENTS`), the others are there by chance."""
        works: list[tuple[Any, ...]] = [
            (self._send, "first", "RJ1"), (self._send, "second", "RJ1"), (self._send, "other", "RYJ"),
            (self._check_and_submit, "first", "RJ1"), (self._end,), (self._release,),
        ]  # fmt: skip
        at_the_moment = {"a return is sent": works[0], "a release is released": works[5], "a debt ends": works[4]}[
            moment
        ]
        self.reached = {each: threading.Event() for each in MOMENTS}
        works.remove(at_the_moment)
        self._at_work = [
            threading.Thread(target=self._work, args=work, daemon=True)
            for work in (at_the_moment, *self._chance.sample(works, 2))
        ]
        for each in self._at_work:
            each.start()
        self.reached[moment].wait(15)

    def went_home(self) -> None:
        for each in self._at_work:
            each.join(90)
            assert not each.is_alive(), "somebody still waits for an answer"

    def _work(self, work: Callable[..., None], *more: str) -> None:
        try:
            while True:
                work(*more)
        except httpx2.TransportError:
            return
        except SentAway as error:
            if not self._may_be_sent_away:
                self.ledger.troubles.append(f"{work.__name__}: {error}")
        except Exception as error:  # told where the ledger is looked through
            self.ledger.troubles.append(f"{work.__name__}: {error!r}"[:500])

    def _new_file(self, who: str, organisation: str) -> Sent:
        with self._lock:
            first, size = self._made, self._chance.choice((1, 8, 8, 8, 60))
            self._made += size + 2
        good, bad = (
            [f"{number:05d}" for number in range(first + start, first + end)]
            for start, end in ((0, size), (size, size + 2))
        )
        rows = [*(row(number) for number in good), *(row(number, nationality="Atlantis") for number in bad)]
        made = Sent(who, organisation, csv_of(rows), good, bad)
        self.ledger.sent.append(made)
        return made

    def _send(self, who: str, organisation: str) -> None:
        sent = self._new_file(who, organisation)
        self.reached["a return is sent"].set()
        sent.told = answered(self._as(who).upload(sent.data, organisation), 201)

    def _check_and_submit(self, who: str, organisation: str) -> None:
        sent = self._new_file(who, organisation)
        checked = answered(self._as(who).upload(sent.data, organisation, check_only="true"), 201)
        sent.told = answered(
            self._as(who).post(f"/returns/{checked['id']}/submit"), 200, 404, 409
        )  # a purge of later deletes what was only checked
        if "counts" not in sent.told:
            sent.told = None

    def _end(self) -> None:
        """One debt was reported in error."""
        mine = self._as("other")
        found = answered(mine.get("/debts", status="outstanding", limit=20), 200)["items"]
        if not found:
            return
        debt = found[-1]
        self.ledger.ends[debt["invoice_number"]] = False
        said = {
            "status": "withdrawn",
            "status_date": "2026-11-01",
            "amount_outstanding": "0.00",
            "reason": "raised_in_error",
        }
        self.reached["a debt ends"].set()
        answered(mine.post(f"/debts/{debt['id']}/status", said), 200)
        self.ledger.ends[debt["invoice_number"]] = True

    def _release(self) -> None:
        """Goes on with the release that is under way, else begins one."""
        desk, head = self._as("desk"), self._as("head")
        listed = answered(desk.get("/releases", limit=5), 200)["items"]
        under_way = [each for each in listed if each["state"] not in {"released", "abandoned"}]
        made = under_way[0] if under_way else self._prepared(desk)
        at = f"/releases/{made['id']}"
        told = answered(desk.get(at), 200)
        if told["state"] == "checking":
            for line in told["sample"]:
                if line["correct"] is None:
                    answered(desk.post(f"{at}/sample/{line['line']}", {"correct": True}), 200)
            told = answered(head.post(f"{at}/approve"), 200)
        self.ledger.asked += 1
        self.reached["a release is released"].set()
        told = answered(head.post(f"{at}/release"), 200)
        self.ledger.released[told["id"]] = told["files"]

    def _prepared(self, desk: Caller) -> dict[str, Any]:
        scope = self._chance.choice(("full", "changes"))
        return answered(desk.post("/releases", {"scope": scope, "recipient": "MIDAS", "purpose": "Monthly load"}), 201)

    def _as(self, who: str) -> Caller:
        return self.house.people[who]


def answered(answer: httpx2.Response, *wanted: int) -> dict[str, Any]:
    if answer.status_code == 503:
        raise SentAway(answer.text[:300])
    assert answer.status_code in wanted, (
        f"{answer.request.method} {answer.request.url.path}: {answer.status_code} {answer.text[:300]}"
    )
    found: dict[str, Any] = answer.json()
    return found
