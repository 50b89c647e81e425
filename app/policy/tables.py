"""Policy: the one object that answers what is in force on a day, made from the tables in a folder."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, fields
from datetime import date
from functools import lru_cache
from pathlib import Path

from app.policy import clock, reading, scope, sharing, words
from app.policy import retention as keeping
from app.policy import sampling as comparing
from app.policy.clock import Threshold
from app.policy.reading import SHIPPED, BrokenTable, Line
from app.policy.retention import Kept, Retention, Term
from app.policy.sampling import Sampling
from app.policy.scope import NationalityClass, NationalityScope
from app.policy.sharing import Sharing
from app.policy.words import ClinicalHeadings, ClinicalWords, Placeholders

TABLES: dict[str, tuple[str, ...]] = {
    "thresholds.csv": clock.COLUMNS,
    "nationality_scope.csv": scope.SCOPE,
    "nationality_classes.csv": scope.CLASSES,
    "membership.csv": scope.MEMBERSHIP,
    "clinical_headings.csv": words.HEADINGS,
    "clinical_words.csv": words.CLINICAL,
    "placeholders.csv": words.PLACEHOLDERS,
    "numbers.csv": ("name", "value"),
    "retention.csv": keeping.COLUMNS,
    "sampling.csv": comparing.COLUMNS,
    "data_sharing.csv": sharing.COLUMNS,
}
# They make no difference to what is said of a row.
JUDGES_NOTHING = {"retention.csv", "sampling.csv", "data_sharing.csv"}
FACTS = ("countries.csv", "ambiguous_nationalities.csv")  # facts, not policy: shipped only, but they judge rows too


@dataclass(frozen=True)
class Numbers:
    """The single numbers of policy; their meanings stand in numbers.csv."""

    names_alike_percent: int
    unconfirmed_after_months: int
    open_row_months: int
    old_debt_years: int
    correction_days: int
    checked_return_hours: int
    largest_amount_pence: int
    oldest_birth_year: int
    dispute_months: int


@dataclass(frozen=True)
class Policy:
    """What is in force. `version` changes with any cell of any table that judges; each return stores the one that
    judged it.
    """

    version: str
    numbers: Numbers
    thresholds: tuple[Threshold, ...]
    scope: NationalityScope
    classes: Mapping[str, NationalityClass]
    headings: ClinicalHeadings
    clinical: ClinicalWords
    placeholders: Placeholders
    retention: Retention
    sampling: tuple[Sampling, ...]
    sharing: Sharing

    @property
    def scheme_began(self) -> date:
        """The first invoice date that can be reported at all."""
        return self.thresholds[0].begins

    def threshold_for(self, invoice_date: date) -> Threshold:
        """The row that governs an invoice of that date; the first one for dates before the scheme."""
        return next((row for row in reversed(self.thresholds) if row.begins <= invoice_date), self.thresholds[0])

    def threshold_on(self, invoice_date: date) -> int:
        """The least total, in pence, that a person must owe."""
        return self.threshold_for(invoice_date).pence

    def reportable_from(self, invoice_date: date) -> date:
        """The first day on which an invoice of that date is old enough to be reported."""
        return self.threshold_for(invoice_date).reportable_from(invoice_date)

    def nationality_in_scope(self, alpha3: str, on: date, treated_on: date | None = None) -> bool:
        """False for nationals of the blocs that are out of scope, by membership on the invoice date (or treatment)."""
        return self.scope.contains(alpha3, on, treated_on)

    def kept_for(self, kind: Kept, today: date) -> Term:
        """How long things of a kind are kept, as it is in force on a day."""
        return keeping.term_on(self.retention, kind, today)

    def sampling_on(self, today: date) -> Sampling:
        """How a release is compared with its sources, as it is in force on a day."""
        return comparing.in_force(self.sampling, today)

    @property
    def needs_treatment_date(self) -> bool:
        return self.scope.needs_treatment_date

    def is_british_or_irish(self, alpha3: str) -> bool:
        return self.classes.get(alpha3) is NationalityClass.BRITISH_OR_IRISH

    def is_british_class(self, alpha3: str) -> bool:
        return self.classes.get(alpha3) is NationalityClass.BRITISH_CLASS

    def is_refugee(self, alpha3: str) -> bool:
        return self.classes.get(alpha3) is NationalityClass.REFUGEE

    def is_clinical_heading(self, text: str) -> bool:
        return self.headings.match(text)

    def has_clinical_words(self, text: str) -> bool:
        return self.clinical.found_in(text)

    def without_clinical_words(self, texts: list[str]) -> list[str]:
        """Those of many texts that hold none."""
        return self.clinical.sift(texts)

    def is_placeholder(self, text: str) -> bool:
        return self.placeholders.match(text)


@lru_cache(maxsize=8)
def load(folder: Path | None = None) -> Policy:
    """The policy of a folder; a table that is not in it is the shipped one. Raises BrokenTable naming file and line."""
    contents = _contents(folder)
    table = {name: reading.read(contents[name], name, columns) for name, columns in TABLES.items()}
    members = scope.memberships(table["membership.csv"])
    return Policy(
        version=_version(contents),
        numbers=_numbers(table["numbers.csv"]),
        thresholds=clock.thresholds(table["thresholds.csv"]),
        scope=scope.nationality_scope(table["nationality_scope.csv"], members),
        classes=scope.nationality_classes(table["nationality_classes.csv"]),
        headings=words.clinical_headings(table["clinical_headings.csv"]),
        clinical=ClinicalWords(table["clinical_words.csv"]),
        placeholders=Placeholders(table["placeholders.csv"]),
        retention=keeping.retention(table["retention.csv"]),
        sampling=comparing.sampling(table["sampling.csv"]),
        sharing=sharing.sharing(table["data_sharing.csv"]),
    )


def _contents(folder: Path | None) -> dict[str, bytes]:
    if folder is not None:
        if not folder.is_dir():
            raise BrokenTable(str(folder), None, "there is no such folder. Check the setting POLICY_FOLDER.")
        for path in sorted(folder.glob("*.csv")):
            if path.name not in TABLES:
                raise BrokenTable(path.name, None, f"it is not one of the tables: {', '.join(TABLES)}.")
    contents = {}
    for name in (*TABLES, *FACTS):
        own = folder / name if folder is not None and name in TABLES else None
        path = own if own is not None and own.exists() else SHIPPED / name
        try:
            contents[name] = path.read_bytes()
        except OSError as error:
            raise BrokenTable(name, None, f"it cannot be read ({error.strerror}).") from None
    return contents


def _version(contents: Mapping[str, bytes]) -> str:
    digest = hashlib.sha256()
    for name in sorted(contents.keys() - JUDGES_NOTHING):
        digest.update(name.encode() + b"\0" + hashlib.sha256(contents[name]).digest())
    return f"p-{digest.hexdigest()[:8]}"


def _numbers(lines: list[Line]) -> Numbers:
    names = {field.name for field in fields(Numbers)}
    found: dict[str, int] = {}
    for line in lines:
        name = line.choice("name", sorted(names))
        if name in found:
            raise line.fault(f"{name} stands twice. Keep one.")
        found[name] = line.whole("value")
    if missing := sorted(names - found.keys()):
        raise BrokenTable("numbers.csv", None, f"it lacks {', '.join(missing)}.")
    return Numbers(**found)
