"""Asks a virus scanner about every file that people send, before anything else reads it: clamd's INSTREAM.

Off unless the settings name a scanner. With one named, no file is taken that it has not passed.
"""

import socket
import struct
import time
from contextlib import suppress
from urllib.parse import urlsplit

import structlog

from app.core.errors import Refused, Unavailable
from app.settings import get_settings

_PORT = 3310
_PATIENCE, _LONGEST = 3.0, 30.0  # seconds until it answers at all, and until it knows the file
_PIECE = 1 << 18
_LENGTH = struct.Struct(">I")
_LONGEST_ANSWER = 4096
log = structlog.get_logger(__name__)


class VirusFound(Refused):
    def __init__(self) -> None:
        super().__init__(
            "A virus was found in this file, so nothing of it was kept. Tell whoever looks after your computer, and copy "
            "the rows as values into a fresh template on a computer that is clean.",
            code="F11",
        )


class ScannerAway(Unavailable):
    def __init__(self) -> None:
        super().__init__("The virus scanner does not answer. Nothing was processed: try again in a few minutes.")


class TooLargeToScan(Unavailable):
    def __init__(self) -> None:
        super().__init__(
            "The file is larger than the virus scanner takes. Nothing was processed: send the rows in two files, or ask the "
            "service desk to raise the scanner's limit (StreamMaxLength)."
        )


def is_on() -> bool:
    return bool(get_settings().virus_scanner)


def answers() -> bool:
    """Whether the scanner that the settings name is there. Also true when they name none."""
    try:
        if is_on():
            _greet()
    except ScannerAway:
        return False
    return True


def look_through(data: bytes) -> None:
    """Raises VirusFound (422), ScannerAway (503), TooLargeToScan (503); nothing when the file is clean or no scanner is set."""
    if not is_on():
        return
    _greet()
    answer = _ask(b"zINSTREAM\0", data, _LONGEST)
    if answer.endswith("FOUND"):
        log.warning(
            "a virus was found", signature=answer.removeprefix("stream: ").removesuffix(" FOUND")[:100], size=len(data)
        )
        raise VirusFound
    if "size limit exceeded" in answer:
        log.error("the virus scanner's StreamMaxLength is smaller than a file may be", size=len(data))
        raise TooLargeToScan
    if answer != "stream: OK":
        log.error("the virus scanner answered with an error", answer=answer[:100])
        raise ScannerAway


def _greet() -> None:
    """A scanner that has stopped is known at once, though its machine still takes what is sent."""
    if _ask(b"zPING\0", None, _PATIENCE) != "PONG":
        raise ScannerAway


def _ask(command: bytes, data: bytes | None, seconds: float) -> str:
    """The scanner's answer to one command, in a connection of its own."""
    deadline = time.monotonic() + seconds
    try:
        with _connected() as scanner:
            # It answers and hangs up in the middle of a file that is too large: its answer is still there to read.
            with suppress(BrokenPipeError, ConnectionResetError):
                scanner.sendall(command)
                for start in range(0, len(data or b""), _PIECE):
                    _wait(scanner, deadline)
                    piece = (data or b"")[start : start + _PIECE]
                    scanner.sendall(_LENGTH.pack(len(piece)) + piece)
                if data is not None:
                    scanner.sendall(_LENGTH.pack(0))
            return _answer(scanner, deadline)
    except OSError as error:
        log.error("the virus scanner does not answer", error=type(error).__name__)
        raise ScannerAway from error


def _answer(scanner: socket.socket, deadline: float) -> str:
    said = b""
    while not said.endswith(b"\0") and len(said) < _LONGEST_ANSWER:
        _wait(scanner, deadline)
        if not (more := scanner.recv(_LONGEST_ANSWER)):
            break
        said += more
    return said.rstrip(b"\0\n").decode("utf-8", "replace")


def _wait(scanner: socket.socket, deadline: float) -> None:
    if (left := deadline - time.monotonic()) <= 0:
        raise TimeoutError
    scanner.settimeout(left)


def _connected() -> socket.socket:
    address = urlsplit(get_settings().virus_scanner)
    if address.scheme == "tcp":
        return socket.create_connection((address.hostname, address.port or _PORT), timeout=_PATIENCE)
    scanner = socket.socket(socket.AF_UNIX)
    scanner.settimeout(_PATIENCE)
    try:
        scanner.connect(address.path)
    except OSError:
        scanner.close()
        raise
    return scanner
