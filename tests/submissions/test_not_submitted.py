"""Who has not sent a month's return, and what somebody who rings them up needs to know. Today is 22 November 2026."""

from datetime import UTC, date, datetime

import pytest
from sqlalchemy import event
from sqlmodel import Session

from app.accounts.models import RoleGrant, User
from app.organisations import contacts
from app.organisations.contacts import Details
from app.organisations.models import Organisation
from app.periods.calendar import Period
from app.returns.models import Lifecycle, Outcome, RuleCount
from app.returns.rules.engine import RULES, Severity
from app.submissions import service
from app.submissions.not_submitted import Line, Sort, addresses, not_submitted, ordered
from app.submissions.rules.advice import ADVICE, EVERY_ROW_WENT_BACK, advice
from app.submissions.rules.due import ago
from app.submissions.troubles import troubles
from tests.submissions.test_submissions import AFTER, BEFORE, NOVEMBER, OCTOBER, SEPTEMBER, World, world

__all__ = ["world"]

TODAY = date(2026, 11, 22)


def lines(db: Session, month: Period = OCTOBER, scope: frozenset[str] | None = None) -> dict[str, Line]:
    return {line.code: line for line in not_submitted(db, scope, month)}


def officer(db: Session, code: str, email: str, role: str = "trust", *, disabled: bool = False) -> None:
    user = User(email=email, name=email, created_at=BEFORE, disabled_at=BEFORE if disabled else None)
    db.add(user)
    db.flush()
    db.add(RoleGrant(user_id=user.id, role=role, organisation_code=code, granted_at=BEFORE))
    db.flush()


def office(db: Session, code: str, email: str = "") -> None:
    contacts.add(db, code, Details("Overseas visitors office", "debts", "020 7946 0123", email))


def taken_over(db: Session, code: str, by: str) -> None:
    old = db.get(Organisation, code)
    assert old is not None
    old.successor_code, old.successor_from, old.close_date = by, date(2026, 11, 1), date(2026, 10, 31)
    db.add(old)
    db.flush()


def test_whoever_owes_and_has_sent_nothing_that_counts_is_listed_and_nobody_else(world: World):
    world.sends("AAA", AFTER)
    world.excused("BBB")
    world.sends("CCC", outcome=Outcome.REJECTED)
    world.refused("DDD", BEFORE)
    assert list(lines(world.db)) == ["CCC", "DDD"]
    assert list(lines(world.db, NOVEMBER)) == ["AAA", "BBB", "CCC", "DDD"], "before it is due it is waited for too"
    assert list(lines(world.db, Period(2026, 8))) == []
    assert list(lines(world.db, scope=frozenset({"AAA", "CCC"}))) == ["CCC"]


def test_the_last_return_is_the_newest_that_counted_or_never(world: World):
    world.sends("AAA", datetime(2026, 10, 3, 12, tzinfo=UTC), SEPTEMBER)
    world.sends("AAA", BEFORE, outcome=Outcome.REJECTED)
    world.sends("BBB", BEFORE, lifecycle=Lifecycle.WITHDRAWN)
    found = lines(world.db)
    last = found["AAA"].last
    assert last is not None
    assert (last.period, last.ago(TODAY)) == (SEPTEMBER, "50 days ago")
    assert found["BBB"].last is None


def test_how_often_it_was_late_or_missing_is_counted_over_twelve_months_with_this_one(world: World):
    world.owes("AAA", begins=Period(2025, 10))
    for number, period in enumerate(Period.span(Period(2025, 10), Period(2026, 8))):
        due = period.default_due_on(20)
        day = 21 if number in {0, 3, 4} else 20
        world.sends("AAA", datetime(due.year, due.month, day, 12, tzinfo=UTC), period)
    one = lines(world.db)["AAA"]
    assert (one.owed, one.late, one.missing) == (12, 2, 2)
    assert (lines(world.db)["BBB"].owed, lines(world.db)["BBB"].missing) == (2, 2)


def test_rows_to_mend_are_those_of_every_month_and_of_whom_it_took_over(world: World):
    world.open_row(world.sends("AAA", period=SEPTEMBER))
    world.open_row(world.sends("DDD", period=SEPTEMBER))
    world.open_row(world.sends("DDD", period=SEPTEMBER), closed_at=AFTER)
    taken_over(world.db, "DDD", by="AAA")
    found = lines(world.db)
    assert (found["AAA"].rows, found["DDD"].rows, found["BBB"].rows) == (2, 1, 0)


