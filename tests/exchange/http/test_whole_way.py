"""From the district's own books into ours: read, read again, compared and mended."""

import time
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from app.sync.connectors.http.connector import HttpConnector
from app.sync.connectors.protocol import Cursor, Page
from app.sync.reconcile.reconciling import reconcile
from tests.exchange.district_process import DistrictProcess
from tests.exchange.drops import District, one, quiet, tally
from tests.exchange.http.reading import connector_to
from tests.exchange.reconcile.counting import bucket_of
from tests.exchange.records import address, household, resident

SOURCE = "try-out-http"
HOUR = 3_600_000_000
BESIDE = 2227
"""A resident whose key falls into the bucket of the seventh's."""


def at_home(answering: DistrictProcess, residents: int) -> None:
    """Put a household and who lives in it; versions are counted by the district."""
    answering.put("addresses", address())
    answering.put("households", household())
    answering.put("residents", *(resident(n) for n in range(1, residents + 1)))


@dataclass
class Asked:
    """What was asked of the district, and how many keys and records it sent for that."""

    buckets: set[int] = field(default_factory=set)
    keys: list[str] = field(default_factory=list)
    sids: list[str] = field(default_factory=list)
    records: int = 0


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> Asked:
    """Have it noted what is asked of the district about residents, and what it answers."""
    found, keys, fetch = Asked(), HttpConnector.keys, HttpConnector.fetch
    pages = HttpConnector.pages

    def noted_keys(
        self: HttpConnector, stream: str, buckets: Collection[int]
    ) -> Iterator[Sequence[tuple[str, int]]]:
        found.buckets.update(buckets)
        for some in keys(self, stream, buckets):
            found.keys += [sid for sid, _ in some]
            yield some

    def noted_fetch(self: HttpConnector, stream: str, sids: Sequence[str]) -> Iterator[Page]:
        found.sids += sids
        yield from counted(fetch(self, stream, sids))

    def noted_pages(self: HttpConnector, stream: str, cursor: Cursor, size: int) -> Iterator[Page]:
        yield from counted(pages(self, stream, cursor, size))

    def counted(some: Iterator[Page]) -> Iterator[Page]:
        for page in some:
            found.records += page.read().table.num_rows
            yield page

    monkeypatch.setattr(HttpConnector, "keys", noted_keys)
    monkeypatch.setattr(HttpConnector, "fetch", noted_fetch)
    monkeypatch.setattr(HttpConnector, "pages", noted_pages)
    return found


def test_a_district_is_read_and_a_quiet_night_costs_nothing(
    district: District, answering: DistrictProcess, tmp_path: Path
) -> None:
    """Who lives there is here; who moved away is gone; what stayed is not written again."""
    at_home(answering, 7)
    connector = connector_to(answering, tmp_path, SOURCE)
    first = district.hear(connector, page_rows=3)
    assert {name: each.status for name, each in first.items()} == dict.fromkeys(first, "done")
    assert tally(first["residents"].counts) == {"in": 7, "inserted": 7}
    answering.records.delete("residents", "TRY-R7")
    second = district.hear(connector, page_rows=100)["residents"]
    assert second.counts["deleted"] == 1
    quiet_night = [district.hear(connector, page_rows=100)["residents"] for _ in range(2)][-1]
    assert tally(quiet_night.counts) == {}


def test_who_came_too_late_for_any_overlap_is_found_by_counting(
    district: District, answering: DistrictProcess, tmp_path: Path
) -> None:
    """A record that no reading would ever bring is missed by the count, and mended."""
    at_home(answering, 3)
    connector = connector_to(answering, tmp_path, SOURCE)
    district.hear(connector)
    answering.put("residents", resident(4), updated_at=time.time_ns() // 1000 - 5 * HOUR)
    district.hear(connector)
    assert one("SELECT count(*) FROM src_residents WHERE source = 'try-out-http'") == 3
    assert not reconcile(connector, district.streams, False, quiet).equal
    assert reconcile(connector, district.streams, True, quiet).equal
    assert one("SELECT count(*) FROM src_residents WHERE source = 'try-out-http'") == 4


def test_a_repair_asks_for_no_more_than_what_differs(
    district: District, answering: DistrictProcess, tmp_path: Path, asked: Asked
) -> None:
    """One of two hundred is missing, one has changed: two buckets are opened, two records sent."""
    at_home(answering, 200)
    answering.put("residents", resident(202, sid=f"TRY-R{BESIDE}"))
    connector = connector_to(answering, tmp_path, SOURCE)
    district.hear(connector)
    late = time.time_ns() // 1000 - 5 * HOUR
    answering.put("residents", resident(201), resident(7, ver=2, relation="child"), updated_at=late)
    asked.records = 0
    assert reconcile(connector, district.streams, True, quiet).equal
    assert sorted(asked.sids) == ["TRY-R201", "TRY-R7"]
    assert asked.records == 2
    assert asked.buckets == {bucket_of(sid) for sid in asked.sids}
    everybody = {f"TRY-R{n}" for n in (*range(1, 202), BESIDE)}
    assert set(asked.keys) == {sid for sid in everybody if bucket_of(sid) in asked.buckets}
    assert f"TRY-R{BESIDE}" in asked.keys, "looked at, and not sent"
