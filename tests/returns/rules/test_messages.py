"""The manner of every rule: what is wrong, then how to mend it, in plain words, and nothing told to who may not see it."""

import re
from collections.abc import Iterator
from datetime import date

import pytest

from app.core.spreadsheet.packing import as_text, pack_error
from app.return_template.columns import BY_KEY
from app.returns.rules import sheet
from app.returns.rules.engine import RULES, Scope, Severity
from tests.returns.rules.building import PLACE, held, judged, person, register_of, row

FORBIDDEN = re.compile(r"\b(please|sorry|valid|invalid|error code|null|None)\b", re.I)
LATE = {"status_date": date(2026, 10, 5)}


def broken() -> Iterator[tuple[list[list], dict]]:
    """For every rule about rows a file that breaks it, with the register it needs."""
    yield [row(family_name=None, date_of_birth=None, invoice_number=None)], {}
    yield [row(date_of_birth="31/02/1985", invoice_date="soonest")], {}
    yield [row(date_of_birth=date(2026, 12, 7))], {}
    yield [row(date_of_birth=date(1788, 12, 7))], {}
    yield [row(date_of_birth=date(2026, 7, 7))], {}
    yield [row(invoice_amount="1.234,50", amount_outstanding="-77.70")], {}
    yield [row(invoice_amount="77.777", amount_outstanding="77777777")], {}
    yield [row(nationality="Bangladeshy")], {}
    yield [row(nationality="German")], {}
    yield [row(nationality="IRL")], {}
    yield [row(amount_outstanding="432.10")], {}
    yield [row(invoice_date=date(2026, 9, 17))], {}
    yield [row(invoice_date=date(2009, 9, 17))], {}
    yield [row(), row()], {}
    yield [row(), row(family_name="Another")], {}
    yield [row(status="Paid up")], {}
    yield [row()], {"register": held(status="repaid", amount_outstanding=0, as_at=date(2026, 10, 2))}
    yield [row(status="Debt repaid", amount_outstanding="0", **LATE)], {}
    yield [row(family_name="Quite-Another", given_names="Name", passport_number="B7654321")], {"register": held()}
    yield [row(overseas_address="Diagnosis: measles")], {}
    yield [row(patient_informed="Perhaps")], {}
    yield [row(invoice_amount="600.60")], {}
    yield [row(family_name="Long" * 30, given_names="a\nb")], {}
    yield [row(status="Repayment arrangement")], {}
    yield [row(status="Repayment arrangement", status_date=date(2026, 12, 24))], {}
    yield [row(status="Repayment arrangement", status_date=date(2025, 12, 24))], {}
    yield [row(date_of_birth=pack_error("#VALUE!"), invoice_amount="\0f")], {}
    yield [row(nationality="XXB")], {}
    yield [row()], {"register": register_of(held(id="b"), held(id="a", organisation_code="RJ9"))}
    yield [row(sex="Lady", uk_address=None, uk_postcode="Lagos", ni_number="7777", passport_number="ABC")], {}
    yield [row(date_of_birth=date(1911, 11, 11), invoice_date=date(2019, 9, 19), sex=None)], {}
    yield [row(date_of_birth=date(2026, 5, 5))], {}
    yield [row(amount_outstanding="2222.22")], {"register": held(amount_outstanding=111111)}
    yield [person("00-123456")], {"register": held()}
    yield [person("INV-1"), person("inv1")], {}
    yield [row()], {"register": held(status="arrangement", as_at=date(2026, 11, 3), uk_address="7 New Street",
                                     particulars_on=date(2026, 11, 4))}  # fmt: skip
    yield [row(status="Defaulted", **LATE)], {}
    yield [row(nationality="GBO")], {}


