"""What is kept of a return's file: rows' cells as read with their outcomes, and findings, each as one compressed value.

One value per part instead of one table row per cell: a 10,000-row return is three values, and each part has its own
retention (docs/decisions). Clinical words are withheld here, before anything is kept.
"""

import hmac
import zlib
from collections.abc import Collection, Iterable, Sequence
from hashlib import sha256

import msgspec
from sqlalchemy import delete, insert, select
from sqlmodel import Session, col

from app.core.ids import new_id
from app.core.spreadsheet import packing
from app.core.spreadsheet.packing import Packed
from app.return_template.columns import KEYS
from app.returns.judging import Judged
from app.returns.models import ReturnPart
from app.returns.rules.engine import Finding
from app.settings import get_settings

ORIGINAL, ACCEPTED, REJECTED, FINDINGS = "original", "accepted", "rejected", "findings"


class KeptRow(msgspec.Struct, array_like=True):
    """One row as read: its number, its result, the debt it speaks of, its codes, its cells in the order of COLUMNS.

    `original_row` is the row it had before, if it came back in a rejection workbook; `open_row` that row's open row.
    """

    number: int
    result: str
    debt_id: str | None
    codes: list[str]
    cells: list[Packed]
    original_row: int | None = None
    open_row: str | None = None

    def by_key(self) -> dict[str, Packed]:
        return {key: cell for key, cell in zip(KEYS, self.cells, strict=False) if cell is not None}


class KeptRows(msgspec.Struct):
    """Rows of one part, with the letters of the columns that the file had."""

    place: dict[str, str]
    rows: list[KeptRow]


_rows = msgspec.msgpack.Decoder(KeptRows)
_findings = msgspec.msgpack.Decoder(list[Finding])


def withheld(text: str) -> str:
    """What is kept in place of a cell with clinical words: a keyed digest by which a confirmed address is known again."""
    key = get_settings().secret_key.get_secret_value().encode()
    return packing.WITHHELD + hmac.new(key, text.encode("utf-8", "surrogatepass"), sha256).hexdigest()


def kept_cells(judged: Judged) -> list[Packed]:
    """The row's cells as read, without any that must not be kept (R17)."""
    found = judged.row.findings
    if not found or not (clinical := {finding.field for finding in found if finding.code == "R17"}):
        return judged.row.cells
    return [
        withheld(packing.trim(packing.as_text(cell))) if key in clinical and not packing.is_withheld(cell) else cell
        for key, cell in zip(KEYS, judged.row.cells, strict=True)
    ]


def store(db: Session, return_id: str, parts: dict[str, bytes]) -> None:
    """Keeps these parts in place of those of the same name."""
    db.execute(delete(ReturnPart).where(col(ReturnPart.return_id) == return_id, col(ReturnPart.part).in_(parts)))
    rows = [{"id": new_id(), "return_id": return_id, "part": part, "content": parts[part]} for part in parts]
    if rows:
        db.connection().execute(insert(ReturnPart), rows)


def content(db: Session, return_id: str, part: str) -> bytes | None:
    query = select(col(ReturnPart.content)).where(col(ReturnPart.return_id) == return_id, col(ReturnPart.part) == part)
    return db.execute(query).scalar_one_or_none()


def has(db: Session, return_id: str, part: str) -> bool:
    query = select(col(ReturnPart.id)).where(col(ReturnPart.return_id) == return_id, col(ReturnPart.part) == part)
    return db.execute(query).first() is not None


def having(db: Session, return_ids: Collection[str], part: str) -> set[str]:
    """Those of these returns of which this part is still kept."""
    query = select(col(ReturnPart.return_id)).where(
        col(ReturnPart.return_id).in_(return_ids), col(ReturnPart.part) == part
    )
    return set(db.execute(query).scalars())


def pack_rows(place: dict[str, str], rows: Sequence[KeptRow]) -> bytes:
    return zlib.compress(msgspec.msgpack.encode(KeptRows(place, list(rows))), 1)


def unpack_rows(content: bytes) -> KeptRows:
    return _rows.decode(zlib.decompress(content))


def pack_findings(findings: Iterable[Finding]) -> bytes:
    return zlib.compress(msgspec.msgpack.encode(list(findings)), 1)


def rows(db: Session, return_id: str, part: str) -> KeptRows:
    kept = content(db, return_id, part)
    return unpack_rows(kept) if kept else KeptRows({}, [])


def findings(db: Session, return_id: str) -> list[Finding]:
    kept = content(db, return_id, FINDINGS)
    return _findings.decode(zlib.decompress(kept)) if kept else []
