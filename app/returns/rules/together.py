"""Rules that look at the rows of a file together: doubles, near doubles, and what one person owes this trust."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import date

from app.core.spreadsheet.packing import as_text, trim
from app.debts.rules.totals import Owed, PersonTotals
from app.return_template.columns import COLUMNS
from app.returns.rules.context import Context
from app.returns.rules.engine import Scope, rule
from app.returns.rules.row import Row

_JUDGED = [(index, column.key) for index, column in enumerate(COLUMNS) if column.judged]


def fold_invoice(number: str) -> str:
    """An invoice number without case and punctuation, to notice near doubles."""
    text = number.casefold()
    return (text if text.isalnum() else "".join(filter(str.isalnum, text)))[:40]


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
    """Invoice numbers that differ only in case or punctuation, in the file or from one reported before.

    `in_register` gives for a folded number the numbers as they were reported.
    """
    seen: dict[str, Row] = {}
    for row in rows:
        if not row.invoice_number:
            continue
        fold = fold_invoice(row.invoice_number)
        first = seen.setdefault(fold, row)
        if first.invoice_number != row.invoice_number:
            row.find("W08", "invoice_number", f"this differs from the number in row {first.number} only in case or "
                                              "punctuation. Check that they are two invoices.")  # fmt: skip
        elif (held := min(in_register.get(fold, ()), default=None)) is not None:
            row.find("W08", "invoice_number", "this differs from {value}, reported before, only in case or "
                                              "punctuation. Check that they are two invoices.", held)  # fmt: skip


@rule("R09", Scope.ROWS, "amount_outstanding", "invoice_date", source="ICIBI 6.149")
def reaches_the_threshold(new: Sequence[tuple[Row, Owed]], totals: PersonTotals, context: Context) -> None:
    """This trust's debts of this person total less than the threshold."""
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
                "R09", "amount_outstanding", f"this person owes you {{value}} in all, which is less than {least}",
                f"£{total / 100:,.2f}", f"this person owes you less than {least}",
            )  # fmt: skip


def owed(row: Row, key: str) -> Owed:
    """A row as the sum of a person's debts sees it; the key is the debt's in the register, if it stands there."""
    return Owed(key, row.name_match, row.passport_match, row.amount_outstanding or 0)
