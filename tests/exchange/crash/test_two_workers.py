"""Two readers of one source at once: one gives way, and all is as if there had been one."""

import random
import time
from collections.abc import Callable, Mapping

from app.database import read, transaction, write
from app.sync import Stream
from app.sync.connectors.protocol import Offer
from app.sync.inward.books import open_run
from app.sync.inward.engine import run_source
from tests.exchange.crash import checks
from tests.exchange.crash.conftest import ALL, Calm
from tests.exchange.crash.driver import UNFINISHED
from tests.exchange.crash.feed import MadeUp, Told
from tests.exchange.crash.readings import Readings
from tests.exchange.crash.records import SOURCE, resident
from tests.exchange.crash.standing import COUNTED, Stand, clean, mirror_rows, standing

ROUNDS = 20 if ALL else 2
DEADLOCKS = "SELECT deadlocks FROM pg_stat_database WHERE datname = current_database()"
BY_CHANCE = {"drift", "volume", "sums"}
"""What depends on who was where when: how often a doubt was noted, and who waited for whom."""


def outcomes(stand: Stand) -> list[tuple[object, ...]]:
    """Return how many rows of each stream came to what."""
    return [row[: 1 + COUNTED.index("waiting")] for row in stand["sums"]]


def test_two_readers_at_once_leave_what_one_would_have(
    calm: Calm, readings: Readings, streams: Mapping[str, Stream]
) -> None:
    expected = calm.stand
    dice = random.Random("two")
    ((before,),) = read(DEADLOCKS)
    gave_way = 0
    for _ in range(ROUNDS):
        clean(streams)
        first = readings.start()
        time.sleep(dice.uniform(0, 0.4))  # how far the first is, is what is tried
        second = readings.start()
        ends = [readings.wait(each) for each in (first, second)]
        assert set(ends) <= {0, UNFINISHED}
        gave_way += UNFINISHED in ends
        visit = max(each.next_visit(otherwise=0) for each in (first, second))
        assert readings.run(visit)[0] == 0
        found = standing(streams)
        unequal = {what for what in expected if found[what] != expected[what]}
        assert unequal <= BY_CHANCE
        assert outcomes(found) == outcomes(expected)
        checks.books_agree(streams)
        checks.nobody_waits_in_vain(streams)
    assert gave_way, "the two never met"
    assert read(DEADLOCKS) == [(before,)]


def read_with(streams: Mapping[str, Stream], meanwhile: Callable[[], None]) -> Mapping[str, str]:
    """Read residents, with something happening after the first page; return how it ended."""
    done: list[bool] = []

    def progress(_stream: str, _rows: int, _expected: int | None) -> None:
        if not done:
            done.append(True)
            meanwhile()

    source = MadeUp([Told("residents", [resident(n) for n in range(1, 10)])])
    outcomes = run_source(source, list(streams.values()), progress, 3)
    return {each.stream: each.status for each in outcomes}


def test_who_was_overtaken_writes_nothing_more(streams: Mapping[str, Stream]) -> None:
    """Even if whoever took over has not read anything yet."""

    def take_over() -> None:
        open_run(SOURCE, Offer("residents"))

    ended = read_with(streams, take_over)
    assert ended == {"residents": "overtaken"}
    assert len(mirror_rows(streams["residents"])) == 3


def test_who_reads_from_an_old_place_writes_nothing(streams: Mapping[str, Stream]) -> None:
    """Even with the right fence, as after somebody set the checkpoint by hand."""

    def set_back() -> None:
        with transaction():
            write(f"UPDATE sync_checkpoint SET cursor = '{{}}' WHERE source = '{SOURCE}'")

    assert read_with(streams, set_back) == {"residents": "overtaken"}
    assert len(mirror_rows(streams["residents"])) == 3
