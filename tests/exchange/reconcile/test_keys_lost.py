"""A comparison whose keys were lost concludes nothing, and a repair by them deletes nobody."""

from collections.abc import Callable

import pytest

from app.sync.reconcile.findings import Verdict
from tests.exchange.drops import drifts, mirrored, one
from tests.exchange.inward.test_keys_lost import at, lose
from tests.exchange.reconcile.conftest import Compare
from tests.exchange.reconcile.counting import Counting, Reading, bucket_of, day

NEIGHBOURS = next(
    (one, two) for one in range(400, 900) for two in range(one)
    if two > 400 and bucket_of(f"TRY-D{one}") == bucket_of(f"TRY-D{two}")
)  # fmt: skip
"""Two days whose keys are listed together, because they share a bucket."""


@pytest.mark.parametrize("kind", [Counting, Reading])
def test_a_repair_whose_keys_were_lost_deletes_nobody(
    read_before: Callable[[Counting], Counting], compared: Compare, kind: type[Counting]
) -> None:
    """Lost between the second look and the deletion: the neighbour of who is gone would go, too."""
    stays, goes = (f"TRY-D{serial}" for serial in NEIGHBOURS)
    source = kind()
    source.put("calendar_days", *(day(serial) for serial in NEIGHBOURS))
    read_before(source)
    source.drop("calendar_days", goes)
    source.put("calendar_days", day(1))
    with at("committed", lambda: lose(stays)):
        compared(source, repair=True)
    assert alive() == sorted([stays, goes, "TRY-D1"])
    assert drifts()["COMPLETENESS"].subject == "keys that were lost"
    assert compared(source, repair=True).verdict is Verdict.EQUAL
    assert alive() == sorted([stays, "TRY-D1"])


def test_a_look_whose_keys_were_lost_says_so_and_nothing_else(
    reading: Reading, compared: Compare
) -> None:
    """No day that the source has is called superfluous here."""
    reading.drop("calendar_days", "TRY-D9")
    with at("seen", lambda: lose("TRY-D5")):
        found = compared(reading)
    assert found.verdict is Verdict.UNKNOWN
    assert found.message == "KEYS_LOST: keys of the source were lost while they were compared"
    assert (found.extra, found.missing) == (0, 0)
    assert one("SELECT count(*) FROM sync_look") == 0


def alive() -> list[str]:
    rows = mirrored("calendar_days", "sid, deleted_at")
    return [row.sid for row in rows if row.deleted_at is None]
