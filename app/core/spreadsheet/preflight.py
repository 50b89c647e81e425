"""Looks over a zipped workbook (.xlsx, .xlsb, .ods) before any reader opens it, without unpacking more than is safe.

The directory first (`zip_directory`), then names of parts (macros, links) and the small parts that say what belongs to
what.
Every byte of the rest is `scan`'s.
"""

import struct
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from io import BytesIO
from zipfile import BadZipFile, ZipFile, ZipInfo

from app.core.spreadsheet import biff12
from app.core.spreadsheet.kinds import zip_kind
from app.core.spreadsheet.refusals import damaged, links, macros, password, too_large, twice
from app.core.spreadsheet.result import Limits
from app.core.spreadsheet.xml_parts import elements, named
from app.core.spreadsheet.zip_directory import check_directory

_PIECE = 1 << 18
_SMALL = 8 << 20
_CHART = "application/vnd.oasis.opendocument.chart"
_MACROS = ("vbaproject.bin", "xl/macrosheets/", "xl/dialogsheets/", "basic/", "scripts/", "xl/activex/")
_NO_MACROS = ("basic/script-lc.xml", "basic/script-lb.xml")
_LINKS = ("xl/externallinks/", "xl/connections.", "xl/querytables/", "xl/embeddings/", "xl/model/")
_MACRO_TYPES = (b"macroenabled.main+xml", b"vbaproject", b"macrosheet")
# What a part is for says its relationship, wherever the part lies and whatever its name.
_MACRO_USES = frozenset(
    {"vbaproject", "xlmacrosheet", "xlintlmacrosheet", "dialogsheet", "control", "activexcontrolbinary"}
)
_LINK_USES = frozenset({"externallink", "externallinkpath", "connections", "querytable", "oleobject", "package",
                        "attachedtemplate", "powerpivotdata"})  # fmt: skip

READ_ERRORS = (
    BadZipFile,
    zlib.error,
    EOFError,
    NotImplementedError,
    struct.error,
    IndexError,
    ValueError,
    OSError,
    KeyError,
)


@dataclass
class Package:
    """A zipped workbook whose directory and small parts are in order.

    `sheets` maps each sheet's name to its part. After `scan`, `second_look` holds the parts of sheets in which
    an error or a formula stands.
    """

    kind: str
    file: ZipFile
    sheets: dict[str, str] = field(default_factory=dict)
    date1904: bool = False
    second_look: set[str] = field(default_factory=set)
    scanned: bool = False

    @property
    def unpacked(self) -> int:
        return sum(part.file_size for part in self.file.infolist())

    def pieces(self, part: str) -> Iterator[bytes]:
        with self.file.open(part) as stream:
            while piece := stream.read(_PIECE):
                yield piece


def open_package(data: bytes, limits: Limits) -> Package:
    """Raises Unreadable for whatever the directory and the small parts give away."""
    try:
        file = ZipFile(BytesIO(data))
        parts = file.infolist()
        check_directory(file, data, limits)
        package = Package(_kind(file), file)
        _check_names(package.kind, parts)
        for part in parts:
            if part.filename.lower().endswith(".rels"):
                _check_relationships(file, part)
        if package.kind != "ods":
            _find_sheets(package, limits)
    except READ_ERRORS as error:
        raise damaged() from error
    return package


def _small(file: ZipFile, name: str) -> bytes:
    """A part that is small in every honest workbook; nothing if it is not there."""
    try:
        with file.open(name) as stream:
            content = stream.read(_SMALL + 1)
    except KeyError:
        return b""
    if len(content) > _SMALL:
        raise too_large("The workbook's table of contents is larger than is safe to open.")
    return content


def _kind(file: ZipFile) -> str:
    types = _small(file, "[Content_Types].xml")
    if any(macro in types.lower() for macro in _MACRO_TYPES):
        raise macros()
    kind = zip_kind(file.namelist(), types, _small(file, "mimetype")[:200])
    if kind == "ods":
        _check_manifest(file)
    return kind


def _check_manifest(file: ZipFile) -> None:
    """Of an .ods: no password, and no object in it but charts, which are drawings of its own cells."""
    manifest = _small(file, "META-INF/manifest.xml")
    if b"encryption-data" in manifest:
        raise password()
    charts = {
        named(attributes, "full-path")
        for _, attributes in elements(manifest)
        if named(attributes, "media-type").startswith(_CHART)
    }
    for name in file.namelist():
        folder = name.partition("/")[0] + "/"
        if folder.lower().startswith("object ") and folder not in charts:
            raise links()


def _check_names(kind: str, parts: list[ZipInfo]) -> None:
    for part in parts:
        name = part.filename.lower()
        if part.is_dir() or name in _NO_MACROS:
            continue
        if name.startswith(_MACROS) or name.endswith(_MACROS[0]):
            raise macros()
        if kind != "ods" and name.startswith(_LINKS):
            raise links()


def _check_relationships(file: ZipFile, part: ZipInfo) -> None:
    """Nothing outside the file may be fetched; a hyperlink only waits for a click."""
    for _, attributes in elements(_small(file, part.filename)):
        use = attributes.get("Type", "").rpartition("/")[2].lower()
        if use in _MACRO_USES:
            raise macros()
        if use in _LINK_USES or (attributes.get("TargetMode", "").lower() == "external" and use != "hyperlink"):
            raise links()


def _find_sheets(package: Package, limits: Limits) -> None:
    root = "xl/workbook.bin" if package.kind == "xlsb" else "xl/workbook.xml"
    for _, attributes in elements(_small(package.file, "_rels/.rels")):
        if attributes.get("Type", "").endswith("/officeDocument"):
            root = attributes.get("Target", root).lstrip("/")
    folder, _, name = root.rpartition("/")
    targets = {
        attributes.get("Id", ""): _path(folder, attributes.get("Target", ""))
        for _, attributes in elements(_small(package.file, f"{folder}/_rels/{name}.rels".lstrip("/")))
    }
    content = _small(package.file, root)
    sheets, package.date1904 = biff12.sheets_of(content) if package.kind == "xlsb" else _xlsx_sheets(content)
    if len(sheets) > limits.sheets:
        raise too_large(f"The workbook has {len(sheets):,} sheets; the limit is {limits.sheets}.")
    package.sheets = {sheet: targets[id_] for sheet, id_ in sheets if id_ in targets}


def _path(folder: str, target: str) -> str:
    if target.startswith("/"):
        return target[1:]
    steps = folder.split("/") if folder else []
    for step in target.split("/"):
        if step == "..":
            del steps[-1:]
        elif step not in {"", "."}:
            steps.append(step)
    return "/".join(steps)


def _xlsx_sheets(workbook: bytes) -> tuple[list[tuple[str, str]], bool]:
    """Names and relationship ids of the sheets, and whether dates count from 1904. Raises Unreadable (F01) for two lists."""
    sheets, date1904, lists = [], False, 0
    for name, attributes in elements(workbook):
        if name == "sheet":
            sheets.append((attributes.get("name", ""), named(attributes, "id")))
        elif name == "sheets":
            lists += 1
        elif name == "workbookPr":
            date1904 = attributes.get("date1904", "").lower() in {"1", "true", "on"}
    if lists > 1:
        raise twice()
    return sheets, date1904
