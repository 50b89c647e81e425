"""Who has submitted and who has not. Today is 22 November 2026: October was due on the 20th, November is not due yet."""

from dataclasses import dataclass
from datetime import UTC, date, datetime

import pytest
from sqlalchemy import event
from sqlmodel import Session, select

from app.accounts.access import COMMAND_LINE
from app.accounts.models import RoleGrant, User
from app.audit.models import AuditAction, AuditEvent
from app.core.errors import Refused
from app.organisations import service as organisations
from app.organisations.models import Organisation
from app.periods.calendar import Period
from app.returns.models import Lifecycle, OpenRow, Outcome, RefusedUpload, Return
from app.submissions import service
from app.submissions.models import Excusal

SEPTEMBER, OCTOBER, NOVEMBER = Period(2026, 9), Period(2026, 10), Period(2026, 11)
BEFORE, AFTER = datetime(2026, 11, 20, 23, 59, 59, tzinfo=UTC), datetime(2026, 11, 21, 0, 0, tzinfo=UTC)


@dataclass
class World:
    """Five organisations, four of which owe from September 2026 on, and an LPM for two of them."""

    db: Session

    def organisation(self, code: str, region: str = "London", nation: str = "England", **more: object) -> None:
        kind = {"organisation_type": "NHS Trust"} | more
        self.db.add(Organisation(code=code, name=f"Trust {code}", nation=nation, region=region, **kind))
        self.db.flush()

    def owes(self, *codes: str, begins: Period = SEPTEMBER, ends: Period | None = None) -> list[str]:
        return service.set_obligation(self.db, COMMAND_LINE, codes, begins, ends)

    def sends(
        self,
        code: str,
        at: datetime = BEFORE,
        period: Period = OCTOBER,
        outcome: Outcome = Outcome.ACCEPTED,
        **more: object,
    ) -> Return:
        values = {"qualifies": outcome is not Outcome.REJECTED, "lifecycle": Lifecycle.SUBMITTED} | more
        sent = Return(
            organisation_code=code, period=str(period), outcome=outcome, submitted_at=at, ruleset="test",
            reporting_day=period.last_day, **values,
        )  # fmt: skip
        self.db.add(sent)
        self.db.flush()
        return sent

    def refused(self, code: str, at: datetime, period: Period = OCTOBER) -> None:
        self.db.add(RefusedUpload(organisation_code=code, period=str(period), at=at, actor="x", code="F05", size=9))
        self.db.flush()

    def excused(self, code: str, period: Period = OCTOBER) -> None:
        reason = {"reason": "flood", "excused_by": "x", "excused_at": BEFORE}
        self.db.add(Excusal(organisation_code=code, period=str(period), **reason))
        self.db.flush()

    def open_row(self, sent: Return, **more: object) -> None:
        values = {"opened_at": BEFORE, "expires_on": date(2027, 5, 20), "row": 2} | more
        self.db.add(OpenRow(organisation_code=sent.organisation_code, period=sent.period, return_id=sent.id, **values))
        self.db.flush()

    def lpm(self, email: str, *codes: str, disabled: bool = False) -> None:
        user = User(
            email=email, name=email.partition("@")[0], created_at=BEFORE, disabled_at=BEFORE if disabled else None
        )
        self.db.add(user)
        self.db.flush()
        for code in codes:
            self.db.add(RoleGrant(user_id=user.id, role="lpm", organisation_code=code, granted_at=BEFORE))
        self.db.flush()

    def states(self, period: Period = OCTOBER) -> dict[str, str]:
        return {one.organisation: str(one.state) for one in service.submissions(self.db, None, period).items}


@pytest.fixture
def world(db: Session) -> World:
    world = World(db)
    world.organisation("AAA")
    world.organisation("BBB", region="South West")
    world.organisation("CCC", region="Wales", nation="Wales")
    world.organisation("DDD")
    world.organisation("EEE")
    world.owes("AAA", "BBB", "CCC", "DDD")
    world.lpm("pat@lpm.example", "AAA", "BBB")
    return world


def test_every_organisation_of_the_month_has_its_state(world: World):
    world.sends("AAA", BEFORE)
    world.sends("BBB", AFTER)
    world.sends("CCC", BEFORE, outcome=Outcome.NIL)
    assert world.states() == {
        "AAA": "submitted",
        "BBB": "submitted_late",
        "CCC": "nil",
        "DDD": "missing",
        "EEE": "not_owed",
    }
    assert set(world.states(NOVEMBER).values()) == {"not_due", "not_owed"}
    assert set(world.states(Period(2026, 8)).values()) == {"not_owed"}


