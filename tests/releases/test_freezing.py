"""The files of a release: written once from its lines, kept whole, the same bytes however often they are asked for."""

import csv
import hashlib
import io
from pathlib import Path

import openpyxl
import pytest

from app.core.db import Database
from app.core.errors import NotFound, Unavailable
from app.releases import freezing
from app.releases.freezing import A_PART, NAMES, Written
from tests.releases.making import carried, line, release


def content(written: list[Written]) -> dict[str, bytes]:
    return {each.name: Path(each.path).read_bytes() for each in written}


def rows(data: bytes) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(data.decode("utf-8-sig"), newline="")))


@pytest.fixture
def made(database: Database) -> str:
    """A full release of 1,100 lines, three parts."""
    with database.writing() as db:
        return release(db, [line(n, family_name="=cmd|' /C calc'!A0") for n in range(1, 1101)], held=3).id


def test_every_file_has_its_lines_but_those_taken_out_its_size_and_its_digest(
    database: Database, made: str, tmp_path: Path
):
    written = freezing.write(database, made, {7, 1100}, tmp_path, behind=0).written
    assert [each.name for each in written] == list(NAMES)
    found = content(written)
    for each in written:
        assert (each.rows, each.size) == (1098, len(found[each.name]))
        assert each.sha256 == hashlib.sha256(found[each.name]).hexdigest()
    references = [row["reference"] for row in rows(found["midas.csv"])]
    assert len(references) == 1098 and not {"ND-000007", "ND-001100"} & set(references)
    people = rows(found["consolidated.csv"])
    assert (people[0]["Family name"], people[0]["Release"]) == ("'=cmd|' /C calc'!A0", "Release 1")
    assert sorted(path.name for path in tmp_path.iterdir()) == sorted(NAMES)

    again = tmp_path / "again"
    again.mkdir()
    assert content(freezing.write(database, made, {7, 1100}, again, behind=0).written) == found


def test_the_cover_names_the_release_who_approved_it_and_its_counts(database: Database, made: str, tmp_path: Path):
    written = freezing.write(database, made, {7}, tmp_path, behind=0).written
    book = openpyxl.load_workbook(written[0].path, read_only=True)
    cover = {row[0]: row[1] for row in book["About this output"].iter_rows(values_only=True)}
    assert cover == cover | {
        "Release": "Release 1", "As at": "22/11/2026 09:30 UK time", "Prepared by": "one", "Approved by": "two",
        "Lines: New": 1099, "Lines taken out before the release": 1,
        "Debts left out because they are held": 3, "Debts": 1099,
    }  # fmt: skip
    assert "Filters" not in cover
    sheet = book["Consolidated"]
    assert sum(1 for _ in sheet.iter_rows()) == 1100


def test_files_are_kept_in_parts_and_come_back_whole(database: Database, made: str, tmp_path: Path):
    written = freezing.write(database, made, frozenset(), tmp_path, behind=0).written
    large = tmp_path / "large.bin"
    large.write_bytes(bytes(A_PART) + b"end")
    with database.writing() as db:
        freezing.keep(db, made, [*written, Written("large.bin", str(large), 1, A_PART + 3, "")])
    with database.reading() as db:
        for each in written:
            assert b"".join(freezing.pieces(db, made, each.name)) == Path(each.path).read_bytes()
        assert [len(piece) for piece in freezing.pieces(db, made, "large.bin")] == [A_PART, 3]
        with pytest.raises(NotFound):
            next(freezing.pieces(db, made, "other.csv"))
        assert {file.name: file.rows for file in freezing.files_of(db, made)} == dict.fromkeys(NAMES, 1100) | {
            "large.bin": 1
        }


def test_a_flag_goes_under_the_name_that_an_earlier_release_carried(database: Database, tmp_path: Path):
    with database.writing() as db:
        first = [line(n, family_name=f"Wrong{n}") for n in range(1, 1101)]
        carried(db, release(db, first), first)
        second = release(
            db,
            [
                line(3, "corrected", family_name="Right"),
                line(1099, "removed", shown=False, family_name="Right"),
                line(2000, family_name="New"),
            ],
            number=2, scope="changes",
        ).id  # fmt: skip
    found = content(freezing.write(database, second, frozenset(), tmp_path, behind=0).written)
    assert [(row["action"], row["family_name"]) for row in rows(found["warnings-index.csv"])] == [
        ("remove", "Wrong3"), ("add", "Right"), ("remove", "Wrong1099"), ("add", "New"),
    ]  # fmt: skip
    assert [row["family_name"] for row in rows(found["midas.csv"])] == ["Right", "Right", "New"]


def test_a_writer_that_fails_is_told_in_words_and_leaves_nothing_to_keep(database: Database, tmp_path: Path):
    with pytest.raises(Unavailable, match="try again"):
        freezing.write(database, "0" * 32, frozenset(), tmp_path, behind=0)
    assert list(tmp_path.iterdir()) == []
