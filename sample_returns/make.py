"""Makes the sample returns: `python -m sample_returns.make` writes them again, byte for byte the same."""

import argparse
from collections.abc import Callable, Iterable, Sequence
from datetime import date
from pathlib import Path

from app.return_template.columns import BY_KEY, COLUMNS, KEYS
from app.return_template.stamp import TEMPLATE_VERSION, Stamp
from sample_returns import rows, writing
from sample_returns.rows import Case, Row
from sample_returns.writing import Cell, Rows

FOLDER = Path(__file__).parent
HEADINGS = [column.heading for column in COLUMNS]
IGNORED_HEADING = "Telephone"  # a column that is not ours (W04)

# Made once and kept, with the reason why they cannot be made again here.
KEPT = {"with_password.xlsx": "encryption draws random numbers; the password is: example"}

# Every file that is refused as a whole, with the code.
REFUSED = {
    "not_a_spreadsheet.xlsx": "F01",
    "with_password.xlsx": "F02",
    "too_many_rows.csv": "F04",
    "not_the_template.xlsx": "F05",
    "another_organisation.xlsx": "F06",
    "another_month.xlsx": "F07",
    "macros.xlsm": "F08",
    "link_to_outside.xlsx": "F08",
    "clinical_column.xlsx": "F09",
    "no_rows.xlsx": "F10",
}


def _cells(row: Row) -> list[Cell]:
    return [row.get(key) for key in KEYS]


def _table(listed: Iterable[Row]) -> Rows:
    return [HEADINGS, *map(_cells, listed)]


def _stamp(organisation: str = rows.ORGANISATION, period: str = rows.PERIOD) -> Sequence[tuple[str, str]]:
    return Stamp("template", organisation, period, TEMPLATE_VERSION, None).to_about()


def _return(listed: Iterable[Row], organisation: str = rows.ORGANISATION, period: str = rows.PERIOD) -> bytes:
    return writing.xlsx({"Return": _table(listed)}, _stamp(organisation, period))


def expected(cases: Sequence[Case]) -> Rows:
    """The second sheet: for each row its codes, why, and which files must be loaded before."""
    lines = [(number, " ".join(case.codes), case.why, case.needs) for number, case in enumerate(cases, 2)]
    ignored = (1, "W04", f"the column {IGNORED_HEADING} is not part of the return", "")
    return [("Row", "Codes", "Why", "Load before"), ignored, *lines]


def every_rule() -> bytes:
    table = [[*HEADINGS, IGNORED_HEADING], *([*_cells(case.row), "020 7946 0000"] for case in rows.EVERY_RULE)]
    return writing.xlsx({"Return": table, "Expected": expected(rows.EVERY_RULE)}, _stamp())


def corrections() -> bytes:
    results = [(number, case.result, case.why) for number, case in enumerate(rows.CORRECTIONS, 2)]
    sheets: dict[str, Rows] = {
        "Return": _table(case.row for case in rows.CORRECTIONS),
        "Expected": [("Row", "Result", "Why"), *results],
    }
    return writing.xlsx(sheets, _stamp())


def messy_but_fine() -> bytes:
    """The clean rows as people send them: all of them are taken, and nothing is found."""
    order = [*reversed(KEYS[3:]), *KEYS[:3]]
    headings = [f" {BY_KEY[key].heading.upper()}  ".replace(" ", "  ") for key in order]
    table: list[list[Cell]] = [["Overseas visitors: unpaid invoices"], [], list(headings)]
    for place, row in enumerate(rows.CLEAN):
        table.append([_messy(row.get(key), place) for key in order])
        table.extend([[]] * (place % 3) + [[" ", "\u00a0"]] * (place % 2))
    return writing.xlsx({"October": table})


def _messy(value: Cell, place: int) -> Cell:
    if isinstance(value, date):
        forms = ("%d/%m/%Y", "%d-%m-%Y", "%d.%m.%Y", "%d %B %Y", "%Y-%m-%d", "%d %b %Y 00:00")
        return value.strftime(forms[place % len(forms)])
    if isinstance(value, float):
        return (f"£{value:,.2f}", f"£ {value:,.2f} ", f"{value:,.2f}".replace(",", " "), value)[place % 4]
    return f"\u00a0 {value} \u200b" if isinstance(value, str) else value


def not_the_template() -> bytes:
    table: Rows = [
        ["Invoice No", "Patient", "DOB", "Country", "Owed", "Paid"],
        ["00123401", "Ada Grace Abiodun-Example", date(1985, 3, 27), "Nigeria", 2550.00, "no"],
    ]
    return writing.xlsx({"Debtors": table})


def macros() -> bytes:
    types = '<Override PartName="/xl/vbaProject.bin" ContentType="application/vnd.ms-office.vbaProject"/>'
    return writing.with_parts(_return(rows.CLEAN), {"xl/vbaProject.bin": b"No macro: only its name."}, types)


def link_to_outside() -> bytes:
    link = b'<externalLink xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"/>'
    return writing.with_parts(_return(rows.CLEAN), {"xl/externalLinks/externalLink1.xml": link})


def clinical_column() -> bytes:
    return writing.xlsx({"Return": [[*HEADINGS, "Diagnosis"], *map(_cells, rows.CLEAN)]}, _stamp())


def too_many_rows() -> bytes:
    """One more than the usual limit of 20,000."""
    return writing.plain_csv([HEADINGS, *([number] for number in range(1, 20_002))])


def too_large() -> bytes:
    """More than the usual limit of 10 MB (F03): made when it is asked for, since it is too large to keep."""
    return writing.plain_csv(_table(rows.CLEAN)) + b"\r\n" * (5 << 20)


MADE: dict[str, Callable[[], bytes]] = {
    "clean.xlsx": lambda: _return(rows.CLEAN),
    "corrections.xlsx": corrections,
    "every_rule.xlsx": every_rule,
    "every_rule_first.xlsx": lambda: _return(rows.EVERY_RULE_FIRST, period=rows.EARLIER_PERIOD),
    "every_rule_predecessor.xlsx": lambda: _return(rows.EVERY_RULE_PREDECESSOR, rows.PREDECESSOR, rows.EARLIER_PERIOD),
    "messy_but_fine.xlsx": messy_but_fine,
    "old_format.xls": lambda: writing.xls("Return", _table(rows.CLEAN)),
    "open_document.ods": lambda: writing.ods("Return", _table(rows.CLEAN)),
    "plain.csv": lambda: writing.plain_csv(_table(rows.CLEAN)),
    "not_a_spreadsheet.xlsx": lambda: b"The return follows on Monday.\r\n",
    "too_many_rows.csv": too_many_rows,
    "not_the_template.xlsx": not_the_template,
    "another_organisation.xlsx": lambda: _return(rows.CLEAN, rows.OTHER_ORGANISATION),
    "another_month.xlsx": lambda: _return(rows.CLEAN, period=rows.EARLIER_PERIOD),
    "macros.xlsm": macros,
    "link_to_outside.xlsx": link_to_outside,
    "clinical_column.xlsx": clinical_column,
    "no_rows.xlsx": lambda: _return([]),
}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--too-large", type=Path, metavar="FILE", help="also write a file above the limit (F03) here")
    wanted = parser.parse_args()
    for name, make in MADE.items():
        (FOLDER / name).write_bytes(make())
    if wanted.too_large:
        wanted.too_large.write_bytes(too_large())
    print(f"{len(MADE)} files made; kept as they are: {', '.join(KEPT)}.")


if __name__ == "__main__":
    main()
