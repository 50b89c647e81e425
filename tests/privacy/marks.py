"""People who are easy to recognise wherever they turn up, and how to look for them."""

import io
import re
import zipfile
import zlib
from collections.abc import Iterable
from datetime import date
from typing import Any

from tests.api.conftest import row

# One for each way in, so that a find says where it came from.
ACCEPTED, REJECTED, REFUSED, IMPORTED, TYPED, ELSEWHERE = (
    "Zyxwortham", "Brolvangar", "Kwandilmo", "Thrubbleset", "Fenwixalot", "Grimbuldo",
)  # fmt: skip
PARTICULARS = ("Qelindra", "Vuxanthe", "Q7X9Q2W8", "HX4471992", "JM442211D", "Zanzibar Mews", "ZE2 9ZX", "Xylander",
               "ZQINV-88", "zq-case")  # fmt: skip
BORN = date(1961, 7, 13)
DATES = ("1961-07-13", "13/07/1961", "13 July 1961", "13 7 1961", "13.07.1961")
MARKS = (ACCEPTED, REJECTED, REFUSED, IMPORTED, TYPED, ELSEWHERE, *PARTICULARS, *DATES)
_MARK = re.compile("|".join(map(re.escape, MARKS)), re.I)


def somebody(family: str, number: int = 1, **changes: Any) -> dict[str, Any]:
    """A row in which every cell is somebody's own and recognisable."""
    return row(
        number, family_name=family, given_names="Qelindra", other_names="Vuxanthe", date_of_birth=BORN,
        passport_number="Q7X9Q2W8", home_office_reference="HX4471992", ni_number="JM442211D",
        uk_address="77 Zanzibar Mews", uk_postcode="ZE2 9ZX", overseas_address="9 Xylander Street",
        invoice_number=f"ZQINV-88{number:03}", your_reference=f"zq-case {number}",
    ) | changes  # fmt: skip


def found_in(data: str | bytes, marks: Iterable[str] = ()) -> set[str]:
    """Which marks stand there, in whatever case; also inside a workbook and inside what is compressed."""
    looked_for = re.compile("|".join(map(re.escape, marks)), re.I) if marks else _MARK
    raw = data.encode("utf-8", "surrogatepass") if isinstance(data, str) else data
    return {each for text in _readings(raw) for each in looked_for.findall(text)}


def _readings(raw: bytes) -> Iterable[str]:
    yield raw.decode("utf-8", "replace")
    if raw[:2] == b"PK":
        with zipfile.ZipFile(io.BytesIO(raw)) as package:
            for name in package.namelist():
                yield package.read(name).decode("utf-8", "replace")
    if raw[:1] == b"\x78":
        try:
            yield zlib.decompress(raw).decode("utf-8", "replace")
        except zlib.error:
            return
