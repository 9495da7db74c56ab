"""A cursor that goes backwards ends a reading by name: no reading goes round and round."""

import time
from itertools import islice
from pathlib import Path

import pytest

from app.sync.connectors.protocol import SourceRefused
from tests.exchange.district_process import DistrictProcess, made_up
from tests.exchange.http.reading import connector_to, read

MINUTE = 60_000_000
MANY = 50  # pages: far more than the records of any test here fill


def now() -> int:
    return time.time_ns() // 1000


@pytest.mark.parametrize("fault", ["endless-page", "empty-page"])
def test_pages_without_end_are_refused(
    answering: DistrictProcess, tmp_path: Path, fault: str
) -> None:
    """A source that leads in circles is named, and does not keep the worker for ever."""
    for n in range(1, 7):
        answering.put("residents", *made_up(1, first=n), updated_at=now() - (99 - n) * MINUTE)
    pages = connector_to(answering, tmp_path, overlap="1m").pages("residents", {}, 2)
    passed = [next(pages), next(pages)]
    answering.misbehave(fault, times=0)
    with pytest.raises(SourceRefused) as refused:
        passed += pages
    assert len(passed) == 2
    assert refused.value.code == "CURSOR_BACKWARDS"


def test_a_page_that_comes_for_ever_is_refused(answering: DistrictProcess, tmp_path: Path) -> None:
    """Asked three times more, a page that stays the same ends the reading."""
    answering.put("residents", *made_up(6))
    answering.misbehave("duplicate-page", times=0)
    with pytest.raises(SourceRefused) as refused:
        read(connector_to(answering, tmp_path), size=2)
    assert refused.value.code == "CURSOR_BACKWARDS"


def test_pages_that_lead_in_a_circle_within_one_moment_are_refused(
    answering: DistrictProcess, tmp_path: Path
) -> None:
    """Where all records carry one time no page goes back in time, and yet it comes round again."""
    answering.put("residents", *made_up(6))
    answering.misbehave("endless-page", times=0, on="after=K0000004")
    pages = connector_to(answering, tmp_path).pages("residents", {}, 2)
    with pytest.raises(SourceRefused) as refused:
        list(islice(pages, MANY))
    assert refused.value.code == "CURSOR_BACKWARDS"


def test_records_that_are_not_in_the_order_of_their_times_are_refused(
    answering: DistrictProcess, tmp_path: Path
) -> None:
    """The last record of such a page is not its newest: who stands behind it would be lost."""
    for n in range(1, 7):
        answering.put("residents", *made_up(1, first=n), updated_at=now() - (99 - n) * MINUTE)
    connector = connector_to(answering, tmp_path)
    answering.misbehave("unordered-page", times=1)
    with pytest.raises(SourceRefused) as refused:
        read(connector, size=2)
    assert refused.value.code == "NOT_IN_ORDER"
    assert read(connector, size=2).sids() == [record["sid"] for record in made_up(6)]
