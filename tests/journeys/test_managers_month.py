"""A manager's month: signs in, reads who has not sent, who never does and whom they last spoke to, and logs a call."""

import re
from datetime import timedelta

import pytest
from playwright.sync_api import expect

from app.accounts import service as accounts
from app.accounts.access import COMMAND_LINE
from app.contact_log import service as contact_log
from app.contact_log.rules.entry import Details
from app.core import clock
from app.organisations.models import Organisation
from app.periods.calendar import Period
from app.submissions import service as submissions
from tests.journeys.conftest import clean, sign_in

CODE, NAME = "LOG", "Logbook Hospitals"


@pytest.fixture(scope="module")
def manager(served) -> str:
    """Looks after one trust that has owed for a year and sent nothing; they spoke two days ago."""
    email = served.person("manager@month.example", "lpm")
    last = Period.containing(clock.today()).previous()
    with served.database.writing() as db:
        db.add(Organisation(code=CODE, name=NAME, nation="England", region="London", organisation_type="NHS Trust"))
        db.flush()
        accounts.add_user(db, COMMAND_LINE, email, "lpm", CODE)
        submissions.set_obligation(db, COMMAND_LINE, [CODE], last.plus(-12))
        user = accounts.user_by_email(db, email)
        assert user is not None
        spoke = Details("visit", clock.today() - timedelta(days=2), "spoke_to_officer", "Showed the template")
        contact_log.log(db, accounts.actor_for_user(db, user), CODE, spoke)
    return email


def test_a_manager_answers_three_questions_from_home_and_logs_a_call(page, manager):
    sign_in(page, manager)
    month = Period.containing(clock.today()).previous().label
    expect(page.get_by_role("heading", name=f"Who has not submitted {month}")).to_be_visible()
    expect(page.get_by_role("listitem").filter(has_text=f"{NAME} ({CODE})").filter(has_text="Missing")).to_be_visible()
    expect(page.get_by_role("listitem").filter(has_text=f"{NAME} ({CODE}): nothing for 12 months")).to_be_visible()
    expect(page.get_by_role("link", name=re.compile("^Visit on .*: spoke to an officer"))).to_be_visible()
    clean(page)
    page.get_by_role("link", name=f"Log a contact with {NAME}").first.click()
    page.get_by_label("Call", exact=True).check()
    page.get_by_label("Agreed a date for the return").check()
    page.get_by_label("Next step (optional)").fill("See whether it has come")
    page.get_by_role("button", name="Log the contact").click()
    expect(page.get_by_text("The entry is in the contact log.")).to_be_visible()
    clean(page)
    page.get_by_role("link", name=f"Back to {NAME}").click()
    expect(page.get_by_role("link", name="See whether it has come").first).to_be_visible()
    clean(page)
    page.get_by_role("link", name="Home").click()
    expect(page.get_by_text(re.compile("^[12] next steps? to take"))).to_be_visible()
