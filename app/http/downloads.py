"""Answers that are files: complete bytes, or a large file from a place on disk that is gone once it is sent."""

import re
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import IO
from urllib.parse import quote

from fastapi import Response
from fastapi.responses import StreamingResponse

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
CSV = "text/csv; charset=utf-8"
BYTES = "application/octet-stream"
_CHUNK = 256 * 1024


def download(content: bytes, name: str, kind: str) -> Response:
    """A file to save. Browsers are told never to show it."""
    return Response(content, media_type=kind, headers=_headers(name))


def download_once(path: Path, name: str, kind: str) -> Response:
    """Sends a file in pieces; it is unlinked before the first one leaves, so that nothing stays behind."""
    file = path.open("rb")
    size = path.stat().st_size
    path.unlink()
    return StreamingResponse(_pieces(file), media_type=kind, headers={**_headers(name), "Content-Length": str(size)})


def download_in_pieces(pieces: Iterable[bytes], size: int, sha256: str, name: str, kind: str) -> Response:
    """Sends a file that is kept in pieces. Its tag is the digest of its bytes."""
    about = {"Content-Length": str(size), "ETag": f'"{sha256}"'}
    return StreamingResponse(pieces, media_type=kind, headers={**_headers(name), **about})


def _pieces(file: IO[bytes]) -> Iterator[bytes]:
    with file:
        while piece := file.read(_CHUNK):
            yield piece


def _headers(name: str) -> dict[str, str]:
    plain = re.sub(r"[^A-Za-z0-9._ -]", "_", name)
    return {"Content-Disposition": f"attachment; filename=\"{plain}\"; filename*=UTF-8''{quote(name, safe='')}"}
