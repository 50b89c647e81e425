"""Organisations as people wrote them."""

from datetime import date

from app.old_register.rules.recognising import Body, Organisations

KNOWN = Organisations(
    [
        Body("RJ1", "RJ1", "Guy's and St Thomas' NHS Foundation Trust", None),
        Body("S08000015", None, "NHS Ayrshire and Arran", None),
        Body("KEY1", "ODS1", "Example Hospitals NHS Trust", None),
        Body("RW3", "RW3", "Manchester Example NHS Foundation Trust", date(2017, 9, 30)),
        Body("R0A", "R0A", "Manchester Example NHS Foundation Trust", None),
        Body("RA1", "RA1", "Northern Example NHS Trust", date(2015, 3, 31)),
        Body("RA2", "RA2", "Northern Example NHS Foundation Trust", date(2016, 3, 31)),
    ],
    date(2026, 10, 31),
)


def test_a_code_an_ods_code_or_a_name_in_any_spelling_is_recognised():
    same = "rj1", "Guys & St Thomas NHS FT", "GUY’S AND ST. THOMAS’ NHS FOUNDATION TRUST", "Guy's and St Thomas' (RJ1)"
    assert {KNOWN.code_of(text) for text in same} == {"RJ1"}
    assert KNOWN.code_of("ods1") == "KEY1"
    assert KNOWN.code_of("Ayrshire and Arran") == "S08000015"


def test_of_two_with_one_name_the_open_one_is_meant():
    assert KNOWN.code_of("Manchester Example NHS Foundation Trust") == "R0A"


def test_what_could_be_two_is_not_guessed_but_an_exact_name_is_no_guess():
    assert KNOWN.code_of("Northern Example") is None
    assert KNOWN.suggestion("Northern Example") == (
        "Northern Example NHS Trust (RA1) or Northern Example NHS Foundation Trust (RA2)"
    )
    assert KNOWN.code_of("Northern Example NHS Trust") == "RA1"


def test_a_likeness_is_only_suggested():
    assert KNOWN.code_of("Guys and St Tomas") is None
    assert KNOWN.suggestion("Guys and St Tomas") == "Guy's and St Thomas' NHS Foundation Trust (RJ1)"
    assert KNOWN.suggestion("Xyzzy") is None