FOUND = [(one.row, each) for rows, how in broken() for one in judged(*rows, **how) for each in one.row.findings]
OF_FILES = [
    sheet.not_too_large(99 << 20, 10),
    sheet.headings_there(["Date of birth"], ["Birth date"], []),
    sheet.headings_there([], [], ["Sex"]),
    sheet.made_for_this_organisation("RX1", ["RJ1"], "RJ1"),
    sheet.made_for_this_period("2026-09", "2026-10", "October 2026", True),
    sheet.made_for_this_period(None, "2027-10", "October 2027", False),
    sheet.no_clinical_column(["Ward"]),
    sheet.some_rows(0),
    sheet.column_ignored(sheet.Ignored("Telephone", "V", "V", 1)),
    sheet.column_ignored(sheet.Ignored("", "V", "V", 1)),
    sheet.column_ignored(sheet.Ignored("", "V", "XFD", 1)),
    sheet.column_ignored(sheet.Ignored("", "V", "V", 1, "a passport number")),
]


def test_every_rule_about_rows_is_broken_here():
    of_rows = {code for code, rule in RULES.items() if rule.scope is not Scope.FILE}
    assert {finding.code for _, finding in FOUND} == of_rows


def test_every_finding_names_the_row_the_heading_and_the_cell():
    for _, found in FOUND:
        assert found.field is not None
        assert found.column == BY_KEY[found.field].heading
        assert found.cell == f"{PLACE[found.field]}{found.row}"
        assert found.message.startswith(f"Row {found.row}, {found.column} ({found.cell}): ")


def test_a_column_that_the_file_does_not_have_has_no_cell():
    (one,) = judged(row(sex=None))
    one.row.place = {}
    one.row.find("W01", "sex", "this is missing.")
    assert one.row.findings[-1].message == "Row 2, Sex: this is missing."
    assert one.row.findings[-1].cell is None


def test_every_message_is_plain_sentences_that_end():
    for found in [*(each for _, each in FOUND), *OF_FILES]:
        assert found is not None
        for words in (found.message, found.unquoted):
            assert not FORBIDDEN.search(words), words
            assert words.endswith((".", "?")), words
            assert "  " not in words, words
            assert "{" not in words, words
            assert not re.search(r"\b[FRW][0-9]{2}\b", words), words


def test_a_rejected_row_is_told_what_to_do():
    for _, found in FOUND:
        if found.severity == Severity.REJECTED:
            said = found.message.split(": ", 1)[1]
            assert len(re.findall(r"[.?](?= |$)", said)) > 1, said


def test_those_who_may_not_see_the_rows_are_told_nothing_that_stands_in_a_cell_or_in_the_register():
    for judged_row, found in FOUND:
        without_place = found.unquoted.split(": ", 1)[1]
        texts = {as_text(cell) for cell in judged_row.cells} - {"", "Yes", "Female", "a\nb"}
        seen = [text for text in texts if len(text) > 2 and text in without_place]
        assert seen == [], found
        assert not re.search(r"£(?!500 from|5,000,000|0 )[0-9]|Nigeria|7 New|1[,]?111", without_place), found


def test_a_cell_of_thirty_thousand_characters_is_not_quoted_whole():
    (one,) = judged(row(nationality="x" * 30_000))
    assert [len(found.message) < 300 for found in one.row.findings] == [True]


@pytest.mark.parametrize("rule", RULES.values(), ids=lambda rule: rule.code)
def test_every_rule_stands_in_the_catalogue_with_words_a_source_and_columns_that_exist(rule):
    assert rule.summary.endswith(".")
    assert not FORBIDDEN.search(rule.summary)
    assert rule.source
    assert set(rule.fields) <= set(BY_KEY)
    assert bool(rule.fields) == (rule.scope is not Scope.FILE)
    assert rule.severity == {"F": "refused", "R": "rejected", "W": "warning"}[rule.code[0]]


def test_the_catalogue_holds_every_code_that_clients_rely_on():
    wanted = {f"F{number:02}" for number in range(1, 12)}
    wanted |= {f"R{number:02}" for number in range(1, 25)} | {f"W{number:02}" for number in range(1, 12)}
    assert set(RULES) == wanted
