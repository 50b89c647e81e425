"""A held debt is in no release, but whoever was told of its flag is told that it ends."""

import csv
from pathlib import Path

from sqlmodel import Session

from app.accounts.access import Actor, Grant
from app.accounts.permissions import Role
from app.core import clock
from app.debts import holds
from app.releases import freezing
from app.releases.lines import Line
from app.releases.models import Release
from tests.releases.making import carried, line, release
from tests.returns.conftest import Trust, at, hospital, rj1, row  # noqa: F401

TEAM = Actor("team", "The Debtors Team", (Grant(Role.DEBTORS_TEAM),))


def removed(trust: Trust, made: Release, folder: Path, without: frozenset[int] = frozenset()) -> list[str]:
    folder.mkdir()
    freezing.write(trust.database, made.id, without, folder)
    with (folder / "warnings-index.csv").open(encoding="utf-8", newline="") as file:
        return [flag["family_name"] for flag in csv.DictReader(file) if flag["action"] == "remove"]


def next_release(db: Session, number: int, said: list[Line], day: int, state: str) -> Release:
    with at(f"2026-11-{day}"):
        from_noon = clock.now()
    return release(db, said, number=number, scope="changes", state=state, as_at=from_noon)


def test_the_flag_of_a_debt_held_since_the_release_before_goes_as_it_was_shown_and_only_once(
    rj1: Trust,  # noqa: F811
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
    assert removed(rj1, second, tmp_path / "second") == ["Shown2"]

    with rj1.database.writing() as db:
        db.get_one(Release, second.id).state = "released"
        third = next_release(db, 3, [], 25, "approved")
        other = release(db, [], number=4, recipient="Another", recipient_key="another")
    assert removed(rj1, third, tmp_path / "third") == []
    assert removed(rj1, other, tmp_path / "other") == []
