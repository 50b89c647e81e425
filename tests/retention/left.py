"""Releases that left at a moment of the test's choice, and what is still kept of them."""

from sqlmodel import col, select

from app.releases.models import Release
from tests.releases.carrying import lines_of, sent
from tests.returns.conftest import Trust


def newest(trust: Trust) -> Release:
    with trust.database.reading() as db:
        return db.exec(select(Release).order_by(col(Release.number).desc())).first()


def leave(trust: Trust, scope: str = "full", recipient: str = "MIDAS", on: str = "2026-11-22") -> Release:
    sent(trust, scope, recipient, on=on)
    return newest(trust)


def said(trust: Trust, release: Release) -> list[str]:
    return [each.values["invoice_number"] for each in lines_of(trust, release)]
