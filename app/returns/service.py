"""One upload: read, judged, kept and merged in one transaction, or refused whole with the reason.

What its sender may rely on: docs/promises.md, What an upload does.
"""

from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session

from app.accounts.access import Actor
from app.accounts.permissions import Permission
from app.audit.models import AuditAction
from app.audit.service import record
from app.core import clock, metrics
from app.core.cycles import not_searched
from app.core.db import take_turns
from app.core.errors import Conflict, NotFound, Refused
from app.core.scanning import VirusFound, look_through
from app.core.spreadsheet.reading import readers
from app.organisations import service as organisations
from app.periods import service as periods
from app.periods.calendar import Period
from app.policy.in_force import policy_in_force
from app.policy.tables import Policy
from app.returns import again, checks, parts
from app.returns.assessing import assess, reassess, rows_of
from app.returns.families import spoken_for
from app.returns.keeping import keep
from app.returns.merging import merge
from app.returns.models import Lifecycle, RefusedUpload, Return
from app.returns.reading import Sheet, digest, read, stamp_refusals
from app.returns.rules import sheet as file_rules
from app.returns.rules.engine import Finding
from app.settings import get_settings


@dataclass(frozen=True)
class Upload:
    """What was sent. `received_at` is when the server began to receive it; `declaring_officer` for one on behalf."""

    organisation: str
    period: Period
    data: bytes
    filename: str
    received_at: datetime
    declaring_officer: str | None = None
    check_only: bool = False


@dataclass(frozen=True)
class Received:
    """What became of it: a return (`created` or already known), or a refusal. `conflict`: the check no longer holds."""

    return_: Return | None = None
    created: bool = False
    refusal: tuple[Finding, ...] = ()
    conflict: bool = False


def receive(db: Session, actor: Actor, sent: Upload) -> Received:
    """Takes a file in. The session's first statement comes after the reading, so that nobody waits for it."""
    if not actor.sees(Permission.RETURN_UPLOAD, sent.organisation):
        raise NotFound
    policy = policy_in_force()
    with not_searched():
        sheet = _read(sent.data, policy)
        received = upload(db, actor, sent, sheet, policy)
    _count(received)
    return received


def _count(received: Received) -> None:
    what = received.return_.outcome if received.return_ else "refused"
    metrics.UPLOADS.labels(what, received.refusal[0].code if received.refusal else "").inc()


def load(
    db: Session, actor: Actor, data: bytes, filename: str, organisation: str | None, period: Period | None
) -> Received:
    """Submits a file whose organisation and period, where not said, are those of the stamp inside it.

    Raises Refused (422) when neither says them, NotFound (404).
    """
    policy = policy_in_force()
    sheet = _read(data, policy)
    stamp = sheet.stamp if isinstance(sheet, Sheet) else None
    code = organisation or (stamp.organisation if stamp else None)
    month = period or (Period.parse(stamp.period) if stamp and stamp.period else None)
    if isinstance(sheet, list) and not (code and month):
        return Received(refusal=tuple(sheet))
    if not code or not month:
        raise Refused(f"{plain_filename(filename)} does not say whose return it is. Name --organisation and --period.")
    return upload(db, actor, Upload(code, month, data, filename, clock.now()), sheet, policy)


def _read(data: bytes, policy: Policy) -> Sheet | list[Finding]:
    """The file's rows, once the virus scanner has passed it. Raises Unavailable (503) while that does not answer."""
    try:
        if not file_rules.not_too_large(len(data), most := get_settings().max_upload_mb):
            look_through(data)
    except VirusFound as found:
        return [file_rules.without_virus(found.detail)]
    return read(data, readers(), policy, most)


