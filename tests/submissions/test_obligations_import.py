"""A list of obligations: what it would change, done whole or not at all, and only as it was shown."""

from datetime import date

import pytest
from sqlmodel import Session, select

from app.accounts.access import COMMAND_LINE
from app.audit.models import AuditAction, AuditEvent
from app.core import clock
from app.core.errors import Refused
from app.organisations.models import Organisation
from app.periods.calendar import Period
from app.submissions import service
from app.submissions.obligations_file import LONGEST, text_of
from app.submissions.obligations_import import Overtaken, plan, take
from app.submissions.obligations_listed import Standing, listed
from tests.submissions.test_submissions import SEPTEMBER, World

LIST = "code,from,to,reason\nAAA,2026-09,2027-03,closed-or-merged\nBBB,2026-10,,\nCCC,2026-01,2026-02,\nCCC,2026-06,,mistake\n"


@pytest.fixture
def trusts(db: Session) -> World:
    """Three organisations, two of which owe from September 2026 on."""
    world = World(db)
    for code in ("AAA", "BBB", "CCC"):
        world.organisation(code)
    world.owes("AAA", "BBB")
    return world


def spans(world: World, code: str) -> list[tuple[str, str | None]]:
    return [(one.from_period, one.to_period) for one in service.obligations(world.db, frozenset({code}))]


def test_a_list_shows_what_it_would_change_and_does_nothing(trusts: World):
    wanted = plan(trusts.db, LIST)
    assert wanted.unchanged == ("BBB",)
    shown = {one.code: (one.now, one.then, one.added, one.taken_away) for one in wanted.changes}
    assert shown == {
        "AAA": ("from September 2026 on", "from September 2026 to March 2027", "", "from April 2027 on"),
        "CCC": (
            "no month",
            "from January 2026 to February 2026; from June 2026 on",
            "from January 2026 to February 2026; from June 2026 on",
            "",
        ),
    }
    assert (spans(trusts, "AAA"), spans(trusts, "CCC")) == ([("2026-09", None)], [])


def test_a_list_is_taken_and_taking_it_again_changes_nothing(trusts: World):
    take(trusts.db, COMMAND_LINE, LIST)
    assert spans(trusts, "AAA") == [("2026-09", "2027-03")]
    assert spans(trusts, "BBB") == [("2026-09", None)]
    assert spans(trusts, "CCC") == [("2026-01", "2026-02"), ("2026-06", None)]
    again = take(trusts.db, COMMAND_LINE, LIST)
    assert (again.changes, again.unchanged) == ((), ("AAA", "BBB", "CCC"))


def test_what_was_taken_is_in_the_audit_with_its_reasons(trusts: World):
    take(trusts.db, COMMAND_LINE, LIST)
    events = trusts.db.exec(select(AuditEvent).order_by(AuditEvent.id)).all()[2:]
    told = [(one.action, one.organisation_code, one.detail) for one in events]
    assert told == [
        (AuditAction.OBLIGATION_SET, "AAA", {"begins": "2026-09", "ends": "2027-03", "reason": "closed-or-merged"}),
        (AuditAction.OBLIGATION_SET, "CCC", {"begins": "2026-01", "ends": "2026-02"}),
        (AuditAction.OBLIGATION_SET, "CCC", {"begins": "2026-06", "reason": "mistake"}),
        (AuditAction.OBLIGATIONS_IMPORTED, None, {"changed": 2, "unchanged": 1}),
    ]


def test_months_before_the_first_line_stay_and_from_there_on_the_list_says_all(trusts: World):
    take(trusts.db, COMMAND_LINE, "code,from,to\nAAA,2027-01,2027-03\n")
    assert spans(trusts, "AAA") == [("2026-09", "2026-12"), ("2027-01", "2027-03")]
    take(trusts.db, COMMAND_LINE, "code,from,to\nAAA,2026-11,2026-11\n")
    assert spans(trusts, "AAA") == [("2026-09", "2026-10"), ("2026-11", "2026-11")]


