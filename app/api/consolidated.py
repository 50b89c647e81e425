"""The live consolidated output: every debt with every column that may leave, marked as not a signed release."""

from typing import Annotated

from fastapi import Query, Response

from app.accounts.access import Actor
from app.accounts.permissions import Permission
from app.api.deps import May, Store, router
from app.api.shapes.debts import OutputIn
from app.core import clock
from app.core.db import Database
from app.http.downloads import CSV, XLSX, download_once
from app.releases import live
from app.releases.live import Output

consolidated = router("consolidated output")
Exporter = Annotated[Actor, May(Permission.REGISTER_EXPORT)]
Wanted = Annotated[OutputIn, Query()]


@consolidated.get("/consolidated.xlsx", summary="The register as a workbook", response_class=Response)
def get_consolidated_xlsx(actor: Exporter, store: Store, wanted: Wanted) -> Response:
    return _download(store, actor, wanted, Output.XLSX, XLSX)


@consolidated.get("/consolidated.csv", summary="The register as CSV", response_class=Response)
def get_consolidated_csv(actor: Exporter, store: Store, wanted: Wanted) -> Response:
    return _download(store, actor, wanted, Output.CSV, CSV)


def _download(store: Database, actor: Actor, wanted: OutputIn, output: Output, kind: str) -> Response:
    filters = wanted.model_dump(mode="json", exclude={"purpose", "recipient"}, exclude_none=True)
    told = {name: str(value) for name, value in filters.items()}
    path = live.write(store, actor, wanted.to_domain(), output, wanted.purpose, wanted.recipient, told)
    return download_once(path, f"consolidated-{clock.today()}.{output}", kind)
