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
from tests.exchange.crash.conftest import ALL, SEED, Calm
from tests.exchange.crash.driver import UNFINISHED
from tests.exchange.crash.feed import MadeUp, Told, visits
from tests.exchange.crash.readings import A_WHILE, Readings
from tests.exchange.crash.records import SOURCE, resident
from tests.exchange.crash.standing import (
    BY_CHANCE,
    COUNTED,
    Stand,
    clean,
    mirror_rows,
    standing,
    told_once,
)

ROUNDS = 20 if ALL else 2
APART = 0.4  # seconds; some more than a visit takes
VISITS = len(visits(SEED))
DEADLOCKS = "SELECT deadlocks FROM pg_stat_database WHERE datname = current_database()"


def outcomes(stand: Stand) -> list[tuple[object, ...]]:
    """Return how many rows of each stream came to what."""
    return [row[: 1 + COUNTED.index("waiting")] for row in stand["sums"]]


def visit_twice(readings: Readings, visit: int, apart: float) -> bool:
    """Have two readers make the same visit, one somewhat later; return whether they met."""
    first = readings.start(visit, until=visit + 1)
    time.sleep(apart)  # how far the first is, is what is tried
    second = readings.start(visit, until=visit + 1)
    ends = {readings.wait(each) for each in (first, second)}
    assert ends <= {0, UNFINISHED}
    return UNFINISHED in ends


def test_two_readers_at_once_leave_what_one_would_have(
    calm: Calm, readings: Readings, streams: Mapping[str, Stream]
) -> None:
    expected = calm.stand
    dice = random.Random("two")
    ((before,),) = read(DEADLOCKS)
    met = 0
    for _ in range(ROUNDS):
        clean(streams)
        for visit in range(VISITS):
            met += visit_twice(readings, visit, dice.uniform(0, APART))
        found = standing(streams)
        assert {what for what in expected if found[what] != expected[what]} <= BY_CHANCE
        assert outcomes(found) == outcomes(expected)
        checks.books_agree(streams)
        checks.product_shows(streams)
        checks.nobody_waits_in_vain(streams)
    assert met, "the two never met"
    assert read(DEADLOCKS) == [(before,)]


def test_what_is_told_again_by_a_reader_far_behind_changes_nothing(
    calm: Calm, readings: Readings, streams: Mapping[str, Stream]
) -> None:
    """One hears old news after the other heard the latest; once that is told again, all is well."""
    dice = random.Random("apart")
    for _ in range(ROUNDS):
        clean(streams)
        first = readings.start()
        time.sleep(dice.uniform(0, A_WHILE))
        second = readings.start()
        assert {readings.wait(each) for each in (first, second)} <= {0, UNFINISHED}
        assert readings.run()[0] == 0
        assert told_once(standing(streams)) == told_once(calm.stand)
        checks.books_agree(streams)
        checks.product_shows(streams)
        checks.nobody_waits_in_vain(streams)


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
