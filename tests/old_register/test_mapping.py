"""Which column of an old register is which of ours."""

import io
import sys

import pytest

from app.cli import old_columns
from app.core.errors import Refused
from app.old_register.rules import mapping
from app.old_register.rules.targets import BY_WORD, LABELS, WORDS
from app.return_template.columns import KEYS

HEADINGS = ["Trust", "Inv No", "Invoice Date", "Amount", "Current  status", "SURNAME", "first-name", "Ward"]


def test_headings_are_recognised_by_key_label_and_common_words_in_any_spelling():
    assert mapping.recognised(HEADINGS, {}) == {
        "Trust": "organisation", "Inv No": "invoice_number", "Invoice Date": "invoice_date",
        "Amount": "invoice_amount", "Current  status": "status", "SURNAME": "family_name", "first-name": "given_names",
    }  # fmt: skip


def test_what_is_given_goes_before_what_is_recognised():
    given = {"amount": "Amount outstanding (£)", "trust": "-", "Ward": "organisation"}
    found = mapping.recognised(HEADINGS, given)
    assert (found["Amount"], found["Ward"], "Trust" in found) == ("amount_outstanding", "organisation", False)


def test_of_two_headings_for_one_column_the_plainer_is_taken_and_address_lines_are_joined():
    found = mapping.recognised(["Trust", "Trust code", "Address 1", "Address 2", "Result", "Original row"], {})
    assert found == {"Trust code": "organisation", "Address 1": "uk_address", "Address 2": "uk_address"}


def test_a_likeness_is_only_proposed():
    assert mapping.recognised(["Debtors forename"], {}) == {}
    assert mapping.proposed("Debtors forename", []) == "given_names"
    assert mapping.proposed("Debtors forename", ["given_names"]) is None
    assert mapping.proposed("Ward", []) is None


def test_what_is_missing_is_one_sentence_with_the_headings_and_the_way_out():
    headings = ["Trust", "Debtors surname", "When invoiced"]
    with pytest.raises(Refused) as why:
        mapping.check_whole(headings, mapping.recognised(headings, {}))
    said = why.value.detail
    assert (
        "Invoice number, Invoice date, Debt status, Family name, Invoice amount (£) or Amount outstanding (£)" in said
    )
    assert '"Debtors surname", "When invoiced"' in said
    assert '--map "Debtors surname=family_name"' in said
    mapping.check_whole(HEADINGS, mapping.recognised(HEADINGS, {}))


@pytest.mark.parametrize(
    ("headings", "given", "said"),
    [
        (["Trust"], {"Hospital": "organisation"}, 'no heading "Hospital"'),
        (["Trust"], {"Trust": "owner"}, '"owner" is none of our columns'),
        (["Trust", "NHS body"], {"Trust": "organisation", "NHS body": "organisation"}, "Two columns were named"),
        (["Trust", "Trust"], {}, 'stand twice: "Trust"'),
    ],
)
def test_a_mapping_that_cannot_be_is_refused(headings, given, said):
    with pytest.raises(Refused, match=said):
        mapping.recognised(headings, given)


@pytest.mark.parametrize("name", ["kept.json", "kept.toml"])
def test_a_mapping_that_was_kept_is_read_back(name):
    columns = {'The "Trust" = ours': "organisation", "Größe £": "invoice_amount", "Inv\\No": "invoice_number"}
    assert mapping.from_text(mapping.to_text(columns, name), name) == columns


@pytest.mark.parametrize(("text", "name"), [("[1]", "a.json"), ("Trust", "a.toml"), ('{"Trust": 1}', "a.json")])
def test_a_file_that_is_no_mapping_says_how_one_looks(text, name):
    with pytest.raises(Refused, match="not a mapping"):
        mapping.from_text(text, name)


def test_pairs_come_from_the_command_line():
    assert mapping.from_pairs(["A = b=organisation"]) == {"A = b": "organisation"}
    with pytest.raises(Refused, match="Trust=organisation"):
        mapping.from_pairs(["Trust"])


def test_every_column_of_the_return_may_be_in_the_old_register_and_no_word_means_two():
    assert set(KEYS) < set(LABELS) == set(WORDS)
    assert {target for target, _ in BY_WORD.values()} == set(LABELS)
    assert sum(len(words) for words in WORDS.values()) - len(BY_WORD) < 40  # key, label and word may be one


def test_at_a_terminal_each_heading_is_asked_for_and_the_nearest_proposed(monkeypatch, capsys):
    monkeypatch.setattr(sys, "stdin", io.StringIO("\n\nnonsense\nfamily_name\ntrust\norganisation\n-\n-\n"))
    headings = ["Trust", "Debtors forename", "Name", "Body", "Ward"]
    assert old_columns.ask(headings, mapping.recognised(headings, {})) == {
        "Trust": "organisation", "Debtors forename": "given_names", "Name": "family_name",
    }  # fmt: skip
    said = capsys.readouterr().out
    assert '"Debtors forename" is [given_names]' in said
    assert "none of our columns" in said
    assert "Organisation is named already" in said
