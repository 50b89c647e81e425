"""Who has submitted, over HTTP: states, rates and concerns, without any personal data."""

import pytest

from app.accounts.access import COMMAND_LINE
from app.accounts.permissions import Role
from app.periods.calendar import Period
from app.submissions.obligations import set_obligation
from tests.api.conftest import PERIOD, row, workbook


@pytest.fixture(autouse=True)
def _owing(client, database):
    with database.writing() as db:
        set_obligation(db, COMMAND_LINE, ["RJ1", "RYJ", "7A1"], Period.parse(PERIOD))


@pytest.fixture
def lpm(person):
    return person(Role.LPM)


def states(person, **filters):
    items = person.get("/submissions", period=PERIOD, **filters).json()["items"]
    return {item["organisation"]: item["state"] for item in items}


def test_the_month_shows_who_has_submitted_and_who_is_missing(ovm, lpm):
    ovm.upload(workbook(row(1)))
    assert states(lpm) == {"7A1": "missing", "RJ1": "submitted_late", "RYJ": "missing"}
    assert states(lpm, state="missing") == {"7A1": "missing", "RYJ": "missing"}
    assert states(lpm, region="Nowhere") == {}
    assert states(lpm, nation="wales") == {"7A1": "missing"}
    assert states(lpm, nation="England", state="missing") == {"RYJ": "missing"}


def test_nothing_that_an_lpm_reads_names_a_patient(ovm, lpm):
    ovm.upload(workbook(row(1), row(2, date_of_birth="?")))
    told = "".join(
        lpm.get(path, **filters).text
        for path, filters in (
            ("/submissions", {"period": PERIOD}),
            ("/submissions/rates", {"from": PERIOD, "to": PERIOD}),
            ("/submissions/concerns", {"period": PERIOD}),
        )
    )
    assert "Okonkwo" not in told
    assert "INV0" not in told
    assert "2500" not in told


def test_rates_add_up_by_every_grouping(ovm, lpm):
    ovm.upload(workbook(row(1)))
    for by in ("organisation", "region", "nation", "lpm"):
        items = lpm.get("/submissions/rates", **{"from": PERIOD, "to": PERIOD, "by": by}).json()["items"]
        assert (sum(item["owed"] for item in items), sum(item["received"] for item in items)) == (3, 1)


def test_a_rate_tells_how_right_the_first_file_was_and_what_is_still_to_mend(ovm, lpm):
    ovm.upload(workbook(row(1), row(2, date_of_birth="?")))
    asked = {"from": PERIOD, "to": PERIOD, "by": "organisation"}
    one = next(item for item in lpm.get("/submissions/rates", **asked).json()["items"] if item["key"] == "RJ1")
    assert one == {
        "key": "RJ1", "name": "RJ1 Trust", "owed": 1, "received": 1, "on_time": 0, "rate": 1.0, "on_time_rate": 0.0,
        "rows_read": 2, "first_time_right": 0.5, "refused_files": 0, "days_to_mend": None, "still_open": 1,
    }  # fmt: skip


def test_a_refused_and_a_wholly_rejected_file_are_concerns_and_do_not_count(ovm, other_ovm, lpm):
    ovm.upload(b"not a workbook\0")
    other_ovm.upload(workbook(row(1, nationality="FRA")), organisation="RYJ")
    assert states(lpm) == {"7A1": "missing", "RJ1": "missing", "RYJ": "missing"}
    found = lpm.get("/submissions/concerns", period=PERIOD).json()["items"]
    assert {(item["organisation"], item["outcome"], item["code"]) for item in found} == {
        ("RJ1", "refused", "F01"),
        ("RYJ", "rejected", None),
    }


def test_a_health_department_reads_its_nation_and_a_trust_itself(person, ovm):
    assert states(person(Role.HEALTH_DEPARTMENT)) == {"7A1": "missing"}
    assert states(ovm) == {"RJ1": "missing"}


def test_the_board_reads_rates_alone(person):
    board = person(Role.BOARD)
    assert board.get("/submissions/rates", **{"from": PERIOD, "to": PERIOD, "by": "nation"}).status_code == 200
    assert board.get("/submissions", period=PERIOD).status_code == 403


def test_the_board_reads_nothing_of_rows_beside_the_rates_because_a_row_is_a_person(person):
    span = {"from": PERIOD, "to": PERIOD, "by": "nation"}
    keys = ("rows_read", "first_time_right", "days_to_mend", "still_open")
    for one in person(Role.BOARD).get("/submissions/rates", **span).json()["items"]:
        assert {one[key] for key in keys} == {None} and one["owed"] > 0
    assert {one["still_open"] for one in person(Role.LPM).get("/submissions/rates", **span).json()["items"]} == {0}


def test_the_board_reads_no_rate_of_a_single_organisation_or_manager(person):
    board = person(Role.BOARD)
    for by in ({}, {"by": "organisation"}, {"by": "lpm"}):
        answer = board.get("/submissions/rates", **{"from": PERIOD, "to": PERIOD}, **by)
        assert (answer.status_code, "by nation or by region" in answer.json()["detail"]) == (403, True), by


def test_the_list_comes_in_pages(lpm):
    first = lpm.get("/submissions", period=PERIOD, limit=2).json()
    rest = lpm.get("/submissions", period=PERIOD, limit=2, cursor=first["next"]).json()
    assert [item["organisation"] for item in first["items"] + rest["items"]] == ["7A1", "RJ1", "RYJ"]
    assert rest["next"] is None


@pytest.mark.parametrize(
    ("path", "filters"),
    [
        ("/submissions", {}),
        ("/submissions", {"period": "10-2026"}),
        ("/submissions", {"period": PERIOD, "state": "gone"}),
        ("/submissions", {"period": PERIOD, "limit": "0"}),
        ("/submissions", {"period": PERIOD, "cursor": "!"}),
        ("/submissions/rates", {"from": PERIOD}),
        ("/submissions/rates", {"from": PERIOD, "to": "2026-09"}),
        ("/submissions/rates", {"from": "0001-01", "to": "9999-12"}),
        ("/submissions/rates", {"from": PERIOD, "to": PERIOD, "by": "person"}),
        ("/submissions/concerns", {"period": "\0"}),
    ],
)
def test_rubbish_in_a_filter_is_422(lpm, path, filters):
    assert lpm.get(path, **filters).status_code == 422


def test_odd_texts_in_a_filter_are_taken_literally(lpm):
    for text in ("%", "_", "'", "\0", "😀", "\\"):
        assert lpm.get("/submissions", period=PERIOD, region=text, nation=text, lpm=text).json()["items"] == []
