"""The second wall, on PostgreSQL: a query that forgets whose request it is finds nothing of others, and changes nothing."""

import asyncio
import os
import re

import pytest
from sqlalchemy import event, text
from sqlalchemy.exc import DBAPIError

from app import walled
from app.accounts.access import COMMAND_LINE, Actor, Grant
from app.accounts.permissions import Role
from app.core import clock, migrating, wall
from app.core.db import Database
from app.core.errors import Refused
from app.core.wall import Across
from app.http import deps
from app.returns.models import RefusedUpload
from app.settings import get_settings
from tests.api.conftest import fill, row, workbook
from tests.serving import service
from tests.world import build, person

RJ1 = Actor("ovm", "An officer", (Grant(Role.TRUST, "RJ1", frozenset({"RJ1", "OLD"})),))
ONLY_POSTGRESQL = pytest.mark.parametrize("_store", ["postgresql"], indirect=True)
A_WALLED_TABLE = re.compile(rf"\b({'|'.join((*walled.BY_COLUMN, *walled.BY_PARENT))})\b")
OF_DEBTS = "SELECT DISTINCT organisation_code FROM debts"


@pytest.fixture
def world(database):
    return build(service(database), database)


def seen(database: Database, query: str) -> set:
    with database.reading() as db:
        return set(db.connection().execute(text(query)).scalars())


@ONLY_POSTGRESQL
def test_a_query_without_any_condition_finds_a_trusts_own_rows_only(world, database):
    bound = database.within(RJ1.reach())
    assert seen(database, OF_DEBTS) == {"RJ1", "RYJ"}
    for table in walled.BY_COLUMN:
        assert seen(bound, f"SELECT organisation_code FROM {table}") <= {"RJ1", "OLD"}, table
    for table in ("debts", "returns", "open_rows", "disputes", "contact_log", "organisation_contacts", "excusals"):
        assert seen(bound, f"SELECT organisation_code FROM {table}") == {"RJ1"}, table
    for table, (parent, column) in walled.BY_PARENT.items():
        elsewhere = f"SELECT {column} FROM {table} WHERE {column} NOT IN (SELECT id FROM {parent})"
        assert seen(bound, elsewhere) == set(), table
    for table in ("debt_events", "holds", "return_parts", "rule_counts"):
        assert len(seen(bound, f"SELECT {walled.BY_PARENT[table][1]} FROM {table}")) > 0, table
        ids = f"SELECT {walled.BY_PARENT[table][1]} FROM {table}"
        assert seen(bound, ids) < seen(database, ids), table


@ONLY_POSTGRESQL
@pytest.mark.parametrize("reach", [frozenset(), frozenset({""}), frozenset({"NOPE"})])
def test_who_reaches_no_organisation_sees_no_row(world, database, reach):
    for table in (*walled.BY_COLUMN, *walled.BY_PARENT):
        assert seen(database.within(reach), f"SELECT count(*) FROM {table}") == {0}, table


@ONLY_POSTGRESQL
def test_nothing_of_others_is_changed_deleted_or_written_in_their_name(world, database):
    bound = database.within(RJ1.reach())
    theirs = {"id": world.other["debt_id"]}
    with bound.writing() as db:
        say = db.connection().execute
        assert say(text("UPDATE debts SET amount_outstanding = 0 WHERE id = :id"), theirs).rowcount == 0
        assert say(text("DELETE FROM debt_events WHERE debt_id = :id"), theirs).rowcount == 0
    for forged in (
        "UPDATE debts SET organisation_code = 'RYJ'",
        f"INSERT INTO refused_uploads SELECT '{'1' * 32}', 'RYJ', '2026-10', now(), 'x', 'F01', 1",
        f"INSERT INTO rule_counts (return_id, code, rows) VALUES ('{world.other['return_id']}', 'R99', 1)",
    ):
        with pytest.raises(DBAPIError, match="row-level security"), bound.writing() as db:
            db.connection().execute(text(forged))


@ONLY_POSTGRESQL
def test_each_transaction_is_bound_anew_and_leaves_nothing_to_the_next_on_its_connection(world, database):
    bound = database.within(RJ1.reach())
    with bound.writing() as db:
        for end in (db.commit, db.rollback):
            assert set(db.connection().execute(text(OF_DEBTS)).scalars()) == {"RJ1"}
            end()
        assert set(db.connection().execute(text(OF_DEBTS)).scalars()) == {"RJ1"}
    assert seen(database, OF_DEBTS) == {"RJ1", "RYJ"}


