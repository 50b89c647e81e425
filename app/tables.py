"""Imports every models.py, so that Alembic, commands and tests see all tables."""

from app.accounts import models as accounts
from app.audit import models as audit
from app.core import outbox
from app.core.db import metadata
from app.debts import models as debts
from app.organisations import models as organisations
from app.periods import models as periods
from app.retention import models as retention
from app.returns import models as returns
from app.submissions import models as submissions

__all__ = [
    "accounts",
    "audit",
    "debts",
    "metadata",
    "organisations",
    "outbox",
    "periods",
    "retention",
    "returns",
    "submissions",
]
