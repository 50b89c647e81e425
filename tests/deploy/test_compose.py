"""compose.yaml says what it promises of every container, in settings that there are."""

import re

from app.settings import Settings
from tests.guards.source import PROJECT

TEXT = (PROJECT / "compose.yaml").read_text()


def services() -> dict[str, str]:
    whole = TEXT.partition("\nservices:\n")[2].partition("\nnetworks:\n")[0]
    parts = re.split(r"^  (\w+):\n", whole, flags=re.M)[1:]
    return dict(zip(parts[::2], parts[1::2], strict=True))


SHARED = TEXT.partition("x-service: &service\n")[2].partition("\nservices:\n")[0]


def test_no_container_can_write_to_its_root_or_gain_rights():
    found = services()
    assert {"database", "migrate", "web", "worker", "proxy"} == set(found)
    for name, text in found.items():
        said = text + (SHARED if "<<: *service" in text else "")
        for promise in ("read_only: true", "cap_drop: [ALL]", "no-new-privileges:true", "tmpfs:"):
            assert promise in said, (name, promise)


def test_only_the_proxy_stands_open_and_metrics_do_not():
    assert [name for name, text in services().items() if re.search(r"^    ports:", text, re.M)] == ["proxy"]
    assert 'ports: ["80:8080", "443:8443"]' in TEXT


def test_every_setting_it_names_is_one():
    named = {name.lower() for name in re.findall(r"DEBTOR_RETURNS_([A-Z_]+)\b", TEXT)}
    assert {name.removesuffix("_file") for name in named} <= set(Settings.model_fields)


def test_no_secret_stands_in_it():
    assert not re.search(r"(PASSWORD|KEY|DATABASE_URL):", TEXT)
    files = re.findall(r"file: \./deploy/secrets/(\w+)", TEXT)
    assert len(files) == 5
    assert "/deploy/secrets/" in (PROJECT / ".gitignore").read_text().split()


def test_the_proxy_is_the_one_that_is_trusted():
    trusted = re.search(r"TRUSTED_PROXY: (\S+)", TEXT)
    assert trusted is not None
    assert f"ipv4_address: {trusted.group(1)}" in services()["proxy"]


def test_what_is_stopped_has_longer_than_the_service_takes():
    grace = re.search(r"stop_grace_period: (\d+)s", services()["web"])
    assert grace is not None
    assert int(grace.group(1)) > Settings.model_fields["shutdown_seconds"].default
