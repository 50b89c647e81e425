"""The old register in ours: once, with its own provenance, flags and holds, so that trusts can update and end its debts."""

import io
from datetime import date

import pytest
from openpyxl import Workbook, load_workbook
from sqlmodel import col, select, update

from app.accounts.access import COMMAND_LINE
from app.audit.models import AuditEvent
from app.core.errors import Conflict, Refused
from app.debts import queries, service
from app.debts.filters import DebtFilter
from app.debts.models import Debtor
from app.debts.service import Move
from app.disclosures.lines import Lines
from app.old_register import kept
from app.old_register import service as old_register
from app.old_register.rules.understanding import Fate, Flags
from app.organisations.models import Organisation
from app.policy.in_force import policy_in_force
from app.releases import live
from app.return_template.choices import Status
from app.returns.histories import history_of, holds_of
from tests.old_register.conftest import AS_AT, LINE, Office, line, mended
from tests.returns.conftest import MakeTrust, Trust, at, row


def test_an_old_debt_is_listed_in_the_template_confirmed_untouched_and_ended_by_a_payment(office: Office, rj1: Trust):
    office.load([line("1", born="", nationality=""), line("2", reported="")])
    debt = office.debt("1")
    assert (debt.status, debt.flagged, debt.date_of_birth, debt.first_reported_on) == (
        "outstanding", True, None, date(2024, 9, 1)
    )  # fmt: skip
    assert office.debt("2").first_reported_on == date(2026, 11, 22)
    sent = rj1.send(rj1.template("2026-11", on="2026-12-02"), "2026-11", on="2026-12-03").return_
    assert (sent.read, sent.unchanged, sent.rejected, sent.confirmed) == (2, 2, 0, 2)
    assert office.debt("1").confirmed_on == date(2026, 11, 30)
    paid = mended(rj1.template("2026-12", on="2027-01-02"), "1", **{
        "Debt status": "Debt repaid", "Status date": date(2026, 12, 15), "Amount outstanding (£)": 0})  # fmt: skip
    sent = rj1.send(paid, "2026-12", on="2027-01-03").return_
    assert (sent.changed, sent.unchanged, sent.rejected) == (1, 1, 0)
    assert (office.debt("1").status, office.debt("1").flagged) == ("repaid", False)
    assert office.feed() == [("add", "1"), ("add", "2"), ("remove", "1")]


def test_a_payment_from_before_the_old_register_was_made_up_ends_the_debt_all_the_same(office: Office, rj1: Trust):
    office.load([line("1"), line("2"), line("3", status="Payment plan", since="01/02/2025")])
    paid = mended(rj1.template("2026-11", on="2026-12-02"), "1", **{
        "Debt status": "Debt repaid", "Status date": date(2025, 3, 1), "Amount outstanding (£)": 0})  # fmt: skip
    assert rj1.send(paid, "2026-11", on="2026-12-03").return_.changed == 1
    assert (office.debt("1").status, office.debt("1").status_date) == ("repaid", date(2025, 3, 1))
    with at("2026-12-03"), office.database.writing() as db:
        service.change_status(db, rj1.officer, office.debt("2").id, Move(Status.REPAID, date(2025, 3, 1), 0))
        with pytest.raises(Conflict, match="newer change of 01/02/2025"):
            service.change_status(db, rj1.officer, office.debt("3").id, Move(Status.REPAID, date(2024, 12, 1), 0))
    assert [each for each in office.feed() if each[0] == "remove"] == [("remove", "1"), ("remove", "2")]


def test_a_late_return_with_an_older_amount_leaves_the_newer_one_of_the_old_register(office: Office, rj1: Trust):
    office.load([line("1")])
    sent = rj1.send([row("1", invoice_date="14/06/2024", amount_outstanding="2000.00")], "2026-08").return_
    assert "W09" in rj1.codes(sent)
    assert office.debt("1").amount_outstanding == 120_000


def test_where_a_debt_comes_from_is_told_until_and_after_a_return_speaks_of_it(office: Office, rj1: Trust):
    office.load([line("1", since="01/10/2024")])
    (imported,) = office.imports()
    assert (imported.reference, imported.filename, imported.as_at, imported.by) == (
        "IMP-2026-11-01", "old.csv", AS_AT, "command line"
    )  # fmt: skip
    assert (imported.counts["read"], imported.counts["loaded"], imported.mapping["Inv No"]) == (1, 1, "invoice_number")
    sent = rj1.send([row("1", invoice_date="14/06/2024", amount_outstanding="500.00")], "2026-11", "2026-12-03").return_
    assert office.debt("1").return_id == sent.id
    rj1.withdraw(sent, on="2026-12-04")
    debt = office.debt("1")
    assert (debt.return_id, debt.return_row, debt.import_id) == (None, 3, imported.id)
    assert (debt.amount_outstanding, debt.confirmed_on) == (120_000, AS_AT)
    with office.database.reading() as db:
        first = history_of(db, debt)[0]
        exported = next(live.rows(db, COMMAND_LINE, DebtFilter(), Lines()))
    assert (first.source, first.words) == (
        "Imported register IMP-2026-11-01, row 3", "Stood in the register before this service as Debt outstanding"
    )  # fmt: skip
    assert (exported["return_reference"], exported["row"]) == ("IMP-2026-11-01", 3)