@ONLY_POSTGRESQL
def test_the_wall_opens_for_a_reason_and_closes_again(world, database):
    bound = database.within(RJ1.reach())
    with bound.reading() as db:
        with wall.across(db, Across.SAME_PERSON):
            assert set(db.connection().execute(text(OF_DEBTS)).scalars()) == {"RJ1", "RYJ"}
        assert set(db.connection().execute(text(OF_DEBTS)).scalars()) == {"RJ1"}
        with pytest.raises(KeyError), wall.across(db, Across.SAME_PERSON):
            raise KeyError
        assert set(db.connection().execute(text(OF_DEBTS)).scalars()) == {"RJ1"}


@ONLY_POSTGRESQL
def test_whatever_a_trust_asks_and_changes_reaches_walled_tables_from_within_the_wall(world, database):
    """Patches nothing: what the service says to its database is overheard."""
    ovm = person(service(database), database, "second@rj1.example", (Role.TRUST, "RJ1"))
    overheard = Overheard(database)
    for path in ("/debts", f"/debts/{world.own['debt_id']}", "/returns", "/open-rows", "/disputes"):
        assert ovm.get(path).status_code == 200
    assert ovm.get("/template", organisation="RJ1", period="2026-10").status_code == 200
    repaid = {"status": "repaid", "status_date": "2026-11-10", "amount_outstanding": "0.00"}
    assert ovm.post(f"/debts/{world.own['debt_id']}/status", repaid).status_code == 200
    assert overheard.inside > 10
    # Afterwards, and by itself, the service looks whether somebody new is to be compared with everybody.
    assert [each for each in overheard.outside if "WHERE debts.to_compare" not in each] == []


class Overheard:
    """How many statements about walled tables were said from within RJ1's wall, and those that were said outside it."""

    def __init__(self, database: Database) -> None:
        self.inside, self.outside = 0, list[str]()
        self._bound_to: dict[int, str] = {}
        event.listen(database.engine, "before_cursor_execute", self._say)
        for end in ("commit", "rollback"):
            event.listen(database.engine, end, lambda connection: self._bound_to.pop(_this(connection), None))

    def _say(self, connection, _cursor, statement, parameters, _context, _many) -> None:
        if "seconds" in connection.get_execution_options():
            return  # the audit notes, after the answer, whose the thing is
        if statement.startswith("SELECT set_config"):
            self._bound_to[_this(connection)] = parameters[0] if parameters else ""
        elif A_WALLED_TABLE.search(statement):
            if self._bound_to.get(_this(connection)) == "OLD,RJ1":
                self.inside += 1
            else:
                self.outside.append(statement)


def _this(connection) -> int:
    return id(connection.connection.dbapi_connection)


def test_a_patient_of_two_trusts_is_one_debtor_though_neither_sees_the_others_debt(world, database):
    ovm = person(service(database), database, "third@rj1.example", (Role.TRUST, "RJ1"))
    other = person(service(database), database, "third@ryj.example", (Role.TRUST, "RYJ"))
    team = person(service(database), database, "third@all.example", (Role.DEBTORS_TEAM, None))
    same = {"family_name": "Bello", "given_names": "Musa", "passport_number": "B1112223"}
    for somebody, code, number in ((ovm, "RJ1", 51), (other, "RYJ", 52)):
        data = workbook(row(number, **same, date_of_birth=row(1)["date_of_birth"]))
        assert somebody.upload(data, organisation=code).json()["counts"]["new"] == 1
    found = [each for each in team.get("/debts").json()["items"] if each["family_name"] == "Bello"]
    assert len({each["debtor_id"] for each in found}) == 1 and len(found) == 2
    correct = next(each["id"] for each in found if each["organisation"] == "RYJ")
    assert (
        other.call(
            "PATCH", f"/debts/{correct}", json={"family_name": "Belo", "passport_number": "B1112224"}
        ).status_code
        == 200
    )
    found = [each for each in team.get("/debts").json()["items"] if each["family_name"] in {"Bello", "Belo"}]
    assert len({each["debtor_id"] for each in found}) == 2


