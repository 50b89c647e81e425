"""Holiday cover: a manager is away, another looks after the portfolio meanwhile. Today is 22 November 2026."""

from datetime import UTC, date, datetime

import pytest

from app.accounts import administering, cover, grants, service
from app.accounts.access import COMMAND_LINE, Actor
from app.accounts.models import PortfolioCover, User
from app.accounts.permissions import Permission
from app.accounts.writing import sign_off
from app.core import clock
from app.core.errors import Conflict, Forbidden, NotFound, Refused
from app.organisations.models import Organisation
from app.submissions.standings import lpms_by_organisation

TODAY, SUNDAY = date(2026, 11, 22), date(2026, 12, 6)


def noon(day: date):
    return clock.at(datetime(day.year, day.month, day.day, 12, tzinfo=UTC))


@pytest.fixture
def pat(db, trusts) -> User:
    """Looks after RJ1, which took over OLD."""
    old = db.get(Organisation, "OLD")
    old.successor_code, old.successor_from = "RJ1", date(2026, 4, 1)
    return service.add_user(db, COMMAND_LINE, "pat@nhs.example", "lpm", "RJ1")


@pytest.fixture
def sam(db, trusts) -> User:
    return service.add_user(db, COMMAND_LINE, "sam@nhs.example", "lpm", "7A1")


@pytest.fixture
def kim(db, trusts) -> User:
    """A manager without a portfolio."""
    return service.add_user(db, COMMAND_LINE, "kim@nhs.example", "lpm")


def as_actor(db, user: User) -> Actor:
    return service.actor_for_user(db, user)


def set_cover(db, away: User, covering: User, first: date = TODAY, last: date = SUNDAY) -> PortfolioCover:
    return cover.set_cover(db, as_actor(db, away), away.id, covering.id, first, last)


def kept_by(db, user: User) -> frozenset[str] | None:
    return as_actor(db, user).scope(Permission.CONTACT_LOG_KEEP)


def test_whoever_covers_acts_for_both_portfolios_from_the_first_day_to_the_last(db, pat, sam):
    set_cover(db, pat, sam, date(2026, 11, 23), SUNDAY)
    assert kept_by(db, sam) == {"7A1"}
    for day in (date(2026, 11, 23), SUNDAY):
        with noon(day):
            assert kept_by(db, sam) == {"7A1", "RJ1", "OLD"}
            assert kept_by(db, pat) == {"RJ1", "OLD"}, "who is away keeps the portfolio"
    with noon(date(2026, 12, 7)):
        assert kept_by(db, sam) == {"7A1"}


def test_the_last_day_ends_at_midnight_in_the_uk(db, pat, sam):
    with clock.at(datetime(2026, 6, 1, 12, tzinfo=UTC)):
        set_cover(db, pat, sam, date(2026, 6, 1), date(2026, 6, 5))
    with clock.at(datetime(2026, 6, 5, 22, 59, tzinfo=UTC)):
        assert "RJ1" in kept_by(db, sam)
    with clock.at(datetime(2026, 6, 5, 23, 0, tzinfo=UTC)):
        assert "RJ1" not in kept_by(db, sam)


def test_a_manager_without_a_portfolio_can_cover_and_the_actor_says_for_whom(db, pat, kim):
    set_cover(db, pat, kim)
    assert [(grant.organisation, grant.covers_for) for grant in as_actor(db, kim).grants] == [
        (None, None),
        ("RJ1", pat.id),
    ]


def test_a_cover_that_is_ended_early_is_over_with_the_next_request(db, pat, sam, audited):
    made = set_cover(db, pat, sam)
    cover.end_cover(db, as_actor(db, pat), pat.id, made.id)
    cover.end_cover(db, as_actor(db, pat), pat.id, made.id)
    assert kept_by(db, sam) == {"7A1"}
    assert [event.action for event in audited()][-2:] == ["user:set-cover", "user:end-cover"]


