"""Reads the XML parts of a workbook, element by element, refusing any that declares a document type."""

from collections.abc import Iterable, Iterator
from typing import Protocol
from xml.parsers import expat

from app.core.spreadsheet.refusals import damaged, document_type


class Listener(Protocol):
    """Is told of every element and text. Names come with their prefix: see `local`."""

    def start(self, name: str, attributes: dict[str, str]) -> None: ...
    def end(self, name: str) -> None: ...
    def text(self, text: str) -> None: ...


def local(name: str) -> str:
    """The name without its prefix, which every program chooses for itself."""
    return name.rpartition(":")[2]


def named(attributes: dict[str, str], name: str) -> str:
    """The attribute of that local name; an empty text when there is none."""
    return next((value for key, value in attributes.items() if local(key) == name), "")


def listen(pieces: Iterable[bytes], listener: Listener, *, whole_texts: bool = True) -> None:
    """Raises Unreadable (F01) when the XML does not hold together or declares a document type. Without `whole_texts` each
    reference and each line comes as a text of its own.
    """
    parser = expat.ParserCreate()
    parser.buffer_text = whole_texts
    parser.StartElementHandler = listener.start
    parser.EndElementHandler = listener.end
    parser.CharacterDataHandler = listener.text
    parser.StartDoctypeDeclHandler = _refuse
    try:
        for piece in pieces:
            parser.Parse(piece, False)
        parser.Parse(b"", True)
    except (expat.ExpatError, ValueError, LookupError) as error:  # LookupError: an encoding that nobody knows
        raise damaged() from error


def elements(content: bytes) -> Iterator[tuple[str, dict[str, str]]]:
    """Each element of a small part: its local name and its attributes."""
    found: list[tuple[str, dict[str, str]]] = []
    parser = expat.ParserCreate()
    parser.StartElementHandler = lambda name, attributes: found.append((local(name), attributes))
    parser.StartDoctypeDeclHandler = _refuse
    try:
        if content:
            parser.Parse(content, True)
    except (expat.ExpatError, ValueError, LookupError) as error:
        raise damaged() from error
    return iter(found)


def _refuse(*_: object) -> None:
    raise document_type()
