"""A district that is slow, busy or broken is asked again, within bounds, and then left alone."""

import time
from pathlib import Path
from typing import Any

import pytest

from app.sync.connectors.protocol import SourceAway
from tests.exchange.district_process import DistrictProcess, made_up
from tests.exchange.http.reading import connector_to, read

LONG = 8.0  # no test here may come near the seconds that a frozen district could take


def test_a_stumble_is_not_noticed(answering: DistrictProcess, tmp_path: Path) -> None:
    """Two errors in a row cost nobody a record."""
    answering.put("residents", *made_up(3))
    answering.misbehave("error", times=2, on="/records", status=503)
    assert len(read(connector_to(answering, tmp_path)).rows) == 3


def test_half_an_answer_is_asked_for_again(answering: DistrictProcess, tmp_path: Path) -> None:
    """A body that breaks off is never taken for a short one."""
    answering.put("residents", *made_up(3))
    answering.misbehave("truncated-body", times=1, on="/records")
    assert len(read(connector_to(answering, tmp_path)).rows) == 3


def test_a_district_that_asks_to_wait_is_given_its_time(
    answering: DistrictProcess, tmp_path: Path
) -> None:
    """Retry-After is kept to the second."""
    answering.put("residents", *made_up(3))
    answering.misbehave("busy", times=1, on="/records", after=2)
    began = time.monotonic()
    assert len(read(connector_to(answering, tmp_path)).rows) == 3
    assert time.monotonic() - began >= 2


def test_a_long_wait_is_not_sat_through(answering: DistrictProcess, tmp_path: Path) -> None:
    """A district that asks for an hour has it, and the worker does something else."""
    answering.put("residents", *made_up(3))
    answering.misbehave("busy", times=0, status=503, after=3600)
    began = time.monotonic()
    with pytest.raises(SourceAway):
        read(connector_to(answering, tmp_path))
    assert time.monotonic() - began < LONG


@pytest.mark.parametrize(
    ("fault", "options"),
    [
        ("error", {"status": 500}),
        ("truncated-body", {}),
        ("slow", {"seconds": 30}),
        ("drip", {"seconds": 0.5}),
    ],
)
def test_a_district_that_stays_broken_takes_no_more_than_our_patience(
    answering: DistrictProcess, tmp_path: Path, fault: str, options: dict[str, Any]
) -> None:
    """Not one that errs, not one that is silent, not one that sends a byte at a time."""
    answering.put("residents", *made_up(3))
    answering.misbehave(fault, times=0, **options)
    connector = connector_to(answering, tmp_path, patience="2s", answer_within="1s")
    began = time.monotonic()
    with pytest.raises(SourceAway):
        read(connector)
    assert time.monotonic() - began < LONG


def test_what_was_read_before_it_broke_stays_read(
    answering: DistrictProcess, tmp_path: Path
) -> None:
    """The pages up to the break are handed over with their cursors, and are gone on from."""
    answering.put("residents", *made_up(6))
    connector = connector_to(answering, tmp_path, patience="1s", overlap="0s")
    pages = connector.pages("residents", {}, 2)
    cursor = next(pages).cursor
    answering.misbehave("error", times=0)
    with pytest.raises(SourceAway):
        next(pages)
    answering.behave()
    assert read(connector, cursor=cursor).sids() == [r["sid"] for r in made_up(4, first=3)]


def test_a_district_that_is_not_there_is_away(answering: DistrictProcess, tmp_path: Path) -> None:
    """Whether it is there can be asked before anything is read."""
    connector = connector_to(answering, tmp_path, patience="1s")
    answering.stop()
    with pytest.raises(SourceAway):
        connector.offers()
    (sentence,) = connector.check()
    assert "the line failed" in sentence
