"""The outbox as an administrator reads it."""

import pytest
from starlette.testclient import TestClient

from app.accounts import links, sessions
from app.accounts import service as accounts
from app.accounts.access import COMMAND_LINE
from app.accounts.models import Step
from app.main import create_app
from app.settings import Environment
from tests.web.conftest import said


@pytest.mark.parametrize(
    ("environment", "base", "is_shown"),
    [(Environment.PRODUCTION, "https://testserver", False), (Environment.DEMO, "http://testserver", True)],
)
def test_in_production_a_link_to_a_new_password_is_for_its_reader_alone(
    app, database, settings, environment, base, is_shown
):
    served = create_app(settings.model_copy(update={"environment": environment, "base_url": base}), database)
    with database.writing() as db:
        accounts.add_user(db, COMMAND_LINE, "ovm@rj1.example", "trust", "RJ1", "Three-Words-For-Tests")
        links.ask_reset(db, "ovm@rj1.example", base)
        admin = accounts.add_user(db, COMMAND_LINE, "admin@all.example", "admin")
        token = sessions.start(db, admin, Step.IN)
    client = TestClient(served, base_url=base)
    client.cookies.set("__Host-session" if base.startswith("https") else "session", token)
    answer = client.get("/outbox")
    assert answer.status_code == 200
    assert "ovm@rj1.example" in said(answer)
    assert ("/reset-password/" in answer.text) is is_shown
