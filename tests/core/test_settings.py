"""Production refuses to start with a value that is missing or not safe, and says which."""

import json

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


PROVIDER = '{"key": "cis2", "label": "NHS CIS2", "issuer": "%s", "client_id": "returns", "client_secret": "s3cret"}'
LIVE = {"environment": "production", "secret_key": GOOD, "base_url": "https://returns.example", "today": None}


def test_a_second_factor_is_required_in_production_and_offered_elsewhere_unless_said_otherwise():
    assert start(**LIVE).second_factor == "required"
    assert start(environment="demo").second_factor == "offered"
    assert start(environment="test", second_factor="required").second_factor == "required"
    with pytest.raises(ValidationError):
        start(second_factor="never")


def test_identity_providers_are_a_json_list(monkeypatch):
    monkeypatch.setenv("DEBTOR_RETURNS_OIDC", f"[{PROVIDER % 'https://sign-in.example/'}]")
    provider = Settings().oidc[0]
    assert (provider.key, provider.scope) == ("cis2", "openid email profile")
    assert provider.metadata_url == "https://sign-in.example/.well-known/openid-configuration"
    assert "s3cret" not in repr(Settings())
    monkeypatch.setenv("DEBTOR_RETURNS_OIDC", "")
    assert Settings().oidc == []


@pytest.mark.parametrize(
    "text",
    [
        "not json",
        "{}",
        '["cis2"]',
        f"[{PROVIDER % 'ftp://sign-in.example'}]",
        f"[{PROVIDER % 'https://a.example'}, {PROVIDER % 'https://b.example'}]",
        '[{"key": "cis2"}]',
    ],
)
def test_providers_that_cannot_be_used_are_named_by_their_setting(text):
    with pytest.raises(ValidationError) as refused:
        start(oidc=text)
    assert {fault["loc"][0] for fault in refused.value.errors()} == {"oidc"}


def test_production_does_not_believe_a_provider_over_http_that_is_not_this_machine():
    with pytest.raises(ValidationError, match="DEBTOR_RETURNS_OIDC: the issuer of cis2"):
        start(**LIVE, oidc=f"[{PROVIDER % 'http://sign-in.example'}]")
    assert start(**LIVE, oidc=f"[{PROVIDER % 'http://127.0.0.1:3000'}]").oidc
    assert start(environment="demo", oidc=f"[{PROVIDER % 'http://sign-in.example'}]").oidc


def test_only_named_proxies_are_believed():
    assert start(trusted_proxy="10.0.0.1, 10.1.0.0/16,::1").trusted_proxy == "10.0.0.1,10.1.0.0/16,::1/128"
    for everybody in ("*", "proxy.example", "10.0.0.1 10.0.0.2"):
        with pytest.raises(ValidationError):
            start(trusted_proxy=everybody)


SENT_TO = {"warnings_index_push_url": "https://warnings.example/events", "warnings_index_push_key": GOOD}


def test_the_feed_is_pushed_to_an_address_with_a_key():
    assert start(**LIVE, **SENT_TO).warnings_index_push_url
    assert GOOD not in repr(start(environment="test", **SENT_TO))
    standard = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
    assert start(**LIVE, **SENT_TO | {"warnings_index_push_key": standard})


@pytest.mark.parametrize(
    "key", ["", "sixteen letters!", "a" * 40, "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2L", "whsec_not in base64 at all, is it?"]
)
@pytest.mark.parametrize("environment", ["demo", "production"])
def test_nothing_is_pushed_without_a_key_that_is_hard_to_guess(environment, key):
    with pytest.raises(ValidationError, match="WARNINGS_INDEX_PUSH_KEY") as refused:
        start(**LIVE | {"environment": environment}, **SENT_TO | {"warnings_index_push_key": key})
    assert not key or key not in refused.value.errors()[0]["msg"]


@pytest.mark.parametrize(
    "address",
    ["warnings.example", "ftp://warnings.example", "https://name:secret@warnings.example", "https://",
     "https://warnings.example/?key=secret", "https://warnings.example/a b", "https://warnings.example\n"],
)  # fmt: skip
def test_an_address_that_holds_a_secret_or_is_none_is_not_pushed_to(address):
    with pytest.raises(ValidationError, match="WARNINGS_INDEX_PUSH_URL"):
        start(environment="test", **SENT_TO | {"warnings_index_push_url": address})


def test_production_pushes_by_https_or_to_this_machine_only():
    plain, own = "http://warnings.example", "http://127.0.0.1:9000/events"
    with pytest.raises(ValidationError, match="https://"):
        start(**LIVE, **SENT_TO | {"warnings_index_push_url": plain})
    assert start(**LIVE, **SENT_TO | {"warnings_index_push_url": own})
    assert start(environment="demo", **SENT_TO | {"warnings_index_push_url": plain})


