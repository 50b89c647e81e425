"""What people write for a nationality, read as alpha-3."""

import pycountry
import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.policy import countries


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("nigerian", "NGA"), ("NG", "NGA"), ("nga", "NGA"), (" Nigeria ", "NGA"), ("UK", "GBR"), ("EL", "GRC"),
        ("GBN", "GBN"), ("xxa", "XXA"), ("Stateless", "XXA"), ("RKS", "RKS"), ("XK", "RKS"), ("Kosovan", "RKS"),
        ("St Lucia", "LCA"), ("Turkey", "TUR"), ("Türkiye", "TUR"), ("Turkiye", "TUR"), ("Ivory  Coast", "CIV"),
        ("Cote d'Ivoire", "CIV"), ("Côte d’Ivoire", "CIV"), ("Congo", "COG"), ("DR Congo", "COD"), ("U.S.A.", "USA"),
        ("The Gambia", "GMB"), ("Gambian national", "GMB"), ("Citizen of Ghana", "GHA"), ("Bosnia & Herzegovina", "BIH"),
        ("Niger", "NER"), ("Nigerien", "NER"), ("british citizen", "GBR"), ("Welsh", "GBR"), ("Refugee", "XXB"),
        ("British overseas citizen", "GBO"), ("NORTH KOREAN", "PRK"), ("Korea, Republic of", "KOR"), ("Filipina", "PHL"),
    ],
)  # fmt: skip
def test_codes_names_and_demonyms_are_recognised_in_any_case_and_spacing(text: str, code: str):
    assert countries.recognise(text) == code


def test_every_iso_country_is_recognised_by_its_codes_and_its_short_common_and_official_names():
    missed = [
        (country.alpha_3, word)
        for country in pycountry.countries
        for field in ("alpha_2", "alpha_3", "name", "common_name", "official_name")
        if (word := getattr(country, field, None)) and countries.recognise(word) != country.alpha_3
    ]
    assert missed == []


def test_every_country_is_recognised_by_the_name_and_the_demonym_that_we_print():
    codes = countries.codes()
    assert len(codes) == 249 + 10
    assert [code for code in codes if countries.recognise(countries.demonym(code)) != code] == []
    assert [code for code in codes if countries.recognise(countries.country_name(code)) != code] == []
    assert {countries.recognise(name) for name in countries.drop_down()} == set(codes)


@pytest.mark.parametrize("text", ["", "  ", "unknown", "Utopia", "Indian/British", "ZZZ", "12", "中国", "-"])
def test_what_is_no_nationality_is_not_guessed(text: str):
    assert countries.recognise(text) is None


@pytest.mark.parametrize(
    ("text", "suggestion"),
    [
        ("Pakstani", "Pakistan"), ("Britsh", "United Kingdom"), ("Zimbabwaen", "Zimbabwe"), ("Nigerean", "Niger or Nigeria"),
        ("Congolese", "Congo or Democratic Republic of the Congo"), ("Korean", "South Korea or North Korea"),
        ("Utopia", None), ("12", None),
    ],
)  # fmt: skip
def test_a_word_that_is_nearly_or_not_clearly_a_country_is_asked_back(text: str, suggestion: str | None):
    assert countries.recognise(text) is None
    assert countries.suggest(text) == suggestion


@given(st.text(max_size=60))
def test_whatever_is_recognised_is_a_code_that_we_know(text: str):
    found = countries.recognise(text)
    assert found is None or found in countries.codes()
    countries.suggest(text)
