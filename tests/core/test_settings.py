"""Production refuses to start with a value that is missing or not safe, and says which."""

import pytest
from pydantic import ValidationError

from app.settings import Settings

GOOD = "a-secret-of-32-characters-or-more"


def start(**values: str) -> Settings:
    return Settings(**values)


def test_production_does_not_start_without_a_secret():
    with pytest.raises(ValidationError, match="DEBTOR_RETURNS_SECRET_KEY"):
        start(environment="production", secret_key="", today=None)


def test_production_does_not_start_with_a_short_secret():
    with pytest.raises(ValidationError, match="32 characters"):
        start(environment="production", secret_key="short", today=None)


@pytest.mark.parametrize("secret", ["a" * 40, "ab" * 20])
def test_production_does_not_start_with_a_secret_that_is_easy_to_guess(secret):
    with pytest.raises(ValidationError, match="easy to guess"):
        start(environment="production", secret_key=secret, base_url="https://returns.example", today=None)


@pytest.mark.parametrize("address", ["http://returns.example", "returns.example"])
def test_production_does_not_start_without_an_https_address(address):
    with pytest.raises(ValidationError, match="DEBTOR_RETURNS_BASE_URL"):
        start(environment="production", secret_key=GOOD, base_url=address, today=None)
    with pytest.raises(ValidationError, match="DEBTOR_RETURNS_BASE_URL"):
        start(environment="production", secret_key=GOOD, today=None)


def test_production_does_not_start_with_a_made_up_date():
    with pytest.raises(ValidationError, match="DEBTOR_RETURNS_TODAY"):
        start(environment="production", secret_key=GOOD, base_url="https://returns.example", today="2026-11-22")


def test_production_is_what_one_gets_by_saying_nothing(monkeypatch):
    monkeypatch.delenv("DEBTOR_RETURNS_ENVIRONMENT")
    assert start(secret_key=GOOD, base_url="https://returns.example", today=None).environment == "production"


def test_demo_and_test_start_with_nothing_set(monkeypatch):
    monkeypatch.delenv("DEBTOR_RETURNS_SECRET_KEY")
    assert len(start(environment="demo").secret_key) >= 32
