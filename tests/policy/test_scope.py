"""Whose nationality belongs in the return, by membership on the invoice date."""

from datetime import date
from pathlib import Path

import pytest

from app.policy import countries
from app.policy.reading import SHIPPED
from app.policy.tables import load


def test_a_croatian_debt_of_2012_is_in_scope_because_croatia_joined_in_2013():
    assert load().nationality_in_scope("HRV", date(2013, 6, 30))
    assert not load().nationality_in_scope("HRV", date(2013, 7, 1))


@pytest.mark.parametrize("code", ["FRA", "POL", "ROU", "NOR", "ISL", "LIE", "CHE", "CYP"])
def test_eu_eea_and_swiss_nationals_are_out_of_scope(code: str):
    assert not load().nationality_in_scope(code, date(2026, 10, 1))


@pytest.mark.parametrize("code", ["NGA", "USA", "IND", "TUR", "UKR", "RKS", "XXA", "GBN"])
def test_other_nationals_are_in_scope(code: str):
    assert load().nationality_in_scope(code, date(2026, 10, 1))


def test_exactly_the_members_of_the_eu_the_eea_and_switzerland_are_out_today():
    out = {code for code in countries.codes() if not load().nationality_in_scope(code, date(2026, 10, 1))}
    assert len(out) == 27 + 3 + 1
    assert "GBR" not in out


def test_the_policy_of_july_2021_ships_switched_off():
    assert not load().nationality_in_scope("FRA", date(2026, 10, 1), treated_on=date(2026, 9, 1))
    assert not load().needs_treatment_date


def test_switched_on_it_takes_eu_and_eea_nationals_by_the_day_of_treatment_but_not_swiss(tmp_path: Path):
    shipped = (SHIPPED / "nationality_scope.csv").read_text()
    (tmp_path / "nationality_scope.csv").write_text(shipped.replace(",no,", ",yes,"))
    policy = load(tmp_path)
    invoiced = date(2021, 8, 1)
    assert policy.needs_treatment_date
    assert policy.nationality_in_scope("FRA", invoiced, treated_on=date(2021, 7, 1))
    assert not policy.nationality_in_scope("FRA", invoiced, treated_on=date(2021, 6, 30))
    assert not policy.nationality_in_scope("FRA", invoiced)
    assert not policy.nationality_in_scope("CHE", invoiced, treated_on=date(2021, 7, 1))


def test_british_irish_british_classes_and_refugees_have_rules_of_their_own():
    policy = load()
    assert [code for code in countries.codes() if policy.is_british_or_irish(code)] == ["GBR", "IRL"]
    assert {c for c in countries.codes() if policy.is_british_class(c)} == {"GBN", "GBD", "GBO", "GBP", "GBS"}
    assert {code for code in countries.codes() if policy.is_refugee(code)} == {"XXB", "XXC"}