def test_what_was_shown_is_done_and_nothing_else(trusts: World):
    seen = plan(trusts.db, LIST).fingerprint
    trusts.owes("AAA", begins=Period(2026, 12), ends=Period(2027, 3))
    with pytest.raises(Overtaken) as overtaken:
        take(trusts.db, COMMAND_LINE, LIST, seen)
    assert [one.code for one in overtaken.value.plan.changes] == ["CCC"]
    assert spans(trusts, "CCC") == []
    take(trusts.db, COMMAND_LINE, LIST, overtaken.value.plan.fingerprint)
    assert spans(trusts, "CCC") != []


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "The list is empty"),
        (" \n", "The list is empty"),
        ("code,from\n", "no lines"),
        ("code,from,until\nAAA,2026-01,\n", "Line 1: the heading “until” is not known"),
        ("code,to\nAAA,2026-01\n", "Line 1: there is no heading “from”"),
        ("code,from,from\nAAA,2026-01,\n", "Line 1: the heading “from” stands twice"),
        ("code,from\nAAA,2026-01\nXXX,2026-01\n", "Line 3: there is no organisation XXX"),
        ("code,from\nA A,2026-01\n", "Line 2: the code “A A” is not"),
        ("code,from\nAAA,\n", "Line 2: from is empty"),
        ("code,from\nAAA,2026-13\n", "Line 2: from: “2026-13” is not a month"),
        ("code,from,to\nAAA,2026-01,soon\n", "Line 2: to: “soon” is not a month"),
        ("code,from,to\nAAA,2026-03,2026-02\n", "Line 2: it ends in 2026-02, before it begins in 2026-03"),
        ("code,from,reason\nAAA,2026-01,because\n", "Line 2: the reason “because” is not known"),
        ("code,from\nAAA\n", "Line 2: it has 1 cells"),
        ("code,from\nAAA,2026-01\nBBB,2026-01\nAAA,2026-01\n", "Line 4: AAA owes from January 2026 on here and"),
        ("code,from,to\nAAA,2026-05,\nAAA,2026-01,2026-05\n", "Line 3: AAA owes from January 2026 to May 2026 here"),
        ("code,from\n" + "AAA,2026-01\n" * (LONGEST // 12), "longer than 150,000 characters"),
    ],
)  # fmt: skip
def test_a_list_with_any_fault_is_refused_whole_and_names_each_with_its_line(trusts: World, text: str, said: str):
    with pytest.raises(Refused) as refused:
        take(trusts.db, COMMAND_LINE, text)
    assert said in refused.value.detail
    assert (spans(trusts, "AAA"), spans(trusts, "BBB")) == ([("2026-09", None)], [("2026-09", None)])


def test_every_fault_of_a_list_is_named_at_once(trusts: World):
    with pytest.raises(Refused) as refused:
        take(trusts.db, COMMAND_LINE, "code,from,to\nXXX,2026-01,\nAAA,2026-13,\nBBB,2026-02,2026-01\n")
    lines = refused.value.detail.splitlines()
    assert [line[:6] for line in lines[1:]] == ["Line 2", "Line 3", "Line 4"]
    assert "nothing was changed" in lines[0]


@pytest.mark.parametrize("month", ["2026-10", "Oct-26", "October 2026", "Oct 2026", "10/2026"])
def test_a_month_that_a_spreadsheet_has_rewritten_is_understood(trusts: World, month: str):
    (change,) = plan(trusts.db, f"code\tfrom\tto\nCCC\t{month}\t{month}\n").changes
    assert change.then == "October 2026 only"


def test_a_workbook_is_told_from_a_csv():
    assert text_of("code,from\nAAA,2026-01\n".encode("utf-8-sig")) == "code,from\nAAA,2026-01\n"
    with pytest.raises(Refused, match="Save the table as CSV"):
        text_of(b"PK\x03\x04 and so on")


def test_the_list_of_all_says_who_owes_now_later_no_more_or_never(trusts: World):
    trusts.organisation("DDD")
    trusts.owes("BBB", begins=Period(2026, 9), ends=Period(2026, 10))
    trusts.owes("CCC", begins=Period(2027, 1))
    closing = trusts.db.get(Organisation, "AAA")
    assert closing is not None
    found = {one.organisation.code: one for one in listed(trusts.db, None, clock.today())}
    assert {code: one.standing for code, one in found.items()} == {
        "AAA": Standing.NOW, "BBB": Standing.ENDED, "CCC": Standing.LATER, "DDD": Standing.NEVER,
    }  # fmt: skip
    closing.close_date = date(2026, 11, 29)
    (closed, *_) = listed(trusts.db, frozenset({"AAA"}), clock.today())
    assert closed.standing is Standing.ENDED
    assert closed.words == ("from September 2026 to October 2026, closed on 29 November 2026",)


def test_a_single_obligation_takes_the_place_of_spans_that_begin_later(trusts: World):
    take(trusts.db, COMMAND_LINE, "code,from,to\nCCC,2026-01,2026-02\nCCC,2026-06,\n")
    assert trusts.owes("CCC", begins=Period(2026, 2), ends=Period(2026, 3)) == ["CCC"]
    assert spans(trusts, "CCC") == [("2026-01", "2026-01"), ("2026-02", "2026-03")]


def test_a_look_tells_which_received_returns_would_count_no_longer(trusts: World):
    trusts.sends("BBB", period=SEPTEMBER)
    trusts.sends("BBB")
    change = plan(trusts.db, "code,from,to\nBBB,2026-09,2026-09\n").changes[0]
    assert (change.lost, change.taken_away) == ("1 received return of them counts no longer", "from October 2026 on")
    assert "takes away from October 2026 on: 1 received return" in change.sentence


def test_a_look_tells_that_nothing_is_owed_of_an_organisation_that_has_closed(trusts: World):
    trusts.organisation("OLD", close_date=date(2026, 3, 31))
    change = plan(trusts.db, "code,from,to\nOLD,2026-10,\n").changes[0]
    assert change.added == "no month, closed on 31 March 2026"
