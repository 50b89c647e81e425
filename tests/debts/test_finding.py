"""Debts are found by the beginnings of their words, on both databases, and the index stays right whoever writes."""

import pytest
from sqlalchemy import delete, text, update
from sqlmodel import Session, select

from app.accounts.access import Actor
from app.core import wiping
from app.core.db import Database
from app.debts import finding, queries
from app.debts.filters import DebtFilter
from app.debts.models import Debt, DebtEvent
from app.debts.queries import Sort
from app.returns import amending
from bench.million import plans
from tests.returns.conftest import MakeTrust, Trust, at, hospital, rj1, row

__all__ = ["hospital", "rj1"]


def found(trust: Trust, q: str, actor: Actor | None = None, **wanted: object) -> list[str]:
    """Invoice numbers, the same for a page and for a program."""
    asked = DebtFilter(q=q, **wanted)  # type: ignore[arg-type]
    with at("2026-11-22"), trust.database.reading() as db:
        listed = queries.list_debts(db, actor or trust.officer, asked, 100, None).items
        listing = queries.listing(db, actor or trust.officer, asked, Sort.INVOICE_NUMBER, 1)
    numbers = sorted(debt.invoice_number for debt in listed)
    assert [debt.invoice_number for debt in listing.page.items] == numbers
    assert listing.totals is not None and listing.totals.count == listing.page.total == len(numbers)
    return numbers


@pytest.fixture
def filled(rj1: Trust) -> Trust:
    rj1.send([
        row("INV-001/22", family_name="O'Brien", given_names="Seán", passport_number="AB 123-45"),
        row("A2", family_name="Yılmaz-Öztürk", given_names="Ayşe", other_names="Fatma 100%"),
        row("00300", family_name="Dela Cruz", given_names="-", passport_number=""),
        row("A4", family_name="Cruz", given_names="Jo"),
    ])  # fmt: skip
    return rj1


@pytest.mark.parametrize(
    ("q", "numbers"),
    [
        ("o'brien", ["INV-001/22"]),
        ("OBRIEN sean", ["INV-001/22"]),
        ("brien", ["INV-001/22"]),
        ("inv-001/22", ["INV-001/22"]),
        ("inv00122", ["INV-001/22"]),
        ("inv001", ["INV-001/22"]),
        ("001/22", ["INV-001/22"]),
        ("ab12345", ["INV-001/22"]),
        ("AB 123", ["INV-001/22"]),
        ("yilm", ["A2"]),
        ("OZTURK ayse", ["A2"]),
        ("Yılmaz Öztürk", ["A2"]),
        ("fatma", ["A2"]),
        ("100%", ["A2"]),
        ("%", ["A2"]),
        ("cruz", ["00300", "A4"]),
        ("cru del", ["00300"]),
        ("cruz -", ["00300", "A4"]),
        ("0030", ["00300"]),
        ("30", []),
        ("ruz", []),
        ("j cruz", []),
        ("cruz nobody", []),
        ("==rj1", []),
        ("_", []),
        ("\\", []),
        ("';--", []),
        ("\0", []),
        ("\ud800", []),
        ("😀", []),
        ("x" * 10_000, []),
        ('" OR "', []),
        ("cruz*", []),
        ("NOT cruz", []),
    ],
)
def test_every_typed_word_must_begin_a_word_of_the_debt(filled: Trust, q: str, numbers: list[str]):
    assert found(filled, q) == numbers


def test_a_debt_is_found_by_its_reference_with_and_without_its_dashes(filled: Trust):
    reference = filled.debt("A4").reference
    for q in (reference, reference.lower(), reference.replace("-", ""), reference[:12]):
        assert found(filled, q) == ["A4"]


def test_the_other_filters_still_hold(filled: Trust):
    assert found(filled, "cruz", statuses=("outstanding",)) == ["00300", "A4"]
    assert found(filled, "cruz", statuses=("repaid",)) == []
    assert found(filled, "cruz", min_amount=10**9) == []


