"""Files of a release over HTTP: only of a released one, the same bytes every time, and it is noted who took them."""

import hashlib
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlmodel import select

from app.audit.models import AuditAction, AuditEvent
from app.releases import freezing, old_files
from app.releases.models import Handover, Release, State
from tests.releases.making import line, release

NAMES = ("consolidated.xlsx", "consolidated.csv", "midas.csv", "warnings-index.csv")


@pytest.fixture
def made(database, tmp_path: Path) -> str:
    """Two lines, written and kept; not yet released."""
    with database.writing() as db:
        id_ = release(db, [line(1), line(2)], number=7).id
    written = freezing.write(database, id_, frozenset(), tmp_path).written
    with database.writing() as db:
        freezing.keep(db, id_, written)
    return id_


def become(database, id_: str, state: State) -> None:
    with database.writing() as db:
        db.get_one(Release, id_).state = state


def test_a_released_file_comes_whole_and_always_the_same_with_its_digest(team, database, made):
    become(database, made, State.RELEASED)
    told = {file["name"]: file for file in team.get(f"/releases/{made}/manifest.json").json()["files"]}
    assert set(told) == set(NAMES)
    for name in NAMES:
        first, again = team.get(f"/releases/{made}/{name}"), team.get(f"/releases/{made}/{name}")
        assert first.status_code == 200 and first.content == again.content
        digest = hashlib.sha256(first.content).hexdigest()
        assert (told[name]["sha256"], first.headers["etag"]) == (digest, f'"{digest}"')
        assert told[name]["size"] == len(first.content) == int(first.headers["content-length"])
        assert f"release-7-{name}" in first.headers["content-disposition"]
    assert team.get(f"/releases/{made}/midas.csv").headers["content-type"].startswith("text/csv")


def test_every_download_is_noted_with_who_and_for_what(team, database, made):
    become(database, made, State.RELEASED)
    team.get(f"/releases/{made}/midas.csv")
    team.get(f"/releases/{made}/midas.csv", purpose="A second load")
    with database.reading() as db:
        noted = db.exec(select(Handover).order_by(Handover.id)).all()
        events = db.exec(
            select(AuditEvent).where(AuditEvent.action == AuditAction.RELEASE_DOWNLOADED).order_by("id")
        ).all()
    assert [(each.name, each.purpose) for each in noted] == [
        ("midas.csv", "Monthly load"), ("midas.csv", "A second load"),
    ]  # fmt: skip
    assert [event.detail for event in events] == [
        {"number": 7, "file": "midas.csv", "purpose": each.purpose} for each in noted
    ]
    assert {each.by for each in noted} == {event.actor for event in events}


@pytest.mark.parametrize("state", [state for state in State if state is not State.RELEASED])
def test_before_it_is_released_there_are_no_files_and_nothing_is_noted(team, database, made, state):
    become(database, made, state)
    for name in (*NAMES, "manifest.json"):
        answer = team.get(f"/releases/{made}/{name}")
        assert (answer.status_code, answer.json()["title"]) == (409, "Not possible now")
        assert "Release 7" in answer.json()["detail"]
    with database.reading() as db:
        assert db.exec(select(Handover)).all() == []


def test_a_file_whose_time_was_over_is_gone_and_the_manifest_still_proves_what_it_was(team, database, made):
    become(database, made, State.RELEASED)
    then = datetime(2028, 11, 22, 12, tzinfo=UTC)
    before = team.get(f"/releases/{made}/manifest.json").json()["files"]
    with database.writing() as db:
        db.get_one(Release, made).released_at = then - timedelta(days=731)
        assert old_files.delete_some(db, then, then) == 4
    for name in NAMES:
        answer = team.get(f"/releases/{made}/{name}")
        assert (answer.status_code, answer.json()["type"]) == (410, "urn:debtor-returns:problem:gone")
        assert f"{name} of release 7 was deleted on 22 November 2028" in answer.json()["detail"]
    after = team.get(f"/releases/{made}/manifest.json").json()["files"]
    assert after == [file | {"deleted_at": "2028-11-22T12:00:00Z"} for file in before]
    assert team.get(f"/releases/{made}").json()["files"] == after
    with database.reading() as db:
        assert db.exec(select(Handover)).all() == []


@pytest.mark.parametrize("purpose", ["x" * 201, "a\nb", "\0", "about somebody born 15 June 1961"])
def test_a_purpose_that_is_none_is_refused(team, database, made, purpose):
    become(database, made, State.RELEASED)
    assert team.get(f"/releases/{made}/midas.csv", purpose=purpose).status_code == 422


def test_a_release_that_is_not_there_is_not_found(team):
    for name in (*NAMES, "manifest.json"):
        assert team.get(f"/releases/{'0' * 32}/{name}").status_code == 404
