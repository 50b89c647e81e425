"""Metrics: how the service stands in numbers, with no thing and no person among their labels."""

import re

from prometheus_client import CollectorRegistry, generate_latest

from app.accounts.access import COMMAND_LINE
from app.core import outbox
from app.core.db import Database
from app.periods.calendar import Period
from app.submissions.obligations import set_obligation
from app.watching.gauges import Gauges
from tests.api.conftest import PERIOD, row, workbook

LABELS = {"state", "lifecycle", "outcome", "code", "job", "method", "route", "status", "le"}


def told(database: Database) -> str:
    registry = CollectorRegistry()
    registry.register(Gauges(database))
    return generate_latest(registry).decode()


def test_queues_returns_and_the_month_are_counted(ovm, database):
    ovm.upload(workbook(row()))
    ovm.upload(b"not a workbook \x00")
    with database.writing() as db:
        set_obligation(db, COMMAND_LINE, ["RJ1", "RYJ"], Period.parse(PERIOD), None)
        message = outbox.put(db, "ada@rj1.example", "Due", "The return is due.", "reminder")
        message.state = outbox.State.FAILED
    found = set(told(database).splitlines())
    assert {
        "debtor_returns_database_up 1.0",
        'debtor_returns_returns{lifecycle="submitted",outcome="accepted"} 1.0',
        'debtor_returns_refused_files{code="F01"} 1.0',
        'debtor_returns_mails{state="failed"} 1.0',
        'debtor_returns_deliveries{state="given_up"} 0.0',
        "debtor_returns_month_owed 2.0",
        "debtor_returns_month_received 1.0",
    } <= found
    size = next(line for line in found if line.startswith("debtor_returns_database_bytes"))
    assert float(size.split()[1]) > 100_000


def test_a_database_that_is_away_is_a_number_too():
    assert told(Database("postgresql+psycopg://nobody@127.0.0.1:1/none")).splitlines()[-1] == (
        "debtor_returns_database_up 0.0"
    )


def test_requests_are_counted_by_their_pattern_and_uploads_by_what_became_of_them(ovm, database):
    made = ovm.upload(workbook(row())).json()
    ovm.get(f"/returns/{made['id']}")
    ovm.get("/returns/Okonkwo")
    found = generate_latest().decode()
    assert 'debtor_returns_uploads_total{code="",outcome="accepted"}' in found
    assert 'debtor_returns_troubles_total{code="",status="404"}' in found
    assert 'route="/api/v1/returns/{return_id}",status="200"' in found
    assert made["id"] not in found and "Okonkwo" not in found and PERIOD not in found and "RJ1" not in found
    ours = "\n".join(line for line in found.splitlines() if line.startswith("debtor_returns_"))
    assert set(re.findall(r'[{,](\w+)="', ours)) <= LABELS
