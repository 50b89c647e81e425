"""The guidance follows from the columns."""

from datetime import date

from app.return_template import guidance
from app.return_template.columns import COLUMNS

TODAY = date(2026, 11, 22)


def test_every_column_is_explained_in_its_order() -> None:
    assert [entry.heading for entry in guidance.entries(TODAY)] == [column.heading for column in COLUMNS]
    assert all(entry.what and entry.example for entry in guidance.entries(TODAY))


def test_people_read_which_columns_are_mandatory() -> None:
    needed = {entry.heading: entry.needed for entry in guidance.entries(TODAY)}
    assert needed["Invoice number"] == "Mandatory"
    assert needed["Sex"] == "Optional"
    assert needed["Status date"] == "Mandatory unless the status is Debt outstanding"


def test_the_choices_are_listed_by_their_labels() -> None:
    choices = {entry.heading: entry.choices for entry in guidance.entries(TODAY)}
    assert "Withdrawn - reported in error" in choices["Debt status"]
    assert choices["Patient told about data sharing"] == ("Yes", "No")
    assert choices["Family name"] == ()


def test_the_declaration_speaks_of_clinical_information_and_of_telling_patients() -> None:
    words = " ".join(guidance.DECLARATION)
    assert "no clinical information" in words
    assert "patient" in words
    assert "told" in words
