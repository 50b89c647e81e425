"""The feed over HTTP: fetched in order, acknowledged by its recipient's word alone."""

import pytest

from app.core import clock
from app.debts import warnings_index
from app.debts.models import WarningsIndexEvent
from tests.api.conftest import row, workbook
from tests.debts.feeding import acknowledged


@pytest.fixture
def debts(ovm, database):
    """Three debts that a release has carried: events 1 to 3."""
    ovm.upload(workbook(row(1), row(2), row(3)))
    found = ovm.get("/debts").json()["items"]
    with database.writing() as db:
        warnings_index.carried(db, clock.now(), [debt["id"] for debt in found])
    return found


def acknowledge(person, through):
    return person.post("/warnings-index/acknowledgements", {"through": through})


def test_the_feed_is_fetched_from_the_event_seen_last_and_fetching_acknowledges_nothing(debts, team, database):
    first = team.get("/warnings-index/events", limit=2).json()
    assert ([event["id"] for event in first["items"]], first["next"]) == ([1, 2], "2")
    rest = team.get("/warnings-index/events", after=2).json()
    assert ([event["id"] for event in rest["items"]], rest["next"]) == ([3], None)
    assert rest["items"][0]["organisation"] == "RJ1"
    assert acknowledged(database) == []


def test_the_feed_is_paged_as_every_list_is_and_knows_no_other_words(debts, team):
    assert [event["id"] for event in team.get("/warnings-index/events", cursor="2").json()["items"]] == [3]
    for wrong in ({"cursor": "0"}, {"cursor": "-1"}, {"cursor": "NaN"}, {"after": 10**20}, {"from": 1}, {"limit": 0}):
        assert team.get("/warnings-index/events", **wrong).status_code == 422


def test_what_is_acknowledged_is_everything_up_to_an_event_and_stands_on_the_debt(debts, team, ovm, database):
    answer = acknowledge(team, 2)
    assert (answer.status_code, answer.json()["through"]) == (200, 2)
    assert acknowledged(database) == [1, 2]
    flags = [ovm.get(f"/debts/{debt['id']}").json()["warnings_index"] for debt in debts]
    assert sorted(flag["acknowledged_at"] or "" for flag in flags) == ["", *[answer.json()["acknowledged_at"]] * 2]


def test_said_again_it_is_the_same_and_nothing_is_taken_back(debts, team, database):
    first = acknowledge(team, 2)
    assert acknowledge(team, 2).json() == first.json()
    assert acknowledge(team, 1).json()["acknowledged_at"] == first.json()["acknowledged_at"]
    assert acknowledged(database) == [1, 2]
    acknowledge(team, 3)
    assert acknowledge(team, 2).json() == first.json()


@pytest.mark.parametrize("through", [0, -1, 4, 2**62, 2**70, True, "2", 1.5, None])
def test_an_event_that_is_not_there_cannot_be_acknowledged(debts, team, database, through):
    assert acknowledge(team, through).status_code == 422
    assert acknowledged(database) == []


def test_an_event_that_does_not_exist_is_named_with_the_newest(debts, team, database):
    assert acknowledge(team, 4).json()["detail"] == "There is no event 4 in the feed. The newest is 3."
    with database.writing() as db:
        for id_ in (1, 2, 3):
            db.delete(db.get(WarningsIndexEvent, id_))
    assert "The newest is 0." in acknowledge(team, 1).json()["detail"]
