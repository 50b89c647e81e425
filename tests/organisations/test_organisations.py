"""The organisations: those shipped, updates by CSV, and who came after whom."""

from datetime import date

import pytest
from sqlmodel import Session

from app.core.errors import Refused
from app.organisations import service

ACTOR = object()
HEADER = "code,name,nation,region,open_date,close_date,successor_code,successor_from\n"
THREE = (
    HEADER + "AAA,Alpha Trust,England,London,,,,\nBBB,Beta Trust,England,London,,,,\nCCC,Gamma Trust,Wales,Wales,,,,\n"
)


def take(db: Session, text: str) -> service.Report:
    return service.import_csv(db, ACTOR, text)


def test_the_shipped_organisations_fill_an_empty_table(db: Session):
    assert service.is_empty(db)
    assert service.load_shipped(db, ACTOR) == 301
    assert not service.is_empty(db)
    found = service.organisation(db, "RJ1")
    assert found is not None
    assert (found.nation, found.region, found.acute_provider) == ("England", "London", True)
    assert service.organisation(db, "nowhere") is None
    assert len(service.names(db)) == 301
    assert set(service.names(db, ["RJ1", "7A1"])) == {"RJ1", "7A1"}


def test_importing_the_same_file_again_changes_nothing(db: Session):
    take(db, THREE)
    report = take(db, THREE)
    assert (report.unchanged, report.lines) == (3, [])


def test_an_import_reports_what_it_added_closed_reopened_renamed_and_who_follows_whom(db: Session):
    assert take(db, THREE).added == ["AAA", "BBB", "CCC"]
    update = (
        HEADER + "AAA,Alpha Trust,England,London,,2026-09-30,CCC,2026-10-01\nBBB,Beta and Sons,England,South West,,,,\n"
    )
    report = take(db, update)
    assert (report.closed, report.renamed, report.successor, report.changed) == (["AAA"], ["BBB"], ["AAA"], ["BBB"])
    assert "AAA: succeeded by CCC from 2026-10-01." in report.lines
    assert "BBB: renamed from Beta Trust to Beta and Sons." in report.lines
    assert take(db, "code,close_date\nAAA,\n").reopened == ["AAA"]


def test_an_absent_column_leaves_what_is_held(db: Session):
    take(db, THREE)
    take(db, "code,close_date\nAAA,30/09/2026\n")
    found = service.organisation(db, "AAA")
    assert found is not None
    assert (found.name, found.close_date) == ("Alpha Trust", date(2026, 9, 30))


def test_the_columns_of_the_source_list_are_understood_and_those_not_used_are_named(db: Session):
    report = take(
        db, "org_key,name,nation,region,org_type,rtt_provider_2026_04,source\nAAA,A,England,London,NHS Trust,yes,etr\n"
    )
    found = service.organisation(db, "AAA")
    assert found is not None
    assert (found.organisation_type, found.acute_provider) == ("NHS Trust", True)
    assert report.unused_columns == ["source"]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("name\nA\n", "no heading “code”"),
        ("code,name,name\nA,B,C\n", "stands twice"),
        ("code,name\n", "no organisations"),
        ("code,name\nNEW,New Trust\n", "Line 2: NEW is new and has no nation"),
        ("code,name\nAAA,A,B\n", "Line 2: it has 3 cells"),
        ("code,close_date\nAAA,soon\n", "Line 2: close_date “soon” is not a date"),
        ("code,name\nAAA,X\nAAA,Y\n", "Line 3: AAA stands already on line 2"),
        ("code,name\nA B,X\n", "the code “A B” is not"),
        ("code,successor_code,successor_from\nAAA,ZZZ,2026-01-01\n", "the successor ZZZ of AAA is not known"),
        ("code,successor_code\nAAA,BBB\n", "needs both successor_code and successor_from"),
        ("code,successor_code,successor_from\nAAA,AAA,2026-01-01\n", "lead back to itself"),
        ("code,successor_code,successor_from\nAAA,BBB,2026-01-01\nBBB,AAA,2026-01-01\n", "Line 3: the successors of BBB lead back"),
        ("code,open_date,close_date\nAAA,2026-02-01,2026-01-01\n", "before it opened"),
        ("code,acute_provider\nAAA,perhaps\n", "neither yes nor no"),
        ('code,name\nAAA,"B\n', "is not CSV"),
    ],
)  # fmt: skip
def test_a_faulty_file_is_refused_whole_and_says_which_line(db: Session, text: str, said: str):
    take(db, THREE)
    with pytest.raises(Refused) as refused:
        take(db, text)
    assert said in refused.value.detail
    assert service.names(db) == {"AAA": "Alpha Trust", "BBB": "Beta Trust", "CCC": "Gamma Trust"}


def test_a_successor_has_its_predecessors_and_theirs_from_their_days_on(db: Session):
    take(db, THREE)
    take(db, "code,successor_code,successor_from\nAAA,BBB,2026-04-01\nBBB,CCC,2026-10-01\n")
    assert service.family(db, "CCC", date(2026, 9, 30)) == ["CCC"]
    assert service.family(db, "BBB", date(2026, 9, 30)) == ["BBB", "AAA"]
    assert service.family(db, "CCC", date(2026, 10, 1)) == ["CCC", "AAA", "BBB"]
    assert service.predecessors(db, "AAA", date(2027, 1, 1)) == []
