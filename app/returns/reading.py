"""From the bytes of an uploaded file to its rows in the order of our columns, or the reasons why it is refused."""

import hashlib
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from operator import itemgetter

from app.core import clock
from app.core.spreadsheet import reading
from app.core.spreadsheet.headings import column_letter, heading_key
from app.core.spreadsheet.packing import Packed, as_text, is_blank, trim
from app.periods.calendar import Period
from app.policy.patients import holds_an_nhs_number, told_by_a_heading
from app.policy.tables import Policy
from app.return_template.columns import COLUMNS, KEYS, ORIGINAL_ROW, OUR_HEADINGS
from app.return_template.stamp import Stamp
from app.returns.rules import sheet as rules
from app.returns.rules.engine import Finding, refusal

_BY_HEADING = {heading_key(column.heading): column for column in COLUMNS}
_OURS = {heading_key(heading) for heading in OUR_HEADINGS}
HEADING_KEYS = frozenset(_BY_HEADING)
_LONGEST_ROW_NUMBER = 7


@dataclass(frozen=True)
class Sheet:
    """A file's rows: (row number, cells in the order of COLUMNS). `place` gives the letter of each column present.

    `original_rows` gives, in a rejection workbook, the row that each row had before.
    """

    rows: list[tuple[int, list[Packed]]]
    blank: int
    place: dict[str, str]
    unknown: list[rules.Ignored] = field(default_factory=list)
    stamp: Stamp | None = None
    original_rows: dict[int, int] = field(default_factory=dict)


def digest(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def read(data: bytes, readers: reading.Readers, policy: Policy, most_mb: int) -> Sheet | list[Finding]:
    """The file's rows, or every reason to refuse the file that can be told from the file alone."""
    if too_large := rules.not_too_large(len(data), most_mb):
        return [too_large]
    try:
        found = readers.read(data, HEADING_KEYS)
    except reading.Unreadable as why:
        return [rules.UNREADABLE[why.code](why.message)]
    if found.rival:
        return [refusal("F05", f"Two sheets carry our headings and rows: \"{found.sheet}\" and \"{found.rival}\". Keep "
                               "the one to report, delete the other and send the file again.")]  # fmt: skip
    headings = [trim(as_text(cell)) for cell in found.headings]
    tell = _told(headings, policy)
    refusals = _judge_headings(headings, policy, tell)
    if refusals:
        return refusals
    sheet = _arrange(found, headings, tell)
    none = rules.some_rows(len(sheet.rows))
    return [none] if none else sheet


def stamp_refusals(
    sheet: Sheet | list[Finding], family: Sequence[str], organisation: str, period: Period, is_open: bool
) -> tuple[Finding, ...]:
    """Reasons to refuse the file that lie in what it was made for: another organisation, or a period not open."""
    stamp = sheet.stamp if isinstance(sheet, Sheet) else None
    of_period = stamp.period if stamp is not None and stamp.kind == "template" else None
    found = (
        rules.made_for_this_organisation(stamp.organisation if stamp else None, family, organisation),
        rules.made_for_this_period(of_period, str(period), period.label, is_open),
    )
    return tuple(finding for finding in found if finding)


def _told(headings: Sequence[str], policy: Policy) -> dict[int, str]:
    """What of a patient stands in a heading that is not ours, by the column's place: such a text is never shown or kept."""
    year = clock.today().year
    strange = ((place, heading) for place, heading in enumerate(headings) if _is_strange(heading))

    def is_clinical(heading: str) -> bool:  # “Diagnosis” alone names a column, which F09 has to name
        return policy.has_clinical_words(heading) and not policy.is_clinical_heading(heading)

    return {place: told for place, heading in strange if (told := told_by_a_heading(heading, year, is_clinical))}


def _is_strange(heading: str) -> bool:
    return bool(heading) and heading_key(heading) not in _BY_HEADING and heading_key(heading) not in _OURS


def _judge_headings(headings: Sequence[str], policy: Policy, told: Mapping[int, str]) -> list[Finding]:
    keys = [heading_key(heading) for heading in headings]
    ours = [heading for heading, key in zip(headings, keys, strict=True) if key in _BY_HEADING]
    strange = {place: f"column {column_letter(place)}" if place in told else heading
               for place, heading in enumerate(headings) if _is_strange(heading)}  # fmt: skip
    missing = [heading for heading in rules.MANDATORY_HEADINGS if heading_key(heading) not in keys]
    times = Counter(keys)
    double = sorted({heading for heading in ours if times[heading_key(heading)] > 1})
    clinical = [shown for place, shown in strange.items()
                if policy.is_clinical_heading(headings[place]) or holds_an_nhs_number(headings[place])]  # fmt: skip
    found = (rules.no_clinical_column(clinical), rules.headings_there(missing, list(strange.values()), double))
    return [finding for finding in found if finding]


def _arrange(found: reading.Reading, headings: Sequence[str], told: Mapping[int, str]) -> Sheet:
    at = {
        column.key: index for index, heading in enumerate(headings) if (column := _BY_HEADING.get(heading_key(heading)))
    }
    original = next(
        (index for index, text in enumerate(headings) if heading_key(text) == heading_key(ORIGINAL_ROW)), None
    )
    pick = itemgetter(*(at.get(key, -1) for key in KEYS))
    rows, blank, originals, widest = [], found.blank, {}, len(headings)
    for number, cells in found.rows:
        widest = max(widest, len(cells))
        cells.append(None)  # index -1: a column that the file does not have
        ours = list(pick(cells))
        if all(map(is_blank, ours)):
            blank += 1
            continue
        rows.append((number, ours))
        if original is not None and (text := as_text(cells[original])).isdecimal() and len(text) <= _LONGEST_ROW_NUMBER:
            originals[number] = int(text)
    known = set(at.values()) | {index for index, text in enumerate(headings) if heading_key(text) in _OURS}
    unknown = _ignored(found, headings, [index for index in range(widest) if index not in known], told)
    place = {key: column_letter(index) for key, index in at.items()}
    return Sheet(rows, blank, place, unknown, Stamp.from_about(found.about), originals)


def _ignored(
    found: reading.Reading, headings: Sequence[str], places: Sequence[int], told: Mapping[int, str]
) -> list[rules.Ignored]:
    """The columns that hold something and are not ours; those without a heading are one until the next with a heading."""
    ignored: list[rules.Ignored] = []
    in_run, before = False, -1
    for place in places:
        heading, letter = headings[place] if place < len(headings) else "", column_letter(place)
        in_run, before = in_run and not heading and before == place - 1, place
        if heading:
            shown = "" if place in told else heading
            ignored.append(rules.Ignored(shown, letter, letter, found.heading_row, told.get(place)))
        elif _has_something(found, place):
            if in_run:
                ignored[-1] = ignored[-1]._replace(last=letter)
            else:
                ignored.append(rules.Ignored("", letter, letter, found.heading_row))
            in_run = True
    return ignored


def _has_something(found: reading.Reading, index: int) -> bool:
    return any(index < len(cells) - 1 and not is_blank(cells[index]) for _, cells in found.rows)
