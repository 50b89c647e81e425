"""The demo's managers: who looks after which trusts, a year of the contact log, and who covers for whom. All are invented."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from random import Random

from app.accounts import cover, own_account, service
from app.accounts.access import COMMAND_LINE, Actor
from app.accounts.permissions import Role
from app.contact_log import service as contact_log
from app.contact_log.rules.entry import Details, Kind, Outcome
from app.core import clock
from app.core.db import Session
from app.demo.accounts import DOMAIN, MANAGER, PORTFOLIO
from app.demo.dice import dice, weighted
from app.demo.trusts import Habit, trusts

# Nobody's names. The first one's account is the tour's.
NAMES = ("Robin Fernhill", "Asha Quillmoor", "Tom Birchwater", "Nadia Stonebeck", "Owen Larkfield", "Grace Peatling")
ENTRIES, OF_TRUSTS, OF_DAYS = 80, 160, 350
_TALKED_TO = {Habit.NEVER: 4.0, Habit.IRREGULAR: 1.6, Habit.REGULAR: 0.6}
_OPEN_FOR = timedelta(days=35)
_DONE = 0.9

# Kind, outcome, note, next step and in how many days it is due; with their weights.
_TALKS: tuple[tuple[tuple[Kind, Outcome, str, str, int], float], ...] = (
    ((Kind.CALL, Outcome.SPOKE, "The office knows that the return is late. Two of four posts are empty.",
      "Ask who sends returns until the posts are filled", 14), 3),
    ((Kind.CALL, Outcome.AGREED_DATE, "The finance team sends the list this week.", "Check that the return has arrived", 7), 4),
    ((Kind.CALL, Outcome.LEFT_WORD, "", "Call again", 5), 4),
    ((Kind.CALL, Outcome.NO_ANSWER, "", "Write to the office's shared mailbox", 7), 3),
    ((Kind.MAIL, Outcome.SPOKE, "Answered that nothing was invoiced. Sent the page about nil returns.",
      "See whether a nil return has come", 10), 3),
    ((Kind.MAIL, Outcome.LEFT_WORD, "Sent the guidance on rows that went back.", "", 0), 3),
    ((Kind.VISIT, Outcome.SPOKE, "Went through the rows that went back. Most are dates entered as month first.",
      "Send the prompts of the template", 10), 2),
    ((Kind.VISIT, Outcome.AGREED_DATE, "Showed how the prefilled template saves typing. They start with the next month.",
      "See how the next return went", 30), 2),
    ((Kind.TRAINING, Outcome.TRAINED, "Three officers took part: template, check, rows to mend.", "", 0), 2),
    ((Kind.TRAINING, Outcome.OTHER, "Put off: the ward for training was needed elsewhere.", "Find another day", 21), 1),
)  # fmt: skip


@dataclass(frozen=True)
class Contact:
    """One contact at one moment by the manager of the trust, with what was said."""

    at: datetime
    trust: str
    kind: Kind
    outcome: Outcome
    note: str
    step: str
    days: int


def portfolios(codes: Sequence[str]) -> dict[str, list[str]]:
    """Every trust has a manager: the tour's keeps the first of the ranking, the others share the rest in turn."""
    ranked = [trust.code for trust in trusts(codes)]
    emails = [MANAGER, *(f"lpm.{number}@{DOMAIN}" for number in range(2, len(NAMES) + 1))]
    rest = ranked[PORTFOLIO:]
    shared = {email: rest[number :: len(emails) - 1] for number, email in enumerate(emails[1:])}
    return {MANAGER: ranked[:PORTFOLIO], **shared}


def settle(db: Session, codes: Sequence[str]) -> None:
    """Adds the other managers, what was talked about in the year, and the absences."""
    held = portfolios(codes)
    managers = {email: _manager(db, email, name, held[email]) for email, name in zip(held, NAMES, strict=True)}
    looks_after = {code: managers[email] for email, of_them in held.items() for code in of_them}
    for contact in contacts(codes, clock.now()):
        _log(db, looks_after[contact.trust], contact)
    tours, away, covering = (managers[email] for email in list(held)[:3])
    today = clock.today()
    _cover(db, away, covering, today, 9)
    _cover(db, tours, managers[list(held)[3]], today + timedelta(days=21), 11)


def contacts(codes: Sequence[str], now: datetime) -> Iterator[Contact]:
    """In the order of time. Those who send seldom are talked to most."""
    number, chance = max(8, round(ENTRIES * len(codes) / OF_TRUSTS)), dice("contacts")
    likely = [(trust.code, _TALKED_TO[trust.habit]) for trust in trusts(codes)]
    moments = sorted(_working_moment(clock.uk_date(now), chance) for _ in range(number))
    for at in moments:
        if at < now:
            yield Contact(at, weighted(chance, likely), *weighted(chance, _TALKS))


def _working_moment(today: date, chance: Random) -> datetime:
    """More of late than long ago, so that something is still open."""
    day = today - timedelta(days=1 + int(OF_DAYS * chance.random() ** 1.4))
    while day.weekday() >= 5:
        day -= timedelta(days=1)
    return datetime.combine(day, time(9), clock.UK) + timedelta(minutes=chance.randrange(480))


def _manager(db: Session, email: str, name: str, codes: Sequence[str]) -> Actor:
    """Adds what is missing: the tour's manager has an account and the portfolio already."""
    if email != MANAGER:
        for code in (*codes,) or (None,):
            service.add_user(db, COMMAND_LINE, email, Role.LPM, code)
    user = service.user_by_email(db, email)
    assert user is not None
    user.name = name
    db.add(user)
    db.flush()
    actor = service.actor_for_user(db, user)
    own_account.change_phone(db, actor, f"020 7946 0{dice('phone', email).randrange(1000):03d}")
    return actor


def _log(db: Session, actor: Actor, told: Contact) -> None:
    on = clock.uk_date(told.at)
    due = on + timedelta(days=told.days) if told.step else None
    with clock.at(told.at):
        made = contact_log.log(
            db, actor, told.trust, Details(told.kind, on, told.outcome, told.note, told.step, due)
        )  # fmt: skip
    chance, later = dice("done", made.organisation_code, told.at), told.at + timedelta(days=max(1, told.days - 2))
    is_done = clock.now() - told.at > _OPEN_FOR or chance.random() < 0.25
    if due is not None and is_done and later < clock.now() and chance.random() < _DONE:
        with clock.at(later):
            contact_log.tick_off(db, actor, told.trust, made.id)


def _cover(db: Session, away: Actor, covering: Actor, first: date, days: int) -> None:
    cover.set_cover(db, away, away.id, covering.id, first, first + timedelta(days=days))
