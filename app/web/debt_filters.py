"""What a list of debts is asked for: read from its address, told in words, and written into addresses again."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, time
from typing import Annotated, Any
from urllib.parse import urlencode

from fastapi import Depends, Request

from app.core import clock
from app.core.errors import Refused
from app.debts.filters import DebtFilter
from app.debts.queries import Sort
from app.policy.countries import country_name, recognise
from app.return_template.choices import OPEN_STATUSES, Status
from app.web import words
from app.web.entries import Entries, Fault, Faults, chosen, day, gathered, pence

OPEN = "open"
STATUSES = [("", "Every status"), (OPEN, "Still open"), *((status.value, status.label) for status in Status)]
SORTS = [
    (Sort.NEWEST, "Newest report first"),
    (Sort.OLDEST_INVOICE, "Oldest invoice first"),
    (Sort.AMOUNT, "Most outstanding first"),
    (Sort.FAMILY_NAME, "Family name"),
    (Sort.INVOICE_NUMBER, "Invoice number"),
    (Sort.LAST_CHANGED, "Last changed first"),
]
HELD = [("", "Held or not"), ("yes", "Held"), ("no", "Not held")]
_FILTERS = (
    "status", "organisation", "region", "nationality", "min_amount", "max_amount", "min_total", "older", "newer",
    "changed-day", "changed-month", "changed-year", "held",
)  # fmt: skip
_KEPT = ("search", *_FILTERS, "sort")
_LONGEST, _MOST_DAYS, _LAST_PAGE = 200, 36_500, 1_000_000


@dataclass(frozen=True)
class Asked:
    """The texts of an address. `search` is the id under which what was typed is kept: it is no part of the address itself."""

    texts: Mapping[str, str]

    @property
    def search(self) -> str:
        return self.texts.get("search", "")

    @property
    def sort(self) -> Sort:
        """Raises Refused (422), as for a page that cannot be one: only a changed address asks for either."""
        try:
            return Sort(self.texts.get("sort") or Sort.NEWEST)
        except ValueError:
            raise Refused("There is no such order. Choose one on the list of debts.") from None

    @property
    def number(self) -> int:
        text = self.texts.get("page") or "1"
        if not (text.isascii() and text.isdecimal() and len(text) <= 7 and 1 <= int(text) <= _LAST_PAGE):
            raise Refused("There is no such page. Pages are numbered from 1.")
        return int(text)

    @property
    def is_filtered(self) -> bool:
        return any(self.texts.get(name) for name in _FILTERS)

    def entries(self, **more: str) -> Entries:
        return Entries.of({**self.texts, **more})

    def kept(self) -> dict[str, str]:
        """What stays in every address of this list, whatever its page."""
        return {name: self.texts[name] for name in _KEPT if name in self.texts}

    def address(self, path: str = "/debts", **changes: str) -> str:
        """The same list elsewhere, or with something changed; an empty text takes a part away."""
        kept = {name: text for name, text in (self.kept() | changes).items() if text}
        return f"{path}?{urlencode(kept)}" if kept else path

    def wanted(self, q: str = "") -> DebtFilter:
        """Raises Faults, one for each field that cannot be taken."""
        entries = self.entries()
        found: list[Any] = gathered(
            lambda: chosen(entries, "status", (value for value, _ in STATUSES), "Choose a status from the list"),
            lambda: _nationality(entries),
            lambda: pence(entries, "min_amount", "The least amount") if entries.has("min_amount") else None,
            lambda: pence(entries, "max_amount", "The largest amount") if entries.has("max_amount") else None,
            lambda: pence(entries, "min_total", "The least total") if entries.has("min_total") else None,
            lambda: _days(entries, "older"),
            lambda: _days(entries, "newer"),
            lambda: _changed_since(entries),
            lambda: chosen(entries, "held", (value for value, _ in HELD), "Choose held, not held or both"),
        )
        status, nationality, least, most, total, older, newer, changed, held = found
        return DebtFilter(
            organisation=entries.text("organisation") or None,
            statuses=_statuses(status),
            region=entries.text("region") or None,
            nationality=nationality,
            min_amount=least,
            max_amount=most,
            min_total=total,
            older_than_days=older,
            newer_than_days=newer,
            changed_since=changed,
            held={"yes": True, "no": False}.get(held),
            q=q,
        )

    def told(self) -> dict[str, str]:
        """The filters that are set, in words, without what was typed to find a person."""
        entries, wanted = self.entries(), self.wanted()
        said = {
            "Search": "by words that are not shown here" if self.search else "",
            "Status": dict(STATUSES)[entries.text("status")] if entries.has("status") else "",
            "Organisation": entries.text("organisation"),
            "Region": entries.text("region"),
            "Nationality": country_name(wanted.nationality) if wanted.nationality else "",
            "Outstanding, at least": words.money(wanted.min_amount),
            "Outstanding, at most": words.money(wanted.max_amount),
            "Owed in total by the person, at least": words.money(wanted.min_total),
            "Days since the invoice, at least": entries.text("older"),
            "Days since the invoice, at most": entries.text("newer"),
            "Changed since": words.day(wanted.changed_since),
            "Held": dict(HELD)[entries.text("held")] if entries.has("held") else "",
        }
        return {name: text for name, text in said.items() if text}


def _asked(request: Request) -> Asked:
    names = (*_KEPT, "page")
    texts = {
        name: request.query_params.get(name, "").replace("\0", "\N{REPLACEMENT CHARACTER}")[:_LONGEST].strip()
        for name in names
    }
    return Asked({name: text for name, text in texts.items() if text})


AskedFor = Annotated[Asked, Depends(_asked)]


def _statuses(chosen_: str) -> tuple[str, ...] | None:
    if not chosen_:
        return None
    return tuple(sorted(OPEN_STATUSES)) if chosen_ == OPEN else (chosen_,)


def _nationality(entries: Entries) -> str | None:
    text = entries.text("nationality")
    found = recognise(text) if text else None
    if text and found is None:
        raise Faults(Fault("Enter a country’s English name as nationality, for example Nigeria", "nationality"))
    return found


def _days(entries: Entries, name: str) -> int | None:
    text = entries.text(name)
    if not text:
        return None
    if not (text.isascii() and text.isdecimal() and int(text[:9]) <= _MOST_DAYS):
        raise Faults(Fault("Enter a whole number of days, for example 90", name))
    return int(text)


def _changed_since(entries: Entries) -> datetime | None:
    if not any(entries.has(f"changed-{part}") for part in ("day", "month", "year")):
        return None
    found = day(entries, "changed", "The day of the change")
    if not 1900 < found.year < 2200:
        raise Faults(Fault("The day of the change must be in this century", "changed-day"))
    return datetime.combine(found, time(), clock.UK)
