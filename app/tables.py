"""Imports every models.py, so that Alembic, commands and tests see all tables."""

from app.accounts import models as accounts
from app.audit import models as audit
from app.contact_log import models as contact_log
from app.core import answers, leases, outbox, rounds, schema
from app.core.db import metadata
from app.debts import match_models as matches
from app.debts import models as debts
from app.disclosures import models as disclosures
from app.disputes import models as disputes
from app.organisations import models as organisations
from app.periods import models as periods
from app.releases import models as releases
from app.reminders import models as reminders
from app.retention import models as retention
from app.returns import models as returns
from app.status_checks import models as status_checks
from app.submissions import models as submissions

__all__ = [
    "accounts",
    "answers",
    "audit",
    "contact_log",
    "debts",
    "disclosures",
    "disputes",
    "leases",
    "matches",
    "metadata",
    "organisations",
    "outbox",
    "periods",
    "releases",
    "reminders",
    "retention",
    "returns",
    "rounds",
    "schema",
    "status_checks",
    "submissions",
]
