"""Which open row took the place of which: that of the same invoice, and that of the row tied to it in a rejection workbook."""

from sqlalchemy import select
from sqlmodel import Session, col

from app.returns import parts
from app.returns.models import OpenRow

CHECK = "check"  # origin of a row that our own rules sent back

_Places = dict[tuple[str, str | None], list[OpenRow]]


class Ties:
    """Reads each return once, however many rows are followed."""

    def __init__(self, db: Session) -> None:
        self._db = db
        self._before: dict[str, dict[int, str]] = {}
        self._places: dict[str, _Places] = {}

    def line(self, row: OpenRow) -> set[str]:
        """The row and those whose place it took, one rejection workbook after the other, by id."""
        return {row.id} | self.line_of(self._tied(row.return_id).get(row.row))

    def line_of(self, tied: str | None) -> set[str]:
        """The same of the open row to which a row of a file is tied."""
        line: set[str] = set()
        while tied is not None and tied not in line and (row := self._db.get(OpenRow, tied)) is not None:
            line.add(tied)
            tied = self._tied(row.return_id).get(row.row)
        return line

    def after(self, row: OpenRow, return_id: str, line: set[str]) -> list[OpenRow]:
        """What this return left open in the row's place, where it sent the row back again. `line` is the row's."""
        if return_id not in self._places:
            self._places[return_id] = self._read(return_id)
        keys = [("invoice", row.invoice_number or None), *(("tie", id_) for id_ in sorted(line))]
        found = {one.id: one for key in keys for one in self._places[return_id].get(key, ())}
        return list(found.values())

    def _read(self, return_id: str) -> _Places:
        query = select(OpenRow).where(col(OpenRow.return_id) == return_id, col(OpenRow.origin) == CHECK)
        places = _Places()
        for one in self._db.execute(query.order_by(col(OpenRow.id))).scalars():
            if one.invoice_number:
                places.setdefault(("invoice", one.invoice_number), []).append(one)
            for id_ in self.line(one):
                places.setdefault(("tie", id_), []).append(one)
        return places

    def _tied(self, return_id: str) -> dict[int, str]:
        if return_id not in self._before:
            kept = parts.rows(self._db, return_id, parts.REJECTED).rows
            self._before[return_id] = {row.number: row.open_row for row in kept if row.open_row}
        return self._before[return_id]
