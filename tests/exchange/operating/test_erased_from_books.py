"""Whoever was erased is named in no book of the exchange either, by no reading to come."""

import json
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from app.database import read, transaction, write
from app.sync.reconcile.reconciling import reconcile
from app.sync.reconcile.report import Report
from app.sync.reconcile.sealing import is_intact
from tests.exchange.drops import District, drifts, quiet
from tests.exchange.inward.telling import tell
from tests.exchange.operating.desk import Desk
from tests.exchange.reconcile.counting import Counting, Reading
from tests.exchange.records import household, resident

ERASE = ("suppress", "try-out", "residents", "--sid", "TRY-R1", "--reason", "asked for")


@pytest.fixture
def compared(settled: District) -> Iterator[Callable[[Counting], Report]]:
    """Return the way to compare a source; its reports are gone afterwards."""
    yield lambda source: reconcile(source, settled.streams, False, quiet)
    with transaction():
        write("DELETE FROM sync_report WHERE source = 'try-out'")
        write("DELETE FROM sync_source WHERE source = 'try-out'")


def kept() -> list[dict[str, Any]]:
    rows = read("SELECT findings FROM sync_report WHERE source = 'try-out' ORDER BY id")
    return [row.findings for row in rows]


def test_whose_version_was_told_twice_is_named_no_more(desk: Desk, settled: District) -> None:
    """A drift of many keeps its count and the others."""
    tell(settled, "residents", resident(1), resident(2))
    tell(settled, "residents", resident(1, relation="child"), resident(2, relation="child"))
    assert sorted(drifts()["VERSION_REUSED"].detail["keys"]) == ["TRY-R1", "TRY-R2"]
    assert desk.type(*ERASE).code == 0
    found = drifts()["VERSION_REUSED"]
    assert (found.detail["keys"], found.times) == (["TRY-R2"], 2)


def test_a_report_that_named_them_does_not_and_is_sealed_again(
    desk: Desk, settled: District, compared: Callable[[Counting], Report]
) -> None:
    """Its numbers stay; so do others, and whatever has that key in another stream."""
    tell(settled, "residents", resident(1))
    tell(settled, "residents", resident(1, relation="child"))
    source = Counting()
    source.put("residents", resident(1, ver=7), resident(2))
    source.put("households", household(9, sid="TRY-R1"))
    compared(source)
    (before,) = kept()
    assert json.dumps(before).count('"TRY-R1"') == 3
    assert desk.type(*ERASE).code == 0
    (after,) = kept()
    assert is_intact(after)
    residents, households = sorted(after["streams"], key=lambda each: each["stream"] != "residents")
    assert "TRY-R1" not in json.dumps(residents)
    assert (residents["missing"], residents["keys"]["missing"]) == (1, ["TRY-R2"])
    assert households["keys"]["missing"] == ["TRY-R1"]


def test_a_report_that_somebody_changed_is_not_made_good_by_an_erasure(
    desk: Desk, settled: District, compared: Callable[[Counting], Report]
) -> None:
    source = Counting()
    source.put("residents", resident(1))
    compared(source)
    with transaction():
        write(
            "UPDATE sync_report SET findings = jsonb_set(findings, '{equal}', 'true')"
            " WHERE source = 'try-out'"
        )
    assert desk.type(*ERASE).code == 0
    (after,) = kept()
    assert "TRY-R1" not in json.dumps(after)
    assert not is_intact(after)


@pytest.mark.parametrize("make", [Counting, Reading])
@pytest.mark.parametrize("bad", [False, True])
def test_no_report_to_come_names_them(
    desk: Desk,
    settled: District,
    compared: Callable[[Counting], Report],
    make: type[Counting],
    bad: bool,
) -> None:
    """They are counted, and not named: neither as a record nor as a row that is none."""
    tell(settled, "residents", resident(1), resident(2))
    assert desk.type(*ERASE).code == 0
    source = make()
    source.put("residents", resident(2), resident(1, ver=2, **({"phone": "none"} if bad else {})))
    (found,) = compared(source).streams
    assert (found.suppressed + found.quarantined, found.missing) == (1, 0)
    assert "TRY-R1" not in json.dumps(kept())
