"""`debtor-returns import-register` as people meet it."""

import json
from pathlib import Path

import pytest
from openpyxl import load_workbook
from sqlmodel import select

from app.core.db import Database
from app.debts.models import Debt
from tests.cli.test_commands import prepared, refused, say
from tests.old_register.conftest import line, old_csv

__all__ = ["prepared"]


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "old.csv"
    path.write_bytes(old_csv([line("1"), line("2", nationality="French"), line("3", left="lots")]))
    return path


def test_a_dry_run_then_the_loading_then_nothing_more(prepared, file, tmp_path):
    args = ["import-register", str(file), "--as-at", "31/10/2026", "--findings", str(tmp_path / "out.xlsx")]
    tried = say(*args, "--dry-run", "--write-mapping", str(tmp_path / "map.json"), database_url=prepared)
    assert tried.returncode == 0, tried.stderr
    assert "3 rows read: 1 loaded, 1 loaded but held, 1 not loaded, 0 known already; 0 blank rows." in tried.stdout
    assert "nothing was written" in tried.stdout
    assert json.loads((tmp_path / "map.json").read_text())["Inv No"] == "invoice_number"
    args += ["--mapping", str(tmp_path / "map.json")]
    loaded = say(*args, database_url=prepared)
    assert (loaded.returncode, loaded.stdout.splitlines()[-1]) == (
        0,
        "Loaded as IMP-2026-11-01, as at 31 October 2026.",
    )
    for said in ("Debt outstanding", "£2,400.00", "England", "On the Warnings Index already: 2.", "R07 1", "R05"):
        assert said in loaded.stdout
    assert load_workbook(tmp_path / "out.xlsx").sheetnames == ["Not loaded", "Findings"]
    again = say(*args, database_url=prepared)
    assert (again.returncode, again.stdout.count("\n")) == (0, 1)
    assert "loaded on 22 November 2026 as IMP-2026-11-01" in again.stdout
    file.write_bytes(old_csv([line("1"), line("4")]))
    refused(say(*args, database_url=prepared), "--again")
    more = say(*args, "--again", database_url=prepared)
    assert "2 rows read: 1 loaded, 0 loaded but held, 0 not loaded, 1 known already" in more.stdout
    database = Database(prepared)
    with database.reading() as db:
        assert set(db.exec(select(Debt.invoice_number))) == {"1", "2", "4"}
    database.close()


@pytest.mark.parametrize(
    ("args", "said", "code"),
    [
        ([], "--as-at", 2),
        (["--as-at", "soon"], "not a day", 1),
        (["--as-at", "2027-01-01"], "yet to come", 1),
        (["--as-at", "2026-10-31", "--map", "Trust"], "Trust=organisation", 1),
        (["--as-at", "2026-10-31", "--map", "Trust=-", "--dry-run"], "known to be Organisation", 1),
        (["--as-at", "2026-10-31", "--mapping", "/not/there.json"], "There is no folder", 1),
        (["--as-at", "2026-10-31", "--flags", "all"], "by-status", 2),
    ],
)
def test_what_is_wrong_is_one_sentence(tmp_path_factory, file, args, said, code):
    url = f"sqlite:///{tmp_path_factory.getbasetemp()}/empty_register.db"
    assert say("migrate", database_url=url).returncode == 0
    refused(say("import-register", str(file), *args, database_url=url), said, code)
