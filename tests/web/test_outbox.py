"""The outbox as an administrator reads it: what became of each mail, and trying again."""

from datetime import timedelta

import pytest
from sqlmodel import select, update
from starlette.testclient import TestClient

from app.accounts import links, sessions
from app.accounts import service as accounts
from app.accounts.access import COMMAND_LINE
from app.accounts.models import Step
from app.accounts.permissions import Role
from app.audit.models import AuditEvent
from app.core import clock, outbox
from app.core.outbox import Message, State
from app.mail_settings import Mail
from app.main import create_app
from app.settings import Environment
from tests.web.conftest import Browser, said


@pytest.mark.parametrize(
    ("environment", "base", "is_shown"),
    [(Environment.PRODUCTION, "https://testserver", False), (Environment.DEMO, "http://testserver", True)],
)
def test_in_production_a_link_to_a_new_password_is_for_its_reader_alone(
    app, database, settings, environment, base, is_shown
):
    client = admin_of(settings.model_copy(update={"environment": environment, "base_url": base}), database, base)
    with database.writing() as db:
        accounts.add_user(db, COMMAND_LINE, "ovm@rj1.example", "trust", "RJ1", "Three-Words-For-Tests")
        links.send_if_known(db, "ovm@rj1.example", base)
    answer = client.get("/outbox")
    assert answer.status_code == 200
    assert "ovm@rj1.example" in said(answer)
    assert ("/reset-password/" in answer.text) is is_shown


@pytest.mark.parametrize(("state", "is_shown"), [(State.WAITING, False), (State.FAILED, False), (State.KEPT, True)])
def test_an_invitation_is_shown_in_production_only_where_nobody_else_could_pass_it_on(
    app, database, settings, state, is_shown
):
    base = "https://testserver"
    client = admin_of(
        settings.model_copy(update={"environment": Environment.PRODUCTION, "base_url": base}), database, base
    )
    with database.writing() as db:
        user = accounts.add_user(db, COMMAND_LINE, "ovm@rj1.example", "trust", "RJ1")
        links.invite(db, COMMAND_LINE, user, base)
        db.exec(update(Message).values(state=state))
    assert ("/welcome/" in client.get("/outbox").text) is is_shown


def admin_of(settings, database, base: str) -> TestClient:
    served = create_app(settings, database)
    with database.writing() as db:
        admin = accounts.add_user(db, COMMAND_LINE, "admin@all.example", "admin")
        token = sessions.start(db, admin, Step.IN)
    client = TestClient(served, base_url=base)
    client.cookies.set("__Host-session" if base.startswith("https") else "session", token)
    return client


@pytest.fixture
def admin(visitor) -> Browser:
    return visitor(Role.ADMIN)


def write(database, state: State, kind: str = "receipt", **values: object) -> str:
    with database.writing() as db:
        message = outbox.put(db, "ovm@rj1.example", f"About {state} {kind}", "The text", kind, about="RJ1")
        for name, value in {"state": state, **values}.items():
            setattr(message, name, value)
        db.add(message)
    return message.id


def test_each_mail_says_what_became_of_it_and_lists_choose_by_that_and_by_kind(admin, database):
    write(
        database, State.FAILED, "rows", trouble="The mail server does not take mail for this address (550).", attempts=3
    )
    write(database, State.KEPT)
    words = said(admin.get("/outbox"))
    assert "nothing is sent: pass on what is needed" in words
    assert "1 mail was given up" in words
    assert "Given up Kind Rows to mend, RJ1" in words
    assert "What went wrong The mail server does not take mail for this address (550). Attempts 3" in words
    for address, wanted, unwanted in (
        ("/outbox?state=failed", "About failed rows", "About kept receipt"),
        ("/outbox?state=kept", "About kept receipt", "About failed rows"),
        ("/outbox?kind=rows", "About failed rows", "About kept receipt"),
    ):
        words = said(admin.get(address))
        assert wanted in words and unwanted not in words
    assert "No mail is like that" in said(admin.get("/outbox?state=sent"))
    assert admin.get("/outbox?state=lost").status_code == 422


def test_further_pages_keep_to_what_was_chosen(admin, database):
    for _ in range(21):
        write(database, State.SENT)
    write(database, State.KEPT)
    first = admin.get("/outbox?state=sent")
    assert first.text.count("dr-section--one-of-many") == 20
    following = first.text.split('rel="next"')[0].rsplit('href="', 1)[1].split('"')[0].replace("&amp;", "&")
    assert following.startswith("/outbox?state=sent&cursor=")
    assert admin.get(following).text.count("dr-section--one-of-many") == 1


def test_a_mail_that_was_given_up_is_sent_again_when_asked_and_that_is_recorded(admin, database):
    id_ = write(database, State.FAILED, attempts=30)
    answer = admin.post("/outbox?state=failed", {"message": id_})
    assert answer.headers["location"].startswith("/outbox?")
    assert "is sent again within seconds" in admin.follow(answer).text
    with database.reading() as db:
        assert (db.get(Message, id_).state, db.get(Message, id_).attempts) == ("waiting", 0)
        [event] = db.exec(select(AuditEvent).where(AuditEvent.action == "mail:retry"))
    assert (event.subject_id, event.organisation_code, event.detail) == (id_, "RJ1", {"kind": "receipt"})


def test_what_cannot_be_sent_again_says_why(admin, database):
    write(database, State.FAILED)
    sent = admin.post("/outbox", {"message": write(database, State.SENT)})
    assert (sent.status_code, "This mail is not given up" in said(sent)) == (409, True)
    blank = admin.post("/outbox", {"message": write(database, State.FAILED, body="")})
    assert (blank.status_code, "Send a new link instead" in said(blank)) == (409, True)
    assert admin.post("/outbox", {"message": "0" * 32}).status_code == 404


def test_a_mail_that_nobody_tries_to_send_says_that_the_worker_is_missing(app, database, settings):
    smtp = {"mail": Mail.SMTP, "smtp_host": "mail.example", "base_url": "http://testserver"}
    admin = admin_of(settings.model_copy(update=smtp), database, "http://testserver")
    write(database, State.WAITING)
    words = said(admin.get("/outbox"))
    assert "Mails leave by the mail server mail.example within seconds" in words and "its worker runs" not in words
    write(database, State.WAITING, created_at=clock.now() - timedelta(minutes=6))
    assert "Ask whoever runs the service to check that its worker runs" in said(admin.get("/outbox"))


def test_the_home_of_an_administrator_names_mails_that_were_given_up(admin, database):
    assert "given up" not in said(admin.get("/"))
    write(database, State.FAILED)
    assert "1 given up" in said(admin.get("/"))
