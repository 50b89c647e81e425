"""The day on which returns are due, small: more trusts send at once than the service has threads, and none waits for ever."""

from bench import deadline

TRUSTS, ROWS = 50, 5


def test_more_returns_than_threads_at_once_are_all_taken_and_nothing_hangs(database):
    """Once, forty of them held every thread while they waited for a lock whose holder needed one to go on."""
    with deadline.serving(database.url.render_as_string(hide_password=False)) as served:
        seen = deadline.day(served, [ROWS] * TRUSTS, readers=3)
        after = deadline.day(served, [ROWS], first=5_000_000)
    assert (seen.statuses(), seen.lost, seen.troubles) == ({201: TRUSTS}, 0, {})
    assert seen.pages
    assert after.statuses() == {201: 1}
