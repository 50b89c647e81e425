"""The contact log and cover on pages, the manager's home and the organisation's page. Today is 22 November 2026."""

import re

import pytest

from app.accounts import service as accounts
from app.accounts.access import COMMAND_LINE
from app.accounts.permissions import Role
from app.organisations.models import Organisation
from app.periods.calendar import Period
from app.submissions import service as submissions
from tests.web.conftest import Browser, said

LOG = "/organisations/RJ1/contact-log"
CALL = {
    "kind": "call", "day-day": "20", "day-month": "11", "day-year": "2026", "outcome": "agreed_date",
    "note": "October follows on Friday.", "next_step": "Check that October has arrived",
    "due_on-day": "21", "due_on-month": "11", "due_on-year": "2026",
}  # fmt: skip
COVER = {f"{name}-{part}": text for name, texts in (("first", ("22", "11", "2026")), ("last", ("5", "12", "2026")))
         for part, text in zip(("day", "month", "year"), texts, strict=True)}  # fmt: skip


@pytest.fixture
def owing(app, database):
    """RJ1 and RYJ have owed since September 2025, and sent nothing."""
    with database.writing() as db:
        submissions.set_obligation(db, COMMAND_LINE, ["RJ1", "RYJ"], Period(2025, 9))


@pytest.fixture
def manager(visitor) -> Browser:
    return visitor(Role.LPM, "RJ1")


def entry_of(browser: Browser) -> str:
    found = re.search(rf'href="({LOG}/[0-9a-f]{{32}})"', browser.get(LOG).text)
    assert found
    return found[1]


def test_a_call_is_logged_corrected_and_its_step_ticked_off(manager):
    assert "No contact is logged yet." in said(manager.get(LOG))
    assert 'value="22"' in manager.get(LOG).text, "it was today unless told otherwise"
    words = said(manager.follow(manager.post(LOG, CALL)))
    assert "The entry is in the contact log." in words
    assert "Overdue Check that October has arrived 21 November 2026, 1 day late" in words
    assert "Call on 20 November 2026: agreed a date for the return October follows on Friday." in words
    one = entry_of(manager)
    words = said(manager.follow(manager.post(one, CALL | {"kind": "visit"})))
    assert "The entry is corrected." in words and "Visit on 20 November 2026" in words
    assert "Entry corrected: kind" in words and "Entry written" in words
    assert "The next step is done." in said(manager.follow(manager.post(one, {"done": "true"})))
    assert "Done 22 November 2026" in said(manager.get(one))


def test_an_entry_that_cannot_be_kept_is_shown_again_with_what_was_entered(manager):
    answer = manager.post(LOG, CALL | {"outcome": "", "note": "Patient born 3 4 1985"})
    assert answer.status_code == 422
    assert "Choose what came of it This seems to hold a date of birth. The log is never about patients" in said(answer)
    assert "Patient born 3 4 1985" in answer.text and 'href="#note"' in answer.text
    answer = manager.post(LOG, CALL | {"day-day": "31"})
    assert (answer.status_code, "must be a real date" in said(answer)) == (422, True)


def test_somebody_elses_entry_is_read_and_not_corrected(manager, visitor):
    manager.post(LOG, CALL)
    team = visitor(Role.DEBTORS_TEAM)
    page = said(team.get(entry_of(team)))
    assert "The next step is done" in page and "Correct this entry" not in page
    answer = team.post(entry_of(team), CALL | {"kind": "mail"})
    assert (answer.status_code, "Only the person who wrote this entry" in said(answer)) == (403, True)


def test_the_log_of_another_portfolio_says_so_and_one_that_is_nobodys_is_not_there(manager):
    answer = manager.get("/organisations/RYJ/contact-log")
    assert (answer.status_code, "not in your portfolio" in said(answer)) == (403, True)
    assert manager.get("/organisations/NOPE/contact-log").status_code == 404
    assert "Contact log" not in said(manager.get("/organisations/RYJ"))


def test_a_trust_reads_its_record_and_what_goes_wrong_and_never_the_log(manager, visitor, owing):
    manager.post(LOG, CALL)
    words = said(visitor(Role.TRUST).get("/organisations/RJ1"))
    assert "What goes wrong" in words and "October 2026 Missing" in words
    assert "Contact log" not in words and "October follows" not in words
    assert visitor(Role.TRUST).get(LOG).status_code == 403


def test_an_organisations_page_tells_its_manager_what_is_open_and_leads_to_36_months(manager, owing):
    manager.post(LOG, CALL)
    page = manager.get("/organisations/RJ1")
    words = said(page)
    assert "Overdue Check that October has arrived" in words
    assert "Last contacts Call on 20 November 2026" in words
    assert "No row was marked in the last 12 months." in words
    assert 'href="/submissions/RJ1/2026-10"' in page.text and "January 2025" not in words
    assert "January 2025 Not owed" in said(manager.get("/organisations/RJ1", months=36))
    assert manager.get("/organisations/RJ1", months=500).status_code == 422


