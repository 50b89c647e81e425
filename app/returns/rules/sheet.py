"""Rules that look at the file as a whole: a file that breaks one is refused, and nothing of its content is stored."""

import math
from collections.abc import Sequence
from typing import NamedTuple

from rapidfuzz import fuzz, process, utils

from app.core.errors import Refused
from app.periods.calendar import Period
from app.return_template.columns import COLUMNS
from app.returns.rules.engine import Finding, Scope, Severity, refusal, rule


@rule("F01", Scope.FILE, source="our decision: only what can be read is judged")
def readable(words: str) -> Finding:
    """The file is not a spreadsheet that can be read."""
    return refusal("F01", words)


@rule("F02", Scope.FILE, source="our decision: only what can be read is judged")
def without_password(words: str) -> Finding:
    """The file is protected by a password."""
    return refusal("F02", words)


@rule("F03", Scope.FILE, source="our decision: the limit is a setting")
def not_too_large(size: int, most_mb: int) -> Finding | None:
    """The file is larger than the limit."""
    if size <= most_mb * 1024 * 1024:
        return None
    megabytes = math.ceil(size / 1024 / 1024 * 10) / 10
    return refusal("F03", f"This file has {megabytes:.1f} MB and the limit is {most_mb} MB. Remove pictures and other "
                          "sheets, or send the rows in two files.")  # fmt: skip


@rule("F04", Scope.FILE, source="our decision: the limit is a setting")
def not_too_many_rows(words: str) -> Finding:
    """The file has more rows than the limit, or expands past safe memory."""
    return refusal("F04", words)


@rule("F05", Scope.FILE, source="ICIBI 6.166")
def headings_there(missing: Sequence[str], unknown: Sequence[str], double: Sequence[str]) -> Finding | None:
    """Mandatory headings are not there, or a heading stands twice."""
    if double:
        return refusal("F05", f"These headings stand twice: {', '.join(double)}. Keep the column that is right.")
    if not missing:
        return None
    words = [f"These mandatory headings are not there: {', '.join(missing)}."]
    if unknown:
        words.append(f"These headings are not ours: {', '.join(unknown[:30])}.")
    words += [f'Is "{strange}" meant to be {near}?' for strange in unknown if (near := _nearest(strange, missing))]
    words.append("Use the headings of the template in one row within the first ten rows.")
    return refusal("F05", " ".join(words))


def _nearest(heading: str, unknown: Sequence[str]) -> str | None:
    found = process.extractOne(heading, unknown, scorer=fuzz.WRatio, processor=utils.default_process, score_cutoff=75)
    return found[0] if found else None


@rule("F06", Scope.FILE, source="our decision: never one trust's patients under another")
def made_for_this_organisation(stamped: str | None, family: Sequence[str], chosen: str) -> Finding | None:
    """The file was made for another organisation."""
    if stamped is None or stamped in family:
        return None
    return refusal("F06", f"This workbook was downloaded for another organisation than {chosen}. Download the template "
                          f"for {chosen}, or choose the organisation that it was made for.")  # fmt: skip


@rule("F07", Scope.FILE, source="our decision: a return is about one open month")
def made_for_this_period(stamped: str | None, chosen: str, chosen_label: str, is_open: bool) -> Finding | None:
    """The file was made for another period than chosen, or the period is not open."""
    if not is_open:
        return refusal("F07", f"{chosen_label} does not take returns now. Choose a month that has begun and ended no "
                              "more than twelve months ago.")  # fmt: skip
    if stamped is None or stamped == chosen:
        return None
    made_for = _label(stamped)
    return refusal("F07", f"This workbook was downloaded for {made_for}, and you chose {chosen_label}. Choose "
                          f"{made_for}, or download the template for {chosen_label}.")  # fmt: skip


def _label(period: str) -> str:
    """The month in words; people can edit the stamp, and then it is shown as it stands."""
    try:
        return Period.parse(period).label
    except Refused:
        return f'"{period[:20]}"'


@rule("F08", Scope.FILE, source="our decision: a return is data and runs nothing")
def nothing_active(words: str) -> Finding:
    """The file contains macros or links to outside."""
    return refusal("F08", words)


@rule("F09", Scope.FILE, source="data sharing guidance: no medical information")
def no_clinical_column(headings: Sequence[str]) -> Finding | None:
    """The file contains a clinical column (diagnosis, ward, specialty, procedure, consultant, NHS number and the like).

    `headings` as they may be shown: one that tells of a patient by its letter.
    """
    if not headings:
        return None
    return refusal("F09", f"This file has a column with clinical data or an NHS number: {', '.join(headings)}. Remove "
                          "the whole column and send the file again. Nothing of it was kept.")  # fmt: skip


@rule("F10", Scope.FILE, source="our decision: silence is not a nil return")
def some_rows(count: int) -> Finding | None:
    """The file has no data rows."""
    if count:
        return None
    return refusal("F10", "This file has headings but no rows. If there are no new debts and no changes this month, "
                          "send a nil return instead.")  # fmt: skip


@rule("F11", Scope.FILE, source="our decision: what people send is looked through first")
def without_virus(words: str) -> Finding:
    """A virus was found in the file."""
    return refusal("F11", words)


class Ignored(NamedTuple):
    """A column that is not ours, or a run of them without headings, from letter to letter.

    `told` says what of a patient stands in its heading: then `heading` is empty, so that its text is kept nowhere.
    """

    heading: str
    first: str
    last: str
    row: int
    told: str | None = None


@rule("W04", Scope.FILE, source="our decision: only our columns are kept")
def column_ignored(ignored: Ignored) -> Finding:
    """Column ignored: its heading is not one of ours and its values are not stored."""
    heading, first, last, row, told = ignored
    words = f"is not part of the return, so it was ignored and not kept. {_MEND_HEADING}"
    if first != last:
        message = f"The columns {first} to {last} have no headings, so they were ignored and not kept. Give those a heading " \
                  "that belong to the return."  # fmt: skip
        return Finding("W04", Severity.WARNING, message, message, cell=f"{first}{row}")
    unquoted = f"The column {first} {words}"
    if told is not None:
        message = unquoted = f"{unquoted} It is not shown, because it seems to hold {told}."
    else:
        message = f'The column "{heading}" {words}' if heading else f"The column {first} (without a heading) {words}"
    return Finding("W04", Severity.WARNING, message, unquoted, column=heading or None, cell=f"{first}{row}")


_MEND_HEADING = "Correct its heading if it belongs to the return."
UNREADABLE = {"F01": readable, "F02": without_password, "F04": not_too_many_rows, "F08": nothing_active}
MANDATORY_HEADINGS = tuple(column.heading for column in COLUMNS if column.required)
