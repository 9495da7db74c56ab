"""The server itself may fall over in the middle of a reading: what it acknowledged is there."""

import os
import random
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path

import psycopg
import pytest

from app.database import read_from
from app.database.embedded import EmbeddedServer, start
from app.settings import Settings, from_environment
from app.sync import Stream
from tests.exchange.crash.conftest import ALL, SEED, Calm
from tests.exchange.crash.driver import CUT_OFF
from tests.exchange.crash.readings import readings_of
from tests.exchange.crash.standing import ERASE, erased_one, standing
from tests.surroundings import ROOT, environment

FALLS = 8 if ALL else 2
Looking = Callable[[], AbstractContextManager[None]]


@pytest.fixture(scope="module")
def other_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[EmbeddedServer]:
    """Return a server that nobody else needs, with the tables of the product, empty."""
    server = start(tmp_path_factory.mktemp("falling") / "postgres")
    given = environment(server.url, server.folder.parent)
    command = [sys.executable, "-m", "flask", "--app", "wsgi", "prepare"]
    subprocess.run(command, cwd=ROOT, env={**os.environ, **given}, check=True, capture_output=True)
    with psycopg.connect(server.url.replace("+psycopg", "")) as connection:
        connection.execute(ERASE.encode(), erased_one())
    yield server
    server.delete()


@pytest.fixture
def there(other_server: EmbeddedServer, settings: Settings) -> Looking:
    """Return the way to look at the other server with the product's own eyes."""
    given = environment(other_server.url, other_server.folder.parent)

    @contextmanager
    def looking() -> Iterator[None]:
        read_from(from_environment(given))
        try:
            yield
        finally:
            read_from(settings)

    return looking


def fall(server: EmbeddedServer) -> None:
    server.stop(urgent=True)
    server.start()


def test_a_reading_ends_right_although_the_server_fell_over(
    calm: Calm,
    streams: Mapping[str, Stream],
    other_server: EmbeddedServer,
    there: Looking,
    tmp_path: Path,
) -> None:
    """Also while a list was compared, whose keys are unlogged and gone after the fall."""
    expected, points, _ = calm
    dice, visit, struck = random.Random("falls"), 0, 0
    left = len(points) - points.index("seen")
    with readings_of(SEED, environment(other_server.url, tmp_path), tmp_path) as readings:
        reading = readings.start(visit, points.index("seen"), signal.SIGSTOP)
        reading.await_point(points.index("seen"))
        fall(other_server)
        reading.go_on()
        assert readings.wait(reading) in (0, CUT_OFF)
        for _ in range(FALLS):
            visit = reading.next_visit(otherwise=visit)
            reading = readings.start(visit)
            reading.await_moment(dice.randrange(left))
            fall(other_server)
            ended = readings.wait(reading)
            assert ended in (0, CUT_OFF)
            struck += ended == CUT_OFF
        assert readings.run(reading.next_visit(otherwise=visit))[0] == 0
    with there():
        found = standing(streams)
    assert [what for what in expected if found[what] != expected[what]] == []
    assert struck, "the server never fell under a reading"
