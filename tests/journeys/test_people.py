"""An administrator invites somebody, who comes in by the link with a password and codes, and comes again."""

import re
import time

import pyotp
import pytest
from playwright.sync_api import Page, expect

from app.accounts import service as accounts
from app.accounts.access import COMMAND_LINE
from tests.journeys.conftest import PASSWORD, OpenPage, Served, clean, sign_in

LEFT_EARLY = r"favicon\.svg.*ERR_ABORTED"  # the next page was opened before this one had its icon


@pytest.fixture(scope="module")
def admin(served: Served) -> str:
    return served.person("admin@nhs.example", "admin")


def with_code(page: Page, secret: str, seconds: int = 0) -> None:
    page.get_by_label("Code").fill(pyotp.TOTP(secret).at(int(time.time()) + seconds))
    page.get_by_role("button", name="Continue").click()


@pytest.mark.parametrize("javascript", [True, False], ids=["with JavaScript", "without JavaScript"])
def test_somebody_invited_comes_in_by_the_link_and_again_with_password_and_code(
    open_page, served, admin, complaints, javascript
):
    complaints.expect(LEFT_EARLY)
    email = f"new.{'with' if javascript else 'without'}@rj1.example"
    office = open_page(javascript=javascript, address=served.address)
    sign_in(office, admin)
    office.get_by_role("link", name="Users").click()
    office.get_by_role("button", name="Invite a person").click()
    office.get_by_label("E-mail address").fill(email)
    office.get_by_label("Name", exact=True).fill("New Person")
    office.get_by_label("Overseas visitor manager").check()
    office.get_by_label("Organisation or nation").select_option("RJ1")
    office.get_by_role("button", name="Send the invitation").click()
    expect(office.get_by_text("The invitation is in the outbox")).to_be_visible()
    office.get_by_role("link", name="Mail").click()
    letter = office.locator(".dr-letter").first.inner_text()

    person = open_page(javascript=javascript, address=served.address, width=360)
    person.goto(re.search(r"http\S+/welcome/\S+", letter)[0])
    person.get_by_label("Password", exact=True).fill(PASSWORD)
    person.get_by_label("The same password again").fill(PASSWORD)
    person.get_by_role("button", name="Continue").click()
    secret = person.locator("strong.dr-wrap").inner_text()
    with_code(person, secret)
    expect(person).to_have_url(f"{served.address}/")

    person.get_by_role("button", name="Sign out").click()
    sign_in(person, email)
    with_code(person, secret, seconds=30)  # the code before is spent
    expect(person).to_have_url(f"{served.address}/")
    person.goto("/account")
    expect(person.get_by_role("heading", level=1)).to_have_text("Your account")
    office.reload()
    expect(office.get_by_text("The text of this message is taken out").first).to_be_visible()


@pytest.fixture(scope="module")
def manager(served: Served) -> str:
    return served.person("manager@nhs.example", "lpm", "RJ1")


def test_the_pages_of_people_and_organisations_are_clean(
    open_page: OpenPage, served: Served, admin: str, manager: str, complaints
) -> None:
    with served.database.writing() as db:
        for email in (admin, manager):
            accounts.create_token(db, COMMAND_LINE, email)
    page = open_page(address=served.address, width=360)
    sign_in(page, admin)
    page.goto("/users?role=lpm")
    person = page.get_by_role("link", name=manager).get_attribute("href")
    addresses = [
        "/users", "/users?role=border", "/users/invite", "/outbox", "/organisations", "/organisations?nation=France",
        "/organisations/RJ1", "/organisations/RJ1/change", "/organisations/RJ1/obligation", "/account",
        "/account/password", "/account/codes", "/account/sessions", "/account/tokens", person,
        *(f"{person}/{each}" for each in ("roles", "portfolio", "take-over", "disable", "send-link", "end-tokens")),
    ]  # fmt: skip
    for address in addresses:
        page.goto(address)
        clean(page)
    complaints.expect("422", LEFT_EARLY)
    for address, name in [("/users/invite", "Send the invitation"), ("/account/password", "Change the password")]:
        page.goto(address)
        page.get_by_role("button", name=name).click()
        expect(page.get_by_text("There is a problem")).to_be_visible()
        clean(page)
