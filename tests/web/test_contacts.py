"""The contacts of an organisation: its officers keep them, whoever may read the organisation reads them."""

import re

import pytest

from app.accounts.permissions import Role
from tests.web.conftest import Browser, said

PAGE = "/organisations/RJ1/contacts"
OFFICE = {
    "office": "Overseas visitors office",
    "purpose": "urgent_checks",
    "phone": "020 7946 0123",
    "email": "office@rj1.example",
    "hours": "Every day, 8am to 8pm",
}


@pytest.fixture
def ovm(visitor) -> Browser:
    return visitor(Role.TRUST)


def address_of_contact(browser: Browser) -> str:
    found = re.search(rf'href="({PAGE}/[0-9a-f]{{32}})"', browser.get(PAGE).text)
    assert found
    return found[1]


def test_an_officer_adds_changes_and_removes_a_contact_and_everybody_reads_it(ovm, visitor):
    assert "officers at the border are sent to the NHS Debtors Team" in said(ovm.get(PAGE))
    assert "The contact is added." in said(ovm.follow(ovm.post(PAGE, OFFICE)))
    for role in (Role.TRUST, Role.DEBTORS_TEAM, Role.LPM, Role.ADMIN):
        words = said(visitor(role).get("/organisations/RJ1"))
        assert "Overseas visitors office , for urgent checks 020 7946 0123 office@rj1.example" in words, role
        assert ("Change the contacts" in words) == (role in {Role.TRUST, Role.ADMIN}), role
    assert "Overseas visitors office, 020 7946 0123 Change your contacts" in said(ovm.get("/"))

    one = address_of_contact(ovm)
    assert 'value="Every day, 8am to 8pm"' in ovm.get(one).text
    changed = ovm.follow(ovm.post(one, OFFICE | {"phone": "020 7946 0999", "hours": ""}))
    assert "The contact is changed." in said(changed) and "020 7946 0999" in said(changed)
    assert "Every day" not in said(changed)

    assert "It is the only contact for urgent checks" in said(ovm.get(f"{one}/remove"))
    assert "The contact is removed." in said(ovm.follow(ovm.post(f"{one}/remove")))
    assert "No contact is kept yet" in said(ovm.get(PAGE))
    assert ovm.get(one).status_code == 404


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"office": ""}, "Enter the name of the office"),
        ({"purpose": ""}, "Choose what the contact is for"),
        ({"phone": "", "email": ""}, "Enter a phone number or an e-mail address"),
        ({"phone": "ask for Ada"}, "That is not a phone number"),
        ({"email": "office"}, "That is not an e-mail address"),
    ],
)
def test_what_reaches_nobody_is_shown_again_with_what_was_entered(ovm, changes, words):
    answer = ovm.post(PAGE, OFFICE | changes)
    assert (answer.status_code, said(answer).startswith("There is a problem " + words)) == (422, True), said(answer)
    assert 'value="Every day, 8am to 8pm"' in answer.text
    ovm.post(PAGE, OFFICE)
    answer = ovm.post(address_of_contact(ovm), OFFICE | changes)
    assert (answer.status_code, words in said(answer)) == (422, True)


def test_another_trusts_contacts_look_as_those_that_do_not_exist(ovm, visitor):
    ovm.post(PAGE, OFFICE)
    other, one = visitor(Role.TRUST, "RYJ"), address_of_contact(ovm)
    for path in (PAGE, one, f"{one}/remove"):
        absent = path.replace("RJ1", "NONE")
        assert (other.get(path).status_code, other.get(path).content) == (404, other.get(absent).content), path
        token = other.form_token("/account/password")
        theirs, nowhere = (other.client.post(each, data=OFFICE | {"form_token": token}) for each in (path, absent))
        assert (theirs.status_code, theirs.content) == (404, nowhere.content), path
        borrowed = one.replace("RJ1", "RYJ")
        assert other.get(borrowed).status_code == 404
    assert "020 7946 0123" in said(ovm.get(PAGE))


def test_an_administrator_reads_who_changed_the_contacts(ovm, visitor):
    ovm.post(PAGE, OFFICE)
    ovm.post(address_of_contact(ovm), OFFICE | {"hours": ""})
    words = said(visitor(Role.ADMIN).get("/organisations/RJ1"))
    assert "Contact added" in words and "Contact changed: hours" in words
