"""What the words of a debt are, and what is asked for by what somebody types."""

import pytest

from app.debts.rules.words import Word, typed, words_of


def words(*, family: str = "Example", given: str = "Ada", other: str | None = None, invoice: str = "1",
          passport: str | None = None) -> set[str]:  # fmt: skip
    return set(words_of("RJ1", "ND-7Q2M-XK4A-9BTC", invoice, family, given, other, passport).split())


@pytest.mark.parametrize(
    ("text", "held"),
    [
        ("O’Brien", {"o", "brien", "obrien"}),
        ("Dela  Cruz", {"dela", "cruz"}),
        ("Yılmaz-Öztürk", {"yilmaz", "ozturk", "yilmazozturk"}),
        ("Jose\N{COMBINING ACUTE ACCENT} Łódź", {"jose", "lodz"}),
        ("Nguyễn", {"nguyen"}),
        ("Weiß", {"weiss"}),
        ("कुमार", {"कुमार"}),
        ("محمّد", {"محمد"}),
        ("김민수", {"김민수"}),
        ("a\N{ZERO WIDTH SPACE}b", {"ab"}),
        ("-", set()),
    ],
)
def test_names_are_held_without_case_and_accents_and_in_parts(text: str, held: set[str]):
    assert words(family=text) - words(family="-") == held


def test_numbers_are_held_in_parts_and_written_together():
    found = words(invoice="INV-001/22", passport="P 123")
    assert {"inv", "001", "22", "inv00122", "p", "123", "nd7q2mxk4a9btc", "==rj1"} <= found


def test_a_typed_word_is_looked_for_in_parts_and_written_together():
    assert typed("inv-001/22 okoro") == [Word(("inv", "001", "22"), "inv00122"), Word(("okoro",))]


@pytest.mark.parametrize("text", ["", " \t", "-", "' \"", "\0", "\ud800", "x" * 10_000, "a " + "b" * 200])
def test_where_no_word_is_typed_or_one_longer_than_any_nothing_can_be_found(text: str):
    assert typed(text) is None


@pytest.mark.parametrize("text", ["%", "_", "\\", ";--", "😀", "=", "*", '"%"', "(|)"])
def test_a_sign_is_a_word_of_its_own(text: str):
    assert typed(text) is not None
    assert all(part.startswith("=") or part == "😀" for word in typed(text) or () for part in word.parts)


def test_of_very_many_words_the_first_ten_are_looked_for():
    assert len(typed(" ".join(f"word{number}" for number in range(50))) or ()) == 10


def test_words_hold_nothing_that_means_something_to_an_index():
    everything = "".join(chr(code) for code in range(1, 0x3000)) + " \"'()*:&|!<>-+^{}=\\"
    held = words_of("R'1", "ND-1", everything, everything, everything, everything, everything)
    assert not set(held) & set("\"'()*:&|!<>-+^{}\\\0\n\t")


@pytest.mark.parametrize(
    ("text", "may"), [("j", False), ("li", True), ("okoro", True), ("李", True), ("%", False), ("o'b", False)]
)
def test_a_single_letter_is_an_initial_and_anything_longer_may_go_on(text: str, may: bool):
    assert [word.may_go_on for word in typed(text) or ()] == [may]