def test_a_trust_finds_only_its_own_and_the_team_everybodys(filled: Trust, hospital: MakeTrust, team: Actor):
    other = hospital("RYJ")
    other.send([row("B1", family_name="Cruz")])
    assert found(other, "cruz") == ["B1"]
    assert found(filled, "cruz") == ["00300", "A4"]
    assert found(filled, "cruz", team) == ["00300", "A4", "B1"]
    assert found(filled, "cruz", team, organisation="RYJ") == ["B1"]
    assert found(filled, "cruz", Actor("x" * 32, "Nobody")) == []


def test_an_amended_name_is_found_and_the_old_one_no_more(filled: Trust):
    with at("2026-11-22"), filled.database.writing() as db:
        amending.amend(db, filled.officer, filled.debt("A4").id, {"family_name": "Wójcik"})
    assert (found(filled, "wojcik"), found(filled, "cruz")) == (["A4"], ["00300"])


def test_a_later_return_changes_the_words_and_its_withdrawal_brings_them_back(filled: Trust):
    later = filled.send([row("A4", family_name="Cruz", given_names="Joanna")]).return_
    assert (found(filled, "joanna"), found(filled, "jo")) == (["A4"], ["A4"])
    assert later is not None
    filled.withdraw(later)
    assert (found(filled, "joanna"), found(filled, "jo")) == ([], ["A4"])


def test_a_deleted_debt_leaves_no_words_behind(filled: Trust):
    """If this fails after a new migration: it built `debts` anew on SQLite, which drops its trigger. Lay that again."""
    gone = filled.debt("A4").id
    with filled.database.writing() as db:
        db.execute(delete(DebtEvent).where(DebtEvent.debt_id == gone))
        db.execute(delete(Debt).where(Debt.id == gone))
    with filled.database.reading() as db:
        assert db.execute(text("SELECT count(*) FROM words_of_debts")).scalar_one() == 3
        assert (
            db.execute(text("SELECT count(*) FROM words_of_debts WHERE debt_id = :id"), {"id": gone}).scalar_one() == 0
        )
    assert found(filled, "cruz") == ["00300"]


def test_after_wiping_the_file_of_the_database_holds_no_word_of_a_deleted_debt(filled: Trust):
    with filled.database.writing() as db:
        gone = filled.debt("A2").id
        db.execute(delete(DebtEvent).where(DebtEvent.debt_id == gone))
        db.execute(delete(Debt).where(Debt.id == gone))
    wiping.wipe(filled.database)
    if filled.database.is_sqlite:
        with filled.database.reading() as db:
            blocks = b"".join(db.execute(text("SELECT block FROM words_of_debts_data")).scalars())
            assert b"brien" in blocks and b"ilmaz" not in blocks and b"zturk" not in blocks
    assert (found(filled, "ozturk"), found(filled, "obrien")) == ([], ["INV-001/22"])


def test_a_debt_that_is_written_as_an_object_is_found_too(filled: Trust):
    with filled.database.writing() as db:
        debt = db.exec(select(Debt).where(Debt.invoice_number == "A4")).one()
        copied = Debt.model_validate(
            debt.model_dump() | {"id": "f" * 32, "reference": "ND-COPY", "invoice_number": "A5"}
        )
        db.add(copied)
        debt.family_name = "Renamed"
        db.add(debt)
    assert (found(filled, "cruz"), found(filled, "renamed")) == (["00300", "A5"], ["A4"])


def test_a_rebuilt_index_finds_what_it_found(filled: Trust):
    with filled.database.writing() as db:
        db.execute(text("DELETE FROM words_of_debts"))
        db.execute(update(Debt).where(Debt.invoice_number == "A4").values(family_name="Elsewhere"))
        assert finding.rebuild(db.connection()) == 4
    assert (found(filled, "elsewhere"), found(filled, "cruz")) == (["A4"], ["00300"])


def test_words_that_are_missing_come_with_the_next_change(filled: Trust):
    with filled.database.writing() as db:
        db.execute(text("DELETE FROM words_of_debts"))
        finding.renew(db.connection(), [filled.debt("A4").id])
    assert found(filled, "cruz") == ["A4"]


