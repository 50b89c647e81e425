"""Naughty texts in every field and file name, on every page: shown as they were typed, and never a part of the page."""

import re
from html.parser import HTMLParser
from urllib.parse import urlsplit

import pytest
from sqlmodel import select

from app.accounts.permissions import Role
from app.debts.models import Debt
from app.disputes.models import Dispute
from app.returns.models import OpenRow, Return
from app.web.render import STATIC, environment
from app.web.routes import pages
from tests.naughty import NAUGHTY
from tests.web.conftest import Browser, row, said, workbook
from tests.web.test_disputes import FORM as DISPUTE

FREE = ("family_name", "given_names", "invoice_number", "uk_address", "overseas_address", "your_reference", "site")
CELLS = NAUGHTY[:-1]  # the last would be a formula, which no return may hold
OURS = "document.body.className += "  # the design system's own line, which the policy knows by its digest
ENDING = {"/sign-out", "/account/sessions"}
SAFE_SCHEMES = {"", "https", "mailto", "tel"}


class Reader(HTMLParser):
    """What a browser makes of a page: its words, and whatever in it could do something."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.words: list[str] = []
        self.acting: list[str] = []
        self._in_script = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        self._in_script = tag == "script" and not (given.get("src") or "").startswith("/assets/")
        if tag in {"iframe", "object", "embed", "base", "marquee"} or (
            tag == "img" and not (given.get("src") or "").startswith("/")
        ):
            self.acting.append(tag)
        for name, value in attrs:
            if (
                name.startswith("on")
                or name == "style"
                or ("evil" in (value or "") and name in {"href", "src", "action"})
            ):
                self.acting.append(f"{tag} {name}")
            if name in {"href", "src", "action", "formaction"} and urlsplit(value or "").scheme not in SAFE_SCHEMES:
                self.acting.append(f"{tag} {name}={value}")
            if name == "value":
                self.words.append(value or "")

    def handle_data(self, data: str) -> None:
        if self._in_script and not data.startswith(OURS):
            self.acting.append(f"script {data[:40]}")
        self.words.append(data)

    def handle_endtag(self, tag: str) -> None:
        self._in_script = False


def read(html: str) -> Reader:
    reader = Reader()
    reader.feed(html)
    reader.close()
    return reader


def squeezed(text: str) -> str:
    return " ".join(text.split())


@pytest.fixture
def typed(visitor, database) -> tuple[dict[str, str], list[Browser]]:
    """Each text in every free field of a row, in a file's name, a dispute, an office and an entry of the contact log."""
    ovm, team = visitor(Role.TRUST), visitor(Role.DEBTORS_TEAM)
    good = [
        row(number, **dict.fromkeys(FREE[:2], text), uk_address=f"1 {text}", your_reference=text)
        for number, text in enumerate(CELLS, 1)
    ]
    bad = [
        row(90 + number, **{field: text for field in FREE}, date_of_birth="?", sex=text)
        for number, text in enumerate(CELLS)
    ]
    upload = "/returns/upload?organisation=RJ1&period=2026-10"
    sent = ovm.post(upload, {"declaration": "true"}, files={"file": (NAUGHTY[1] + ".xlsx", workbook(*good, *bad))})
    assert sent.status_code == 303, said(sent)
    assert ovm.post(sent.headers["location"]).status_code == 303
    with database.reading() as db:
        found = {"debt_id": db.exec(select(Debt.id)).first(), "return_id": db.exec(select(Return.id)).one(),
                 "row_id": db.exec(select(OpenRow.id)).first(), "code": "RJ1", "period": "2026-10", "what": "payment",
                 "debtor_id": db.exec(select(Debt.debtor_id)).first()}  # fmt: skip
    assert (
        team.post(
            f"/debts/{found['debt_id']}/dispute", DISPUTE | {"note": NAUGHTY[-1], "case_reference": NAUGHTY[6]}
        ).status_code
        == 303
    )
    team.post("/organisations/RJ1/contact-log", {"kind": "call", "outcome": "no_answer", "note": NAUGHTY[3]})
    with database.reading() as db:
        found["dispute_id"] = db.exec(select(Dispute.id)).one()
    return found, [ovm, team]


@pytest.mark.parametrize("_store", ["sqlite"], indirect=True)
def test_no_page_lets_a_typed_text_become_a_part_of_it(typed):
    ids, people = typed
    shown, number = dict.fromkeys(NAUGHTY, 0), 0
    for somebody in people:
        for path in sorted({page.path for page in pages() if page.method == "GET" and page.path not in ENDING}):
            answer = somebody.get(re.sub(r"\{(\w+)\}", lambda found: ids.get(found[1], "0" * 32), path))
            if answer.status_code != 200 or not answer.headers["content-type"].startswith("text/html"):
                continue
            found = read(answer.text)
            assert found.acting == [], path
            words, number = squeezed(" ".join(found.words)), number + 1
            for text in NAUGHTY:
                shown[text] += squeezed(text) in words
    assert number > 40
    assert [text for text, times in shown.items() if not times] == []


def test_the_reader_of_this_test_sees_what_acts():
    for text in NAUGHTY[:4]:
        assert (
            read(f"<p title=''>{text}</p>").acting
            or read(f"<p title='{text}'></p>").acting
            or read(f'<p title="{text}"></p>').acting
        )
    assert read(f'<a href="{NAUGHTY[5]}">').acting and read(NAUGHTY[7]).acting


@pytest.mark.parametrize("text", NAUGHTY)
def test_a_template_shows_a_text_as_it_is_between_tags_and_in_attributes(text):
    made = (
        environment()
        .from_string('<p title="{{ text }}">{{ text }}</p><textarea>{{ text }}</textarea>')
        .render(text=text)
    )
    found = read(made)
    assert found.acting == []
    assert squeezed(" ".join(found.words)) == squeezed(f"{text} {text}")


def test_no_template_marks_anything_but_its_own_words_as_safe():
    own = re.compile(r"""(["'])[^"'{]*\1 \| safe|'[^']*' \| safe""")
    loose = [
        (path.name, line)
        for path in sorted((STATIC.parent / "templates").rglob("*.html"))
        for line in path.read_text().splitlines()
        if re.search(r"\| *safe\b", own.sub("", line)) or "autoescape false" in line
    ]
    assert loose == []
