"""Many at the same moment, through the service as it runs: once each, none lost, and nobody sees half of anything."""

import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest

from tests.crash.house import House
from tests.returns.conftest import csv_of, row


@pytest.fixture
def open_house(house: House) -> Iterator[House]:
    house.serve()
    yield house


def test_twenty_at_once_with_the_same_file_make_one_return_that_is_merged_once(open_house: House):
    first = open_house.people["first"]
    data = csv_of([row("1"), row("2")])
    with ThreadPoolExecutor(20) as hands:
        answers = list(hands.map(lambda _: first.upload(data), range(20)))
    assert sorted(answer.status_code for answer in answers) == [200] * 19 + [201]
    assert len({answer.json()["id"] for answer in answers}) == 1
    assert len(first.get("/debts").json()["items"]) == 2
    assert [
        len(first.get(f"/debts/{debt['id']}").json()["history"]) for debt in first.get("/debts").json()["items"]
    ] == [1, 1]


def test_two_of_one_trust_and_another_trust_at_once_all_finish_and_readers_never_see_half(open_house: House):
    size, seen, done = 60, set[int](), threading.Event()

    def watch(_number: int) -> None:
        while not done.is_set():
            seen.add(len(open_house.people["other"].get("/debts", limit=500).json()["items"]))

    def send(who_and_number: tuple[str, int]) -> int:
        who, number = who_and_number
        numbers = range(number * size, (number + 1) * size)
        organisation = "RYJ" if who == "other" else "RJ1"
        return open_house.people[who].upload(csv_of(row(f"{each:05d}") for each in numbers), organisation).status_code

    with ThreadPoolExecutor(8) as hands:
        watching = [hands.submit(watch, number) for number in range(2)]
        sent = list(hands.map(send, [("first", 0), ("second", 1), ("other", 2), ("other", 3), ("first", 4)]))
        done.set()
        for each in watching:
            each.result()
    watch_once = open_house.people["other"].get("/debts", limit=500).json()["items"]
    assert (sent, len(watch_once)) == ([201] * 5, 2 * size)
    assert len(open_house.people["first"].get("/debts", limit=500).json()["items"]) == 3 * size
    assert seen <= {0, size, 2 * size}
