"""The virus scanner: a real one, passing, finding, too small, stopped, and away."""

import os
import signal
import socket
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress

import pytest
from pydantic import ValidationError

from app.core import scanning
from app.core.scanning import ScannerAway, TooLargeToScan, VirusFound, look_through
from app.settings import Settings, get_settings
from tests import scanner
from tests.scanner import LARGEST, SIGNATURE, Scanner


@pytest.fixture(scope="module")
def clamd() -> Iterator[Scanner]:
    with scanner.running() as found:
        yield found


@pytest.fixture
def ask(monkeypatch: pytest.MonkeyPatch):
    """Names the scanner that is asked from here on."""

    def name(address: str) -> None:
        monkeypatch.setenv("DEBTOR_RETURNS_VIRUS_SCANNER", address)
        get_settings.cache_clear()

    return name


def test_without_a_scanner_in_the_settings_nobody_is_asked(ask):
    ask("")
    look_through(SIGNATURE)
    assert (scanning.is_on(), scanning.answers()) == (False, True)


@pytest.mark.parametrize("way", ["by_tcp", "by_unix"])
def test_a_clean_file_passes_and_one_with_a_virus_does_not(clamd: Scanner, ask, way: str):
    ask(getattr(clamd, way))
    look_through(b"Invoice number\r\n1\r\n")
    look_through(b"")
    look_through(bytes(LARGEST))
    with pytest.raises(VirusFound) as found:
        look_through(b"x" * 700_000 + SIGNATURE + b"x" * 700_000)
    assert (found.value.status, found.value.code) == (422, "F11")
    assert SIGNATURE.decode() not in found.value.detail
    assert scanning.answers()


def test_a_file_larger_than_the_scanner_takes_is_told_apart_from_a_scanner_that_is_away(clamd: Scanner, ask):
    ask(clamd.by_tcp)
    with pytest.raises(TooLargeToScan, match="StreamMaxLength"):
        look_through(bytes(8 << 20))
    look_through(b"and the next is scanned again")


def test_a_scanner_that_is_not_there_lets_nothing_pass(ask, tmp_path):
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    for address in (f"tcp://127.0.0.1:{port}", f"unix://{tmp_path}/none.sock"):
        ask(address)
        with pytest.raises(ScannerAway) as away:
            look_through(b"clean")
        assert away.value.status == 503
        assert away.value.detail == (
            "The virus scanner does not answer. Nothing was processed: try again in a few minutes."
        )
        assert not scanning.answers()


def test_a_scanner_that_has_stopped_is_known_at_once(clamd: Scanner, ask, monkeypatch: pytest.MonkeyPatch):
    assert scanning._PATIENCE < 5
    monkeypatch.setattr(scanning, "_PATIENCE", 0.5)
    ask(clamd.by_tcp)
    os.kill(clamd.process.pid, signal.SIGSTOP)
    begun = time.monotonic()
    try:
        with pytest.raises(ScannerAway):
            look_through(b"clean")
        assert time.monotonic() - begun < 4
    finally:
        os.kill(clamd.process.pid, signal.SIGCONT)
    look_through(b"clean")


@pytest.mark.parametrize("answer", [b"", b"nonsense\0", b"stream: OK FOUNDED\0", b"x" * 10_000, b"\xff\0"])
def test_an_answer_that_is_not_the_word_for_clean_lets_nothing_pass(ask, answer: bytes):
    with socket.create_server(("127.0.0.1", 0)) as server:
        ask(f"tcp://127.0.0.1:{server.getsockname()[1]}")
        with pytest.raises(ScannerAway):
            _once(server, answer)


def _once(server: socket.socket, answer: bytes) -> None:
    """Asks about a file; whoever listens there says PONG to the greeting, and then this."""

    def serve() -> None:
        for said in (b"PONG\0", answer):
            connection, _ = server.accept()
            with connection, suppress(OSError):  # who asked may hang up before all is said, or before the end of it
                connection.sendall(said)
                connection.shutdown(socket.SHUT_WR)
                while connection.recv(4096):
                    pass

    with ThreadPoolExecutor(1) as other:
        serving = other.submit(serve)
        try:
            look_through(b"clean")
        finally:
            serving.result(10)


@pytest.mark.parametrize(
    "address", ["clamd", "http://host:3310", "tcp://", "unix://relative", "tcp://a b", "tcp://h:1/x"]
)
def test_a_setting_that_is_no_address_of_a_scanner_is_refused(monkeypatch: pytest.MonkeyPatch, address: str):
    monkeypatch.setenv("DEBTOR_RETURNS_VIRUS_SCANNER", address)
    with pytest.raises(ValidationError):
        Settings()
