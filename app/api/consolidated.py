"""The live consolidated output: every debt with every column that may leave, marked as not a signed release."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Annotated

from fastapi import Query, Response

from app.accounts.access import Actor
from app.accounts.permissions import Permission
from app.accounts.service import visible_organisation
from app.api.deps import May, Store, router
from app.api.shapes.debts import OutputIn
from app.audit.models import AuditAction
from app.audit.service import record
from app.core import clock
from app.core.db import Database
from app.http.downloads import CSV, XLSX, download_once, scratch_file
from app.releases import live
from app.releases.outputs.consolidated import Cover, Row, csv_lines, write_workbook

consolidated = router("consolidated output")
Exporter = Annotated[Actor, May(Permission.REGISTER_EXPORT)]
Wanted = Annotated[OutputIn, Query()]


@consolidated.get("/consolidated.xlsx", summary="The register as a workbook", response_class=Response)
def get_consolidated_xlsx(actor: Exporter, store: Store, wanted: Wanted) -> Response:
    def write(rows: Iterator[Row], to: Path) -> int:
        return write_workbook(rows, _cover(actor, wanted), to)

    return download_once(_written(store, actor, wanted, ".xlsx", write), f"consolidated-{clock.today()}.xlsx", XLSX)


@consolidated.get("/consolidated.csv", summary="The register as CSV", response_class=Response)
def get_consolidated_csv(actor: Exporter, store: Store, wanted: Wanted) -> Response:
    def write(rows: Iterator[Row], to: Path) -> int:
        count = 0

        def counted() -> Iterator[Row]:
            nonlocal count
            for row in rows:
                count += 1
                yield row

        with to.open("wb") as file:
            file.writelines(csv_lines(counted()))
        return count

    return download_once(_written(store, actor, wanted, ".csv", write), f"consolidated-{clock.today()}.csv", CSV)


def _written(
    store: Database, actor: Actor, wanted: OutputIn, suffix: str, write: Callable[[Iterator[Row], Path], int]
) -> Path:
    """Writes the file in constant memory from one view of the register, then records that it was made."""
    path = scratch_file(suffix)
    try:
        with store.reading() as db:
            if wanted.organisation is not None:
                visible_organisation(db, actor, Permission.REGISTER_EXPORT, wanted.organisation)
            debts = write(live.rows(db, actor, wanted.to_domain()), path)
        with store.writing() as db:
            record(
                db, actor, AuditAction.REGISTER_EXPORTED, "register", suffix[1:], wanted.organisation,
                debts=debts, purpose=wanted.purpose, recipient=wanted.recipient, filters=_filters(wanted),
            )  # fmt: skip
    except BaseException:
        path.unlink(missing_ok=True)
        raise
    return path


def _cover(actor: Actor, wanted: OutputIn) -> Cover:
    return Cover(clock.now(), actor.name, wanted.recipient, wanted.purpose, dict(_pairs(wanted)))


def _pairs(wanted: OutputIn) -> Iterator[tuple[str, str]]:
    told = wanted.model_dump(mode="json", exclude={"purpose", "recipient"}, exclude_none=True)
    return ((name, str(value)) for name, value in told.items())


def _filters(wanted: OutputIn) -> list[str]:
    return [f"{name}={value}" for name, value in _pairs(wanted)]