def test_the_row_is_kept_as_it_was_read_without_clinical_words(office: Office):
    office.load([line("1", status="In default", address="Ward 7B, cancer"), line("2")])
    with office.database.reading() as db:
        found = kept.source_row(db, office.debt("1"))
    assert found is not None
    cells = found.by_key()
    assert (found.number, cells["status"], cells["invoice_amount"]) == (3, "In default", "2550.00")
    assert "cancer" not in str(found.cells)
    assert "RJ1" in found.cells


def test_a_debt_that_does_not_belong_is_loaded_held_and_its_flag_is_taken_off(office: Office, rj1: Trust):
    summary = office.load([line("1", nationality="French"), line("2", status="Payment plan", nationality="French")])
    assert (summary.counts()["held"], summary.counts()["rejected"], office.numbers()) == (1, 1, ["1"])
    assert (office.feed(), office.debt("1").held) == ([("add", "1"), ("remove", "1")], True)
    with office.database.reading() as db:
        (hold,) = holds_of(db, office.debt("1"))
    assert "in the register before this service (R07)" in hold.words
    rj1.send(rj1.template("2026-11", on="2026-12-02"), "2026-11", on="2026-12-03")
    assert office.debt("1").held, "saying the same again answers nothing"
    right = mended(rj1.template("2026-11", on="2026-12-04"), "1", Nationality="Ghana")
    assert rj1.send(right, "2026-11", on="2026-12-05").return_.changed == 1
    assert not office.debt("1").held


def test_a_part_payment_does_not_let_go_of_a_debt_that_never_reached_the_threshold(office: Office, rj1: Trust):
    office.load([line("1", amount="300", left="300")])
    paid = mended(rj1.template("2026-11", on="2026-12-02"), "1", **{"Amount outstanding (£)": 200})
    assert rj1.send(paid, "2026-11", on="2026-12-03").return_.changed == 1
    assert office.debt("1").held


def test_a_flag_that_should_be_off_is_added_and_removed_and_one_that_is_off_is_not_told(office: Office):
    office.load([line("1", status="Paid", left="0", flag="Yes"), line("2", flag="No"), line("3", flag="Yes")])
    assert office.feed() == [("add", "1"), ("add", "3"), ("remove", "1")]
    assert [office.debt(number).flagged for number in "123"] == [False, False, True]


def test_flags_may_be_left_to_nobody(office: Office):
    office.load([line("1")], flags=Flags.NONE)
    assert office.feed() == []


def test_a_debt_reported_here_meanwhile_is_left_as_it_is_but_its_old_flag_is_known(office: Office, rj1: Trust):
    rj1.send([row("1", amount_outstanding="900.00"), row("2")])
    rj1.send([row("2", status="Debt repaid", status_date="01/11/2026", amount_outstanding="0")], "2026-11")
    summary = office.load([line("1"), line("2")])
    assert (summary.counts()["known"], office.debt("1").amount_outstanding) == (2, 90_000)
    assert office.feed() == [("add", "1"), ("add", "2"), ("remove", "2")]


def test_a_second_file_is_loaded_only_when_that_is_meant_and_adds_what_is_new(office: Office):
    office.load([line("1")])
    with office.database.reading() as db, pytest.raises(Conflict, match=r"22 November 2026 as IMP-2026-11-01.*--again"):
        old_register.check_first(db)
    summary = office.load([line("1"), line("2")])
    assert (summary.counts()["loaded"], summary.counts()["known"]) == (1, 1)
    assert [each.reference for each in office.imports()] == ["IMP-2026-11-01", "IMP-2026-11-02"]


def test_a_dry_run_says_the_same_and_writes_nothing(office: Office):
    lines = [line("1"), line("2", nationality="French"), line("3", left="lots"), line("4", trust="Nowhere Hospital")]
    tried = office.try_out(lines)
    assert (office.numbers(), office.imports(), office.feed()) == ([], [], [])
    loaded = office.load(lines)
    assert (tried.counts(), tried.codes, tried.by_status) == (loaded.counts(), loaded.codes, loaded.by_status)
    assert tried.counts() == {
        "read": 4, "blank": 0, "loaded": 1, "held": 1, "rejected": 2, "known": 0, "flags": 2
    }  # fmt: skip


def test_whatever_goes_wrong_nothing_is_half_loaded(office: Office):
    loading = office.opened([line("1"), line("2", trust="RYJ")], Flags.BY_STATUS, AS_AT)

    def stop_at_the_second(_rows: int) -> None:
        if seen.append(1) or len(seen) > 1:
            raise OSError("stopped")

    seen: list[int] = []
    with pytest.raises(OSError, match="stopped"), office.database.writing() as db:
        old_register.load(db, COMMAND_LINE, loading, office.notes, stop_at_the_second)
    assert (len(seen), office.numbers(), office.imports(), office.feed()) == (2, [], [], [])


