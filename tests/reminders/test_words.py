"""The words of a reminder: declared fields and nothing that runs."""

import pytest

from app.reminders.rules.occasions import BY_CODE
from app.reminders.rules.words import EXAMPLE, FIELDS, LONGEST_BODY, Wording, faults, tidied


@pytest.mark.parametrize("one", BY_CODE.values(), ids=lambda one: one.code)
def test_the_words_that_come_with_the_service_are_without_fault_and_leave_no_brace(one):
    wording = Wording(one.subject, one.body)
    assert faults(wording) == [] and tidied(one.subject, one.body) == wording
    filled = wording.filled(EXAMPLE)
    assert "{" not in filled.subject + filled.body
    for part in ("October 2026", "Northfield", EXAMPLE["link"], EXAMPLE["nil_link"], EXAMPLE["lpm"]):
        assert part in filled.subject + filled.body


def test_an_unknown_field_is_named_and_what_there_is_is_listed():
    found = faults(Wording("{{ trust }} is late", "{{ month }} {{ debtor }} {{debtor}}"))
    listed = ", ".join(field.name for field in FIELDS)
    assert found == [
        ("subject", f"There is no field “trust”. There is: {listed}"),
        ("body", f"There is no field “debtor”. There is: {listed}"),
    ]


@pytest.mark.parametrize("text", ["{{ month }", "{{ month", "month }}", "{{ month }} {{"])
def test_braces_that_do_not_close_are_a_fault(text):
    (part, sentence), *more = faults(Wording("Late", text))
    assert part == "body" and "two braces" in sentence and more == []


@pytest.mark.parametrize(
    "code", ["{{ 7 * 7 }}", "{{ month.__class__ }}", "{{ month|upper }}", "{{}}", "{{ self }}", "{{ {{ month }} }}"]
)
def test_nothing_that_is_not_a_declared_name_passes(code):
    assert faults(Wording("Late", code))


def test_what_only_looks_like_a_statement_is_text():
    assert Wording("a", "{% if month %}{# no #}${month}").filled(EXAMPLE).body == "{% if month %}{# no #}${month}"


def test_nothing_entered_and_too_much_are_faults():
    assert [part for part, _ in faults(Wording(" ", "\n"))] == ["subject", "body"]
    assert faults(Wording("a", "x" * (LONGEST_BODY + 1))) == [("body", "Shorten the body to 5,000 characters or fewer")]


def test_a_value_is_put_in_once_and_never_read_as_a_field():
    filled = Wording("{{ organisation }}", "{{organisation}}").filled({"organisation": "{{ lpm }}", "lpm": "Pat"})
    assert (filled.subject, filled.body) == ("{{ lpm }}", "{{ lpm }}")


def test_a_subject_stays_one_line_that_a_mail_can_have():
    filled = Wording("Late:\n{{ organisation }}", "x").filled({"organisation": "A\r\nBcc: x " + "n" * 300})
    assert "\n" not in filled.subject and "\r" not in filled.subject and len(filled.subject) == 200
    assert tidied("a\nb", "one\r\ntwo ") == Wording("a b", "one\ntwo\n")
