"""Whom to ask at an organisation: offices that can be reached, those for urgent checks first."""

from datetime import date

import pytest
from sqlmodel import Session

from app.core.errors import NotFound
from app.organisations import contacts
from app.organisations.contacts import Details, NotKept
from app.organisations.models import Organisation

OFFICE = Details("Overseas visitors office", "urgent_checks", "020 7946 0123", "office@aaa.example", "8am to 8pm")
CASHIERS = Details("Cashiers", "debts", email="cash@aaa.example")


@pytest.fixture(autouse=True)
def _organisations(db: Session) -> None:
    for code in ("AAA", "BBB", "CCC"):
        db.add(Organisation(code=code, name=code, nation="England", region="London", organisation_type="NHS Trust"))
    db.flush()


def test_the_one_for_urgent_checks_is_asked_first_and_else_any(db: Session):
    assert contacts.whom_to_ask(db, "AAA", date(2026, 11, 22)) is None
    contacts.add(db, "AAA", CASHIERS)
    assert contacts.whom_to_ask(db, "AAA", date(2026, 11, 22)).office == "Cashiers"
    contacts.add(db, "AAA", OFFICE)
    assert contacts.whom_to_ask(db, "AAA", date(2026, 11, 22)).office == "Overseas visitors office"
    assert [one.office for one in contacts.contacts_of(db, "AAA")] == ["Overseas visitors office", "Cashiers"]
    assert contacts.contacts_of(db, "BBB") == []


def test_the_last_successor_that_has_a_contact_answers(db: Session):
    for code, later in (("AAA", "BBB"), ("BBB", "CCC")):
        db.get(Organisation, code).successor_code = later
        db.get(Organisation, code).successor_from = date(2026, 4, 1)
    contacts.add(db, "BBB", CASHIERS)
    contacts.add(db, "AAA", OFFICE)
    assert contacts.whom_to_ask(db, "AAA", date(2026, 3, 31)).organisation_code == "AAA"
    assert contacts.whom_to_ask(db, "AAA", date(2026, 4, 1)).organisation_code == "BBB"


@pytest.mark.parametrize("phone", ["020 7946 0123", "+44 (0)20 7946 0123", "020-7946-0123", "0207946 0123 ext. 45"])
def test_a_phone_number_is_kept_as_people_write_it(db: Session, phone: str):
    assert contacts.add(db, "AAA", Details("Office", "debts", phone)).phone == phone


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"office": " "}, "office"),
        ({"office": "x" * 121}, "office"),
        ({"office": "Off\u200bice"}, "office"),
        ({"purpose": "visits"}, "purpose"),
        ({"phone": "", "email": ""}, "phone"),
        ({"phone": "ask for Ada"}, "phone"),
        ({"phone": "123"}, "phone"),
        ({"phone": "0" * 41}, "phone"),
        ({"email": "office"}, "email"),
        ({"hours": "x" * 121}, "hours"),
    ],
)
def test_what_nobody_could_be_reached_by_is_not_kept(db: Session, changes, field: str):
    with pytest.raises(NotKept) as refused:
        contacts.add(db, "AAA", Details(**(OFFICE.__dict__ | changes)))
    assert [name for name, _ in refused.value.faults] == [field]
    assert contacts.contacts_of(db, "AAA") == []


def test_every_fault_is_told_at_once(db: Session):
    with pytest.raises(NotKept) as refused:
        contacts.add(db, "AAA", Details("", "", "x", "y"))
    assert [name for name, _ in refused.value.faults] == ["office", "purpose", "phone", "email"]


def test_a_change_names_what_differs_and_the_same_again_is_none(db: Session):
    kept = contacts.add(db, "AAA", OFFICE)
    assert contacts.change(db, kept, Details("Overseas visitors office", "urgent_checks", "020 7946 0999")) == [
        "phone", "email", "hours",
    ]  # fmt: skip
    assert contacts.change(db, kept, Details(" Overseas  visitors office", "urgent_checks", "020 7946 0999")) == []
    assert (kept.phone, kept.email) == ("020 7946 0999", None)


def test_another_organisations_contact_is_not_there(db: Session):
    kept = contacts.add(db, "AAA", OFFICE)
    assert contacts.contact(db, "AAA", kept.id) is kept
    with pytest.raises(NotFound):
        contacts.contact(db, "BBB", kept.id)
    contacts.remove(db, kept)
    with pytest.raises(NotFound):
        contacts.contact(db, "AAA", kept.id)


def test_an_organisation_keeps_a_list_that_can_be_read_through(db: Session):
    for number in range(contacts.MOST):
        contacts.add(db, "AAA", Details(f"Office {number}", "debts", "020 7946 0123"))
    with pytest.raises(NotKept, match="10 contacts already"):
        contacts.add(db, "AAA", OFFICE)
