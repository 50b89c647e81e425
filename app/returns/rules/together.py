"""Rules that look at the rows of a file together: doubles, near doubles, and what one person owes this trust."""

import unicodedata
from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import date

from app.core.spreadsheet.packing import as_text, trim
from app.debts.rules.totals import Owed, PersonTotals
from app.return_template.columns import COLUMNS
from app.returns.rules.context import Context
from app.returns.rules.engine import Scope, rule
from app.returns.rules.row import Row

_HOW = "only in case, punctuation, zeros in front or letters that look alike. Check that they are two invoices."
_JUDGED = [(index, column.key) for index, column in enumerate(COLUMNS) if column.judged]


# Cyrillic and Greek letters whose capitals look like Latin ones, and those Latin letters.
_LOOK_ALIKE = str.maketrans(
    "\u0430\u0432\u0435\u043a\u043c\u043d\u043e\u0440\u0441\u0442\u0443\u0445\u0455\u0456\u0458"
    "\u03b1\u03b2\u03b5\u03b6\u03b7\u03b9\u03ba\u03bc\u03bd\u03bf\u03c1\u03c4\u03c5\u03c7",
    "abekmhopctyxsij"
    "abezhikmnoptyx",
)  # fmt: skip


def fold_invoice(number: str) -> str:
    """An invoice number without case, punctuation, zeros in front and look-alike letters, to notice near doubles.

    The register keeps it with every debt and finds debts by it: changing it takes a migration.
    """
    text = number.casefold()
    if not text.isascii():
        text = unicodedata.normalize("NFKC", text).casefold().translate(_LOOK_ALIKE)
    text = text if text.isalnum() else "".join(filter(str.isalnum, text))
    return (text.lstrip("0") or text[:1])[:40]


@rule("R12", Scope.ROWS, "invoice_number", source="our decision: one invoice, one row")
def stands_once(rows: Sequence[Row]) -> set[int]:
    """The same invoice number stands twice in the file: the first stands unless the two differ, then both go back.

    Returns the row numbers of identical repeats, which are returned to the trust but not kept open.
    """
    by_number: dict[str, list[Row]] = defaultdict(list)
    for row in rows:
        if row.invoice_number:
            by_number[row.invoice_number].append(row)
    repeats = set()
    for first, *others in (group for group in by_number.values() if len(group) > 1):
        said = what_it_says(first)
        if all(what_it_says(row) == said for row in others):
            for row in others:
                row.find("R12", "invoice_number", f"the same row stands in row {first.number}, which is the one "
                                                  "that counts. Remove this one.")  # fmt: skip
                repeats.add(row.number)
        else:
            for row in (first, *others):
                other = next(each for each in (first, *others) if what_it_says(each) != what_it_says(row))
                row.find("R12", "invoice_number", f"the same number stands in row {other.number} with other "
                                                  "details. Keep the row that is right.")  # fmt: skip
    return repeats


def what_it_says(row: Row) -> list[object]:
    """The row's values, so that £500 and 500.00 are the same; a cell that could not be taken counts as written."""
    return [trim(as_text(row.cells[index])) if key in row.faulty else row.value(key) for index, key in _JUDGED]


@rule("W08", Scope.ROWS, "invoice_number", source="our decision: often one invoice typed two ways")
def no_near_double(rows: Sequence[Row], in_register: Mapping[str, set[str]]) -> None:
    """Invoice numbers that look alike: other case, punctuation, zeros in front or alphabet, in the file or reported before.

    `in_register` gives for a folded number the numbers as they were reported.
    """
    seen: dict[str, Row] = {}
    for row in rows:
        if not row.invoice_number:
            continue
        fold = fold_invoice(row.invoice_number)
        first = seen.setdefault(fold, row)
        if first.invoice_number != row.invoice_number:
            row.find("W08", "invoice_number", f"this differs from the number in row {first.number} {_HOW}")
        elif (held := min(in_register.get(fold, ()), default=None)) is not None:
            row.find("W08", "invoice_number", f"this differs from {{value}}, reported before, {_HOW}", held)


@rule("R09", Scope.ROWS, "amount_outstanding", "invoice_date", source="ICIBI 6.149")
def reaches_the_threshold(
    new: Sequence[tuple[Row, Owed]], totals: PersonTotals, context: Context, key: str = "amount_outstanding"
) -> None:
    """This trust's debts of this person total less than the threshold.

    `key` is the column to mend: the amount, unless that cannot be what changed.
    """
    thresholds: dict[date, int] = {}
    for row, debt in new:
        if row.invoice_date is None or row.amount_outstanding is None:
            continue
        if (threshold := thresholds.get(row.invoice_date, -1)) < 0:
            threshold = thresholds[row.invoice_date] = context.policy.threshold_on(row.invoice_date)
        total = totals.total_with(debt)
        if total < threshold:
            least = f"the £{threshold // 100:,} from which debts are reported. Report it when the total reaches that."
            row.find(
                "R09", key, f"this person owes you {{value}} in all, which is less than {least}",
                f"£{total / 100:,.2f}", f"this person owes you less than {least}",
            )  # fmt: skip


def owed(row: Row, key: str) -> Owed:
    """A row as the sum of a person's debts sees it; the key is the debt's in the register, if it stands there."""
    return Owed(key, row.name_match, row.passport_match, row.amount_outstanding or 0)
