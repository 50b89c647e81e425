"""The same request sent again with its key is answered as before, and nothing happens twice."""

from datetime import timedelta

import pytest
from sqlmodel import select

from app.accounts.models import RoleGrant
from app.accounts.permissions import Role
from app.api.once import HEADER, OWN_RULE
from app.api.routes import ROUTERS, calls
from app.audit.models import AuditEvent
from app.core import answers, clock
from app.core.answers import Asked, KeptAnswer
from app.disputes.models import Dispute
from app.settings import get_settings
from tests.api.conftest import Person, dispute_of, row, workbook

KEY = {HEADER: "a key of our own"}


def send(somebody: Person, path: str, body: object, key: str = KEY[HEADER]):
    return somebody.call("POST", path, json=body, headers={HEADER: key})


@pytest.fixture
def debt(ovm, team) -> str:
    ovm.upload(workbook(row(1)))
    return ovm.get("/debts").json()["items"][0]["id"]


def number(database, model) -> int:
    with database.reading() as db:
        return len(db.exec(select(model)).all())


def test_a_dispute_sent_twice_with_one_key_is_one_dispute_and_the_same_answer(team, debt, database):
    first = send(team, "/disputes", dispute_of(debt))
    events = number(database, AuditEvent)
    again = send(team, "/disputes", dispute_of(debt))
    assert (first.status_code, again.status_code) == (201, 201)
    assert first.content == again.content
    assert first.json() == team.get(f"/disputes/{first.json()['id']}").json()
    assert "idempotency-replayed" not in first.headers and again.headers["idempotency-replayed"] == "true"
    assert number(database, Dispute) == 1
    assert number(database, AuditEvent) == events + 2  # who was shown it, twice: by the repetition, and one by one


def test_a_contact_is_logged_twice_without_a_key_and_once_with_one(person):
    manager = person(Role.DEBTORS_TEAM)
    entry = {"kind": "call", "on": "2026-11-20", "outcome": "no_answer"}
    without = [manager.post("/organisations/RJ1/contact-log", entry).status_code for _ in range(2)]
    with_key = [send(manager, "/organisations/RJ1/contact-log", entry).status_code for _ in range(2)]
    assert without == with_key == [201, 201]
    assert len(manager.get("/organisations/RJ1/contact-log").json()["items"]) == 3


def test_a_key_with_another_request_is_refused(team, debt):
    assert send(team, "/disputes", dispute_of(debt)).status_code == 201
    assert send(team, "/disputes", dispute_of(debt, note="Another note.")).status_code == 422
    assert send(team, f"/debts/{debt}/hold", {"reason": "x"}).status_code == 422


def test_a_key_is_its_senders_own(ovm, other_ovm, team, debt):
    contact = {"office": "Overseas visitors office", "purpose": "debts", "phone": "020 7946 0123"}
    assert send(ovm, "/organisations/RJ1/contacts", contact).status_code == 201
    theirs = send(other_ovm, "/organisations/RYJ/contacts", contact)
    assert (theirs.status_code, theirs.headers.get("idempotency-replayed")) == (201, None)


def test_what_was_refused_may_be_tried_again_with_the_same_key(team, debt):
    assert send(team, "/disputes", dispute_of("0" * 32)).status_code == 404
    assert send(team, "/disputes", dispute_of(debt)).status_code == 201


def test_a_role_that_was_taken_away_is_answered_with_403_and_not_with_what_was_kept(team, debt, database):
    assert send(team, "/disputes", dispute_of(debt)).status_code == 201
    with database.writing() as db:
        db.delete(db.exec(select(RoleGrant).where(RoleGrant.role == Role.DEBTORS_TEAM)).one())
    assert send(team, "/disputes", dispute_of(debt)).status_code == 403


def test_an_answer_is_kept_for_a_day_and_names_nobody_to_whoever_reads_the_database(team, debt, database):
    first = send(team, "/disputes", dispute_of(debt))
    assert first.json()["family_name" if "family_name" in first.json() else "case_reference"].encode() in first.content
    with database.writing() as db:
        kept = db.exec(select(KeptAnswer)).one()
        assert b"DT-2026-17" not in kept.body and KEY[HEADER] not in str(kept)
        kept.at = clock.real_now() - timedelta(hours=25)
        db.add(kept)
    assert send(team, "/disputes", dispute_of(debt)).status_code == 409  # it is asked anew: there is a dispute already


@pytest.mark.parametrize("key", ["", "é", "x" * 201, "a\tb"])
def test_a_key_that_cannot_be_one_is_refused(team, debt, key):
    answer = team.call("POST", f"/debts/{debt}/hold", json={"reason": "x"}, headers={HEADER: key.encode("latin-1")})
    assert answer.status_code == 422


def test_while_the_first_is_being_worked_on_the_second_is_told_so(database):
    if database.is_sqlite:
        return  # whoever writes is alone: the second waits for its turn
    asked = Asked("somebody", "key", b"what")
    with database.writing() as first, database.writing() as second:
        assert answers.find(first, asked) is None
        with pytest.raises(answers.Conflict):
            answers.find(second, asked)


def test_the_answer_is_kept_with_the_effect_or_not_at_all(database):
    asked = Asked("somebody", "key", b"what")
    with pytest.raises(RuntimeError), database.writing() as db:
        answers.keep(db, asked, 200, b"{}")
        raise RuntimeError
    with database.writing() as db:
        assert answers.find(db, asked) is None
        answers.keep(db, asked, 200, b"{}")
    with database.writing() as db:
        assert answers.find(db, asked) == (200, b"{}")
        db.exec(select(KeptAnswer)).one().at = clock.real_now() - timedelta(hours=25)
    with database.writing() as db:
        assert answers.find(db, asked) is None
        answers.keep(db, asked, 201, b"[]")
        assert answers.find(db, asked) == (201, b"[]")


def test_a_key_that_is_used_again_after_a_day_does_not_encrypt_two_answers_alike():
    """Two texts encrypted alike would tell of each other to whoever has both, the older one out of a backup."""
    asked = Asked("somebody", "key", b"what")
    one, other = asked.seal(b"{}"), asked.seal(b"{}")
    assert one != other and asked.unseal(one) == asked.unseal(other) == b"{}"


def test_an_answer_outlives_a_change_of_the_secret_key_that_was_announced_and_is_409_otherwise(monkeypatch):
    asked, former = Asked("somebody", "key", b"what"), get_settings().secret_keys[0]
    kept = asked.seal(b"{}")
    monkeypatch.setenv("DEBTOR_RETURNS_SECRET_KEY", "another key, which is long enough too")
    get_settings.cache_clear()
    with pytest.raises(answers.Conflict):
        asked.unseal(kept)
    monkeypatch.setenv("DEBTOR_RETURNS_FORMER_SECRET_KEYS", former)
    get_settings.cache_clear()
    assert asked.unseal(kept) == b"{}"


def test_every_call_that_changes_something_heeds_the_key_or_has_its_reason():
    heeding = {route.path for router in ROUTERS for route in router.routes if getattr(route, "heeds_key", False)}
    posts = {call.path for call in calls() if call.method == "POST"}
    assert posts - heeding == set(OWN_RULE)
    assert heeding <= posts