BY_SMTP = {"mail": "smtp", "smtp_host": "mail.example", "mail_from": "returns@service.example"}
NOTIFY_KEY = "key-11111111-2222-4333-8444-555555555555-aaaaaaaa-bbbb-4ccc-8ddd-eeeeeeeeeeee"
BY_NOTIFY = {
    "mail": "notify", "notify_api_key": NOTIFY_KEY, "notify_template_id": "99999999-8888-4777-8666-555555555555",
}  # fmt: skip


def test_mails_stay_in_the_outbox_unless_a_channel_is_set():
    assert (start(**LIVE).mail, start(**LIVE, **BY_SMTP).mail, start(**LIVE, **BY_NOTIFY).mail) == (
        "outbox", "smtp", "notify",
    )  # fmt: skip
    assert start(**LIVE, **BY_SMTP).smtp_tls == "starttls"
    with pytest.raises(ValidationError):
        start(mail="pigeon")


@pytest.mark.parametrize(
    ("whole", "change", "named"),
    [
        (BY_SMTP, {"smtp_host": ""}, "SMTP_HOST"),
        (BY_SMTP, {"mail_from": ""}, "MAIL_FROM"),
        (BY_SMTP, {"mail_from": "Returns <returns@service.example>"}, "MAIL_FROM"),
        (BY_SMTP, {"mail_from": "returns@service.example\nBcc: a@b.example"}, "MAIL_FROM"),
        (BY_SMTP, {"smtp_user": "returns"}, "SMTP_PASSWORD"),
        (BY_SMTP, {"smtp_password": "secret"}, "SMTP_USER"),
        (BY_SMTP, {"smtp_tls": "plain", "smtp_user": "returns", "smtp_password": "secret"}, "SMTP_TLS"),
        (BY_NOTIFY, {"notify_api_key": ""}, "NOTIFY_API_KEY"),
        (BY_NOTIFY, {"notify_api_key": NOTIFY_KEY[4:]}, "NOTIFY_API_KEY"),
        (BY_NOTIFY, {"notify_template_id": ""}, "NOTIFY_TEMPLATE_ID"),
        (BY_NOTIFY, {"notify_url": "notify.example"}, "NOTIFY_URL"),
        (BY_NOTIFY, {"notify_url": "https://notify.example/v2"}, "NOTIFY_URL"),
        (BY_NOTIFY, {"notify_url": "http://notify.example"}, "NOTIFY_URL"),
    ],
)
@pytest.mark.parametrize("environment", ["demo", "production"])
def test_a_channel_that_is_not_whole_is_refused_by_the_name_of_what_is_missing(environment, whole, change, named):
    values = LIVE | {"environment": environment} | whole | change
    with pytest.raises(ValidationError, match=f"DEBTOR_RETURNS_{named}") as refused:
        start(**values)
    assert not any(word in refused.value.errors()[0]["msg"] for word in (NOTIFY_KEY[-36:], "secret"))


def test_everything_that_is_missing_is_named_at_once():
    with pytest.raises(ValidationError, match=r"SMTP_HOST(.|\n)*MAIL_FROM"):
        start(mail="smtp")


def test_passwords_and_keys_of_mail_are_not_shown():
    shown = repr(start(**BY_SMTP | {"smtp_user": "returns", "smtp_password": "s3cret-word"})) + repr(start(**BY_NOTIFY))
    assert "s3cret-word" not in shown and NOTIFY_KEY not in shown
    assert start(**BY_SMTP | {"smtp_host": "127.0.0.1", "smtp_tls": "plain", "smtp_user": "a", "smtp_password": "b"})


def endpoints(**changes: str) -> dict[str, str]:
    one = {
        "key": "midas",
        "recipient": "MIDAS",
        "file": "midas.csv",
        "url": "https://midas.example/in",
        "signing_key": GOOD,
    }
    return {"release_endpoints": json.dumps([one | changes])}


def test_releases_are_sent_to_endpoints_whose_keys_are_told_to_nobody():
    assert start(**LIVE, **endpoints()).release_endpoints[0].file == "midas.csv"
    assert GOOD not in repr(start(environment="test", **endpoints()))
    assert start(**LIVE).release_endpoints == []


@pytest.mark.parametrize(
    "changes",
    [{"url": "http://midas.example"}, {"url": "https://name:secret@midas.example"}, {"url": "https://midas.example/?k=1"},
     {"signing_key": "short"}, {"signing_key": "a" * 40}, {"file": "everything.csv"}, {"key": "Not A Key"}],
)  # fmt: skip
def test_an_endpoint_that_is_unsafe_or_unknown_stops_the_service_from_starting(changes):
    with pytest.raises(ValidationError) as refused:
        start(**LIVE, **endpoints(**changes))
    assert GOOD not in refused.value.errors()[0]["msg"]


def test_two_endpoints_do_not_share_a_key():
    one = json.loads(endpoints()["release_endpoints"])
    with pytest.raises(ValidationError, match="twice"):
        start(environment="test", release_endpoints=json.dumps(one * 2))
