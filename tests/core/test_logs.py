"""Logs never hold what an exception says: a database quotes the row, a parser the cell."""

import io
import json
import logging
from collections.abc import Iterator

import pytest
import structlog

from app.core import logs
from app.core.db import Database


@pytest.fixture
def written() -> Iterator[io.StringIO]:
    root = logging.getLogger()
    before, level = root.handlers, root.level
    logs.set_up(json_lines=True)
    sink = io.StringIO()
    handler = root.handlers[0]
    assert isinstance(handler, logging.StreamHandler)
    handler.setStream(sink)
    yield sink
    root.handlers, root.level = before, level


def test_one_event_is_one_line_of_json(written):
    structlog.get_logger("a").info("request", status=200)
    line = json.loads(written.getvalue())
    assert (line["event"], line["status"], line["level"]) == ("request", 200, "info")


def test_a_librarys_traceback_is_logged_without_its_words(written):
    try:
        raise ValueError("Okonkwo, born 1985")
    except ValueError:
        logging.getLogger("uvicorn.error").exception("Exception in ASGI application")
    assert "Okonkwo" not in written.getvalue()
    assert "Traceback" not in written.getvalue()
    assert json.loads(written.getvalue())["error"] == "ValueError"


def test_our_own_exception_is_logged_without_its_words(written):
    try:
        raise ValueError("Okonkwo, born 1985")
    except ValueError:
        structlog.get_logger("a").exception("failed")
    assert "Okonkwo" not in written.getvalue()
    assert json.loads(written.getvalue())["error"] == "ValueError"


def test_what_a_library_says_below_information_is_never_written(written):
    library = logging.getLogger("a.library")
    library.setLevel(logging.DEBUG)
    library.debug("Row ('Okonkwo', '1985-03-27')")
    library.info("started")
    assert [json.loads(line)["event"] for line in written.getvalue().splitlines()] == ["started"]


def test_access_lines_of_the_server_are_not_written(written):
    logging.getLogger("uvicorn.access").info("GET /debts?q=Okonkwo")
    assert written.getvalue() == ""


def test_a_database_error_names_its_code_and_never_the_row(database: Database):
    with pytest.raises(Exception) as caught, database.writing() as db:
        db.connection().exec_driver_sql("INSERT INTO users (id) VALUES ('Okonkwo')")
    told = logs.describe(caught.value)
    assert "Okonkwo" not in str(told)
    assert told["sqlstate"] in {"SQLITE_CONSTRAINT_NOTNULL", "23502"}
