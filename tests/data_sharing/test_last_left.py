"""When a file last left: when somebody took it, not when its release was released."""

from datetime import date

from app.data_sharing import service
from app.policy.sharing import Flow
from app.releases import handing_over
from tests.releases.leaving import ONE, leaves
from tests.returns.conftest import Trust, at, hospital, rj1, row

__all__ = ["hospital", "rj1"]


def told(trust: Trust) -> dict[Flow, tuple[str | None, str]]:
    """By flow, the day on which something last left by it, and what the register of data sharing says of it."""
    with trust.database.reading() as db:
        entries = service.register(db, ONE, date(2026, 11, 26))
    return {one.outgoing.flow: (f"{one.last.at:%d %b}" if one.last else None, one.words) for one in entries}


def test_a_release_has_left_when_somebody_took_its_file(rj1: Trust):
    assert told(rj1)[Flow.MIDAS] == (None, "Nothing has left this way yet")
    rj1.send([row("1")])
    made = leaves(rj1.database, "full", "A university", on="2026-11-23")
    waiting = "Release 1 for A university is released and not taken yet"
    assert told(rj1)[Flow.MIDAS] == (None, f"Nothing has left this way yet; {waiting}")
    with at("2026-11-24"):
        handing_over.hand_over(rj1.database, ONE, made.id, "midas.csv")
    assert told(rj1)[Flow.MIDAS] == ("24 Nov", "Release 1 for A university")
    assert told(rj1)[Flow.WARNINGS_INDEX][1].endswith(waiting), "each file is taken by itself"
    leaves(rj1.database, "full", "MIDAS", on="2026-11-25")
    waits = "Release 1 for A university; Release 2 for MIDAS is released and not taken yet"
    assert told(rj1)[Flow.MIDAS] == ("24 Nov", waits)


def test_of_the_feed_only_what_was_acknowledged_is_known(rj1: Trust):
    assert told(rj1)[Flow.FEED] == (None, "No event is acknowledged yet")