def test_a_managers_home_begins_with_what_to_do_next(manager, owing):
    words = said(manager.get("/"))
    assert "1 organisation whose return for October 2026 is late" in words
    assert "1 organisation from which nothing comes" in words
    assert "RJ1 Trust (RJ1) Missing 2 days late No contact is logged. Log a contact with RJ1 Trust" in words
    assert "RJ1 Trust (RJ1): nothing for 12 months that it owed" in words
    manager.post(LOG, CALL)
    words = said(manager.get("/"))
    assert "1 next step to take, 1 overdue" in words
    assert "2 days late Call on 20 November 2026: agreed a date for the return." in words
    assert "RYJ" not in words


def test_a_manager_without_a_portfolio_is_told_whom_to_ask(visitor):
    assert "No organisation is in your portfolio yet. Ask your administrator" in said(visitor(Role.LPM).get("/"))


def test_a_long_list_shows_its_beginning_and_opens_the_rest(visitor, database, owing):
    manager = visitor(Role.LPM, "RJ1")
    with database.writing() as db:
        codes = [f"X{number:02d}" for number in range(40)]
        for code in codes:
            db.add(Organisation(code=code, name=code, nation="England", region="London", organisation_type="NHS Trust"))
        db.flush()
        submissions.set_obligation(db, COMMAND_LINE, codes, Period(2026, 10))
        for code in codes:
            accounts.add_user(db, COMMAND_LINE, "lpm@rj1.example", "lpm", code)
    words = said(manager.get("/"))
    assert "41 organisations whose return for October 2026 is late" in words
    assert "Show 31 more organisations that have not submitted" in words


def test_who_is_away_names_who_covers_and_all_three_read_it(app, manager, visitor, database):
    other = visitor(Role.LPM, "7A1")
    with database.reading() as db:
        sam = accounts.user_by_email(db, "lpm@7a1.example").id
    assert other.get(LOG).status_code == 403
    page = manager.follow(manager.post("/account/cover", COVER | {"covering": sam}))
    assert "22 November 2026 to 5 December 2026: lpm@7a1.example covers." in said(page)
    assert other.get(LOG).status_code == 200
    assert "lpm@7a1.example covers for you until 5 December 2026." in said(manager.get("/"))
    home = said(other.get("/"))
    assert "You cover for lpm@rj1.example until 5 December 2026" in home
    assert "2 organisations in your portfolio, with those that you cover." in home
    assert "Away until 5 December 2026. lpm@7a1.example covers" in said(visitor(Role.TRUST).get("/"))
    end = re.search(r'name="end" value="(\w+)"', page.text)[1]
    assert "The cover has ended." in said(manager.follow(manager.post("/account/cover", {"end": end})))
    assert other.get(LOG).status_code == 403


@pytest.mark.parametrize(
    ("changes", "status", "words"),
    [
        ({"covering": ""}, 422, "Choose who covers"),
        ({"first-day": "31"}, 422, "The first day must be a real date"),
        ({"last-day": "21", "last-month": "11"}, 422, "The last day is before the first"),
        ({"first-day": "21"}, 422, "A cover cannot begin before today"),
    ],
)
def test_a_cover_that_cannot_be_is_shown_again(manager, visitor, database, changes, status, words):
    visitor(Role.LPM, "7A1")
    with database.reading() as db:
        sam = accounts.user_by_email(db, "lpm@7a1.example").id
    answer = manager.post("/account/cover", COVER | {"covering": sam} | changes)
    assert (answer.status_code, words in said(answer)) == (status, True), said(answer)


def test_an_administrator_says_who_covers_for_somebody_who_cannot(manager, visitor, database):
    admin, other = visitor(Role.ADMIN), visitor(Role.LPM, "7A1")
    with database.reading() as db:
        pat, sam = (accounts.user_by_email(db, f"lpm@{code}.example").id for code in ("rj1", "7a1"))
    page = admin.follow(admin.post(f"/users/{pat}/cover", COVER | {"covering": sam}))
    assert "The cover is set." in said(page)
    assert other.get(LOG).status_code == 200
    assert "Cover set: from 2026-11-22, to 2026-12-05" in said(admin.get(f"/users/{pat}"))
    assert admin.get(f"/users/{'0' * 32}/cover").status_code == 404


def test_a_trust_reads_how_to_reach_its_manager(manager, visitor):
    assert "Your phone number is saved." in said(
        manager.follow(manager.post("/account/phone", {"phone": "020 7946 0123"}))
    )
    answer = manager.post("/account/phone", {"phone": "ask for Pat"})
    assert (answer.status_code, "That is not a phone number" in said(answer)) == (422, True)
    trust = visitor(Role.TRUST)
    for path in ("/", "/organisations/RJ1"):
        assert "lpm@rj1.example , 020 7946 0123" in said(trust.get(path)), path
    assert "Nobody is named yet. Ask the NHS Debtors Team" in said(visitor(Role.TRUST, "RYJ").get("/"))
    manager.post("/account/phone", {"phone": ""})
    assert "020 7946 0123" not in said(trust.get("/"))
