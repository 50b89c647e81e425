"""Puts the old register's rows, the policy and the register together, one trust with its predecessors after the other."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from sqlmodel import Session

from app.core import clock
from app.core.spreadsheet.packing import as_text, trim
from app.debts import register
from app.old_register import reading
from app.old_register.findings_workbook import Notes
from app.old_register.reading import Packs, Table
from app.old_register.rules.findings import Entry, not_in_the_file
from app.old_register.rules.judging import Known, judge, unknown_organisation
from app.old_register.rules.mapping import Columns
from app.old_register.rules.recognising import Body, Organisations
from app.old_register.rules.understanding import Flags, Verdict, understand
from app.old_register.summary import Summary
from app.organisations import service as organisations
from app.policy.in_force import policy_in_force
from app.returns.rules.context import Context
from app.returns.rules.together import fold_invoice

Tell = Callable[[int], object]


@dataclass(frozen=True)
class Loading:
    """A file to load: its table, which column is which, the day of which it speaks, and which flags are on already."""

    table: Table
    columns: Columns
    filename: str
    sha256: str
    as_at: date
    flags: Flags


@dataclass(frozen=True)
class Family:
    """The rows of one trust and its predecessors, whose debts it sees as its own; no codes where none was recognised."""

    codes: Sequence[str]
    verdicts: Sequence[Verdict]


class Assessment:
    """One run over a file's rows. `tell` is told how many rows are done."""

    def __init__(self, db: Session, loading: Loading, notes: Notes, tell: Tell) -> None:
        self._loading, self._notes, self._tell = loading, notes, tell
        self.place = reading.letters(loading.table, loading.columns)
        bodies = organisations.everyone(db, None)
        self._nations = {body.code: body.nation for body in bodies}
        named = [Body(body.code, body.ods_code, body.name, body.close_date) for body in bodies]
        self._organisations = Organisations(named, loading.as_at)
        self._families = _families(db, [body.code for body in bodies])
        self.summary = Summary(0, loading.table.blank)
        self._packs = self._by_family()
        notes.about_the_file(not_in_the_file(loading.columns))

    @property
    def codes(self) -> set[str]:
        """Every organisation that the file may touch."""
        return {code for family in self._packs for code in family}

    def families(self, db: Session) -> Iterator[Family]:
        """Judges and counts one family after the other; their packed rows are let go of meanwhile."""
        policy = policy_in_force()
        context = Context(policy, "", self._loading.as_at, clock.today())
        for codes in sorted(self._packs):
            entries = list(self._packs.pop(codes))
            whose = [self._organisations.code_of(_text(entry)) for entry in entries]
            verdicts = understand(entries, whose, self.place, context, self._loading.flags)
            for verdict in verdicts:
                if verdict.organisation is None:
                    text = _text(verdict.entry)
                    unknown_organisation(verdict, text, self._organisations.suggestion(text) if text else None)
            judge(verdicts, _known(db, codes, verdicts), policy)
            self.summary.add(verdicts, self._nations)
            self._notes.add(verdicts)
            yield Family(codes, verdicts)
            self._tell(len(verdicts))

    def _by_family(self) -> dict[tuple[str, ...], Packs]:
        found: dict[tuple[str, ...], Packs] = {}
        for entries, blank in reading.entries(self._loading.table, self._loading.columns):
            self.summary.read += len(entries)
            self.summary.blank += blank
            here: dict[tuple[str, ...], list[Entry]] = {}
            for entry in entries:
                code = self._organisations.code_of(_text(entry))
                here.setdefault(self._families[code] if code else (), []).append(entry)
            for codes, of_one in here.items():
                found.setdefault(codes, Packs()).add(of_one)
        return found


def _text(entry: Entry) -> str:
    return trim(as_text(entry.organisation))


def _families(db: Session, codes: Sequence[str]) -> dict[str, tuple[str, ...]]:
    """By organisation, all that its last successor sees as its own today."""
    today = clock.today()
    families = {code: tuple(sorted(family)) for code, family in organisations.families(db, codes, today).items()}
    of: dict[str, tuple[str, ...]] = {}
    for family in families.values():
        for code in family:
            of[code] = max(of.get(code, ()), family, key=len)
    return of


def _known(db: Session, codes: Sequence[str], verdicts: Sequence[Verdict]) -> Known:
    if not codes:
        return Known()
    rows = [verdict.row for verdict in verdicts]
    folds = {fold_invoice(row.invoice_number) for row in rows if row.invoice_number}
    names, passports = {row.name_match for row in rows}, {row.passport_match for row in rows}
    owed = register.owed_by_persons(
        db, codes, {name for name in names if name}, {passport for passport in passports if passport}
    )
    return Known(register.known_by_number(db, codes, folds), owed)
