"""What reading a workbook gives: a `Reading`, or `Unreadable` with the code and the sentence for the user."""

import msgspec

from app.core.spreadsheet.packing import Packed


class Unreadable(Exception):
    """The whole file is refused. `code` is F01, F02, F04 or F08; `message` says what is wrong and how to mend it."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code
        self.message = message


class Reading(msgspec.Struct):
    """The table that a workbook holds.

    `heading_row` counts from 1 as the spreadsheet program does; 0 means that no row holds a heading we know, and
    `headings` is then the first row that looks like one, so that it can be shown. `rows` are those below the headings
    that are not blank, each with its number in the file and its cells from column A on. `blank` counts the wholly
    blank rows between the headings and the last row. `about` is the sheet About as key and value. `rival` names
    another worksheet that also has the headings and data.
    """

    kind: str
    sheet: str
    heading_row: int
    headings: list[Packed]
    rows: list[tuple[int, list[Packed]]] = []
    blank: int = 0
    about: dict[str, str] = {}
    rival: str | None = None


class Limits(msgspec.Struct, frozen=True):
    """How large a workbook may be, all following from the most rows that are taken. Sizes are in bytes."""

    max_rows: int
    parts: int = 1000
    sheets: int = 100

    @property
    def unpacked(self) -> int:
        """All parts of the file together; a row of the return takes about 1 kB."""
        return (64 << 20) + self.max_rows * 4096

    @property
    def answer(self) -> int:
        """What the reading process may send back; a row of the return takes about 300 bytes."""
        return (16 << 20) + self.max_rows * 2048

    @property
    def memory(self) -> int:
        """Address space of the reading process, the interpreter itself included."""
        return (320 << 20) + self.max_rows * 6144

    @property
    def worn_out(self) -> int:
        """Memory that a reading process may still hold after a file; with more it makes room for a fresh one."""
        return 128 << 20

    @property
    def cells(self) -> int:
        """Cells of the table: a return of full length has a third of this."""
        return max(self.max_rows, 1000) * 64
