"""A list is gone through once more for its keys: people see how far that is, and may end it."""

from typing import Any

import pytest

from app.sync.inward.engine import Stopped, run_source
from tests.exchange.drops import District, Told, keys_of, one, tally
from tests.exchange.inward.telling import last_run
from tests.exchange.records import household

PAGES = [[household(1), household(2)], [household(3), household(4)], [household(5)]]
AGAIN = "households, again for its keys"
FRESH = "SELECT fresh_at FROM sync_checkpoint WHERE source = 'try-out' AND stream = 'households'"
LEFT = "SELECT (SELECT count(*) FROM sync_seen) + (SELECT count(*) FROM sync_look)"


@pytest.fixture
def listed(addressed: District) -> Told:
    """Return a list without one of those who are here: it must be gone through again."""
    addressed.send_all(households=[household(n) for n in (1, 2, 3, 6)])
    return Told({"households": PAGES}, complete=True, rows=5)


def test_both_walks_are_told_page_by_page(addressed: District, listed: Told) -> None:
    """And in the books it is seen that the reading lives, while it commits nothing."""
    heard: list[tuple[str, int, int | None]] = []
    alive: list[Any] = []

    def progress(stream: str, done: int, expected: int | None) -> None:
        heard.append((stream, done, expected))
        alive.append(last_run("households").seen_at)

    run_source(listed, addressed.streams, progress)
    assert heard == [(name, n, 5) for name in ("households", AGAIN) for n in (2, 4, 5)]
    assert alive == sorted(set(alive)), "it stood still"
    assert last_run("households").rows_in == 5


def test_who_stops_the_second_walk_deletes_nobody_and_the_next_reading_does(
    addressed: District, listed: Told
) -> None:
    before = one(FRESH)

    def progress(stream: str, done: int, _expected: int | None) -> None:
        if (stream, done) == (AGAIN, 2):
            raise Stopped

    with pytest.raises(Stopped):
        run_source(listed, addressed.streams, progress)
    assert (last_run("households").status, one(FRESH), one(LEFT)) == ("stopped", before, 0)
    assert keys_of("household") == [f"TRY-H{n}" for n in range(1, 7)]
    found = addressed.hear(listed)["households"]
    assert (found.status, tally(found.counts)) == ("done", {}), "no page is read twice"
    assert keys_of("household") == [f"TRY-H{n}" for n in range(1, 6)]
    assert one(FRESH) > before
    assert one(LEFT) == 0
