"""The vocabulary of what may be done (`thing:verb`), the roles, and the one table of which role may do what. Pure."""

from enum import StrEnum


class Permission(StrEnum):
    TEMPLATE_DOWNLOAD = "template:download"
    RETURN_UPLOAD = "return:upload"
    RETURN_WITHDRAW = "return:withdraw"
    RETURN_READ = "return:read"
    RETURN_READ_REJECTED = "return:read-rejected"
    OPEN_ROW_READ = "open-row:read"
    OPEN_ROW_MEND = "open-row:mend"
    DEBT_READ = "debt:read"
    DEBT_CHANGE_STATUS = "debt:change-status"
    DEBT_AMEND = "debt:amend"
    DEBT_HOLD = "debt:hold"
    DISPUTE_READ = "dispute:read"
    DISPUTE_OPEN = "dispute:open"
    DISPUTE_ANSWER = "dispute:answer"
    DISPUTE_SETTLE = "dispute:settle"
    CORRECTION_PASS_ON = "correction:pass-on"  # noqa: S105 - a word, not a secret
    ACCESS_REQUEST_ANSWER = "access-request:answer"
    ACCESS_REQUEST_ANSWER_OWN = "access-request:answer-own"
    DEBTOR_READ = "debtor:read"
    MATCH_DECIDE = "match:decide"
    REGISTER_EXPORT = "register:export"
    RELEASE_READ = "release:read"
    RELEASE_PREPARE = "release:prepare"
    RELEASE_SAMPLE = "release:sample"
    RELEASE_APPROVE = "release:approve"
    RELEASE_DOWNLOAD = "release:download"
    RELEASE_DELIVER = "release:deliver"  # to the endpoints of the settings, once more
    RELEASE_ACKNOWLEDGE = "release:acknowledge"
    SHARING_READ = "sharing:read"  # which outgoing flows there are, for whom and why: nobody's data
    WARNINGS_INDEX_READ = "warnings-index:read"
    WARNINGS_INDEX_ACKNOWLEDGE = "warnings-index:acknowledge"
    WARNINGS_INDEX_RETRY = "warnings-index:retry"
    SUBMISSION_READ = "submission:read"
    SUBMISSION_READ_RATES = "submission:read-rates"
    MONTH_EXCUSE = "month:excuse"
    REMINDER_READ = "reminder:read"
    REMINDER_SEND = "reminder:send"
    REMINDER_WORD = "reminder:word"
    CONTACT_LOG_READ = "contact-log:read"
    CONTACT_LOG_KEEP = "contact-log:keep"
    PORTFOLIO_COVER = "portfolio:cover"  # names who covers while one is away
    REPORT_READ = "report:read"
    REPORT_READ_EXACT = "report:read-exact"  # small numbers too, from which a person's amount could be told
    USER_MANAGE = "user:manage"
    ORGANISATION_READ = "organisation:read"
    ORGANISATION_MANAGE = "organisation:manage"
    OBLIGATION_MANAGE = "obligation:manage"
    PERIOD_MANAGE = "period:manage"
    CONTACT_MANAGE = "contact:manage"
    STATUS_CHECK = "status:check"
    SERVICE_READ = "service:read"  # how it is set up
    AUDIT_READ = "audit:read"


class Role(StrEnum):
    TRUST = "trust"
    DEBTORS_TEAM = "debtors_team"
    LPM = "lpm"
    BOARD = "board"
    ADMIN = "admin"
    AUDITOR = "auditor"
    HEALTH_DEPARTMENT = "health_department"
    BORDER = "border"


class Reach(StrEnum):
    """How far a role's grant reaches: one organisation and its predecessors, one nation's organisations, or all."""

    ORGANISATION = "organisation"
    NATION = "nation"
    EVERYWHERE = "everywhere"


REACH: dict[Role, Reach] = {
    Role.TRUST: Reach.ORGANISATION,
    Role.HEALTH_DEPARTMENT: Reach.NATION,
    Role.DEBTORS_TEAM: Reach.EVERYWHERE,
    Role.LPM: Reach.EVERYWHERE,
    Role.BOARD: Reach.EVERYWHERE,
    Role.ADMIN: Reach.EVERYWHERE,
    Role.AUDITOR: Reach.EVERYWHERE,
    Role.BORDER: Reach.EVERYWHERE,
}

P = Permission

# What a Local Partnership Manager may do for the portfolio only; what is read of submissions is read of all.
FOR_THE_PORTFOLIO: frozenset[Permission] = frozenset(
    {P.MONTH_EXCUSE, P.REMINDER_SEND, P.CONTACT_LOG_READ, P.CONTACT_LOG_KEEP}
)

