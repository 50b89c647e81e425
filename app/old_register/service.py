"""Loads the old register into ours, once and in one transaction, or tries it out without writing anything."""

from collections import defaultdict
from collections.abc import Collection, Iterator, Sequence
from datetime import date
from operator import attrgetter

from sqlmodel import Session

from app.accounts.access import Actor
from app.audit.models import AuditAction
from app.audit.service import record
from app.core import clock
from app.core.db import take_turns
from app.core.errors import Conflict, Refused
from app.debts import holds, imports, posting, thresholds, warnings_index
from app.debts.models import RegisterImport
from app.debts.posting import NewDebt, Source
from app.debts.rules.holding import HoldKind
from app.old_register import kept
from app.old_register.assessing import Assessment, Family, Loading, Tell
from app.old_register.findings_workbook import Notes
from app.old_register.rules.understanding import FLAGGED, Fate, Verdict
from app.old_register.summary import Summary
from app.periods.calendar import Period
from app.policy.in_force import policy_in_force
from app.return_template.columns import KEYS
from app.returns.assessing import ruleset
from app.returns.rules.cells import a_date
from app.returns.rules.row import Fault
from app.returns.rules.together import fold_invoice

_AT_A_TIME = 2000
_VALUES = attrgetter(*KEYS)


def day_of(text: str) -> date:
    """The day of which a file speaks. Raises Refused (422) for what is not a day, or is yet to come."""
    day = a_date(text)
    if isinstance(day, Fault):
        raise Refused(f'"{text}" is not a day. Write --as-at like 2026-10-31.')
    if day > clock.today():
        raise Refused(f"{day:%-d %B %Y} is yet to come. Name the day on which the spreadsheet was made up.")
    return day


def check_first(db: Session) -> None:
    """Raises Conflict (409) when a register was loaded before: another one is loaded only when that is meant."""
    if (before := imports.newest(db)) is not None:
        raise Conflict(
            f"A register was loaded on {clock.uk_date(before.at):%-d %B %Y} as {before.reference}. To load this file "
            "too, add --again: debts that are there already are left as they are."
        )


def try_out(db: Session, loading: Loading, notes: Notes, tell: Tell) -> Summary:
    """What loading this file would do, without doing it."""
    assessment = Assessment(db, loading, notes, tell)
    for _ in assessment.families(db):
        pass
    assessment.summary.counts()
    return assessment.summary


def load(db: Session, actor: Actor, loading: Loading, notes: Notes, tell: Tell) -> tuple[RegisterImport, Summary]:
    """Everything in the caller's transaction. The caller has made sure that these bytes were not loaded before."""
    assessment = Assessment(db, loading, notes, tell)
    take_turns(db, [*assessment.codes, "register"])
    now = clock.now()
    imported = RegisterImport(
        reference=imports.next_reference(db, Period.containing(clock.uk_date(now))), filename=loading.filename,
        sha256=loading.sha256, as_at=loading.as_at, at=now, by=actor.id, ruleset=ruleset(policy_in_force()),
        mapping=dict(loading.columns),
    )  # fmt: skip
    db.add(imported)
    db.flush()
    source = Source(actor.id, now, loading.as_at, import_id=imported.id)
    for family in assessment.families(db):
        _post(db, source, imported, assessment.place, family)
    counts = assessment.summary.counts()
    imported.counts = counts | {"codes": assessment.summary.rejections() | assessment.summary.warnings()}
    db.add(imported)
    record(db, actor, AuditAction.REGISTER_IMPORTED, "register-import", imported.id, None, "done", **counts)
    db.flush()
    return imported, assessment.summary


def _post(db: Session, source: Source, imported: RegisterImport, place: dict[str, str], family: Family) -> None:
    for organisation, verdicts in _by_organisation(family.verdicts):
        for first in range(0, len(verdicts), _AT_A_TIME):
            loaded = [(_new_debt(verdict), verdict) for verdict in verdicts[first : first + _AT_A_TIME]]
            posting.post_new(db, source, organisation, [debt for debt, _ in loaded])
            by_id = [(debt.debt_id, verdict) for debt, verdict in loaded]
            kept.store(db, imported.id, place, by_id)
            _flag_and_hold(db, source, by_id)
            _mark(db, family.codes, by_id)
    _flag_known(db, source, {verdict.known_as for verdict in family.verdicts if verdict.known_as and verdict.on})


def _flag_known(db: Session, source: Source, debt_ids: Collection[str]) -> None:
    """Reported here meanwhile, but the flag is older: told once, and not again after whatever the feed has told since."""
    untold = warnings_index.untold(db, debt_ids)
    warnings_index.note_imported(db, source.at, untold)
    warnings_index.settle(db, source.at, untold)


def _by_organisation(verdicts: Sequence[Verdict]) -> Iterator[tuple[str, Sequence[Verdict]]]:
    found: dict[str, list[Verdict]] = defaultdict(list)
    for verdict in verdicts:
        if verdict.organisation is not None and verdict.fate in (Fate.LOADED, Fate.HELD):
            found[verdict.organisation].append(verdict)
    yield from found.items()


def _new_debt(verdict: Verdict) -> NewDebt:
    row = verdict.row
    return NewDebt(
        _VALUES(row), fold_invoice(row.invoice_number or ""), row.name_match,
        row.passport_match, row.number, first_reported_on=verdict.first_reported_on,
    )  # fmt: skip


def _flag_and_hold(db: Session, source: Source, loaded: Sequence[tuple[str, Verdict]]) -> None:
    """One addition for each flag that is on, and at once a removal where the debt should not be there."""
    warnings_index.note_imported(db, source.at, [debt_id for debt_id, verdict in loaded if verdict.on])
    held = {debt_id: set(verdict.doubts) for debt_id, verdict in loaded if verdict.fate is Fate.HELD}
    holds.place(db, source, HoldKind.IMPORT, dict(held))
    stale = [debt_id for debt_id, verdict in loaded if verdict.on and verdict.row.status not in FLAGGED]
    warnings_index.settle(db, source.at, stale)


def _mark(db: Session, codes: Sequence[str], loaded: Sequence[tuple[str, Verdict]]) -> None:
    small = [(debt_id, verdict.row) for debt_id, verdict in loaded if verdict.below_threshold]
    digests = {digest for _, row in small for digest in (row.name_match, row.passport_match) if digest}
    everyone = {digest for _, one in loaded for digest in (one.row.name_match, one.row.passport_match) if digest}
    digests |= thresholds.digests_below(db, codes, everyone)
    thresholds.mark(db, policy_in_force(), codes, digests, [debt_id for debt_id, _ in small])
