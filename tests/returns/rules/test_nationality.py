"""Which nationality is meant (R06), and whose debts are not part of this return (R07, R08, R23) or need a look (W11)."""

from datetime import date

import pytest

from tests.returns.rules.building import codes, finding, judged, row

OLD = {"invoice_date": date(2012, 5, 1)}


@pytest.mark.parametrize(
    ("typed", "code"),
    [("NG", "NGA"), ("nga", "NGA"), ("Nigeria", "NGA"), (" nigerian ", "NGA"), ("NIGERIAN", "NGA"), ("Kosovo", "RKS"),
     ("stateless", "XXA"), ("XXX", "XXX"), ("Côte d'Ivoire", "CIV"), ("Indian national", "IND")],
)  # fmt: skip
def test_a_nationality_may_be_a_code_a_country_or_the_people(typed: str, code: str):
    assert judged(row(nationality=typed))[0].row.nationality == code


@pytest.mark.parametrize("typed", ["Utopia", "Nigerean", "Korea", "??", 566.0, date(2026, 1, 1), "X" * 3000])
def test_a_nationality_that_nobody_knows_is_sent_back(typed: object):
    assert codes(row(nationality=typed)) == ["R06"]


def test_the_nearest_nationality_is_suggested():
    assert "Did you mean Bangladesh?" in finding("R06", row(nationality="Bangladeshy")).message
    assert "Did you mean Niger or Nigeria?" in finding("R06", row(nationality="Nigerean")).message
    assert "Did you mean" not in finding("R06", row(nationality="Qqqqqq")).message


@pytest.mark.parametrize("typed", ["Germany", "FR", "Norwegian", "Iceland", "LIE", "Swiss", "EL", "Croatia"])
def test_nationals_of_the_eu_the_eea_and_switzerland_are_not_part_of_this_return(typed: str):
    assert codes(row(nationality=typed)) == ["R07"]


def test_a_croatian_debt_of_2012_is_in_scope_because_croatia_joined_in_2013():
    assert codes(row(nationality="HRV", **OLD)) == ["W06"]
    assert codes(row(nationality="HRV", invoice_date=date(2013, 6, 30))) == ["W06"]
    assert codes(row(nationality="HRV", invoice_date=date(2013, 7, 1))) == ["R07", "W06"]


def test_without_an_invoice_date_only_who_was_a_member_all_the_time_is_out():
    assert codes(row(nationality="Germany", invoice_date=None)) == ["R01", "R07"]
    assert codes(row(nationality="Germany", invoice_date="31/02/2026")) == ["R02", "R07"]
    assert codes(row(nationality="Croatia", invoice_date=None)) == ["R01"]


@pytest.mark.parametrize("typed", ["UK", "British", "GBR", "Ireland", "Irish"])
def test_british_and_irish_nationals_are_not_part_of_this_return_and_that_is_said_once(typed: str):
    assert codes(row(nationality=typed)) == ["R08"]
    assert codes(row(nationality=typed, **OLD)) == ["R08", "W06"]


@pytest.mark.parametrize("typed", ["GBN", "GBD", "GBO", "GBP", "GBS"])
def test_other_british_classes_are_taken_with_a_question(typed: str):
    assert codes(row(nationality=typed)) == ["W11"]


@pytest.mark.parametrize("typed", ["XXB", "XXC", "xxb"])
def test_refugees_are_not_charged(typed: str):
    assert codes(row(nationality=typed)) == ["R23"]


def test_the_words_name_the_country_for_the_trust_and_for_nobody_else():
    found = finding("R07", row(nationality="DE"))
    assert "Germany" in found.message
    assert "German" not in found.unquoted
