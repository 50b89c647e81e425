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
        line: set[str] = set()
        while row.id not in line:
            line.add(row.id)
            before = self._tied(row.return_id).get(row.row)
            row = (self._db.get(OpenRow, before) if before else None) or row
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
        tied, places = self._tied(return_id), _Places()
        for one in self._db.execute(query.order_by(col(OpenRow.id))).scalars():
            if one.invoice_number:
                places.setdefault(("invoice", one.invoice_number), []).append(one)
            if one.row in tied:
                places.setdefault(("tie", tied[one.row]), []).append(one)
        return places

    def _tied(self, return_id: str) -> dict[int, str]:
        if return_id not in self._before:
            kept = parts.rows(self._db, return_id, parts.REJECTED).rows
            self._before[return_id] = {row.number: row.open_row for row in kept if row.open_row}
        return self._before[return_id]
