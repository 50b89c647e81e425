"""Excusing a month with a reason: by whoever looks after the organisation, only what is owed, and taking it back."""

from datetime import date

import pytest
from sqlmodel import Session, select

from app.accounts import service as accounts
from app.accounts.access import COMMAND_LINE, Actor
from app.audit.models import AuditAction, AuditEvent
from app.core.errors import Conflict, Forbidden, NotFound, Refused
from app.returns.models import Lifecycle
from app.submissions import due_dates, excusals, service
from tests.submissions.test_submissions import OCTOBER, SEPTEMBER, World

REASON = "Its finance system was being replaced."


@pytest.fixture
def trusts(db: Session) -> World:
    """Three organisations, of which AAA and BBB owe from September 2026 on."""
    world = World(db)
    for code in ("AAA", "BBB", "CCC"):
        world.organisation(code)
    world.owes("AAA", "BBB")
    return world


def somebody(world: World, role: str, place: str | None = None) -> Actor:
    user = accounts.add_user(world.db, COMMAND_LINE, f"{role}@example.org", role, place)
    return accounts.actor_for_user(world.db, user)


@pytest.mark.parametrize(("role", "place"), [("lpm", "AAA"), ("debtors_team", None), ("admin", None)])
def test_who_looks_after_an_organisation_excuses_a_month_and_takes_that_back(trusts: World, role, place):
    actor = somebody(trusts, role, place)
    made = excusals.excuse(trusts.db, actor, "AAA", OCTOBER, f" {REASON} ")
    assert (made.reason, made.excused_by) == (REASON, actor.id)
    assert (trusts.states()["AAA"], trusts.states(SEPTEMBER)["AAA"]) == ("excused", "missing")
    assert excusals.no_longer(trusts.db, actor, "AAA", OCTOBER).state == "missing"
    assert trusts.states()["AAA"] == "missing"


def test_a_manager_excuses_nobody_outside_the_portfolio(trusts: World):
    manager = somebody(trusts, "lpm", "AAA")
    with pytest.raises(Forbidden, match="not in your portfolio"):
        excusals.excuse(trusts.db, manager, "BBB", OCTOBER, REASON)
    with pytest.raises(Forbidden, match="not in your portfolio"):
        excusals.no_longer(trusts.db, manager, "BBB", OCTOBER)
    with pytest.raises(NotFound):
        excusals.excuse(trusts.db, manager, "XXX", OCTOBER, REASON)
    assert trusts.states()["BBB"] == "missing"


def test_only_what_is_owed_and_not_received_is_excused(trusts: World):
    trusts.sends("AAA")
    with pytest.raises(Conflict, match="has been received"):
        excusals.excuse(trusts.db, COMMAND_LINE, "AAA", OCTOBER, REASON)
    with pytest.raises(Conflict, match="No return is owed for October 2026"):
        excusals.excuse(trusts.db, COMMAND_LINE, "CCC", OCTOBER, REASON)
    excusals.excuse(trusts.db, COMMAND_LINE, "BBB", OCTOBER, REASON)
    with pytest.raises(Conflict, match="excused already"):
        excusals.excuse(trusts.db, COMMAND_LINE, "BBB", OCTOBER, "Another one.")
    with pytest.raises(Conflict, match="nothing to take back"):
        excusals.no_longer(trusts.db, COMMAND_LINE, "AAA", OCTOBER)


@pytest.mark.parametrize("reason", ["", "  ", "x" * 501])
def test_an_excuse_needs_a_reason(trusts: World, reason: str):
    with pytest.raises(Refused, match="1 to 500"):
        excusals.excuse(trusts.db, COMMAND_LINE, "AAA", OCTOBER, reason)


@pytest.mark.parametrize("reason", ["For NHS number 943 476 5919", "She was born on 21/09/1994", "He has cancer"])
def test_a_reason_is_never_about_a_patient(trusts: World, reason: str):
    with pytest.raises(Refused, match="never about patients"):
        excusals.excuse(trusts.db, COMMAND_LINE, "AAA", OCTOBER, reason)
    with pytest.raises(Refused, match="never about patients"):
        due_dates.move(trusts.db, COMMAND_LINE, OCTOBER, date(2026, 11, 25), reason)


def test_a_return_goes_before_an_excuse_which_stands_again_when_the_return_is_withdrawn(trusts: World):
    excusals.excuse(trusts.db, COMMAND_LINE, "AAA", OCTOBER, REASON)
    sent = trusts.sends("AAA")
    assert trusts.states()["AAA"] == "submitted"
    sent.lifecycle = Lifecycle.WITHDRAWN
    trusts.db.flush()
    assert trusts.states()["AAA"] == "excused"


def test_an_excused_month_is_not_owed_in_rates(trusts: World):
    excusals.excuse(trusts.db, COMMAND_LINE, "AAA", OCTOBER, REASON)
    assert [(one.owed, one.received) for one in service.rates(trusts.db, None, OCTOBER, OCTOBER, "nation")] == [(1, 0)]


def test_the_audit_names_the_month_and_never_the_reason(trusts: World):
    excusals.excuse(trusts.db, COMMAND_LINE, "AAA", OCTOBER, REASON)
    excusals.no_longer(trusts.db, COMMAND_LINE, "AAA", OCTOBER)
    events = trusts.db.exec(select(AuditEvent).order_by(AuditEvent.id)).all()[-2:]
    assert [(one.action, one.subject_id, one.organisation_code, one.detail) for one in events] == [
        (AuditAction.MONTH_EXCUSED, "AAA", "AAA", {"period": "2026-10"}),
        (AuditAction.MONTH_NO_LONGER_EXCUSED, "AAA", "AAA", {"period": "2026-10"}),
    ]
