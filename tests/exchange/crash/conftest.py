"""A made-up source, a process that reads it and may die, and how things stand after a calm day."""

import os
from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

import pytest
from flask import Flask
from sqlalchemy import event

from app.database import apart, db
from app.settings import Settings
from app.sync import Stream
from tests.exchange.crash.readings import Readings, Receipts, readings_of
from tests.exchange.crash.standing import Stand, clean, named, standing
from tests.surroundings import environment

SEED = 20_260_801
PATIENT = """
SET idle_in_transaction_session_timeout = 0; SET statement_timeout = 0; SET lock_timeout = 0
"""
ALL = os.environ.get("CRASHES") == "all"


class Calm(NamedTuple):
    """How things stand after a reading that nobody disturbs, and what it reached and told."""

    stand: Stand
    points: list[str]
    receipts: Receipts


def chosen(points: list[str]) -> list[int]:
    """Return all points, or of each name the second, behind the first commit, and the last.

    The last ones lie in the visits that bring whole lists, most of which was told before.
    """
    if ALL:
        return list(range(len(points)))
    places = [[n for n, point in enumerate(points) if point == name] for name in set(points)]
    return sorted({place for each in places for place in (each[:2][-1], each[-1])})


@pytest.fixture(scope="session")
def readings(settings: Settings, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Readings]:
    """Return a process that starts readings."""
    folder = tmp_path_factory.mktemp("crash")
    with readings_of(SEED, environment(settings.database_url, folder), folder) as found:
        yield found


@pytest.fixture
def streams(app: Flask) -> Iterator[Mapping[str, Stream]]:
    """Return the streams that the made-up source tells, with nothing of it here yet."""
    found = named(app.extensions["linli.streams"])
    clean(found)
    yield found
    clean(found)


@pytest.fixture
def patient(app: Flask) -> Iterator[None]:
    """Let no connection be ended because this process got no turn for some seconds.

    The product's own limits are for requests: a process that is stopped for ten seconds within a
    transaction loses it. What is tried over minutes must not hang on when it is given its turn.
    """

    def be_patient(connection: Any, _record: Any) -> None:
        connection.execute(PATIENT)
        connection.commit()

    event.listen(db.engine, "connect", be_patient)
    db.engine.dispose()
    apart("SET statement_timeout = 0")
    yield
    event.remove(db.engine, "connect", be_patient)
    db.session.remove()
    db.engine.dispose()
    apart("RESET statement_timeout")


@pytest.fixture(scope="session")
def calm_days() -> list[Calm]:
    """Return what was found after readings that nobody disturbed, as far as they were made."""
    return []


@pytest.fixture
def calm(streams: Mapping[str, Stream], readings: Readings, calm_days: list[Calm]) -> Calm:
    """Return what came of a reading that nobody disturbs; it is made once."""
    if not calm_days:
        ended, reading = readings.run()
        assert ended == 0
        calm_days.append(Calm(standing(streams), reading.reached(), reading.receipts()))
        clean(streams)
    return calm_days[0]
