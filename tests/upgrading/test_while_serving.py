"""The long run: a service that people use all the time while a newer version migrates beneath it, on PostgreSQL."""

import threading

import pytest
from sqlalchemy import URL

from tests import stores
from tests.api.conftest import row, workbook
from tests.crash.house import House, nursery, until
from tests.upgrading import newer


@pytest.mark.soak
def test_nobody_notices_that_a_newer_version_migrates(postgres_server: URL, tmp_path):
    answers: list[int] = []
    over = threading.Event()

    def use(house: House, number: int) -> None:
        while not over.is_set():
            number += 1
            sent = house.people["first"].upload(workbook(row(number)))
            answers.extend((sent.status_code, house.people["desk"].get("/debts").status_code))

    with stores.postgresql(postgres_server) as store, nursery() as born:
        house = House(store.database, born, tmp_path)
        house.serve()
        users = [threading.Thread(target=use, args=(house, 1000 * each)) for each in range(3)]
        for one in users:
            one.start()
        for migrates in (False, True):
            wanted = len(answers) + 20
            if migrates:
                newer.migrate(store.database, tmp_path / "newer", newer.INDEX)
            until(lambda wanted=wanted: len(answers) >= wanted, "Nobody is answered.")
        over.set()
        for one in users:
            one.join()
    assert set(answers) <= {200, 201}
