"""A held debt is in no release, but whoever was told of its flag is told that it ends."""

import csv
from pathlib import Path

from sqlmodel import Session

from app.accounts.access import Actor, Grant
from app.accounts.permissions import Role
from app.core import clock
from app.debts import holds
from app.releases import freezing, preparing, releasing, sampling, sign_off, told_before
from app.releases.lines import Line
from app.releases.models import Release
from app.releases.queries import sample_of
from tests.releases.making import carried, line, release
from tests.returns.conftest import Trust, at, hospital, rj1, row

__all__ = ["hospital", "rj1"]

TEAM = Actor("team", "The Debtors Team", (Grant(Role.DEBTORS_TEAM),))


def removed(trust: Trust, made: Release, folder: Path) -> tuple[list[str], list[str]]:
    """The names that the file takes off, and which debts it says it has taken off without a line."""
    folder.mkdir()
    ended = freezing.write(trust.database, made.id, frozenset(), folder).ended
    with (folder / "warnings-index.csv").open(encoding="utf-8", newline="") as file:
        return [flag["family_name"] for flag in csv.DictReader(file) if flag["action"] == "remove"], ended


def next_release(db: Session, number: int, said: list[Line], day: int, state: str) -> Release:
    with at(f"2026-11-{day}"):
        from_noon = clock.now()
    return release(db, said, number=number, scope="changes", state=state, as_at=from_noon)


def test_the_flag_of_a_debt_held_since_the_release_before_goes_as_it_was_shown_and_only_once(
    rj1: Trust,
    tmp_path: Path,
):
    rj1.send([row("1"), row("2"), row("3")])
    ids = [debt.id for debt in rj1.debts()]
    told = [line(n, shown=n != 3, family_name=f"Shown{n}") for n in (1, 2, 3)]
    for each, debt_id in zip(told, ids, strict=True):
        each.debt_id = debt_id
    with rj1.database.writing() as db:
        carried(db, next_release(db, 1, told, 22, "released"), told)
    with at("2026-11-23"), rj1.database.writing() as db:
        for debt_id in ids[1:]:
            holds.hold(db, TEAM, debt_id, "An answer is awaited")
    with rj1.database.writing() as db:
        second = next_release(db, 2, [], 24, "approved")
    assert removed(rj1, second, tmp_path / "second") == (["Shown2"], [ids[1]])

    with rj1.database.writing() as db:
        db.get_one(Release, second.id).state = "released"
        told_before.note_ended(db, second, [ids[1]])
        third = next_release(db, 3, [], 25, "approved")
        other = release(db, [], number=4, recipient="Another", recipient_key="another")
    assert removed(rj1, third, tmp_path / "third") == ([], [])
    assert removed(rj1, other, tmp_path / "other") == ([], [])


def _out(
    trust: Trust, scope: str, recipient: str, folder: Path, meanwhile=lambda: None, column: str = "invoice_number"
) -> list[tuple[str, str]]:
    """Prepares a release, passes its sample, lets a second person release it: the flags of its file."""
    folder.mkdir()
    one, two = (Actor(name, name, TEAM.grants) for name in ("one", "two"))
    made = preparing.prepare(trust.database, one, scope, recipient, "monthly load")
    with trust.database.writing() as db:
        for each in sample_of(db, made):
            sampling.judge(db, one, made.id, each.line.line, True)
    with trust.database.writing() as db:
        sign_off.approve(db, two, made.id)
    meanwhile()
    releasing.release(trust.database, two, made.id)
    with trust.database.reading() as db:
        text = b"".join(freezing.pieces(db, made.id, "warnings-index.csv")).decode()
    return [(flag["action"], flag[column]) for flag in csv.DictReader(text.splitlines())]


def test_each_recipient_is_told_once_that_a_held_flag_ends_and_once_that_it_is_on_again(
    rj1: Trust,
    tmp_path: Path,
):
    rj1.send([row("1"), row("2")])
    ids = {debt.invoice_number: debt.id for debt in rj1.debts()}

    def hold() -> None:
        with rj1.database.writing() as db:
            holds.hold(db, TEAM, ids["1"], "An answer is awaited")

    assert _out(rj1, "full", "Y", tmp_path / "a") == [("add", "1"), ("add", "2")]
    assert _out(rj1, "changes", "Y", tmp_path / "b", hold) == [("remove", "1")]
    assert _out(rj1, "changes", "Y", tmp_path / "c") == []
    with rj1.database.writing() as db:
        holds.unhold(db, TEAM, ids["1"], "It stands")
    assert _out(rj1, "full", "X", tmp_path / "d") == [("add", "1"), ("add", "2")]
    assert _out(rj1, "changes", "Y", tmp_path / "e") == [("add", "1")]
    assert _out(rj1, "changes", "Y", tmp_path / "f") == []
