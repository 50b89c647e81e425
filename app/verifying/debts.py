"""Checks of one debt against its own events, holds and lines of the feed."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from app.debts import warnings_index
from app.debts.posting import HELD, RELEASED, REPORTED, UNDONE
from app.debts.register import to_json
from app.debts.rules import matching
from app.debts.rules.holding import HoldKind
from app.debts.undoing import standing
from app.return_template.choices import OPEN_STATUSES, Status
from app.verifying.check import Check, Difference, differing

_ENDED = (Status.REPAID, Status.WITHDRAWN)


@dataclass(frozen=True)
class Case:
    """One debt with all that is known of it, as rows of the tables; `periods` and `senders` are those of the returns, by id."""

    debt: Any
    events: Sequence[Any]
    holds: Sequence[Any]
    feed: Sequence[Any]
    periods: Mapping[str, str]
    senders: Mapping[str, str]

    @property
    def where(self) -> str:
        return str(self.debt.reference)


def history(case: Case) -> Iterator[Difference]:
    """Every debt was reported once, before anything else happened to it."""
    kinds = [event.kind for event in case.events]
    if kinds[:1] != [REPORTED] or kinds.count(REPORTED) != 1:
        yield Difference(case.where, "its history does not begin with the one report")


def home(case: Case) -> Iterator[Difference]:
    """Every debt belongs to the organisation whose return first reported it, so that nobody else sees it."""
    if case.debt.first_return_id is not None:
        yield from differing(case.where, {"organisation_code": case.senders.get(case.debt.first_return_id)}, case.debt)


def status(case: Case) -> Iterator[Difference]:
    """The newest status event carries the whole status as it stands."""
    stated = [event for event in case.events if event.status is not None]
    if not stated:
        return
    newest = stated[-1]
    expected = {key: getattr(newest, key) for key in ("status", "status_date", "amount_outstanding", "as_at")}
    yield from differing(case.where, expected | {"withdrawal_reason": _reason(stated)}, case.debt)


def _reason(stated: Sequence[Any]) -> str | None:
    """Given with the withdrawal or after it."""
    for event in reversed(stated):
        if event.status != Status.WITHDRAWN or event.reason is not None:
            return str(event.reason) if event.status == Status.WITHDRAWN else None
    return None


def correction(case: Case) -> Iterator[Difference]:
    """From what a correction would be judged follows from the events that no withdrawal of a return has undone."""
    undone = [event for event in case.events if event.kind == UNDONE and event.status is not None]
    stated, _ = standing(case.events)
    expected: dict[str, Any] = {"report_undone": any(event.return_id == case.events[0].return_id for event in undone)}
    if stated:
        newest = stated[-1]
        expected |= {"status_from": newest.status_from, "status_period": case.periods.get(newest.return_id or "")}
    elif undone:
        expected |= {"status_from": undone[-1].status_from, "status_period": None}
    yield from differing(case.where, expected, case.debt)


def particulars(case: Case) -> Iterator[Difference]:
    """What an event says of a particular before it is what the event before said after it, up to what is held now."""
    state: dict[str, Any] = {}
    for event in case.events:
        for key, (was, now) in (event.particulars or {}).items():
            if key in state and state[key] != was:
                yield Difference(case.where, f"{key} does not follow from event to event (event {event.id})")
            state[key] = now
    for key, value in state.items():
        if to_json(getattr(case.debt, key)) != value:
            yield Difference(case.where, f"{key} is not as its newest event says")


def digests(case: Case) -> Iterator[Difference]:
    """By which exactly equal persons are found."""
    for name, digest in (
        ("name_match", matching.name_match(case.debt)), ("passport_match", matching.passport_match(case.debt))
    ):  # fmt: skip
        if getattr(case.debt, name) != digest:
            yield Difference(case.where, f"{name} is not the digest of its person")


def held(case: Case) -> Iterator[Difference]:
    """Held while a hold stands, and an event whenever one began or ended. A hold may end and stand again."""
    kinds = [event.kind for event in case.events]
    standing_now = sum(hold.lifted_at is None for hold in case.holds)
    disputed = any(hold.lifted_at is None and hold.kind == HoldKind.DISPUTE for hold in case.holds)
    yield from differing(case.where, {"held": standing_now > 0, "disputed": disputed}, case.debt)
    begun, ended = kinds.count(HELD), kinds.count(RELEASED)
    if begun - ended != standing_now or begun < len(case.holds):
        yield Difference(case.where, "holds that stand by its events", str(begun - ended), str(standing_now))


def flag(case: Case) -> Iterator[Difference]:
    """The feed adds and removes in turn, its last word is the debt's flag, and a flag shows the person as held now."""
    actions = [line.action for line in case.feed]
    if any(one == following for one, following in pairwise(actions)):
        yield Difference(case.where, "the feed says the same twice running")
    reported = case.events[0].status if case.events else None
    if actions[:1] == [warnings_index.REMOVE] and reported not in _ENDED:
        yield Difference(case.where, "the feed removes what it never added")
    yield from differing(case.where, {"flagged": actions[-1:] == [warnings_index.ADD]}, case.debt)
    if not case.debt.flagged:
        return
    if case.debt.held or case.debt.status not in warnings_index.SHOWN:
        yield Difference(case.where, "its flag is on although it is held or no longer owed")
    elif actions and any(getattr(case.feed[-1], key) != getattr(case.debt, key) for key in warnings_index.IDENTITY):
        yield Difference(case.where, "its flag shows another person than the debt")


def mark(case: Case) -> Iterator[Difference]:
    """Only what is still owed can be below the threshold; how much that is, is proved by organisation."""
    if case.debt.status not in OPEN_STATUSES:
        yield from differing(case.where, {"below_threshold": False}, case.debt)


CHECKS = (
    Check("Debts whose history begins with their one report", history),
    Check("Debts that belong to the organisation that reported them", home),
    Check("Debts whose status, amount and days are as their newest event says", status),
    Check("Debts from whose events it follows what a correction is judged from", correction),
    Check("Debts whose details follow from event to event", particulars),
    Check("Debts with the digests of their person", digests),
    Check("Debts that are held as their holds and events say", held),
    Check("Debts that are flagged as the feed says", flag),
    Check("Debts that are marked as below the threshold only while they are owed", mark),
)
