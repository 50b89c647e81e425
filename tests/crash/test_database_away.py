"""PostgreSQL away, silent, restarted or lost at the last moment: 503 with a sentence in 5 seconds, and all by itself well
again. The service runs in a process of its own; a small proxy stands between.
"""

import random
import time
from collections.abc import Iterator
from pathlib import Path

import httpx2
import pytest

from app.core import migrating
from app.core.db import Database
from tests import postgres
from tests.crash.guests import MOMENTS, Guests
from tests.crash.house import House, Nursery, until
from tests.crash.looking import losses, mend
from tests.crash.proxy import Proxy, between
from tests.returns.conftest import csv_of, row
from tests.stores import Store

FILE = csv_of([row("1"), row("2")])
IN_TIME = 5.0


@pytest.fixture
def away(_postgresql: Store, born: Nursery, tmp_path: Path) -> Iterator[tuple[House, Proxy]]:
    _postgresql.touched = True
    database: Database = _postgresql.database
    with between(database.url) as (proxy, address):
        house = House(database, born, tmp_path, address)
        house.serve()
        yield house, proxy
        house.close()
    _postgresql.renew()


def told_to_wait(house: House) -> None:
    """Whoever reads or sends is told in time; the process lives."""
    for ask in (lambda: house.people["first"].get("/returns"), lambda: house.people["first"].upload(FILE)):
        began = time.monotonic()
        answer = ask()
        took = time.monotonic() - began
        assert (answer.status_code, took < IN_TIME) == (503, True), (
            f"{answer.status_code} after {took:.1f} s: {answer.text}"
        )
        assert "try again" in answer.json()["detail"]
    assert httpx2.get(f"{house.url}/health/live", timeout=IN_TIME).status_code == 200
    assert httpx2.get(f"{house.url}/health/ready", timeout=IN_TIME).status_code == 503


def well_again(house: House) -> None:
    until(house.is_ready, "it does not work again by itself", 15)
    sent = house.people["first"].upload(FILE)
    assert sent.status_code in {200, 201}, sent.text
    assert len(house.people["first"].get("/debts").json()["items"]) == 2


def test_while_the_database_is_away_silent_or_cut_off_people_are_told_in_time_and_then_all_is_well(away):
    house, proxy = away
    assert house.people["first"].get("/returns").status_code == 200
    proxy.refuse()
    told_to_wait(house)
    proxy.listen()
    well_again(house)
    proxy.stalls.set()
    told_to_wait(house)
    proxy.cut()
    proxy.stalls.clear()
    well_again(house)


def test_when_the_answer_to_a_commit_is_lost_nobody_is_told_that_nothing_changed_and_again_is_once(away):
    house, proxy = away
    first = house.people["first"]
    proxy.deaf_to = b"COMMIT\x00"
    until(lambda: _sent_into_the_dark(house, proxy), "no COMMIT was seen", 30)
    again = first.upload(FILE)
    assert again.status_code == 200, "it was kept, though the answer was lost"
    assert len(first.get("/debts").json()["items"]) == 2
    assert len(first.get("/returns").json()["items"]) == 1


def _sent_into_the_dark(house: House, proxy: Proxy) -> bool:
    answer = house.people["first"].upload(FILE)
    assert answer.status_code == 503
    assert "not known whether this was kept" in answer.json()["detail"]
    return proxy.deaf_to is None


@pytest.mark.soak
def test_postgresql_is_killed_while_people_work_and_everything_goes_on_by_itself(
    born: Nursery, tmp_path: Path, capsys: pytest.CaptureFixture[str]
):
    """At once, without a checkpoint, as when its machine fails; it starts again and nobody touches the service."""
    chance, times = random.Random(57), 4
    with postgres.standing() as machine:
        database = Database(machine.url.render_as_string(hide_password=False))
        migrating.upgrade(database)
        house = House(database, born, tmp_path)
        house.serve()
        guests = Guests(house, chance, may_be_sent_away=True)
        for _ in range(times):
            guests.come(chance.choice(MOMENTS))
            time.sleep(chance.uniform(0.1, 1.5))
            machine.stop("immediate")
            guests.went_home()
            told_to_wait(house)
            machine.start()
            until(house.is_ready, "it does not work again by itself", 30)
            assert losses(house, guests.ledger) + mend(house, guests.ledger) == []
        house.close()
        database.close()
    with capsys.disabled():
        print(
            f"\nPostgreSQL stopped at once {times} times; {len(guests.ledger.sent)} files; nothing lost, nothing half"
        )