def test_of_very_many_that_match_the_newest_are_listed_without_totals(filled: Trust, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(queries, "MOST_FOUND", 1)
    with at("2026-11-22"), filled.database.reading() as db:
        many = queries.listing(db, filled.officer, DebtFilter(q="cruz"), Sort.AMOUNT, 1)
        filtered = queries.listing(db, filled.officer, DebtFilter(q="cruz", held=False), Sort.AMOUNT, 1)
        program = queries.list_debts(db, filled.officer, DebtFilter(q="cruz"), 100, None)
    assert ([debt.invoice_number for debt in many.page.items], many.page.total, many.totals) == (["A4"], 1, None)
    assert filtered.totals is not None and filtered.totals.count == len(program.items) == 2


def test_debts_of_others_that_match_never_crowd_out_ones_own(filled: Trust, hospital: MakeTrust, monkeypatch):
    hospital("RYJ").send([row(f"B{number}", family_name="Wildflower") for number in range(4)])
    filled.send([row("A0", family_name="Wildflower", given_names="Zoe")])
    hospital("RXA").send([row(f"C{number}", family_name="Wildflower") for number in range(4)])
    monkeypatch.setattr(queries, "MOST_FOUND", 1)
    assert found(filled, "wildflower") == ["A0"]
    with at("2026-11-22"), filled.database.reading() as db:
        page = queries.list_debts(db, filled.officer, DebtFilter(q="wildflower"), 1, None)
    assert ([debt.invoice_number for debt in page.items], page.next) == (["A0"], None)


@pytest.mark.parametrize("sort", Sort)
def test_pages_of_a_search_cut_every_order_without_gap_or_repetition(filled: Trust, sort: Sort):
    with at("2026-11-22"), filled.database.reading() as db:
        wanted = DebtFilter(q="cruz")
        pages = [queries.listing(db, filled.officer, wanted, sort, number, 1).page for number in (1, 2, 3)]
        whole = queries.listing(db, filled.officer, wanted, sort, 1).page
    assert [debt.id for page in pages for debt in page.items] == [debt.id for debt in whole.items]
    assert [(page.total, page.pages) for page in pages] == [(2, 2)] * 3


def test_a_program_pages_through_what_it_finds_without_gap_or_repetition(filled: Trust):
    seen: list[str] = []
    cursor = None
    with at("2026-11-22"), filled.database.reading() as db:
        while not seen or cursor is not None:
            page = queries.list_debts(db, filled.officer, DebtFilter(q="cruz"), 1, cursor)
            seen += [debt.invoice_number for debt in page.items]
            cursor = page.next
    assert seen == ["00300", "A4"]


def test_the_index_answers_and_no_table_is_read_through(filled: Trust, team: Actor):
    for actor in (filled.officer, team):
        for q in ("cruz", "inv-001/22"):
            with plans.statements(filled.database) as sent:
                found(filled, q, actor)
            for statement in sent:
                assert plans.goes_through_all(plans.plan(filled.database, statement, settings=NO_SEQUENTIAL)) == []


NO_SEQUENTIAL = ("SET LOCAL enable_seqscan = off",)  # of four debts PostgreSQL reads all rather than an index


def test_words_longer_than_an_index_takes_are_cut(database: Database, rj1: Trust):
    rj1.send(
        [
            row("A1", other_names="\N{ARABIC LIGATURE SALLALLAHOU ALAYHE WASALLAM}" * 160),
            row("A2", other_names="㍿" * 160),
        ]
    )
    assert found(rj1, "example") == ["A1", "A2"]


def test_no_letter_of_any_script_upsets_the_index(db: Session):
    """All signs of the basic plane as names: both databases take them, and find a letter of every script."""
    texts = [" ".join(map(chr, range(start, start + 2048))) for start in range(0, 0x10000, 2048)]
    kept = [
        {"id": f"{number:032x}", "organisation_code": "RJ1", "reference": f"ND-{number}", "invoice_number": str(number),
         "family_name": text_, "given_names": "-", "other_names": None, "passport_number": None}
        for number, text_ in enumerate(texts)
    ]  # fmt: skip
    finding.note(db.connection(), kept)
    assert db.execute(text("SELECT count(*) FROM words_of_debts")).scalar_one() == len(kept)
    assert [letter for letter in "qЖعकกღ한李ếß%€" if not finding.newest(db, letter, None, 1)] == []
