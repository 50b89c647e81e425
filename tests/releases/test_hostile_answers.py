"""Answers that are wrong, or meant to do harm: each is refused whole with a sentence about the answer, and leaves nothing."""

import inspect
import io
from collections.abc import Callable

import openpyxl
import pytest
from sqlmodel import select

from app.core.errors import Refused, ServiceError
from app.core.outbox import Message
from app.core.spreadsheet import refusals
from app.releases import answer_reading
from app.releases.models import Acknowledgement
from tests.releases.released import answer, references
from tests.releases.test_acknowledgement import released, steps, take
from tests.returns.conftest import Trust, at, hospital, rj1, row

__all__ = ["at", "hospital", "rj1"]

Make = Callable[[str], bytes]


def rejected(reason: str) -> Make:
    return lambda reference: answer((reference, "rejected", reason))


def wide(reference: str) -> bytes:
    """One row of so many cells makes all rows as wide, if somebody pads them."""
    return answer((reference, "loaded")) + b"," * 300_000 + b"\r\n" + b"x\r\n" * 100_000


def book(reference: str, reason: object) -> bytes:
    made, out = openpyxl.Workbook(), io.BytesIO()
    made.worksheets[0].append(("reference", "result", "reason"))
    made.worksheets[0].append((reference, "rejected", reason))
    made.save(out)
    return out.getvalue()


HOSTILE: dict[str, tuple[Make, str]] = {
    "nothing": (lambda _: b"", "empty"),
    "only NUL": (lambda _: b"\0" * 5000, "empty"),
    "a picture": (lambda _: b"\x89PNG\r\n\x1a\n" + b"\0" * 100, "a PNG image"),
    "NUL bytes": (lambda ref: answer((ref, "loaded")) + b"\0\0", "not known here"),
    "NUL in UTF-16": (lambda ref: f"reference,result\n{ref}\0,loaded\n\0,loaded\n".encode("utf-16"), "Line 2:"),
    "broken UTF-16": (lambda ref: f"reference,result\n{ref},loaded\n".encode("utf-16") + b"\x00\xd8", "damaged"),
    "a web page": (lambda _: b"<html><body>Not found</body></html>", "a web page"),
    "other columns": (lambda ref: answer((ref, "loaded"), headings=("id", "state")), "cannot be found"),
    "a return": (lambda _: b"Invoice number,Invoice date\n1,2\n", "cannot be found"),
    "open quotes": (lambda ref: answer((ref, "loaded")) + b'"x', "quotation marks"),
    "very wide": (wide, "300,001 columns"),
    "a million lines": (lambda ref: answer((ref, "loaded")) + b"N,loaded\r\n" * 1_000_000, "more than 250,000 lines"),
    "a million bare returns": (lambda ref: answer((ref, "loaded")) + b"N,loaded\r" * 1_000_000, "more than 250,000 lines"),
    "very many faults": (lambda _: answer(*((f"ND-{n}", "loaded") for n in range(3_000))), "and 2980 more"),
    "a long reason": (rejected("x" * 5000), "longer than 300"),
    "control characters": (rejected("a\x07b\x1bc"), "nobody can see"),
    "a direction turned": (rejected("a\u202eb"), "nobody can see"),
    "only what is unseen": (rejected("\u200b\u200b "), "without a reason"),
    "clinical words": (rejected("Treated for hepatitis at the oncology clinic"), "tell of health or treatment"),
    "a strange reference": (lambda _: answer(("ND-\u0660\u0661", "loaded")), "no release has given"),
    "a long reference": (lambda _: answer(("N" * 5000, "loaded")), "no release has given"),
    "SQL": (lambda ref: answer((f"{ref}' OR 1=1 --", "loaded")), "no release has given"),
    "a formula as result": (lambda ref: answer((ref, '=IF(1,"loaded")')), "neither loaded nor rejected"),
    "a formula without a value": (lambda ref: book(ref, "=1+1"), "without a reason"),
}  # fmt: skip


def test_every_hostile_answer_is_refused_and_leaves_nothing(rj1: Trust):
    rj1.send([row("1")])
    of, ref = released(rj1), references(rj1.database)["1"]
    for name, (make, said) in HOSTILE.items():
        with pytest.raises(Refused) as why:
            take(rj1, of, make(ref))
        told = why.value.detail
        assert said in told and not [word for word in ("the return", "template", "hepatitis") if word in told], name
    assert rj1.open_rows() == [] and steps(rj1, of).whole.unanswered == 1
    with rj1.database.reading() as db:
        assert db.exec(select(Acknowledgement)).all() == []
        assert db.exec(select(Message).where(Message.kind == "release-rows")).all() == []


def test_fifty_megabytes_are_too_large(rj1: Trust):
    rj1.send([row("1")])
    of = released(rj1)
    with pytest.raises(ServiceError) as why:
        take(rj1, of, answer(("x", "loaded")) + b"x,loaded\r\n" * 5_000_000)
    assert why.value.status == 413 and "Send the answer in several files" in why.value.detail


def test_no_sentence_about_a_file_that_cannot_be_read_speaks_of_a_return():
    made = []
    for name, make in inspect.getmembers(refusals, inspect.isfunction):
        if make.__module__ == refusals.__name__:
            few = [
                2 if each.annotation in (int, float) else "x" for each in inspect.signature(make).parameters.values()
            ]
            made.append(answer_reading.in_our_words(make(*few).message))
            assert "return" not in made[-1] and "template" not in made[-1], name
    assert len(made) > 8


def test_words_that_look_like_a_command_are_only_words(rj1: Trust):
    rj1.send([row("1")])
    of, ref = released(rj1), references(rj1.database)["1"]
    take(rj1, of, answer((ref, "rejected", '=HYPERLINK("http://x.example","y")<b>{{7*7}}${x}')))
    assert "“=HYPERLINK('http://x.example','y')<b>{{7*7}}${x}”" in rj1.open_rows()[0].findings[0]["message"]
