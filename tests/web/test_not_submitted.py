"""Who has not submitted, as a page and as CSV: a manager's portfolio first, filters, addresses. Today is 22 November 2026."""

import csv
import io
from datetime import date

import pytest

from app.accounts import service as accounts
from app.accounts.access import COMMAND_LINE
from app.accounts.permissions import Role
from app.contact_log import service as contact_log
from app.contact_log.rules.entry import Details
from app.periods.calendar import Period
from app.reminders import sending
from app.submissions import service as submissions
from tests.api.conftest import Person
from tests.web.conftest import Browser, row, said, workbook

PATH = "/submissions/missing"


@pytest.fixture
def october(app, database):
    """RJ1, RYJ and 7A1 owe October. RYJ has an officer, whose file was refused; nobody has sent anything that counts."""
    with database.writing() as db:
        submissions.set_obligation(db, COMMAND_LINE, ["RJ1", "RYJ", "7A1"], Period(2026, 10))
        accounts.add_user(db, COMMAND_LINE, "officer@ryj.example", Role.TRUST, "RYJ")
        sender = Person(Browser(app).client, accounts.create_token(db, COMMAND_LINE, "officer@ryj.example"))
    assert sender.upload(b"no workbook", organisation="RYJ").status_code == 422
    return sender


def test_the_month_that_ended_last_is_shown_with_whom_to_ask_and_what_came_before(visitor, october):
    page = visitor(Role.DEBTORS_TEAM).get(PATH)
    words = said(page)
    assert words.startswith("Who has not submitted for October 2026")
    assert "Due by the end of 20 November 2026, UK time: 2 days late." in words
    assert "3 organisations" in words and "RYJ Trust (RYJ) London officer@ryj.example" in words
    assert "Never" in words and "1 of 1 missing" in words and "No officer has an account." in words
    assert 'href="mailto:officer@ryj.example"' in page.text


def test_addresses_stand_in_one_field_to_copy_and_who_has_none_is_named(visitor, october):
    page = visitor(Role.DEBTORS_TEAM).get(PATH)
    assert "readonly" in page.text and ">officer@ryj.example</textarea>" in page.text
    assert "Nobody’s address is known of: 7A1 Trust; RJ1 Trust." in said(page)


def test_a_concern_says_what_went_wrong_and_what_to_say(visitor, october):
    words = said(visitor(Role.DEBTORS_TEAM).get(PATH))
    assert "The newest file of 1 organisation did not count for the month." in words
    assert (
        "the file was refused ( F01 ). The file is not a spreadsheet that can be read. Ask them to open the file"
        in words
    )


def test_a_manager_begins_with_the_own_portfolio_and_may_look_at_all(visitor, october):
    manager = visitor(Role.LPM, "RJ1")
    words = said(manager.get(PATH))
    assert "1 organisation " in words and "RJ1 Trust (RJ1)" in words and "RYJ Trust" not in words
    assert "Your portfolio. Show all organisations" in words
    assert "3 organisations" in said(manager.get(PATH, lpm="all"))
    assert "1 organisation " in said(manager.get(PATH, lpm="lpm@rj1.example"))


def test_the_last_contact_stands_beside_whom_the_reader_looks_after(visitor, october, database):
    with database.writing() as db:
        contact_log.log(db, COMMAND_LINE, "RJ1", Details("call", date(2026, 11, 19), "agreed_date"))
    manager = visitor(Role.LPM, "RJ1")
    told = "Call on 19 November 2026: agreed a date for the return Contact log of RJ1 Trust"
    assert told in said(manager.get(PATH))
    everybody = said(manager.get(PATH, lpm="all"))
    assert told in everybody and "Kept by its manager" in everybody and "No contact is logged" not in everybody
    team = visitor(Role.DEBTORS_TEAM)
    assert told in said(team.get(PATH)) and "No contact is logged" in said(team.get(PATH))
    assert "19/11/2026,Call" in team.get(PATH + ".csv").text
    for other in (visitor(Role.TRUST, "RJ1"), visitor(Role.HEALTH_DEPARTMENT, "England")):
        assert "contact" not in said(other.get(PATH)).casefold()
        assert "19/11/2026" not in other.get(PATH + ".csv").text