def upload(db: Session, actor: Actor, sent: Upload, sheet: Sheet | list[Finding], policy: Policy) -> Received:
    """Judges and merges a file that was read, or only checks it when asked to. Raises NotFound (404)."""
    family = _family(db, actor, sent.organisation)
    is_open = periods.is_open(sent.period, clock.today())
    refusal = stamp_refusals(sheet, family, sent.organisation, sent.period, is_open)
    if refusal or isinstance(sheet, list):
        return _refuse(db, actor, sent, (*(sheet if isinstance(sheet, list) else ()), *refusal))
    sha256 = digest(sent.data)
    if (known := again.same_return(db, sent.organisation, sent.period, sha256, family, policy)) is not None:
        return Received(known)
    checks.forget_old(db, sent.organisation)
    assessment = assess(db, rows_of(sheet), family, sent.period, policy)
    return_ = Return(
        organisation_code=sent.organisation,
        period=str(sent.period),
        lifecycle=Lifecycle.CHECKED,
        outcome=assessment.outcome,
        checked_at=clock.now() if sent.check_only else None,
        checked_by=actor.id,
        declaring_officer=declaring_officer(actor, sent.organisation, sent.declaring_officer),
        filename=plain_filename(sent.filename),
        sha256=sha256,
        size=len(sent.data),
        ruleset=assessment.ruleset,
        reporting_day=assessment.context.reporting_day,
        prefilled_at=assessment.rows.prefilled_at,
    )
    if sent.check_only:
        keep(db, return_, assessment, {})
        counts = assessment.counts()
        record(db, actor, AuditAction.RETURN_CHECKED, "return", return_.id, sent.organisation, "done", **counts)
    else:
        merge(db, actor, return_, assessment, family, sent.received_at)
    if assessment.may_keep_original:
        parts.store(db, return_.id, {parts.ORIGINAL: sent.data})
    return Received(return_, created=True)


def submit(db: Session, actor: Actor, return_id: str, received_at: datetime) -> Received:
    """Sends a checked return: judged again, and merged unless a row's result or codes differ from what was shown."""
    found = checks.own_check(db, actor, return_id)
    policy, period = policy_in_force(), Period.parse(found.period)
    family = _family(db, actor, found.organisation_code)
    found = checks.kept_check(db, return_id)  # while this waited its turn it may have been submitted, or deleted
    if found.lifecycle == Lifecycle.WITHDRAWN:
        raise Conflict(f"Return {found.reference} was withdrawn, so it cannot be sent again. Upload the file again.")
    if found.lifecycle != Lifecycle.CHECKED:
        return Received(found)
    is_open = periods.is_open(period, clock.today())
    if closed := file_rules.made_for_this_period(None, str(period), period.label, is_open):
        return Received(found, refusal=(closed,))
    known = again.same_return(db, found.organisation_code, period, found.sha256 or "", family, policy)
    if known is not None:
        return Received(known)
    shown, assessment = reassess(db, found, family, policy)
    found.reporting_day = assessment.context.reporting_day
    if shown != assessment.results():
        keep(db, found, assessment, {})
        record(db, actor, AuditAction.RETURN_CHECKED, "return", found.id, found.organisation_code, "differs")
        return Received(found, conflict=True)
    merge(db, actor, found, assessment, family, received_at)
    return Received(found)


def _family(db: Session, actor: Actor, code: str) -> list[str]:
    """Whose debts the rows may speak of. One upload of theirs at a time. Raises NotFound (404)."""
    if organisations.organisation(db, code) is None:
        raise NotFound
    family = spoken_for(db, actor, code)
    take_turns(db, family)
    return family


def _refuse(db: Session, actor: Actor, sent: Upload, refusal: tuple[Finding, ...]) -> Received:
    """Keeps that it was tried, by whom, when, why and how large; nothing of the content."""
    db.add(
        RefusedUpload(
            organisation_code=sent.organisation,
            period=str(sent.period),
            at=sent.received_at,
            actor=actor.id,
            code=refusal[0].code,
            size=len(sent.data),
        )
    )
    record(
        db, actor, AuditAction.RETURN_REFUSED, "organisation", sent.organisation, sent.organisation, "refused",
        codes=[finding.code for finding in refusal], size=len(sent.data),
    )  # fmt: skip
    return Received(refusal=refusal)


def declaring_officer(actor: Actor, organisation: str, named: str | None) -> str | None:
    """Who declares a return that is sent on behalf: the officer named, else whoever sends it. A trust's own names nobody."""
    return (named or actor.name) if actor.is_on_behalf(Permission.RETURN_UPLOAD, organisation) else None


def plain_filename(name: str) -> str:
    """The last part of a file's name, without characters that do not print, at most 120 long; only ever shown."""
    last = name.replace("\\", "/").rsplit("/", 1)[-1]
    return "".join(letter for letter in last if letter.isprintable())[:120] or "without a name"
