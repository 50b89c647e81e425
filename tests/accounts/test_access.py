"""How far a person's roles reach."""

from app.accounts.access import COMMAND_LINE, Actor, Grant
from app.accounts.permissions import Permission, Role

TRUST = Grant(Role.TRUST, "RJ1", frozenset({"RJ1", "OLD"}))
OTHER_TRUST = Grant(Role.TRUST, "RYJ", frozenset({"RYJ"}))
TEAM = Grant(Role.DEBTORS_TEAM)
LPM = Grant(Role.LPM, "RJ1", frozenset({"RJ1"}))
WALES = Grant(Role.HEALTH_DEPARTMENT, None, frozenset({"7A1", "7A2"}))


def person(*grants):
    return Actor("id", "name", grants)


def test_a_trust_sees_itself_and_its_predecessors():
    assert person(TRUST).scope(Permission.DEBT_READ) == {"RJ1", "OLD"}
    assert not person(TRUST).sees(Permission.DEBT_READ, "RYJ")


def test_several_trusts_add_up():
    assert person(TRUST, OTHER_TRUST).scope(Permission.DEBT_READ) == {"RJ1", "OLD", "RYJ"}


def test_the_debtors_team_sees_every_organisation():
    assert person(TEAM).scope(Permission.DEBT_READ) is None


def test_a_role_reaches_only_as_far_as_its_own_permissions():
    both = person(TRUST, TEAM)
    assert both.scope(Permission.DEBT_READ) is None
    assert both.scope(Permission.RETURN_READ_REJECTED) == {"RJ1", "OLD"}


def test_without_the_permission_nothing_is_seen():
    assert not person(LPM).may(Permission.DEBT_READ)
    assert person(LPM).scope(Permission.DEBT_READ) == frozenset()
    assert not person(LPM).sees(Permission.DEBT_READ, "RJ1")


def test_an_lpm_reads_who_has_submitted_beyond_the_portfolio():
    assert person(LPM).scope(Permission.SUBMISSION_READ) is None


def test_a_health_department_reads_the_submissions_of_its_nation():
    assert person(WALES).scope(Permission.SUBMISSION_READ) == {"7A1", "7A2"}


def test_somebody_without_roles_may_nothing():
    assert not any(person().may(permission) for permission in Permission)


def test_the_debtors_team_acts_on_behalf_and_the_trust_for_itself():
    assert person(TEAM).is_on_behalf(Permission.RETURN_UPLOAD, "RJ1")
    assert not person(TRUST).is_on_behalf(Permission.RETURN_UPLOAD, "RJ1")
    assert not person(TRUST, TEAM).is_on_behalf(Permission.RETURN_UPLOAD, "OLD")
    assert person(TRUST, TEAM).is_on_behalf(Permission.RETURN_UPLOAD, "RYJ")


def test_the_command_line_may_everything_and_is_nobodys_stand_in():
    assert all(COMMAND_LINE.may(permission) for permission in Permission)
    assert COMMAND_LINE.scope(Permission.DEBT_READ) is None
    assert not COMMAND_LINE.is_on_behalf(Permission.RETURN_UPLOAD, "RJ1")
