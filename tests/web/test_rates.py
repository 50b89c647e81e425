"""Rates as a page and as CSV: the figures with what each counts, by whom they may be added up. Today is 22 November 2026."""

import csv
import io

import pytest

from app.accounts import service as accounts
from app.accounts.access import COMMAND_LINE
from app.accounts.permissions import Role
from app.periods.calendar import Period
from app.submissions import service as submissions
from app.submissions.rates import DEFINITIONS
from tests.api.conftest import Person
from tests.web.conftest import Browser, row, said, workbook

PATH = "/submissions/rates"


@pytest.fixture
def october(app, database):
    """RJ1 and 7A1 owe October. RJ1 has sent two rows, of which one went back."""
    with database.writing() as db:
        submissions.set_obligation(db, COMMAND_LINE, ["RJ1", "7A1"], Period(2026, 10))
        accounts.add_user(db, COMMAND_LINE, "sender@rj1.example", Role.TRUST, "RJ1")
        sender = Person(Browser(app).client, accounts.create_token(db, COMMAND_LINE, "sender@rj1.example"))
    assert sender.upload(workbook(row(1), row(2, date_of_birth="?"))).status_code == 201


def test_each_figure_stands_beside_what_it_counts_then_by_region_then_by_month(visitor, october):
    words = said(visitor(Role.DEBTORS_TEAM).get(PATH))
    assert words.startswith("Rates, November 2025 to October 2026")
    for one in DEFINITIONS:
        assert one.words in words
    assert "Received, share 50%" in words and "First time right 50%" in words and "Still to mend 1" in words
    assert "By region" in words and "London 2 1 50% 0 0% 50% – 1" in words
    assert "Month by month" in words and "October 2026 2 1 50% 0% 50%" in words


@pytest.mark.parametrize(("by", "line"), [("nation", "Wales 1 0 0% 0 0% – – 0"), ("organisation", "RJ1 Trust 1 1 100%"),
                                          ("lpm", "No LPM 2 1 50%")])  # fmt: skip
def test_rates_are_added_up_as_asked(visitor, october, by, line):
    assert line in said(visitor(Role.DEBTORS_TEAM).get(PATH, **{"from": "2026-10", "to": "2026-10", "by": by}))


def test_a_board_reads_nations_and_regions_but_no_single_organisation(visitor, october):
    board = visitor(Role.BOARD)
    page = board.get(PATH)
    assert page.status_code == 200 and "RJ1" not in page.text and 'value="organisation"' not in page.text
    assert "Who has not submitted" not in said(page)
    for by in ("organisation", "lpm"):
        assert board.get(PATH, by=by).status_code == board.get(PATH + ".csv", by=by).status_code == 403
    assert board.get(PATH + ".csv", by="nation").status_code == 200
    for text in (page.text, board.get(PATH + ".csv", by="nation").text):
        assert "On time" in text and "Still to mend" not in text and "First time right" not in text


def test_a_trust_reads_its_own(visitor, october):
    words = said(visitor(Role.TRUST, "RJ1").get(PATH))
    assert "By organisation" in words and "RJ1 Trust 1 1 100%" in words and "7A1" not in words


def test_months_of_which_nothing_was_owed_say_so(visitor, october):
    page = visitor(Role.LPM).get(PATH, **{"from": "2026-01", "to": "2026-02"})
    assert "Nothing was owed in these months yet. Choose others." in said(page)


def test_rates_come_as_csv(visitor, october):
    answer = visitor(Role.DEBTORS_TEAM).get(PATH + ".csv", by="nation")
    rows = list(csv.DictReader(io.StringIO(answer.content.decode("utf-8-sig"))))
    assert [(one["Nation"], one["Owed"], one["Received"], one["First time right"]) for one in rows] == [
        ("England", "1", "1", "0.5"), ("Wales", "1", "0", ""),
    ]  # fmt: skip
    assert 'filename="rates-2025-11-to-2026-10-by-nation.csv"' in answer.headers["content-disposition"]


@pytest.mark.parametrize(
    "wrong",
    [{"from": "10-2026"}, {"from": "2026-10", "to": "2026-09"}, {"from": "2001-01"}, {"by": "colour"}, {"by": "\0"}],
)
def test_an_address_that_asks_for_nonsense_is_told_so(visitor, october, wrong):
    team = visitor(Role.DEBTORS_TEAM)
    assert team.get(PATH, **wrong).status_code == team.get(PATH + ".csv", **wrong).status_code == 422
