"""The list of who owes from when to when, and importing changes to it after a look."""

import re
from html import unescape

import pytest

from app.accounts.access import COMMAND_LINE
from app.accounts.permissions import Role
from app.organisations.models import Organisation
from app.periods.calendar import Period
from app.submissions.obligations import obligations, set_obligation
from tests.web.conftest import Browser, said

LIST = "code,from,to,reason\r\nRJ1,2026-10,2027-03,agreed\r\nRYJ,2026-10,,\r\n"


@pytest.fixture
def admin(visitor, database) -> Browser:
    """RJ1 and RYJ owe from October 2026 on; OLD owed since 2025 and closed on 31 March 2026."""
    with database.writing() as db:
        set_obligation(db, COMMAND_LINE, ["RJ1", "RYJ"], Period(2026, 10))
        set_obligation(db, COMMAND_LINE, ["OLD"], Period(2025, 10))
    return visitor(Role.ADMIN)


def held(database, code: str) -> list[tuple[str, str | None]]:
    with database.reading() as db:
        return [(one.from_period, one.to_period) for one in obligations(db, frozenset({code}))]


def hidden(answer, name: str) -> str:
    return unescape(re.search(rf'name="{name}" value="([^"]*)"', answer.text)[1])


def looked_at(admin: Browser, text: str = LIST, **more) -> dict[str, str]:
    """The fields of the form under the changes that are shown."""
    answer = admin.post("/obligations/import", {"list": text}, **more)
    assert answer.status_code == 200, said(answer)
    return {"list": hidden(answer, "list"), "seen": hidden(answer, "seen")}


def test_the_list_says_who_owes_and_where_a_closing_ended_it(admin):
    words = said(admin.get("/obligations"))
    assert "2 Owes now 0 Owes later 1 Owes no more 1 Never owed" in words
    assert "from October 2025 to March 2026, closed on 31 March 2026, followed by RJ1" in words
    assert "4 organisations" in words


@pytest.mark.parametrize(
    ("filters", "number"),
    [({"nation": "Wales"}, "1 organisation"), ({"owes": "ended"}, "1 organisation"), ({"owes": "now"}, "2 organisations")],
)  # fmt: skip
def test_the_list_is_chosen_by_nation_region_and_state(admin, filters, number):
    assert number in said(admin.get("/obligations", **filters))


def test_no_organisation_in_a_filter_is_said(admin):
    assert "No organisation is in this list" in said(admin.get("/obligations", region="Nowhere"))


def test_changes_are_shown_first_and_done_by_the_second_click(admin, database):
    answer = admin.post("/obligations/import", {"list": LIST})
    words = said(answer)
    assert "Nothing is done yet. 1 organisation would change, 1 organisation owes already" in words
    assert "Owes now from October 2026 on Would owe from October 2026 to March 2027" in words
    assert "Months added none Months taken away from April 2027 on" in words
    assert held(database, "RJ1") == [("2026-10", None)]
    fields = {"list": hidden(answer, "list"), "seen": hidden(answer, "seen")}
    done = admin.follow(admin.post("/obligations/import", fields))
    assert "The obligations are imported" in done.text
    assert held(database, "RJ1") == [("2026-10", "2027-03")]
    assert "Obligation set: from 2026-10, to 2027-03, reason agreed" in said(admin.get("/organisations/RJ1"))


def test_a_chosen_file_goes_before_the_box(admin, database):
    fields = looked_at(admin, "rubbish", files={"file": ("list.csv", LIST.encode("utf-8-sig"))})
    admin.follow(admin.post("/obligations/import", fields))
    assert held(database, "RJ1") == [("2026-10", "2027-03")]


def test_what_changed_meanwhile_is_shown_again_and_not_done(admin, database):
    fields = looked_at(admin)
    with database.writing() as db:
        set_obligation(db, COMMAND_LINE, ["RYJ"], Period(2027, 1), Period(2027, 1))
    answer = admin.post("/obligations/import", fields)
    assert answer.status_code == 409
    assert "has changed since this was shown" in answer.text
    assert "2 organisations would change" in said(answer)
    assert held(database, "RJ1") == [("2026-10", None)]
    admin.follow(admin.post("/obligations/import", {"list": fields["list"], "seen": hidden(answer, "seen")}))
    assert (held(database, "RJ1"), held(database, "RYJ")) == ([("2026-10", "2027-03")], [("2026-10", None)])


@pytest.mark.parametrize("seen", ["", "0" * 32])
def test_every_fault_is_named_with_its_line_and_nothing_changes(admin, database, seen):
    bad = "code,from,to\nRJ1,2026-10,2027-03\nXXX,2026-10,\nRYJ,soon,\n"
    answer = admin.post("/obligations/import", {"list": bad, "seen": seen})
    assert answer.status_code == 422
    words = " ".join(re.sub(r"<[^>]+>", " ", answer.text).split())
    assert "Line 3: there is no organisation XXX" in words
    assert "Line 4: from: “soon” is not a month" in words
    assert bad.strip() in unescape(answer.text).replace("\r\n", "\n")
    assert held(database, "RJ1") == [("2026-10", None)]


def test_a_workbook_is_refused_at_its_field(admin):
    answer = admin.post("/obligations/import", files={"file": ("list.xlsx", b"PK\x03\x04 a workbook")})
    assert (answer.status_code, "Save the table as CSV" in answer.text) == (422, True)
    assert 'href="#file"' in answer.text


def test_nothing_at_all_is_refused(admin):
    answer = admin.post("/obligations/import", {"list": ""})
    assert (answer.status_code, "The list is empty" in answer.text) == (422, True)


def test_a_list_that_changes_nothing_has_nothing_to_confirm(admin):
    answer = admin.post("/obligations/import", {"list": "code,from\nRJ1,2026-11\n"})
    assert "Nothing would change: 1 organisation owes already" in said(answer)
    assert "Import the list" not in answer.text


def test_a_list_of_all_organisations_is_not_cut_off(admin, database):
    many = [f"T{number:04d}" for number in range(900)]
    with database.writing() as db:
        for code in many:
            fields = {"name": f"Trust {code}", "nation": "England", "region": "London", "organisation_type": ""}
            db.add(Organisation(code=code, **fields))
    text = "code,from,to\n" + "".join(f"{code},2026-10,\n" for code in many)
    assert len(text) > 10_000
    admin.follow(admin.post("/obligations/import", looked_at(admin, text)))
    assert held(database, many[-1]) == [("2026-10", None)]