def test_the_last_reminder_of_the_month_stands_beside_it(visitor, october, database):
    with database.writing() as db:
        sending.send_by_hand(db, COMMAND_LINE, Period(2026, 10), ["RYJ"], date(2026, 11, 22))
    team = visitor(Role.DEBTORS_TEAM)
    assert said(team.get(PATH)).count("Reminded on 22 November 2026") == 1
    assert team.get(PATH + ".csv").text.count(",22/11/2026\r\n") == 1
    assert "Reminded" not in said(team.get(PATH, period="2026-11"))
    assert "22/11/2026" not in visitor(Role.TRUST, "RYJ").get(PATH + ".csv").text


def test_a_manager_without_a_portfolio_begins_with_all(visitor, october):
    assert "3 organisations" in said(visitor(Role.LPM).get(PATH))


def test_the_list_is_narrowed_and_says_when_nobody_is_left(visitor, october):
    team = visitor(Role.DEBTORS_TEAM)
    assert "7A1 Trust" in said(team.get(PATH, nation="Wales")) and "RJ1 Trust" not in said(
        team.get(PATH, nation="Wales")
    )
    assert "3 organisations" in said(team.get(PATH, heard="never", sort="silence"))
    assert "No organisation is in this list." in said(team.get(PATH, heard="some"))
    assert "No organisation is in this list." in said(team.get(PATH, region="Nowhere"))
    assert "Nobody is missing" in said(team.get(PATH, period="2026-09"))


def test_a_trust_sees_itself_alone_and_is_given_no_addresses(visitor, october):
    words = said(visitor(Role.TRUST, "RYJ").get(PATH))
    assert "RYJ Trust (RYJ)" in words and "RJ1" not in words and "Write to them" not in words


def test_whoever_has_sent_the_return_is_off_the_list(visitor, october):
    assert october.upload(workbook(row(1)), organisation="RYJ").status_code == 201
    words = said(visitor(Role.DEBTORS_TEAM).get(PATH))
    assert "2 organisations" in words and "RYJ Trust (RYJ)" not in words and "Concerns" not in words


def test_the_list_comes_as_csv_with_the_same_filters(visitor, october):
    answer = visitor(Role.DEBTORS_TEAM).get(PATH + ".csv", nation="England", sort="name")
    rows = list(csv.DictReader(io.StringIO(answer.content.decode("utf-8-sig"))))
    assert [one["Code"] for one in rows] == ["RJ1", "RYJ"]
    assert (rows[1]["Write to"], rows[1]["Last return for"], rows[1]["Due"]) == (
        "officer@ryj.example",
        "never",
        "20/11/2026",
    )
    assert 'filename="not-submitted-2026-10.csv"' in answer.headers["content-disposition"]


@pytest.mark.parametrize("path", [PATH, PATH + ".csv"])
@pytest.mark.parametrize("wrong", [{"period": "2026-13"}, {"sort": "colour"}, {"heard": "maybe"}, {"lpm": "x" * 300}])
def test_an_address_that_asks_for_nonsense_is_told_so(visitor, october, path, wrong):
    assert visitor(Role.DEBTORS_TEAM).get(path, **wrong).status_code == 422


def test_odd_texts_are_taken_literally(visitor, october):
    team = visitor(Role.DEBTORS_TEAM)
    for odd in ("%", "'", "\0", "😀", "<b>"):
        page = team.get(PATH, region=odd, lpm=odd, nation=odd)
        assert page.status_code == 200 and "<b>" not in page.text


def test_nothing_tells_of_a_patient(visitor, october):
    october.upload(workbook(row(1), row(2, date_of_birth="?")), organisation="RYJ")
    team = visitor(Role.DEBTORS_TEAM)
    told = "".join(
        team.get(path).text for path in (PATH, PATH + ".csv", "/submissions/rates", "/submissions/rates.csv")
    )
    assert "Okonkwo" not in told and "INV0" not in told
