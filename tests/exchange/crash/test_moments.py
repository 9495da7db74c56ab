"""A reading may be killed at any moment, or lose its connection: it ends as if it had not."""

import random
import signal
import time
from collections.abc import Callable, Mapping

import pytest

from app.database import read
from app.sync import Stream
from tests.exchange.crash.conftest import ALL, Calm
from tests.exchange.crash.driver import CUT_OFF, NAME
from tests.exchange.crash.readings import Reading, Readings
from tests.exchange.crash.standing import clean, standing

ROUNDS, DEATHS = (15, 5) if ALL else (1, 4)
SOON = 1.2  # seconds; a reading takes about that on a machine with nothing else to do
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
    dice = random.Random(f"{strike.__name__}")
    for _ in range(ROUNDS):
        clean(streams)
        visit = 0
        for _ in range(DEATHS):
            reading = readings.start(visit)
            time.sleep(dice.uniform(0, SOON))  # the moment itself, not a hope that all is done
            strike(reading)
            assert readings.wait(reading) in (0, CUT_OFF, -signal.SIGKILL)
            visit = reading.next_visit(otherwise=visit)
        assert readings.run(visit)[0] == 0
        found = standing(streams)
        assert [what for what in expected if found[what] != expected[what]] == []
