"""The stamp: what a workbook of ours says about itself on its hidden sheet `About`, and reading it back."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Literal

from app.core.spreadsheet.headings import heading_key

ABOUT = "About"
TEMPLATE_VERSION = "2026.1"

_KIND, _VERSION, _ORGANISATION, _PERIOD, _DOWNLOADED = (
    "Kind",
    "Template version",
    "Organisation",
    "Period",
    "Downloaded",
)
_OPEN_ROW = "Open row"
_OPEN_ROW_KEY = re.compile(r"openrow([0-9]{1,7})", re.ASCII)
_ID = re.compile(r"[0-9A-Za-z-]{1,64}", re.ASCII)


@dataclass(frozen=True)
class Stamp:
    """`open_rows` names, for each original row of a rejection workbook, the open row that it mends."""

    kind: Literal["template", "rejection"]
    organisation: str | None
    period: str | None
    template_version: str
    downloaded_at: datetime | None
    open_rows: Mapping[int, str] = field(default_factory=dict)

    def to_about(self) -> list[tuple[str, str]]:
        """Names and values, one line each; what is not known is left out."""
        when = self.downloaded_at.astimezone(UTC).isoformat() if self.downloaded_at else None
        known = {_KIND: self.kind, _VERSION: self.template_version, _ORGANISATION: self.organisation,
                 _PERIOD: self.period, _DOWNLOADED: when}  # fmt: skip
        lines = [(name, value) for name, value in known.items() if value]
        return lines + [(f"{_OPEN_ROW} {row}", id_) for row, id_ in sorted(self.open_rows.items())]

    @classmethod
    def from_about(cls, about: Mapping[str, str]) -> "Stamp | None":
        """The stamp that these lines carry, None if none. People can edit the sheet: rubbish counts as not there."""
        said = {heading_key(str(name)): str(value).strip() for name, value in about.items() if value is not None}
        version = said.get(heading_key(_VERSION))
        if not version:
            return None
        return cls(
            "rejection" if said.get(heading_key(_KIND), "").casefold() == "rejection" else "template",
            said.get(heading_key(_ORGANISATION)) or None,
            said.get(heading_key(_PERIOD)) or None,
            version,
            _moment(said.get(heading_key(_DOWNLOADED), "")),
            dict(_open_rows(said)),
        )


def _moment(text: str) -> datetime | None:
    try:
        moment = datetime.fromisoformat(text)
        return moment.astimezone(UTC) if moment.tzinfo else None
    except (ValueError, OverflowError):
        return None


def _open_rows(said: Mapping[str, str]) -> Iterator[tuple[int, str]]:
    for name, value in said.items():
        if (match := _OPEN_ROW_KEY.fullmatch(name)) and _ID.fullmatch(value):
            yield int(match.group(1)), value
