"""What became of an old register's rows, as lines to read: numbers first, then why."""

from collections.abc import Iterator, Mapping

from app.core.money import in_words
from app.old_register.rules.findings import summary as summary_of
from app.old_register.summary import Summary, Total
from app.return_template.choices import Status


def lines(summary: Summary) -> Iterator[str]:
    counts = summary.counts()
    yield (
        f"{counts['read']:,} rows read: {counts['loaded']:,} loaded, {counts['held']:,} loaded but held, "
        f"{counts['rejected']:,} not loaded, {counts['known']:,} known already; {counts['blank']:,} blank rows."
    )
    by_status = {
        status.label: summary.by_status[status.value] for status in Status if status.value in summary.by_status
    }
    yield from _table("By status", by_status)
    yield from _table("By nation", dict(sorted(summary.by_nation.items())))
    if by_status:
        yield f"On the Warnings Index already: {counts['flags']:,}."
    if summary.held_for:
        reasons = ", ".join(f"{code} {rows:,}" for code, rows in sorted(summary.held_for.items()))
        yield f"Held, so that their flags are taken off: {reasons}."
    yield from _findings("Rows not loaded, or held", summary.rejections())
    yield from _findings("Remarks on rows", summary.warnings())


def _table(title: str, totals: Mapping[str, Total]) -> Iterator[str]:
    if not totals:
        return
    yield f"{title}:"
    width = max(map(len, totals))
    for name, total in totals.items():
        yield f"  {name:{width}}  {total.debts:>9,} debts  {in_words(total.outstanding):>18}"


def _findings(title: str, rows_by_code: Mapping[str, int]) -> Iterator[str]:
    if rows_by_code:
        yield f"{title}:"
    for code, rows in rows_by_code.items():
        yield f"  {code}  {rows:>9,}  {summary_of(code)}"