def test_the_feed_is_numbered_for_all_though_a_trust_sees_its_own_events_only(world, database, monkeypatch):
    monkeypatch.setenv("DEBTOR_RETURNS_WARNINGS_INDEX_ADDS", "at_once")
    get_settings.cache_clear()
    ovm = person(service(database), database, "fourth@rj1.example", (Role.TRUST, "RJ1"))
    other = person(service(database), database, "fourth@ryj.example", (Role.TRUST, "RYJ"))
    for somebody, code, numbers in ((ovm, "RJ1", (61,)), (other, "RYJ", (62, 63)), (ovm, "RJ1", (64,))):
        data = workbook(*(row(number) for number in numbers))
        assert somebody.upload(data, organisation=code).json()["counts"]["new"] == len(numbers)
    (mine,) = [each["id"] for each in ovm.get("/debts").json()["items"] if each["invoice_number"] == "INV00061"]
    repaid = {"status": "repaid", "status_date": "2026-11-20", "amount_outstanding": "0.00"}
    assert ovm.post(f"/debts/{mine}/status", repaid).status_code == 200
    with database.reading() as db:
        ids = db.connection().exec_driver_sql("SELECT id FROM warnings_index_events ORDER BY id").scalars().all()
    assert list(ids) == list(range(1, len(ids) + 1)) and len(ids) >= 5


def test_whoever_has_a_role_that_reaches_everywhere_is_not_bound_and_who_is_not_known_sees_nothing():
    assert RJ1.reach() == {"RJ1", "OLD"}
    assert Actor("x", "x").reach() == frozenset()
    assert COMMAND_LINE.reach() is None
    assert Actor("x", "x", (*RJ1.grants, Grant(Role.LPM, "RYJ", frozenset({"RYJ"})))).reach() is None
    welsh = Grant(Role.HEALTH_DEPARTMENT, None, frozenset({"7A1"}))
    assert Actor("x", "x", (*RJ1.grants, welsh)).reach() == {"RJ1", "OLD", "7A1"}


def test_a_request_of_nobody_is_bound_to_no_organisation(world, database):
    class Request:
        app = service(database)
        state = object()

    store = asyncio.run(deps.database(Request()))  # type: ignore[arg-type]
    assert seen(store, OF_DEBTS) == ({"RJ1", "RYJ"} if database.is_sqlite else set())


@ONLY_POSTGRESQL
def test_whoever_takes_the_role_without_a_scope_sees_no_row(world, database):
    with database.reading() as db:
        db.connection().exec_driver_sql("SET LOCAL ROLE debtor_returns_bound")
        for table in (*walled.BY_COLUMN, *walled.BY_PARENT):
            assert db.connection().execute(text(f"SELECT count(*) FROM {table}")).scalar() == 0, table


def test_the_service_can_tell_whether_people_can_be_bound(database, postgres_server):
    with database.reading() as db:
        assert wall.can_be_bound(db)
    if database.is_sqlite:
        return
    with database.writing() as db:
        db.connection().exec_driver_sql("CREATE ROLE debtor_returns_stranger LOGIN")
        db.commit()
    stranger = Database(database.url.set(username="debtor_returns_stranger").render_as_string(hide_password=False))
    try:
        with stranger.reading() as db:
            assert not wall.can_be_bound(db)
            with pytest.raises(DBAPIError, match="permission denied"):
                db.connection().execute(text("SELECT * FROM debts"))
    finally:
        stranger.close()
        with database.writing() as db:
            db.connection().exec_driver_sql("DROP ROLE debtor_returns_stranger")


@ONLY_POSTGRESQL
def test_a_plain_user_lays_the_wall_and_is_bound_by_it(database, postgres_server):
    """As a service should come to its database: not as a superuser; somebody has let it take the role."""
    name = f"debtor_returns_plain_{os.getpid()}"
    admin = Database(postgres_server.render_as_string(hide_password=False))
    with admin.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as server:
        server.exec_driver_sql(f"DROP ROLE IF EXISTS {name}")
        server.exec_driver_sql(f"CREATE ROLE {name} LOGIN")
        server.exec_driver_sql(f"CREATE DATABASE {name} OWNER {name}")
        own = Database(postgres_server.set(database=name, username=name).render_as_string(hide_password=False))
        try:
            with pytest.raises(Refused, match=f"GRANT {wall.ROLE} TO that user"):
                migrating.upgrade(own)
            server.exec_driver_sql(f"GRANT {wall.ROLE} TO {name}")
            migrating.upgrade(own)
            fill(own)
            with own.writing() as db:
                db.add(
                    RefusedUpload(
                        organisation_code="RYJ", period="2026-10", at=clock.now(), actor="x", code="F01", size=1
                    )
                )
            count = "SELECT organisation_code FROM refused_uploads"
            assert seen(own, count) == {"RYJ"}
            assert seen(own.within({"RYJ"}), count) == {"RYJ"}
            assert seen(own.within({"RJ1"}), count) == set()
        finally:
            own.close()
            server.exec_driver_sql(f"DROP DATABASE {name} WITH (FORCE)")
            server.exec_driver_sql(f"DROP ROLE {name}")
    admin.close()