def test_an_organisation_names_its_manager_and_who_covers(db, pat, sam):
    set_cover(db, pat, sam)
    sam.phone, sam.name, pat.name = "020 7946 0123", "Sam Hill", "Pat Green"
    one = lpms_by_organisation(db)["RJ1"][0]
    assert one.words == "Pat Green (away until 6 December 2026; Sam Hill covers)"
    assert (one.cover.email, one.cover.phone) == ("sam@nhs.example", "020 7946 0123")
    assert lpms_by_organisation(db)["7A1"][0].words == "Sam Hill"
    sam.disabled_at = clock.real_now()
    assert lpms_by_organisation(db)["RJ1"][0].words == "Pat Green (away until 6 December 2026)"


def test_both_are_told_of_a_cover_until_it_is_over(db, pat, sam):
    set_cover(db, pat, sam)
    for user in (pat, sam):
        (found,) = cover.now_and_later(db, user.id, SUNDAY)
        assert (found.away.id, found.covering.id, found.is_on(SUNDAY)) == (pat.id, sam.id, True)
        assert cover.now_and_later(db, user.id, date(2026, 12, 7)) == []


@pytest.mark.parametrize(
    ("first", "last", "words"),
    [
        (date(2026, 11, 21), SUNDAY, "cannot begin before today"),
        (SUNDAY, TODAY, "Swap the two days"),
        (TODAY, date(2027, 11, 24), "a year at most"),
    ],
)
def test_days_that_make_no_cover_are_refused(db, pat, sam, first, last, words):
    with pytest.raises(Refused, match=words):
        set_cover(db, pat, sam, first, last)


def test_nobody_has_two_who_cover_and_nobody_covers_while_away(db, pat, sam, kim):
    set_cover(db, pat, sam)
    for away, covering, words in ((pat, kim, "covers from"), (sam, kim, "covers for"), (kim, pat, "is away from")):
        with pytest.raises(Conflict, match=words):
            set_cover(db, away, covering, SUNDAY, SUNDAY)
    set_cover(db, sam, kim, date(2026, 12, 7), date(2026, 12, 8))


def test_only_another_manager_who_can_come_in_covers(db, pat, sam, officer):
    sam.disabled_at = clock.real_now()
    for nobody in (pat, sam, officer):
        with pytest.raises(Refused, match="Choose another Local Partnership Manager"):
            set_cover(db, pat, nobody)


def test_a_manager_says_so_for_themselves_and_an_administrator_for_anybody(db, pat, sam, admin, officer):
    with pytest.raises(Forbidden):
        cover.set_cover(db, as_actor(db, sam), pat.id, sam.id, TODAY, SUNDAY)
    with pytest.raises(Forbidden):
        set_cover(db, officer, sam)
    with pytest.raises(Conflict, match="no Local Partnership Manager"):
        cover.set_cover(db, admin, officer.id, sam.id, TODAY, SUNDAY)
    made = cover.set_cover(db, admin, pat.id, sam.id, TODAY, SUNDAY)
    with pytest.raises(NotFound):
        cover.end_cover(db, as_actor(db, sam), sam.id, made.id)
    cover.end_cover(db, admin, pat.id, made.id)


def test_a_portfolio_that_has_moved_on_is_covered_no_longer(db, pat, sam, kim, admin):

    set_cover(db, pat, sam)
    administering.take_over_portfolio(db, admin, pat.id, kim.id)
    assert kept_by(db, sam) == {"7A1"}


def test_covering_gives_nothing_to_whoever_is_no_manager_any_more(db, pat, sam, admin):

    set_cover(db, pat, sam)
    administering.grant_role(db, admin, sam.id, "board")
    for grant in grants.of_user(db, sam.id):
        if grant.role == "lpm":
            administering.revoke_role(db, admin, sam.id, grant.id)
    assert kept_by(db, sam) == frozenset()


def test_mails_to_a_trust_name_whoever_covers(db, pat, sam):
    cover.set_cover(db, COMMAND_LINE, pat.id, sam.id, TODAY, SUNDAY)
    with noon(TODAY):
        assert "pat@nhs.example (away until 6 December 2026; sam@nhs.example covers)" in sign_off(db, "RJ1")
    with noon(date(2026, 12, 7)):
        assert "away" not in sign_off(db, "RJ1")


def test_mails_to_a_trust_say_who_passes_its_returns_on(db, trusts):
    assert "passed on to the Home Office by the Department of Health and Social Care." in sign_off(db, "RJ1")
    assert "by the Welsh Government." in sign_off(db, "7A1")