def test_what_was_refused_wholly_rejected_sent_early_only_checked_or_withdrawn_never_counts(world: World):
    world.refused("AAA", BEFORE)
    world.sends("BBB", outcome=Outcome.REJECTED)
    world.sends("CCC", datetime(2026, 10, 30, 12, tzinfo=UTC), qualifies=False)
    world.sends("DDD", lifecycle=Lifecycle.WITHDRAWN)
    world.sends("AAA", lifecycle=Lifecycle.CHECKED)
    assert {code: state for code, state in world.states().items() if code != "EEE"} == dict.fromkeys(
        ("AAA", "BBB", "CCC", "DDD"), "missing"
    )


def test_a_nil_that_was_replaced_lends_its_time_and_a_qualifying_return_outranks_an_excuse(world: World):
    real = world.sends("AAA", AFTER)
    world.sends("AAA", BEFORE, outcome=Outcome.NIL, lifecycle=Lifecycle.WITHDRAWN, superseded_by=real.id)
    world.excused("AAA")
    world.excused("BBB")
    states = world.states()
    assert (states["AAA"], states["BBB"]) == ("submitted", "excused")
    shown = service.submissions(world.db, frozenset({"AAA"}), OCTOBER).items[0]
    assert (shown.return_id, shown.submitted_at, shown.due_on) == (real.id, BEFORE, date(2026, 11, 20))


def test_an_organisation_that_closed_owes_up_to_its_last_full_month_and_then_leaves_the_list(world: World):
    organisations.import_csv(world.db, COMMAND_LINE, "code,close_date\nAAA,2026-10-30\nBBB,2026-10-31\n")
    states = world.states()
    assert (states["AAA"], states["BBB"]) == ("not_owed", "missing")
    assert world.states(SEPTEMBER)["AAA"] == "missing"
    world.sends("AAA")
    assert world.states()["AAA"] == "not_owed"


def test_the_list_is_filtered_by_state_region_and_lpm_and_paged(world: World):
    def codes(**filters: str) -> list[str]:
        return [one.organisation for one in service.submissions(world.db, None, OCTOBER, **filters).items]

    world.sends("AAA")
    assert codes(state="missing") == ["BBB", "CCC", "DDD"]
    assert codes(region="london") == ["AAA", "DDD", "EEE"]
    assert codes(lpm="PAT@lpm.example", state="missing") == ["BBB"]
    assert codes(lpm="pat") == ["AAA", "BBB"]
    first = service.submissions(world.db, None, OCTOBER, limit=3)
    second = service.submissions(world.db, None, OCTOBER, limit=3, cursor=first.next)
    assert [one.organisation for one in (*first.items, *second.items)] == ["AAA", "BBB", "CCC", "DDD", "EEE"]
    assert second.next is None
    with pytest.raises(Refused, match="not a state"):
        codes(state="late")


def test_nobody_sees_beyond_their_scope(world: World):
    scope = frozenset({"BBB"})
    world.refused("AAA", BEFORE)
    assert [one.organisation for one in service.submissions(world.db, scope, OCTOBER).items] == ["BBB"]
    assert [rate.key for rate in service.rates(world.db, scope, OCTOBER, OCTOBER, "organisation")] == ["BBB"]
    assert service.concerns(world.db, scope, OCTOBER) == []
    assert service.submissions(world.db, frozenset(), OCTOBER).items == []


def test_open_rows_are_counted_until_they_are_closed_or_expire(world: World):
    sent = world.sends("AAA", outcome=Outcome.ACCEPTED_WITH_REJECTIONS)
    world.open_row(sent)
    world.open_row(sent, expires_on=date(2026, 11, 22))
    world.open_row(sent, expires_on=date(2026, 11, 21))
    world.open_row(sent, closed_at=AFTER)
    assert service.submissions(world.db, frozenset({"AAA"}), OCTOBER).items[0].open_rows == 2


def test_the_lpm_of_an_organisation_is_whoever_holds_its_portfolio_and_is_not_disabled(world: World):
    world.lpm("sam@lpm.example", "AAA")
    world.lpm("gone@lpm.example", "AAA", disabled=True)
    shown = {one.organisation: one.lpm for one in service.submissions(world.db, None, OCTOBER).items}
    assert (shown["AAA"], shown["BBB"], shown["CCC"]) == ("pat; sam", "pat", None)


def test_the_rate_is_received_of_owed_less_what_is_excused_or_not_due(world: World):
    world.sends("AAA", BEFORE)
    world.sends("BBB", AFTER)
    world.excused("CCC")
    world.sends("AAA", BEFORE, period=NOVEMBER)
    rates = service.rates(world.db, None, OCTOBER, NOVEMBER, "nation")
    assert [(rate.key, rate.owed, rate.received, rate.on_time, rate.rate) for rate in rates] == [
        ("England", 4, 3, 2, 0.75)
    ]
    by_region = {
        rate.key: (rate.received, rate.owed) for rate in service.rates(world.db, None, OCTOBER, OCTOBER, "region")
    }
    assert by_region == {"London": (1, 2), "South West": (1, 1)}
    by_lpm = {rate.key: (rate.name, rate.owed) for rate in service.rates(world.db, None, OCTOBER, OCTOBER, "lpm")}
    assert by_lpm == {"": ("No LPM", 1), "pat@lpm.example": ("pat", 2)}


