"""What an entry of the contact log may say, and that nothing of a patient gets in by its form."""

from datetime import date

import pytest

from app.contact_log.rules.entry import Details, faults
from app.policy.in_force import policy_in_force
from app.policy.patients import looks_like_a_patient

TODAY = date(2026, 11, 22)


def faulty(**changes) -> list[str]:
    values = {"kind": "call", "day": TODAY, "outcome": "left_word"} | changes
    return [field for field, _ in faults(Details(**values), TODAY, policy_in_force().has_clinical_words)]


def test_a_call_of_today_with_nothing_more_is_enough():
    assert faulty() == []


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"kind": "fax"}, "kind"),
        ({"outcome": ""}, "outcome"),
        ({"outcome": "other"}, "note"),
        ({"day": date(2026, 11, 23)}, "day"),
        ({"day": date(2021, 11, 21)}, "day"),
        ({"note": "x" * 501}, "note"),
        ({"note": "a\u202eb"}, "note"),
        ({"next_step": "x" * 201}, "next_step"),
        ({"due_on": date(2026, 12, 1)}, "next_step"),
        ({"next_step": "Call", "due_on": date(2026, 11, 21)}, "due_on"),
        ({"next_step": "Call", "due_on": date(2028, 11, 23)}, "due_on"),
        ({"note": "Their patient is in chemotherapy"}, "note"),
        ({"next_step": "Ask about NHS number 943 476 5919"}, "next_step"),
    ],
)
def test_what_cannot_be_kept_names_its_field(changes, field):
    assert faulty(**changes) == [field]


@pytest.mark.parametrize("day", [TODAY, date(2021, 11, 22)])
def test_a_contact_may_be_entered_up_to_five_years_later(day):
    assert faulty(day=day) == []


@pytest.mark.parametrize(
    "text",
    ["943 476 5919", "NI QQ 12 34 56 C", "passport A1234567", "533401372", "born in Lagos", "DOB unknown", "27/3/1985",
     "27 March 1985"],
)  # fmt: skip
def test_what_has_the_form_of_a_patients_detail_is_noticed(text):
    assert looks_like_a_patient(text, 2026) is not None


@pytest.mark.parametrize(
    "text",
    ["Call 020 7946 0123 after 2pm", "October follows by 27/11/2026", "Returns since 1 April 2019 are missing",
     "Mr Osborne's office, 12,345 rows, £1,250,000.00", "DR-2026-10-RJ1-01 went back", "14 rows with R02 in INV00012"],
)  # fmt: skip
def test_the_words_of_the_work_are_left_alone(text):
    assert looks_like_a_patient(text, 2026) is None
    assert faulty(note=text) == []