def test_the_officers_of_whoever_took_it_over_are_asked_and_its_office(world: World):
    officer(world.db, "AAA", "ada@aaa.example")
    officer(world.db, "AAA", "gone@aaa.example", disabled=True)
    officer(world.db, "DDD", "dot@ddd.example")
    office(world.db, "AAA", "office@aaa.example")
    taken_over(world.db, "DDD", by="AAA")
    one = lines(world.db)["DDD"]
    assert one.addresses == ["dot@ddd.example", "ada@aaa.example"]
    assert one.office is not None and one.office.organisation_code == "AAA"


def test_addresses_are_the_officers_else_the_office_each_once(world: World):
    officer(world.db, "AAA", "ada@aaa.example")
    office(world.db, "AAA", "office@aaa.example")
    office(world.db, "BBB", "office@bbb.example")
    office(world.db, "CCC")
    found = not_submitted(world.db, None, OCTOBER)
    assert addresses([*found, *found]) == ["ada@aaa.example", "office@bbb.example"]
    assert [line.code for line in found if not line.addresses] == ["CCC", "DDD"]


def test_the_list_is_ordered_by_name_silence_lateness_or_rows(world: World):
    world.open_row(world.sends("BBB", datetime(2026, 10, 9, tzinfo=UTC), SEPTEMBER))
    world.sends("CCC", datetime(2026, 10, 8, tzinfo=UTC), SEPTEMBER)
    world.sends("DDD", datetime(2026, 10, 25, tzinfo=UTC), SEPTEMBER)
    found = not_submitted(world.db, None, OCTOBER)

    def codes(sort: Sort) -> str:
        return "".join(line.code[0] for line in ordered(found, sort))

    assert (codes(Sort.NAME), codes(Sort.SILENCE)) == ("ABCD", "ACBD")
    assert (codes(Sort.LATENESS), codes(Sort.ROWS)) == ("ADBC", "BACD")


def test_the_number_of_questions_does_not_grow_with_the_organisations(world: World):
    def asked() -> int:
        counted: list[str] = []
        engine = world.db.get_bind()
        listener = lambda *arguments: counted.append(arguments[2])  # noqa: E731
        event.listen(engine, "before_cursor_execute", listener)
        troubles(world.db, service.concerns(world.db, None, OCTOBER))
        not_submitted(world.db, None, OCTOBER)
        event.remove(engine, "before_cursor_execute", listener)
        return len(counted)

    world.sends("AAA", outcome=Outcome.REJECTED)
    few = asked()
    for number in range(30):
        world.organisation(f"X{number}")
        officer(world.db, f"X{number}", f"x{number}@x.example")
        world.sends(f"X{number}", outcome=Outcome.REJECTED)
    world.owes(*(f"X{number}" for number in range(30)))
    assert asked() == few <= 24


def test_a_concern_says_why_and_what_to_say(world: World):
    world.refused("AAA", BEFORE)
    sent = world.sends("BBB", outcome=Outcome.REJECTED)
    world.db.add_all(
        RuleCount(return_id=sent.id, code=code, rows=n) for code, n in {"R01": 1, "R06": 1200, "W01": 9}.items()
    )
    world.db.flush()
    refused, rejected = troubles(world.db, service.concerns(world.db, None, OCTOBER))
    assert refused.reasons == [RULES["F05"].summary] and refused.advice == ADVICE["F05"]
    assert [reason.rsplit(": ", 1)[1] for reason in rejected.reasons] == ["1,200 rows.", "1 row."]
    assert rejected.reasons[0].startswith(RULES["R06"].summary[:20]) and rejected.advice == EVERY_ROW_WENT_BACK
    assert troubles(world.db, []) == []


def test_there_is_advice_for_every_rule_that_refuses_a_file():
    assert set(ADVICE) == {code for code, rule in RULES.items() if rule.severity is Severity.REFUSED}
    assert "fresh template" in advice("F99")


@pytest.mark.parametrize(
    ("day", "words"),
    [(TODAY, "today"), (date(2026, 11, 21), "yesterday"), (date(2026, 11, 1), "21 days ago"),
     (date(2026, 9, 23), "60 days ago"), (date(2026, 9, 22), "2 months ago"), (date(2025, 11, 23), "11 months ago"),
     (date(2024, 11, 23), "23 months ago"), (date(2024, 11, 22), "2 years ago"), (date(2023, 1, 1), "3 years ago")],
)  # fmt: skip
def test_how_long_ago_is_said_as_people_say_it(day: date, words: str):
    assert ago(day, TODAY) == words
    assert ago(date(2024, 2, 29), date(2026, 2, 28)) == "2 years ago"