@pytest.mark.parametrize(
    ("first", "last", "by", "said"),
    [(OCTOBER, SEPTEMBER, "region", "Swap"), (OCTOBER, OCTOBER, "colour", "organisation, region, nation, lpm"),
     (Period(2010, 1), OCTOBER, "region", "too long")],
)  # fmt: skip
def test_a_question_about_rates_that_makes_no_sense_is_refused(
    world: World, first: Period, last: Period, by: str, said: str
):
    with pytest.raises(Refused, match=said):
        service.rates(world.db, None, first, last, by)


def test_concerns_lists_whose_newest_file_was_refused_or_wholly_rejected(world: World):
    world.sends("AAA", BEFORE)
    world.refused("AAA", AFTER)
    world.refused("BBB", BEFORE)
    world.sends("BBB", AFTER)
    rejected = world.sends("CCC", BEFORE, outcome=Outcome.REJECTED)
    world.refused("DDD", BEFORE)
    world.sends("DDD", AFTER, outcome=Outcome.NIL)
    found = {
        one.organisation: (one.outcome, one.code, one.return_id, one.at)
        for one in service.concerns(world.db, None, OCTOBER)
    }
    assert found == {"AAA": ("refused", "F05", None, AFTER), "CCC": ("rejected", None, rejected.id, BEFORE)}
    assert service.concerns(world.db, None, NOVEMBER) == []


def test_obligations_are_set_once_recorded_and_unknown_codes_are_named(world: World):
    assert world.owes("AAA", "EEE") == ["EEE"]
    assert world.owes("AAA", begins=NOVEMBER, ends=NOVEMBER) == ["AAA"]
    spans = [(one.from_period, one.to_period) for one in service.obligations(world.db, frozenset({"AAA"}))]
    assert spans == [("2026-09", "2026-10"), ("2026-11", "2026-11")]
    recorded = world.db.exec(
        select(AuditEvent)
        .where(AuditEvent.action == AuditAction.OBLIGATION_SET, AuditEvent.organisation_code == "AAA")
        .order_by(AuditEvent.id)
    )
    assert [e.detail for e in recorded] == [{"begins": "2026-09"}, {"begins": "2026-11", "ends": "2026-11"}]
    with pytest.raises(Refused, match="XXX, YYY"):
        world.owes("AAA", "XXX", "YYY")
    with pytest.raises(Refused, match="Swap"):
        world.owes("AAA", begins=NOVEMBER, ends=OCTOBER)
    with pytest.raises(Refused, match="at least one"):
        world.owes()


def test_the_default_set_is_the_open_english_acute_providers_the_welsh_bodies_and_the_ni_trusts(db: Session):
    organisations.load_shipped(db, COMMAND_LINE)
    assert service.load_default_obligations(db, COMMAND_LINE, OCTOBER) == 146 + 10 + 5
    owing = {one.organisation for one in service.submissions(db, None, OCTOBER, state="missing", limit=500).items}
    assert {"RJ1", "7A1", "RQF", "BHSCT"} <= owing
    assert owing.isdisjoint({"RVJ", "S08000015"})
    assert service.load_default_obligations(db, COMMAND_LINE, OCTOBER) == 0


def test_this_months_return_is_the_earliest_that_is_owed_and_not_received(world: World):
    assert service.this_months_return(world.db, "AAA", date(2026, 11, 22)) == SEPTEMBER
    world.sends("AAA", period=SEPTEMBER)
    assert service.this_months_return(world.db, "AAA", date(2026, 11, 22)) == OCTOBER
    world.sends("AAA", period=OCTOBER)
    assert service.this_months_return(world.db, "AAA", date(2026, 11, 22)) == NOVEMBER
    assert service.this_months_return(world.db, "EEE", date(2026, 11, 22)) == NOVEMBER


def test_the_number_of_queries_does_not_grow_with_organisations_or_months(world: World):
    def queries(months: int) -> int:
        counted: list[str] = []
        engine = world.db.get_bind()
        listener = lambda *arguments: counted.append(arguments[2])  # noqa: E731
        event.listen(engine, "before_cursor_execute", listener)
        service.rates(world.db, None, OCTOBER.plus(1 - months), OCTOBER, "region")
        event.remove(engine, "before_cursor_execute", listener)
        return len(counted)

    few = queries(1)
    for number in range(30):
        world.organisation(f"X{number}")
    world.owes(*(f"X{number}" for number in range(30)))
    assert queries(12) == few <= 13
