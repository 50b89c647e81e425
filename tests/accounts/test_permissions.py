"""Which role may do what."""

from app.accounts.access import Actor, Grant
from app.accounts.permissions import FOR_THE_PORTFOLIO, REACH, ROLE_PERMISSIONS, Permission, Reach, Role

PERSONAL = {
    Permission.RETURN_READ,
    Permission.RETURN_READ_REJECTED,
    Permission.OPEN_ROW_READ,
    Permission.OPEN_ROW_MEND,
    Permission.DEBT_READ,
    Permission.DEBT_CHANGE_STATUS,
    Permission.DEBT_AMEND,
    Permission.DEBTOR_READ,
    Permission.REGISTER_EXPORT,
    Permission.TEMPLATE_DOWNLOAD,
}


def roles_with(permission):
    return {role for role in Role if permission in ROLE_PERMISSIONS[role]}


def test_every_role_stands_in_the_table_and_has_a_reach():
    assert set(ROLE_PERMISSIONS) == set(REACH) == set(Role)


def test_every_permission_belongs_to_some_role():
    assert [permission for permission in Permission if not roles_with(permission)] == []


def test_a_permission_is_a_thing_and_a_verb():
    assert all(len(permission.split(":")) == 2 for permission in Permission)


def test_personal_data_is_for_trusts_and_the_debtors_team_alone():
    for permission in PERSONAL:
        assert roles_with(permission) <= {Role.TRUST, Role.DEBTORS_TEAM}, permission


def test_people_whom_we_refuse_to_report_are_shown_to_their_trust_alone():
    assert roles_with(Permission.RETURN_READ_REJECTED) == {Role.TRUST}
    assert roles_with(Permission.OPEN_ROW_MEND) == {Role.TRUST}


def test_a_trust_never_learns_who_else_a_debtor_owes_and_exports_nothing():
    assert roles_with(Permission.DEBTOR_READ) == roles_with(Permission.REGISTER_EXPORT) == {Role.DEBTORS_TEAM}


def test_the_board_sees_rates_and_nothing_of_a_single_organisation():
    assert ROLE_PERMISSIONS[Role.BOARD] == {
        Permission.SUBMISSION_READ_RATES, Permission.REPORT_READ, Permission.SHARING_READ,
    }  # fmt: skip


def test_small_numbers_are_for_those_who_see_the_debts_themselves():
    assert roles_with(Permission.REPORT_READ_EXACT) == {Role.TRUST, Role.DEBTORS_TEAM}
    assert roles_with(Permission.REPORT_READ_EXACT) == roles_with(Permission.DEBT_READ)


def test_a_manager_reads_who_has_submitted_everywhere_and_acts_for_the_portfolio_alone():
    manager = Actor("m" * 32, "Manager", (Grant(Role.LPM, "RJ1", frozenset({"RJ1"})),))
    assert manager.scope(Permission.SUBMISSION_READ) is None
    for permission in FOR_THE_PORTFOLIO:
        assert manager.scope(permission) == {"RJ1"}, permission
    nobodys = Actor("n" * 32, "Manager without a portfolio", (Grant(Role.LPM),))
    assert nobodys.may(Permission.REMINDER_SEND) and nobodys.scope(Permission.REMINDER_SEND) == frozenset()


def test_the_border_asks_exact_questions_and_does_nothing_else_and_nobody_else_asks_them():
    assert ROLE_PERMISSIONS[Role.BORDER] == {Permission.STATUS_CHECK}
    assert roles_with(Permission.STATUS_CHECK) == {Role.BORDER}


def test_only_trusts_and_health_departments_are_bound_to_a_place():
    assert {role for role in Role if REACH[role] is not Reach.EVERYWHERE} == {Role.TRUST, Role.HEALTH_DEPARTMENT}
