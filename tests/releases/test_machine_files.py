"""The files for machines: exactly the agreed columns, exact values, and a flag for whom it belongs to."""

import csv
import io
from collections.abc import Iterable
from datetime import UTC, date, datetime

import pytest

from app.releases.lines import Line
from app.releases.models import Scope
from app.releases.outputs import midas, warnings_index
from app.releases.outputs.warnings_index import Carried
from tests.releases.making import AS_AT, line

ODD = [
    "=1+1",
    "+44",
    "-x",
    "@SUM(A1)",
    "'=1",
    'say "so"',
    "a,b",
    "two\nlines",
    "two\r\nlines",
    "\t",
    "𠮷野家",
    "🂡",
    " x ",
]


def read(pieces: Iterable[bytes]) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(b"".join(pieces).decode("utf-8"), newline="")))


def flags(*lines: Line | Carried, scope: Scope = Scope.CHANGES) -> list[tuple[str, str]]:
    told = [each if isinstance(each, Carried) else Carried(each, None) for each in lines]
    found = read(warnings_index.csv_pieces(warnings_index.flags(scope, AS_AT, told)))
    return [(flag["action"], flag["family_name"]) for flag in found]


def test_midas_gets_its_columns_in_their_order_with_codes_iso_dates_and_pounds():
    (found,) = read(midas.csv_pieces([line(status="arrangement", status_date=date(2026, 9, 2), amount_outstanding=5)]))
    assert list(found.items()) == [
        ("reference", "ND-000001"), ("organisation_code", "RJ1"), ("invoice_number", "00123"),
        ("date_of_debt", "2026-06-14"), ("amount_outstanding", "0.05"), ("status", "arrangement"),
        ("status_date", "2026-09-02"), ("family_name", "Okonkwo"), ("given_names", "Ada"),
        ("date_of_birth", "1985-03-27"), ("nationality", "NGA"), ("passport_number", "A01234567"),
        ("home_office_reference", ""), ("change", "new"),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("pence", "pounds"), [(0, "0.00"), (125000, "1250.00"), (29, "0.29"), (10**14, f"{10**12}.00")]
)
def test_amounts_are_exact_to_the_penny(pence: int, pounds: str):
    assert read(midas.csv_pieces([line(amount_outstanding=pence)]))[0]["amount_outstanding"] == pounds


def test_a_debt_said_again_is_updated_to_midas_and_a_single_name_leaves_the_given_names_empty():
    (found,) = read(midas.csv_pieces([line(change="same", given_names="-")]))
    assert (found["change"], found["given_names"]) == ("updated", "")


@pytest.mark.parametrize("text", ODD)
def test_any_text_comes_back_from_the_files_for_machines_as_it_was_without_a_guard(text: str):
    said = line(family_name=text, invoice_number=text)
    for pieces in (
        midas.csv_pieces([said]),
        warnings_index.csv_pieces(warnings_index.flags(Scope.FULL, AS_AT, [Carried(said, None)])),
    ):
        (found,) = read(pieces)
        assert (found["family_name"], found["invoice_number"]) == (text, text)


def test_files_for_machines_have_no_mark_and_end_their_lines_as_the_rfc_says():
    content = b"".join(midas.csv_pieces([line(family_name="\ud800")]))
    assert content.startswith(b"reference,organisation_code,") and content.endswith(b",new\r\n")
    assert "\ufffd" in content.decode()


def test_the_warnings_index_gets_its_columns_in_their_order():
    at = datetime(2026, 11, 22, 9, 30, tzinfo=UTC)
    (found,) = read(warnings_index.csv_pieces(warnings_index.flags(Scope.FULL, at, [Carried(line(), None)])))
    assert list(found.items()) == [
        ("reference", "ND-000001"), ("action", "add"), ("family_name", "Okonkwo"), ("given_names", "Ada"),
        ("date_of_birth", "1985-03-27"), ("nationality", "NGA"), ("passport_number", "A01234567"),
        ("organisation_code", "RJ1"), ("invoice_number", "00123"), ("as_at", "2026-11-22T09:30:00Z"),
    ]  # fmt: skip


def test_a_full_release_says_every_flag_that_is_on_and_what_must_go():
    said = [
        line(1, family_name="New"), line(2, "same", flagged=True, family_name="Same"),
        line(3, "same", shown=False, family_name="Arranged"), line(4, "removed", shown=False, family_name="Gone"),
        line(5, shown=False, family_name="Never shown"),
    ]  # fmt: skip
    assert flags(*said, scope=Scope.FULL) == [("add", "New"), ("add", "Same"), ("remove", "Gone")]


def test_changes_say_only_what_is_different():
    before = line(family_name="Okonkwo")
    more_owed = Carried(line(change="updated", flagged=True, amount_outstanding=1), before)
    arranged = Carried(line(change="updated", shown=False), before)
    still_arranged = Carried(line(change="updated", shown=False), line(shown=False))
    defaulted = Carried(line(change="updated", flagged=True), line(shown=False))
    assert flags(line()) == [("add", "Okonkwo")]
    assert flags(more_owed) == flags(still_arranged) == flags(line(shown=False)) == []
    assert flags(arranged) == flags(line(change="removed", shown=False)) == [("remove", "Okonkwo")]
    assert flags(defaulted) == [("add", "Okonkwo")]


def test_a_flag_that_ended_and_begins_again_between_two_releases_is_said_again():
    assert flags(Carried(line(change="updated", flagged=False), line())) == [("add", "Okonkwo")]


@pytest.mark.parametrize("scope", Scope)
@pytest.mark.parametrize("flagged", [True, False])
def test_a_corrected_person_goes_as_they_were_shown_and_comes_anew(scope: Scope, flagged: bool):
    corrected = line(change="corrected", flagged=flagged, family_name="Right")
    assert flags(Carried(corrected, line(family_name="Wrong")), scope=scope) == [("remove", "Wrong"), ("add", "Right")]


def test_a_removed_debt_whose_name_was_corrected_meanwhile_goes_under_the_name_that_was_shown():
    gone = line(change="removed", shown=False, family_name="Right")
    assert flags(Carried(gone, line(family_name="Wrong"))) == [("remove", "Wrong")]


def test_what_an_import_carried_was_shown():
    assert flags(line(change="updated", shown=False)) == [("remove", "Okonkwo")]
    assert flags(line(change="updated", flagged=True)) == []
