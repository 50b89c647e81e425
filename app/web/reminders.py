"""Reminders of a month: who gets what when, what was sent with its outcome, and sending them by hand."""

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Annotated, Any

from fastapi import Query, Response

from app.accounts.permissions import Permission
from app.core import clock
from app.core.db import Session
from app.http.deps import Reading, Writing
from app.mail_settings import Mail
from app.organisations import service as organisations
from app.periods import service as periods
from app.periods.calendar import Period
from app.reminders import wording
from app.reminders.planning import Planned, plan, timetable
from app.reminders.rules.occasions import BY_HAND
from app.reminders.rules.words import Wording
from app.reminders.sending import send_by_hand
from app.reminders.sent import Outcome, Sent, sent
from app.web.entries import Fault, Faults
from app.web.page_route import pages
from app.web.render import page
from app.web.visit import May, Visit

reminders = pages()
Named = Annotated[str, Query(max_length=20)]
PORTFOLIO, ALL = "portfolio", "all"
OUTCOMES: Mapping[Outcome, tuple[str, str]] = {
    Outcome.SENT: ("Sent", "green"),
    Outcome.WAITING: ("Waiting", "blue"),
    Outcome.FAILED: ("Given up", "red"),
    Outcome.KEPT: ("In the outbox only", "grey"),
    Outcome.OVER: ("Called back", "grey"),
    Outcome.PURGED: ("No longer kept", "grey"),
}


@dataclass(frozen=True)
class Round:
    """What was sent on one day for one reason. `counts` are organisations by outcome, with a tag's parameters."""

    on: date
    words: str
    lines: Sequence[Sent]

    @property
    def counts(self) -> list[tuple[dict[str, str], int]]:
        found = Counter(one.outcome for one in self.lines)
        return [(tag(outcome), found[outcome]) for outcome in OUTCOMES if found[outcome]]

    @property
    def mails(self) -> int:
        return sum(one.to for one in self.lines)

    @property
    def failed(self) -> list[Sent]:
        return [one for one in self.lines if one.outcome is Outcome.FAILED]


def tag(outcome: Outcome) -> dict[str, str]:
    word, colour = OUTCOMES[outcome]
    return {"text": word, "classes": f"govuk-tag--{colour}"}


@reminders.get("/reminders")
def get_reminders(
    visit: Annotated[Visit, May(Permission.REMINDER_READ)], db: Reading, period: Named = "", whose: Named = ""
) -> Response:
    """A manager sees the portfolio first; what may be sent is the portfolio's alone."""
    month, today = _month(period), clock.today()
    own = visit.actor.scope(Permission.REMINDER_SEND)
    whose = whose if whose in (PORTFOLIO, ALL) else PORTFOLIO if own else ALL
    scope = own if whose == PORTFOLIO and own is not None else visit.actor.scope(Permission.REMINDER_READ)
    found = sorted(plan(db, month, today, scope), key=lambda one: one.cell.name)
    may_send = visit.may(Permission.REMINDER_SEND) and month.last_day < today and periods.is_open(month, today)
    sendable = {one.organisation for one in found if may_send and one.recipients and _may(own, one)}
    rounds = _rounds(sent(db, month, scope))
    return page(
        visit,
        "reminders/reminders.html",
        month=month,
        asked={"period": str(month), "whose": whose},
        address=f"/reminders?period={month}&whose={whose}",
        has_portfolio=bool(own),
        months=[(str(one), one.label) for one in reversed(periods.open_periods(today))],
        due_on=periods.due_on(db, month),
        days=_days(db, month, found, today),
        found=[one for one in found if one.recipients],
        nobody=[one for one in found if not one.recipients],
        sendable=sendable,
        ticked=set(visit.entries.all("organisations")) if visit.entries else sendable,
        reminded_today={one.organisation for one in found if one.had_on(today)},
        preview=_preview(db, [one for one in found if one.organisation in sendable], today),
        rounds=rounds,
        names=organisations.names(db, {one.organisation for each in rounds for one in each.lines}),
        tag=tag,
        automatic=visit.settings.reminders == "on",
        stays_here=visit.settings.mail is Mail.OUTBOX,
        words=visit.may(Permission.REMINDER_WORD),
    )


@reminders.post("/reminders")
def post_reminders(
    visit: Annotated[Visit, May(Permission.REMINDER_SEND)], db: Writing, period: Named = "", whose: Named = ""
) -> Response:
    """Answers with what came of it: sending the form again reminds nobody twice on one day."""
    month, codes = _month(period), list(dict.fromkeys(visit.entries.all("organisations")))
    if not codes:
        raise Faults(Fault("Tick at least one organisation to remind", "organisations"))
    done = send_by_hand(db, visit.actor, month, codes, clock.today())
    return page(
        visit,
        "reminders/outcome.html",
        month=month,
        done=done,
        names=organisations.names(db, codes),
        back=f"/reminders?period={month}" + (f"&whose={whose}" if whose in (PORTFOLIO, ALL) else ""),
        stays_here=visit.settings.mail is Mail.OUTBOX,
    )


def _month(text: str) -> Period:
    return Period.parse(text) if text else Period.containing(clock.today()).previous()


def _may(own: frozenset[str] | None, one: Planned) -> bool:
    return own is None or one.organisation in own


def _days(db: Session, month: Period, found: Sequence[Planned], today: date) -> list[dict[str, Any]]:
    """Each occasion with its day, by nation where nations differ, and whether it is over."""
    due_on = periods.due_on(db, month)
    nations = sorted({one.cell.nation for one in found} | {"England"})
    days: dict[str, dict[date, list[str]]] = defaultdict(lambda: defaultdict(list))
    for nation in nations:
        for occasion, day in timetable(month, due_on, nation).days():
            days[occasion.words][day].append(nation)
    return [
        {"words": words, "days": sorted(of.items()), "is_over": max(of) < today} for words, of in days.items()
    ]  # fmt: skip


def _preview(db: Session, sendable: Sequence[Planned], today: date) -> Wording | None:
    """The words of the first that would be reminded by hand."""
    if not sendable:
        return None
    return wording.in_force(db)[BY_HAND.code].filled(wording.values(sendable[0].cell, today))


def _rounds(found: Sequence[Sent]) -> list[Round]:
    """The newest first."""
    together: dict[tuple[date, str], list[Sent]] = defaultdict(list)
    for one in found:
        together[one.on, one.occasion.words].append(one)
    return [
        Round(on, words, sorted(lines, key=lambda one: one.organisation)) for (on, words), lines in together.items()
    ]
