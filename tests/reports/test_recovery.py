"""Recovery: what came back of what was invoiced, by trust, and by site for those who see exact figures."""

from datetime import date

from sqlalchemy import text

from app.accounts.access import Actor, Grant
from app.accounts.permissions import Role
from app.reports import files
from app.return_template.choices import Status
from tests.reports.adding_up import BOARD, figures, report, rows, table
from tests.returns.conftest import at, row

WHAT = ("invoices", "invoiced", "recovered")
LPM = Actor("lpm", "Manager", (Grant(Role.LPM, None, frozenset({"RJ1"})),))


def test_repaid_and_part_paid_money_is_recovered_of_what_was_first_reported_in_the_span(year):
    with at("2026-11-22"), year.database.reading() as db:
        read = report(db, "recovery", "2026-11", 3)
        query = "SELECT count(*), sum(invoice_amount), sum(invoice_amount - amount_outstanding) FROM debts"
        assert figures(table(read, "organisations").total, *WHAT) == tuple(map(int, db.execute(text(query)).one()))
        own = next(line for line in table(read, "organisations").rows if line.code == "RJ1")
        assert figures(own, *WHAT, "payers") == (3, 765_000, 310_000, 2)
        assert own.values["rate"] == 310_000 / 765_000


def test_at_the_end_of_an_earlier_month_later_payments_had_not_been_made(year):
    with at("2026-11-22"), year.database.reading() as db:
        assert figures(table(report(db, "recovery", "2026-09"), "organisations").total, *WHAT) == (5, 1_275_000, 0)
        assert table(report(db, "recovery", "2026-10"), "organisations").rows == ()  # nothing was first reported then


def test_an_invoice_that_is_put_right_later_was_in_an_earlier_month_what_it_was_then(year):
    with at("2026-11-22"), year.database.reading() as db:
        before = [table(report(db, "recovery", month), "organisations").rows for month in ("2026-09", "2026-10")]
    year.trusts["RJ1"].send(
        [row("RJ1-0", invoice_amount="100.00", amount_outstanding="100.00")], "2026-10", "2026-11-22"
    )
    with at("2026-11-22"), year.database.reading() as db:
        after = [table(report(db, "recovery", month), "organisations").rows for month in ("2026-09", "2026-10")]
        now = table(report(db, "recovery", "2026-11", 3), "organisations").total
    assert after == before
    assert now.values["recovered"] >= 0


def test_a_withdrawn_invoice_was_never_owed(year):
    year.move("7A4-0", Status.WITHDRAWN, 255_000, "2026-11-20", date(2026, 11, 20))
    with at("2026-11-22"), year.database.reading() as db:
        assert figures(table(report(db, "recovery", "2026-11", 3), "organisations").total, *WHAT)[:2] == (4, 1_020_000)


def test_sites_are_put_together_whatever_their_capitals_and_spaces(year):
    with at("2026-11-22"), year.database.reading() as db:
        found = rows(report(db, "recovery", "2026-11", 3), "sites")
    own = {name.partition(": ")[2]: figures(line, "invoices")[0] for name, line in found.items() if "Guy" in name}
    assert own == {"St Example": 2, "Site not given": 1}


def test_a_trust_sees_its_own_sites_and_nobody_elses(year):
    officer = year.trusts["RJ1"].officer
    with at("2026-11-22"), year.database.reading() as db:
        assert set(rows(report(db, "recovery", "2026-11", 3, officer), "sites")) == {"St Example", "Site not given"}


def test_sites_reach_nobody_who_may_not_see_exact_figures_and_no_file_of_theirs(year):
    with at("2026-11-22"), year.database.reading() as db:
        for actor in (BOARD, LPM):
            read = report(db, "recovery", "2026-10", 12, actor)
            assert [each.key for each in read.tables] == ["organisations"]
            assert "example" not in files.as_csv(read, date(2026, 11, 22)).decode("utf-8-sig").casefold()
