"""A virus in what people send, and a scanner that is away: nothing is kept, and the words say what to do."""

from collections.abc import Iterator

import pytest
from sqlmodel import select

from app.returns.models import RefusedUpload, Return
from app.settings import get_settings
from tests import scanner
from tests.api.conftest import row, workbook
from tests.scanner import SIGNATURE, Scanner

INFECTED = b"Invoice number,Family name\r\n" + SIGNATURE + b",Okonkwo\r\n"


@pytest.fixture(scope="module")
def clamd() -> Iterator[Scanner]:
    with scanner.running() as found:
        yield found


@pytest.fixture
def scanned(clamd: Scanner, monkeypatch: pytest.MonkeyPatch) -> None:
    """The service looks through what comes in."""
    monkeypatch.setenv("DEBTOR_RETURNS_VIRUS_SCANNER", clamd.by_tcp)
    get_settings.cache_clear()


@pytest.fixture
def away(monkeypatch: pytest.MonkeyPatch, tmp_path) -> None:
    """A scanner is named, and nobody is there."""
    monkeypatch.setenv("DEBTOR_RETURNS_VIRUS_SCANNER", f"unix://{tmp_path}/none.sock")
    get_settings.cache_clear()


@pytest.mark.usefixtures("scanned")
def test_a_file_with_a_virus_is_refused_and_only_the_attempt_is_kept(ovm, database):
    answer = ovm.upload(INFECTED)
    assert (answer.status_code, answer.json()["code"]) == (422, "F11")
    assert "nothing of it was kept" in answer.json()["detail"]
    with database.reading() as db:
        [attempt] = db.exec(select(RefusedUpload)).all()
        assert (attempt.code, attempt.size, attempt.organisation_code) == ("F11", len(INFECTED), "RJ1")
        assert db.exec(select(Return)).all() == []


@pytest.mark.usefixtures("scanned")
def test_a_clean_file_is_taken_as_ever(ovm):
    assert ovm.upload(workbook(row())).status_code == 201


@pytest.mark.usefixtures("away")
def test_while_the_scanner_is_away_nothing_is_processed(ovm, database):
    answer = ovm.upload(workbook(row()))
    assert answer.status_code == 503
    assert answer.json()["detail"] == (
        "The virus scanner does not answer. Nothing was processed: try again in a few minutes."
    )
    with database.reading() as db:
        assert [*db.exec(select(RefusedUpload)), *db.exec(select(Return))] == []


@pytest.mark.usefixtures("scanned")
def test_what_a_recipient_answered_is_looked_through_too(team):
    answer = team.call("POST", f"/releases/{'0' * 32}/acknowledgement", files={"file": ("answer.csv", INFECTED)})
    assert (answer.status_code, answer.json()["code"]) == (422, "F11")
