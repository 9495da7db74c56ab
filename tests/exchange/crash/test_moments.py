"""A reading may be killed at any moment, or lose its connection: it ends as if it had not."""

import random
import signal
from collections.abc import Callable, Mapping

import pytest

from app.database import read
from app.sync import Stream
from tests.exchange.crash.conftest import ALL, Calm
from tests.exchange.crash.driver import CUT_OFF, NAME
from tests.exchange.crash.readings import Reading, Readings
from tests.exchange.crash.standing import clean, standing

ROUNDS, DEATHS = (15, 5) if ALL else (1, 4)
DISCONNECT = """
SELECT pg_terminate_backend(pid) FROM pg_stat_activity
WHERE application_name = %(name)s AND datname = current_database()
"""


def kill(reading: Reading) -> None:
    reading.kill()


def disconnect(_reading: Reading) -> None:
    read(DISCONNECT, {"name": NAME})


@pytest.mark.parametrize("strike", [kill, disconnect])
def test_a_reading_struck_at_random_moments_ends_as_if_it_had_not_been(
    calm: Calm,
    readings: Readings,
    streams: Mapping[str, Stream],
    strike: Callable[[Reading], None],
) -> None:
    expected = calm.stand
    dice, struck = random.Random(f"{strike.__name__}"), 0
    for _ in range(ROUNDS):
        clean(streams)
        visit = 0
        for _ in range(DEATHS):
            reading = readings.start(visit)
            reading.await_moment(dice.randrange(len(calm.points)))
            strike(reading)
            ended = readings.wait(reading)
            assert ended in (0, CUT_OFF, -signal.SIGKILL)
            struck += ended != 0
            visit = reading.next_visit(otherwise=visit)
            if ended == 0:  # there is nothing left to be struck at
                clean(streams)
                visit = 0
        assert readings.run(visit)[0] == 0
        found = standing(streams)
        assert [what for what in expected if found[what] != expected[what]] == []
    assert struck, "no reading was struck before its end"
