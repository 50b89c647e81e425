"""What must hold after every fall: whatever was told is there whole, and everything else is absent or whole."""

from collections.abc import Iterator
from hashlib import sha256
from itertools import pairwise
from typing import Any

from sqlalchemy import func, select

from app.audit import verifying as audit
from app.core.db import Session, metadata
from app.verifying import service as verifying
from tests.crash.guests import Ledger, Sent
from tests.crash.house import SECRET, House
from tests.returns.conftest import at

FILES = ("consolidated.csv", "consolidated.xlsx", "midas.csv", "warnings-index.csv")


def losses(house: House, ledger: Ledger) -> list[str]:
    """Everything that is not as it must be, as it stands in the database."""
    with house.database.reading() as db:
        found = [*ledger.troubles, *_proofs(db), *_adds_up(db), *_releases(db, ledger), *_ends(db, ledger)]
        found += [loss for sent in ledger.sent for loss in _return(db, ledger, sent)]
    return found


def mend(house: House, ledger: Ledger) -> list[str]:
    """Everybody repeats what was not answered: afterwards it is there once. What the dead left on the disk is gone."""
    found = [f"left behind: {left}" for left in house.scratch.glob("**/*") if left.parent != house.scratch]
    for sent in ledger.sent:
        if sent.told is None:
            answer = house.people[sent.who].upload(sent.data, sent.organisation)
            if answer.status_code in {200, 201}:
                sent.told = answer.json()
            else:
                found.append(f"the next upload: {answer.status_code} {answer.text[:300]}")
    return found


def downloads(house: House, ledger: Ledger) -> list[str]:
    """The files of every release that was said to be released come whole."""
    found = []
    for id_, files in ledger.released.items():
        for file in files:
            got = house.people["head"].get(f"/releases/{id_}/{file['name']}")
            if got.status_code != 410 and sha256(got.content).hexdigest() != file["sha256"]:
                found.append(f"release {id_}: {file['name']} is {got.status_code} or another file")
    return found


def _proofs(db: Session) -> Iterator[str]:
    with at("2026-11-22"):
        for result in verifying.verify(db):
            if result.wrong:
                yield f"verify: {result.words}: {[str(each) for each in result.differences[:3]]}"
    yield from audit.verify(db, [SECRET]).sentences


def _adds_up(db: Session) -> Iterator[str]:
    returns = metadata.tables["returns"].c
    whole = returns.accepted + returns.unchanged + returns.rejected == returns.read
    for id_ in db.execute(select(returns.id).where(~whole, returns.outcome != "nil")).scalars():
        yield f"return {id_} does not add up"


def _return(db: Session, ledger: Ledger, sent: Sent) -> Iterator[str]:
    """The debts and open rows of one file: all of them, each once, or, when nothing was told, none at all.

    Whoever did not hear the answer sends the file again. Where a colleague's file came between, it is judged once more, makes
    a return that finds everything said already, and its open rows take the place of the first one's.
    """
    debts, rows, returns = (metadata.tables[name].c for name in ("debts", "open_rows", "returns"))
    mine = (debts.organisation_code == sent.organisation, debts.invoice_number.in_(sent.good))
    there = list(db.execute(select(debts.invoice_number).where(*mine)).scalars())
    opened = db.execute(select(rows.return_id, rows.closed_at).where(rows.invoice_number.in_(sent.bad))).all()
    of_trust = db.execute(
        select(
            returns.id, returns.reference, returns.read, returns.accepted, returns.rejected, returns.new, returns.sha256
        )
        .where(returns.organisation_code == sent.organisation, returns.lifecycle == "submitted")
        .order_by(returns.submitted_at, returns.reference)
    ).all()
    kept = [each for each in of_trust if each.sha256 == sent.sha256]
    ended = ledger.ends.keys() & set(sent.good)  # a debt that changed since has its file judged again
    if not ended and any(one.sha256 == next_.sha256 == sent.sha256 for one, next_ in pairwise(of_trust)):
        yield f"a file of {sent.who} was merged twice though nothing came between"
    if any(each.new > len(ended) for each in kept[1:]):
        yield f"a file of {sent.who} that came again after another one made debts anew"
    if kept:
        yield from _gone(ledger, sent, there)
        if len(there) != len(set(there)):
            yield f"debts twice: {there}"
        of_last = [one for one in opened if one.return_id == kept[-1].id]
        if len(of_last) != len(sent.bad):
            yield f"{len(of_last)} open rows of {len(sent.bad)}"
        if any(one.closed_at is None for one in opened if one.return_id != kept[-1].id):
            yield f"rows of {sent.who} stand open for two returns"
    elif there or opened:
        yield f"half a file: {len(there)} debts and {len(opened)} open rows without a return"
    if sent.told is not None:
        yield from _as_told(sent, kept)


def _as_told(sent: Sent, kept: Any) -> Iterator[str]:
    assert sent.told is not None
    if not kept:
        yield f"return {sent.told['reference']} was acknowledged and is lost"
        return
    told, counts = kept[-1], sent.told["counts"]
    if (told.id, told.reference, told.read, told.accepted, told.rejected) != (
        sent.told["id"], sent.told["reference"], counts["read"], counts["accepted"], counts["rejected"],
    ):  # fmt: skip
        yield f"return {sent.told['reference']} is not as it was told"


def _gone(ledger: Ledger, sent: Sent, there: list[str]) -> Iterator[str]:
    """Only debts that ended may have been purged."""
    if lost := set(sent.good) - set(there) - set(ledger.ends):
        yield f"{len(lost)} debts of {len(sent.good)} of {sent.who} are lost"


def _releases(db: Session, ledger: Ledger) -> Iterator[str]:
    """In one of their states; released ones with every file, each whole, and no other with any."""
    releases, files, parts = (metadata.tables[name].c for name in ("releases", "release_files", "release_file_parts"))
    states = dict(db.execute(select(releases.id, releases.state)).all())
    size = (
        select(func.coalesce(func.sum(func.length(parts.content)), 0))
        .where(parts.file_id == files.id)
        .scalar_subquery()
    )
    kept: dict[str, list[str]] = {}
    for id_, name, wanted, found, gone in db.execute(
        select(files.release_id, files.name, files.size, size, files.deleted_at)
    ):
        kept.setdefault(id_, []).append(name)
        if gone is None and wanted != found:
            yield f"release {id_}: {name} has {found} bytes of {wanted}"
    for id_, state in states.items():
        if sorted(kept.get(id_, [])) != (sorted(FILES) if state == "released" else []):
            yield f"release {id_} is {state} with the files {kept.get(id_)}"
    for id_ in ledger.released:
        if states.get(id_) != "released":
            yield f"release {id_} was acknowledged and is {states.get(id_)}"


def _ends(db: Session, ledger: Ledger) -> Iterator[str]:
    debts = metadata.tables["debts"].c
    states = dict(db.execute(select(debts.invoice_number, debts.status).where(debts.organisation_code == "RYJ")).all())
    for number, heard in ledger.ends.items():
        if heard and states.get(number, "withdrawn") != "withdrawn":
            yield f"the end of a debt was acknowledged and is lost: it is {states[number]}"