def test_the_sums_are_of_what_is_loaded_by_status_and_nation(office: Office):
    summary = office.load([line("1"), line("2", trust="NHS Ayrshire and Arran", status="Payment plan", left="100.50")])
    assert {name: (total.debts, total.outstanding) for name, total in summary.by_status.items()} == {
        "outstanding": (1, 120_000), "arrangement": (1, 10_050)
    }  # fmt: skip
    assert {name: total.debts for name, total in summary.by_nation.items()} == {"England": 1, "Scotland": 1}


def test_debts_of_one_person_are_grouped_and_small_ones_marked(office: Office):
    office.load([line("1", given="Ada", passport="A1234567"), line("2", given="Ada", passport="A1234567"),
                 line("3", left="20")])  # fmt: skip
    assert office.debt("1").debtor_id == office.debt("2").debtor_id
    assert [office.debt(number).below_threshold for number in "123"] == [False, False, True]
    with office.database.reading() as db:
        assert len(db.exec(select(Debtor)).all()) == 2


def test_debts_of_a_trust_that_was_taken_over_keep_their_trust_and_are_its_successors(
    office: Office, hospital: MakeTrust
):
    with office.database.writing() as db:
        db.execute(
            update(Organisation).where(col(Organisation.code) == "RYJ")
            .values(successor_code="RJ1", successor_from=date(2026, 4, 1), close_date=date(2026, 3, 31))
        )  # fmt: skip
    summary = office.load([line("1", trust="RYJ", amount="300", left="300", given="Ada", passport="A1234567"),
                           line("2", amount="300", left="300", given="Ada", passport="A1234567"),
                           line("2", trust="RYJ")])  # fmt: skip
    assert (summary.counts()["loaded"], summary.fates[Fate.HELD]) == (3, 0)
    assert office.debt("1").organisation_code == "RYJ"


def test_a_debt_not_confirmed_since_shows_as_unconfirmed(office: Office):
    office.load([line("1")], as_at=date(2026, 6, 30))
    assert queries.is_unconfirmed(office.debt("1"), policy_in_force(), date(2026, 11, 22))


def test_loading_is_audited_by_counts_alone(office: Office):
    office.load([line("1", family="Verysecret")])
    with office.database.reading() as db:
        event = db.exec(select(AuditEvent).where(AuditEvent.action == "register:import")).one()
    assert (event.detail["read"], event.detail["loaded"], event.actor) == (1, 1, "command line")
    assert "Verysecret" not in str(event.detail)
    assert "Verysecret" not in str(office.imports()[0].counts) + str(office.imports()[0].mapping)


def test_the_rows_not_loaded_can_be_mended_in_the_workbook_and_loaded(office: Office, tmp_path):
    office.load([line("1", left="lots"), line("2", trust="Guys St Tomas"), line("3", given="=HYPERLINK(1)")])
    path = office.findings(tmp_path)
    book = load_workbook(path)
    assert book.sheetnames == ["Not loaded", "Findings"]
    sheet = book["Not loaded"]
    at_heading = {cell.value: cell.column for cell in sheet[1]}
    assert [sheet.cell(each, at_heading["Original row"]).value for each in (2, 3)] == [4, 3]
    assert "Guy's and St Thomas' NHS Foundation Trust (RJ1)" in sheet.cell(2, at_heading["What to fix"]).value
    sheet.cell(2, at_heading["Organisation"]).value = "Guy's and St Thomas' NHS Foundation Trust (RJ1)"
    sheet.cell(3, at_heading["Amount outstanding (£)"]).value = 900
    out = io.BytesIO()
    book.save(out)
    assert office.load(out.getvalue()).counts()["loaded"] == 2
    assert office.numbers() == ["1", "2", "3"]


def test_two_sheets_with_the_same_headings_are_refused_by_name(office: Office):
    book = Workbook()
    for sheet in (book.active, book.create_sheet("Wales")):
        sheet.append(list(LINE))
        sheet.append(list(LINE.values()))
    book.active.title = "England"
    out = io.BytesIO()
    book.save(out)
    with pytest.raises(Refused, match='"England" and "Wales"'):
        office.load(out.getvalue())


def test_a_file_without_rows_or_that_is_none_is_refused(office: Office):
    with pytest.raises(Refused, match="no rows"):
        office.load((",".join(LINE) + "\n").encode())
    with pytest.raises(Refused, match="not a spreadsheet"):
        office.load(b"%PDF-1.4 nothing")


@pytest.mark.parametrize(("day", "said"), [("soon", "is not a day"), ("2026-11-23", "yet to come")])
def test_the_day_of_which_a_file_speaks_is_a_day_that_has_come(day, said):
    with at("2026-11-22"), pytest.raises(Refused, match=said):
        old_register.day_of(day)
