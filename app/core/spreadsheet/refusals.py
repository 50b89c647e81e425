"""The sentences with which a whole file is refused: what is wrong, then how to mend it."""

from app.core.spreadsheet.result import Unreadable

_AGAIN = "save it again as .xlsx and upload the new file"
_TABLE_ONLY = "Copy the headings and your rows, nothing else, into a new workbook or a fresh template and upload that."


def empty() -> Unreadable:
    return Unreadable("F01", "The file is empty. Check that it was saved before it was uploaded.")


def not_a_spreadsheet(what: str) -> Unreadable:
    """`what` says what it looks like, with its article."""
    return Unreadable(
        "F01",
        f"This file is {what}, not a spreadsheet that can be read. "
        "Save the return as .xlsx, .xls, .xlsb, .ods or .csv and upload that.",
    )


def damaged() -> Unreadable:
    return Unreadable("F01", f"The file is damaged or incomplete. Open it in your spreadsheet program, {_AGAIN}.")


def contradicting() -> Unreadable:
    return Unreadable(
        "F01",
        "The file contradicts itself: its parts are packed as no spreadsheet program packs them. "
        f"Open it in your spreadsheet program, {_AGAIN}.",
    )


def odd_names() -> Unreadable:
    return Unreadable(
        "F01",
        "Parts of the file have names that no spreadsheet program gives, or one name twice. "
        f"Open it in your spreadsheet program, {_AGAIN}.",
    )


def other_encoding() -> Unreadable:
    return Unreadable(
        "F01",
        "The file's parts are not in UTF-8, in which every spreadsheet program writes them. "
        f"Open it in your spreadsheet program, {_AGAIN}.",
    )


def two_in_one_place() -> Unreadable:
    return Unreadable(
        "F01",
        "Two rows of a sheet carry the same number, or two cells the same place, so one of them would be lost. "
        f"Open it in your spreadsheet program, look whether every row is there, {_AGAIN}.",
    )


def twice() -> Unreadable:
    return Unreadable(
        "F01",
        "A sheet of the workbook, or a list of its texts, formats or sheets, stands in the file twice or in two pieces, so "
        f"a part of it would be lost. Open it in your spreadsheet program, look whether every row is there, {_AGAIN}.",
    )


def document_type() -> Unreadable:
    return Unreadable(
        "F01",
        "The file holds a document type declaration (DTD), which no spreadsheet program writes. "
        f"Open it in your spreadsheet program, {_AGAIN}.",
    )


def unpaired_quotes(line: int) -> Unreadable:
    return Unreadable(
        "F01",
        f"The quotation marks do not pair near line {line:,} of the CSV, so its columns cannot be told apart. "
        "Save the return as .xlsx and upload that.",
    )


def password() -> Unreadable:
    return Unreadable(
        "F02",
        "The file is protected with a password. Open it, remove the password "
        "(in Excel: File, Info, Protect Workbook, Encrypt with Password), save it and upload it again.",
    )


def too_large(what: str) -> Unreadable:
    """`what` is the sentence that says what is too large."""
    return Unreadable("F04", f"{what} {_TABLE_ONLY}")


def too_many_rows(sheet: str, rows: int, limit: int) -> Unreadable:
    return Unreadable(
        "F04",
        f"The sheet {sheet} has {rows:,} rows of data; the limit is {limit:,}. "
        "Send the rows in several files: each adds to the one before.",
    )


def too_much_memory() -> Unreadable:
    return too_large(
        "Reading the file would take more memory than is safe: it holds far more than a return, "
        "or a single cell stands far away from the table."
    )


def too_slow(seconds: float) -> Unreadable:
    return too_large(f"Reading the file took longer than {seconds:g} seconds and was stopped.")


def macros() -> Unreadable:
    return Unreadable(
        "F08", f"The workbook contains macros or controls. Open it, {_AGAIN}: a plain .xlsx keeps no macros."
    )


def links() -> Unreadable:
    return Unreadable(
        "F08",
        "The workbook contains links to other files, data connections or embedded objects. "
        "Copy the rows as values into a fresh template and upload that.",
    )
