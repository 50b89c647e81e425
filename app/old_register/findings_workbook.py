"""What was found in an old register, for people: the rows that were not loaded, to be mended, and every finding."""

import zlib
from collections.abc import Iterable, Iterator
from itertools import islice
from pathlib import Path

import msgspec

from app.core.spreadsheet.packing import Packed
from app.core.spreadsheet.writing import Look, Sheet, streamed
from app.core.spreadsheet.xml_cells import from_packed
from app.old_register.rules.targets import FIRST_REPORTED, LABELS, ON_THE_INDEX, ORGANISATION
from app.old_register.rules.understanding import Fate, Verdict
from app.return_template.columns import KEYS, ORIGINAL_ROW, RESULT, WHAT_TO_FIX
from app.returns import parts
from app.returns.judging import Judged, Result
from app.returns.rejection_workbook import what_to_fix
from app.returns.rules.engine import Finding

MOST = 1_000_000  # lines of a sheet; the numbers on the screen count them all
_OURS = (ORGANISATION, *KEYS, FIRST_REPORTED, ON_THE_INDEX)
_HEADINGS = (RESULT, WHAT_TO_FIX, *(LABELS[key] for key in _OURS), ORIGINAL_ROW)
_HEAD = Look(bold=True, wrap=True, ink="FFFFFF", fill="005EB8")
_WORDS = {Fate.LOADED: "Loaded", Fate.HELD: "Loaded, held", Fate.REJECTED: "Not loaded", Fate.KNOWN: "Known already"}


class _Noted(msgspec.Struct, array_like=True):
    number: int
    fate: str
    cells: list[Packed]
    findings: list[Finding]


class Notes:
    """Gathers what was found while rows go by, packed; `unwanted` gathers nothing."""

    def __init__(self) -> None:
        self._packs: list[bytes] = []
        self._file: list[Finding] = []

    def about_the_file(self, findings: Iterable[Finding]) -> None:
        self._file += findings

    def add(self, verdicts: Iterable[Verdict]) -> None:
        noted = [_noted(verdict) for verdict in verdicts if verdict.row.findings]
        if noted:
            self._packs.append(zlib.compress(_encode(noted), 1))

    def write(self, to: Path) -> None:
        """Two sheets, organisation by organisation, in constant memory. The first can be mended and loaded."""
        with streamed(to) as book:
            rows, findings = book.sheet("Not loaded"), book.sheet("Findings")
            last = _write_rows(rows, (noted for noted in self._all() if noted.fate == Fate.REJECTED))
            rows.finish(len(_HEADINGS), max(last, 1))
            last = _write_findings(findings, self._file, self._all())
            findings.finish(len(_COLUMNS), max(last, 1))

    def _all(self) -> Iterator[_Noted]:
        for pack in self._packs:
            yield from _decode(zlib.decompress(pack))


class Unwanted(Notes):
    """Where nobody asked for them, findings are counted and not kept."""

    def add(self, verdicts: Iterable[Verdict]) -> None:
        pass


def _noted(verdict: Verdict) -> _Noted:
    """The cells are those of a row that was not loaded, without clinical words."""
    entry, cells = verdict.entry, []
    if verdict.fate is Fate.REJECTED:
        kept = parts.kept_cells(Judged(verdict.row, Result.REJECTED))
        cells = [entry.organisation, *kept, entry.first_reported, verdict.flag]
    return _Noted(entry.number, verdict.fate.value, cells, verdict.row.findings)


def _write_rows(sheet: Sheet, rejected: Iterable[_Noted]) -> int:
    sheet.fit(0, ("\n", 10))
    for place, heading in enumerate(_HEADINGS):
        sheet.column(place, 70 if heading == WHAT_TO_FIX else 18)
        sheet.put(0, place, heading, _HEAD)
    line = 0
    for line, noted in enumerate(islice(rejected, MOST), start=1):
        cure = what_to_fix(noted.findings)
        sheet.fit(line, (cure, 70))
        sheet.put(line, 0, _WORDS[Fate.REJECTED])
        sheet.put(line, 1, cure, Look(wrap=True))
        for place, cell in enumerate(noted.cells, start=2):
            if cell not in (None, ""):
                sheet.put(line, place, from_packed(cell))
        sheet.put(line, len(_HEADINGS) - 1, noted.number)
    return line


_COLUMNS = (("Line", 9), ("Became", 16), ("Code", 8), ("Severity", 12), ("Part", 26), ("Place", 9), ("Finding", 90))


def _write_findings(sheet: Sheet, of_file: Iterable[Finding], noted: Iterable[_Noted]) -> int:
    for place, (heading, width) in enumerate(_COLUMNS):
        sheet.column(place, width)
        sheet.put(0, place, heading, _HEAD)
    of_rows = ((_WORDS[Fate(one.fate)], finding) for one in noted for finding in one.findings)
    line = 0
    for line, (became, found) in enumerate(islice(_chained(of_file, of_rows), MOST), start=1):
        cells = (found.row, became, found.code, found.severity, found.column, found.cell)
        sheet.fit(line, (found.message, 90))
        sheet.put_row(line, cells)
        sheet.put(line, len(cells), found.message, Look(wrap=True))
    return line


def _chained(of_file: Iterable[Finding], of_rows: Iterable[tuple[str, Finding]]) -> Iterator[tuple[str, Finding]]:
    yield from (("", finding) for finding in of_file)
    yield from of_rows


_encode = msgspec.msgpack.Encoder().encode
_decode = msgspec.msgpack.Decoder(list[_Noted]).decode