_ON_BEHALF_TOO = {  # a trust for itself, the Debtors Team on its behalf
    P.TEMPLATE_DOWNLOAD,
    P.RETURN_UPLOAD,
    P.RETURN_READ,
    P.OPEN_ROW_READ,
    P.DEBT_READ,
    P.DEBT_CHANGE_STATUS,
    P.DISPUTE_READ,
    P.SUBMISSION_READ,
    P.SUBMISSION_READ_RATES,
    P.ORGANISATION_READ,
}

# The people whom we refuse to report are shown to their trust alone: RETURN_READ_REJECTED stands nowhere else.
ROLE_PERMISSIONS: dict[Role, frozenset[Permission]] = {
    Role.TRUST: frozenset(
        {
            *_ON_BEHALF_TOO,
            P.RETURN_READ_REJECTED,
            P.RETURN_WITHDRAW,
            P.OPEN_ROW_MEND,
            P.DEBT_AMEND,
            P.CONTACT_MANAGE,
            P.DISPUTE_ANSWER,
            P.ACCESS_REQUEST_ANSWER_OWN,
            P.REPORT_READ,
            P.REPORT_READ_EXACT,
        }
    ),
    Role.DEBTORS_TEAM: frozenset(
        {
            *_ON_BEHALF_TOO,
            P.DEBTOR_READ,
            P.MATCH_DECIDE,
            P.REGISTER_EXPORT,
            P.RELEASE_READ,
            P.RELEASE_PREPARE,
            P.RELEASE_SAMPLE,
            P.RELEASE_APPROVE,
            P.RELEASE_DOWNLOAD,
            P.RELEASE_DELIVER,
            P.RELEASE_ACKNOWLEDGE,
            P.SHARING_READ,
            P.DEBT_HOLD,
            P.WARNINGS_INDEX_READ,
            P.DISPUTE_OPEN,
            P.DISPUTE_SETTLE,
            P.CORRECTION_PASS_ON,
            P.ACCESS_REQUEST_ANSWER,
            P.WARNINGS_INDEX_ACKNOWLEDGE,
            P.WARNINGS_INDEX_RETRY,
            P.MONTH_EXCUSE,
            P.PERIOD_MANAGE,
            P.REMINDER_READ,
            P.REMINDER_SEND,
            P.REMINDER_WORD,
            P.CONTACT_LOG_READ,
            P.CONTACT_LOG_KEEP,
            P.REPORT_READ,
            P.REPORT_READ_EXACT,
        }
    ),
    Role.LPM: frozenset(
        {
            P.SUBMISSION_READ,
            P.SUBMISSION_READ_RATES,
            P.ORGANISATION_READ,
            P.REMINDER_READ,
            P.REPORT_READ,
            P.PORTFOLIO_COVER,
            *FOR_THE_PORTFOLIO,
        }
    ),
    Role.BOARD: frozenset({P.SUBMISSION_READ_RATES, P.REPORT_READ, P.SHARING_READ}),
    Role.ADMIN: frozenset(
        {
            P.USER_MANAGE,
            P.ORGANISATION_READ,
            P.ORGANISATION_MANAGE,
            P.OBLIGATION_MANAGE,
            P.PERIOD_MANAGE,
            P.MONTH_EXCUSE,
            P.REMINDER_WORD,
            P.CONTACT_MANAGE,
            P.SERVICE_READ,
        }
    ),
    Role.AUDITOR: frozenset({P.REPORT_READ, P.SHARING_READ, P.AUDIT_READ}),
    Role.HEALTH_DEPARTMENT: frozenset(
        {P.SUBMISSION_READ, P.SUBMISSION_READ_RATES, P.ORGANISATION_READ, P.SHARING_READ}
    ),
    Role.BORDER: frozenset({P.STATUS_CHECK}),  # exact questions only: no list, no search, no debtor
}


# What shows who owes: nobody holds a role with one of these together with one that manages users.
SHOWING_PEOPLE: frozenset[Permission] = frozenset(
    {
        P.DEBT_READ, P.DEBTOR_READ, P.RETURN_READ_REJECTED, P.OPEN_ROW_READ, P.DISPUTE_READ, P.REGISTER_EXPORT,
        P.RELEASE_READ, P.RELEASE_DOWNLOAD, P.WARNINGS_INDEX_READ, P.STATUS_CHECK,
    }
)  # fmt: skip


def are_kept_apart(one: Role, other: Role) -> bool:
    """Whether nobody may hold both: whoever says who sees personal data sees none."""
    first, second = ROLE_PERMISSIONS[one], ROLE_PERMISSIONS[other]
    manages = P.USER_MANAGE in first or P.USER_MANAGE in second
    return manages and bool(SHOWING_PEOPLE & (first | second))


def reaches_everywhere(role: Role, permission: Permission) -> bool:
    """Whether the role has this permission for every organisation, not only for those that its grants name."""
    if role is Role.LPM and permission in FOR_THE_PORTFOLIO:
        return False
    return REACH[role] is Reach.EVERYWHERE
