"""The MIDAS CSV: one line a debt, for the recipient's loader. What the recipient asks for otherwise is changed in LAYOUT."""

from collections.abc import Callable, Iterable, Iterator

from app.releases.models import Change
from app.releases.outputs import machine
from app.releases.outputs.machine import Column, Values
from app.releases.outputs.said import Said

NAME = "midas.csv"
# The recipient knows no "same": a full release says again what stands.
CHANGES = {change.value: change.value for change in Change} | {Change.SAME.value: Change.UPDATED.value}


def _of(name: str, how: Callable[[Values, str], str] = machine.text, key: str = "") -> Column[Said]:
    wanted = key or name
    return Column(name, lambda line: how(line.values, wanted))


LAYOUT: tuple[Column[Said], ...] = (
    Column("reference", lambda line: line.reference),
    Column("organisation_code", lambda line: line.organisation),
    _of("invoice_number"),
    _of("date_of_debt", machine.day, "invoice_date"),
    _of("amount_outstanding", machine.pounds),
    _of("status"),
    _of("status_date", machine.day),
    _of("family_name"),
    _of("given_names", machine.given_names),
    _of("date_of_birth", machine.day),
    _of("nationality"),
    _of("passport_number"),
    _of("home_office_reference"),
    Column("change", lambda line: CHANGES[line.change]),
)


def csv_pieces(lines: Iterable[Said]) -> Iterator[bytes]:
    """The file in pieces; a removed line carries what its debt was and the status and amount that it has now."""
    return machine.csv_pieces(LAYOUT, lines)
