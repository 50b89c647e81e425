"""Releases as people make them, from preparing to releasing with its files, and what their recipients answer."""

import csv

from app.accounts.access import Actor, Grant
from app.accounts.permissions import Role
from app.core.db import Database
from app.releases import acknowledgement, freezing, preparing, releasing, sampling, sign_off
from app.releases.models import Acknowledgement, Release
from app.releases.rules.words import Scope
from app.releases.sample_lines import sample_lines
from tests.releases.released import answer
from tests.returns.conftest import at

ONE, TWO = (Actor(name, f"Officer {name}", (Grant(Role.DEBTORS_TEAM),)) for name in ("one", "two"))


def approved(database: Database, scope: str = "changes", recipient: str = "MIDAS", on: str = "2026-11-23") -> Release:
    """Prepared and checked by one, approved by another."""
    with at(on):
        made = preparing.prepare(database, ONE, Scope(scope), recipient, "Monthly load")
        with database.writing() as db:
            for each in sample_lines(db, made.id):
                sampling.judge(db, ONE, made.id, each.line, True)
            sign_off.approve(db, TWO, made.id)
    return made


def leaves(database: Database, scope: str = "changes", recipient: str = "MIDAS", on: str = "2026-11-23") -> Release:
    made = approved(database, scope, recipient, on)
    with at(on):
        return releasing.release(database, TWO, made.id)


def answered(
    database: Database, of: Release, *lines: tuple[str, ...], on: str, replaces: bool = False
) -> Acknowledgement:
    """Lines of reference, result and reason."""
    with at(on), database.writing() as db:
        return acknowledgement.take(db, ONE, of.id, "answer.csv", answer(*lines), replaces=replaces)


def said(database: Database, of: Release) -> list[tuple[str, str]]:
    """Of each line of the file for MIDAS the invoice number and what changed."""
    return [(line["invoice_number"], line["change"]) for line in file_of(database, of, "midas.csv")]


def flags(database: Database, of: Release) -> list[tuple[str, str]]:
    """Of each line of the Warnings Index file what to do and the invoice number."""
    return [(line["action"], line["invoice_number"]) for line in file_of(database, of, "warnings-index.csv")]


def file_of(database: Database, of: Release, name: str) -> list[dict[str, str]]:
    with database.reading() as db:
        return list(csv.DictReader(b"".join(freezing.pieces(db, of.id, name)).decode().splitlines()))
