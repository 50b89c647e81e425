"""What a file is, told by its content and never by its name."""

import re
import zlib
from io import BytesIO
from zipfile import BadZipFile, ZipFile

from app.core.spreadsheet.refusals import damaged, empty, not_a_spreadsheet, password

ZIP, OLE = b"PK\x03\x04", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
UTF16 = (b"\xff\xfe", b"\xfe\xff")
_MARKS = (b"\xef\xbb\xbf", *UTF16)
_NOTHING = b"\0 \t\r\n"
_OLD_EXCEL = (b"\x09\x00\x04\x00", b"\x09\x02\x06\x00", b"\x09\x04\x06\x00", b"\x09\x08\x08\x00", b"\x09\x08\x10\x00")

_MAGIC = (
    (b"\x89PNG", "a PNG image"),
    (b"GIF8", "a GIF image"),
    (b"\xff\xd8\xff", "a JPEG image"),
    (b"II*\0", "a TIFF image"),
    (b"MM\0*", "a TIFF image"),
    (b"%PDF", "a PDF document"),
    (b"{\\rtf", "a text document (RTF)"),
    (b"Rar!", "a RAR archive"),
    (b"7z\xbc\xaf\x27\x1c", "a 7-Zip archive"),
    (b"\x1f\x8b", "a compressed archive"),
    (b"BZh", "a compressed archive"),
    (b"MZ", "a program"),
    (b"\x7fELF", "a program"),
    (b"SQLite format 3", "a database"),
    (b"RIFF", "a sound, picture or film file"),
    (b"ID3", "a sound file"),
)
_MARKUP = (
    (re.compile(rb"<\?mso-application\s+progid=\"Excel|urn:schemas-microsoft-com:office:spreadsheet", re.I),
     "a workbook in the XML format of 2003"),
    (re.compile(rb"^\s*(?:<!--.*?-->\s*)*<(?:!doctype\s+html|html|head|body|table|div|meta)", re.I | re.S), "a web page"),
    (re.compile(rb"^\s*<\?xml"), "an XML file"),
    (re.compile(rb"^\s*<(?:!doctype|[a-z])", re.I), "an XML file or web page"),
)  # fmt: skip
# Names in the directory of an OLE file are UTF-16; each stands at the start of an entry of 128 bytes.
_OLE_STREAMS = (
    ("EncryptedPackage", "encrypted"),
    ("Workbook", "xls"),
    ("Book", "xls"),
    ("WordDocument", "a Word document"),
    ("PowerPoint Document", "a PowerPoint presentation"),
    ("__properties_version1.0", "an Outlook message"),
)
_ZIP_PARTS = (("word/", "a Word document"), ("ppt/", "a PowerPoint presentation"), ("visio/", "a Visio drawing"))
_ZIP_TYPES = (("opendocument.text", "a text document"), ("opendocument.presentation", "a presentation"))


def family_of(data: bytes) -> str:
    """zip, xls or text. Raises Unreadable (F01, F02) for what is no spreadsheet, saying what it looks like."""
    if _is_empty(data):
        raise empty()
    if data.startswith(ZIP):
        return "zip"
    if data.startswith(OLE):
        return _ole(data)
    if data.startswith(_OLD_EXCEL):
        return "xls"
    for magic, what in _MAGIC:
        if data.startswith(magic):
            raise not_a_spreadsheet(what)
    start = data[:4096].replace(b"\0", b"").lstrip(b"\xef\xbb\xbf\xff\xfe")
    for pattern, what in _MARKUP:
        if pattern.search(start):
            raise not_a_spreadsheet(what)
    if b"%PDF" in data[:1024]:
        raise not_a_spreadsheet("a PDF document")
    if b"\0" in data and not data.startswith(UTF16) and utf16_without_mark(data) is None:
        raise not_a_spreadsheet("of a kind that is not known here")
    return "text"


def _is_empty(data: bytes) -> bool:
    start = next((data[len(mark) :] for mark in _MARKS if data.startswith(mark)), data)
    return not start[:4096].strip(_NOTHING) and not start.strip(_NOTHING)


def utf16_without_mark(data: bytes) -> str | None:
    """Which UTF-16 a text without its mark is in: nearly every second byte of a table in our letters is NUL."""
    start = data[: 4096 - 4096 % 2]
    pairs = len(start) // 2
    if not pairs or len(data) % 2:
        return None
    first, second = start[0::2].count(0), start[1::2].count(0)
    if second > 0.8 * pairs and not first:
        return "utf-16-le"
    return "utf-16-be" if first > 0.8 * pairs and not second else None


def has_stream(data: bytes, name: str) -> bool:
    """Whether an OLE file's directory holds a stream or storage of this name."""
    wanted = name.encode("utf-16-le") + b"\0\0"
    at = data.find(wanted)
    while at >= 0:
        if at % 128 == 0:
            return True
        at = data.find(wanted, at + 1)
    return False


def _ole(data: bytes) -> str:
    for stream, what in _OLE_STREAMS:
        if has_stream(data, stream):
            if what == "encrypted":
                raise password()
            if what == "xls":
                return what
            raise not_a_spreadsheet(what)
    raise damaged()


def zip_kind(names: list[str], content_types: bytes, mimetype: bytes) -> str:
    """xlsx, xlsb or ods, by the parts of the package and what it says of itself."""
    lower = {name.lower() for name in names}
    if b"opendocument.spreadsheet" in mimetype:
        return "ods"
    for words, what in _ZIP_TYPES:
        if words.encode() in mimetype:
            raise not_a_spreadsheet(what)
    if b"ms-excel.sheet.binary" in content_types or "xl/workbook.bin" in lower:
        return "xlsb"
    if b"spreadsheetml" in content_types or b"ms-excel" in content_types or "xl/workbook.xml" in lower:
        return "xlsx"
    for folder, what in _ZIP_PARTS:
        if any(name.startswith(folder) for name in lower):
            raise not_a_spreadsheet(what)
    raise not_a_spreadsheet("a zip archive")


def kind_of(data: bytes) -> str:
    """xlsx, xls, xlsb, ods or csv, by content. Raises Unreadable (F01, F02)."""
    family = family_of(data)
    if family != "zip":
        return "csv" if family == "text" else family
    try:
        with ZipFile(BytesIO(data)) as file:
            names = file.namelist()
            types, mimetype = (
                file.open(name).read(1 << 20) if name in names else b"" for name in ("[Content_Types].xml", "mimetype")
            )
    except (BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError, ValueError, OSError) as error:
        raise damaged() from error
    return zip_kind(names, types, mimetype)
