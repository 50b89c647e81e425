"""The process that reads workbooks, apart from the service: confined, limited in time, fed through a socket.

Started as `python -m app.core.spreadsheet.child <socket> <most rows> <seconds> <worn out>`. It says READY, and what of the
confinement was not possible.
A frame is eight bytes of length and so many bytes. A request is three frames: heading keys, the file, and the parts
that need a second look, which the service looks for meanwhile. The answer is a word that the file has come (TAKEN),
frames of rows (ROWS) and at the end what is known of the table (DONE) or why it was refused (REFUSED).
"""

import gc
import os
import signal
import socket
import struct
import sys
import traceback
from collections.abc import Sequence
from itertools import islice
from pathlib import Path

import msgspec

from app.core.spreadsheet.confinement import confine
from app.core.spreadsheet.csv_text import open_csv
from app.core.spreadsheet.kinds import family_of
from app.core.spreadsheet.old_excel import open_old_excel
from app.core.spreadsheet.preflight import Package
from app.core.spreadsheet.refusals import damaged, too_much_memory
from app.core.spreadsheet.result import Limits, Unreadable
from app.core.spreadsheet.tables import Grid, Table, find
from app.core.spreadsheet.zipped import open_zipped

READY, TAKEN, ROWS, DONE, REFUSED = b"+", b"t", b"r", b"d", b"x"
LENGTH = struct.Struct(">Q")
_ROWS_IN_A_FRAME = 400

_encoder = msgspec.msgpack.Encoder()
_texts = msgspec.msgpack.Decoder(list[str])


def main() -> None:
    descriptor, max_rows, seconds, worn_out = int(sys.argv[1]), int(sys.argv[2]), float(sys.argv[3]), int(sys.argv[4])
    limits = Limits(max_rows)
    statm = os.open("/proc/self/statm", os.O_RDONLY) if Path("/proc/self/statm").exists() else None
    gc.disable()  # a reading makes many lists, few cycles
    gc.freeze()
    with socket.socket(fileno=descriptor) as parent:
        _send(parent, READY, confine(limits).encode())
        while True:
            keys, data = _receive(parent), bytes(_receive(parent))
            _send(parent, TAKEN)
            limit_time(seconds + 2)
            _answer(parent, data, frozenset(_texts.decode(keys)), limits)
            limit_time(0)
            gc.collect()
            if statm is not None and _resident(statm) > worn_out:
                return


def _answer(parent: socket.socket, data: bytes, known: frozenset[str], limits: Limits) -> None:
    try:
        try:
            kind, grids, package = _open(data, known, limits)
        finally:
            suspects = set(_texts.decode(_receive(parent)))
        if package is not None:
            package.second_look = suspects
        reading, table = find(kind, grids, known, limits)
        if reading.heading_row:
            reading.blank = _send_rows(parent, table)
        _send(parent, DONE, _encoder.encode(reading))
    except OSError:
        raise  # the parent is gone
    except Unreadable as refusal:
        _send(parent, REFUSED, _encoder.encode((refusal.code, refusal.message, "")))
    except Exception as error:
        unforeseen = too_much_memory() if isinstance(error, MemoryError) else damaged()
        _send(parent, REFUSED, _encoder.encode((unforeseen.code, unforeseen.message, _place(error))))


def _open(data: bytes, known: frozenset[str], limits: Limits) -> tuple[str, Sequence[Grid], Package | None]:
    """What the file is, its worksheets and the package if it is one. Raises Unreadable."""
    family = family_of(data)
    if family == "zip":
        package, grids = open_zipped(data, limits)
        return package.kind, grids, package
    if family == "xls":
        return family, open_old_excel(data, limits), None
    return "csv", open_csv(data, known), None


def _send_rows(parent: socket.socket, table: Table) -> int:
    """Sends the rows that hold anything and gives the number of blank ones between them."""
    rows = table.rows()
    last, count = table.heading_row, 0
    while chunk := list(islice(rows, _ROWS_IN_A_FRAME)):
        last, count = chunk[-1][0], count + len(chunk)
        _send(parent, ROWS, _encoder.encode(chunk))
    return last - table.heading_row - count


def _place(error: Exception) -> str:
    """What kind of error came up where, for the log: nothing of what the file says."""
    frame = traceback.extract_tb(error.__traceback__)[-1]
    return f"{type(error).__name__} in {frame.name}, {Path(frame.filename).name}:{frame.lineno}"


def limit_time(seconds: float) -> None:
    """Ends this process when the time is over, by the clock on the wall or of work; the parent is quicker if it lives."""
    signal.setitimer(signal.ITIMER_REAL, seconds)
    signal.setitimer(signal.ITIMER_PROF, seconds)


def _resident(statm: int) -> int:
    """Bytes of memory in use: what a large workbook leaves behind is given back by starting afresh."""
    return int(os.pread(statm, 200, 0).split()[1]) * os.sysconf("SC_PAGE_SIZE")


def _send(parent: socket.socket, kind: bytes, content: bytes = b"") -> None:
    parent.sendall(LENGTH.pack(len(content) + 1) + kind)
    parent.sendall(content)


def _receive(parent: socket.socket) -> bytearray:
    """One frame; the process ends when the parent has closed."""
    return _exactly(parent, LENGTH.unpack(_exactly(parent, LENGTH.size))[0])


def _exactly(parent: socket.socket, size: int) -> bytearray:
    content = bytearray(size)
    view, at = memoryview(content), 0
    while at < size:
        if not (got := parent.recv_into(view[at:])):
            sys.exit()
        at += got
    return content


if __name__ == "__main__":
    main()
