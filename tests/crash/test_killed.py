"""`kill -9` at random moments: what was acknowledged is there, and what was not is absent or whole."""

import os
import random
import time

import pytest

from tests.crash.guests import LATER, MOMENTS, Guests
from tests.crash.house import House
from tests.crash.looking import downloads, losses, mend
from tests.crash.signing import Signing

AFTER = (0.1, 0.6, 4.0)  # seconds at most that a life goes on from a moment


def kill_again_and_again(house: House, times: int, chance: random.Random) -> Guests:
    """Each time: people work, everything dies at once or the service alone, it starts again, and all is looked through."""
    guests, signing = Guests(house, chance), Signing(house.database)
    for number in range(times):
        service = house.serve()
        assert mend(house, guests.ledger) == []
        if chance.random() < 0.7:
            signing.bring_to_approval(chance.choice(("full", "changes")))
        purge = house.run("purge", "--yes", today=LATER) if chance.random() < 0.4 else None
        guests.come(chance.choice(MOMENTS))
        time.sleep(chance.uniform(0, chance.choice(AFTER)))
        house.kill(service, alone=chance.random() < 0.5)
        if purge is not None:
            house.kill(purge)
        guests.went_home()
        assert losses(house, guests.ledger) == [], f"after kill {number + 1}"
    house.serve()
    assert mend(house, guests.ledger) == []
    assert losses(house, guests.ledger) + downloads(house, guests.ledger) == []
    return guests


def test_after_a_few_kills_nothing_that_was_told_is_lost_and_nothing_is_half(house: House):
    guests = kill_again_and_again(house, 3 if house.database.is_sqlite else 2, random.Random(25))
    assert any(sent.told for sent in guests.ledger.sent)


@pytest.mark.soak
def test_after_two_hundred_kills_nothing_that_was_told_is_lost_and_nothing_is_half(
    house: House, capsys: pytest.CaptureFixture[str]
):
    seed, times = int(os.environ.get("CRASH_SEED", "20111101")), int(os.environ.get("CRASH_KILLS", "200"))
    began = time.monotonic()
    guests = kill_again_and_again(house, times, random.Random(seed))
    ledger = guests.ledger
    with house.database.reading() as db:
        done = db.connection().exec_driver_sql("SELECT count(*) FROM releases WHERE state = 'released'").scalar_one()
    with capsys.disabled():
        print(
            f"\n{house.database.url.get_backend_name()}: seed {seed}, {times} kills in {time.monotonic() - began:.0f} s; "
            f"{len(ledger.sent)} files, {len(ledger.ends)} ends, {ledger.asked} releases asked, {len(ledger.released)} answered, "
            f"{done} released; nothing lost, nothing half"
        )
