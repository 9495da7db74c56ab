"""The two sides count the same records alike, and name those in which they differ."""

import hashlib
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.sync.connectors.http.counting import bucket_of
from app.sync.connectors.protocol import SourceRefused
from sample.district import records
from tests.exchange.district_process import DistrictProcess, made_up
from tests.exchange.http.reading import connector_to, read


def expected(rows: list[tuple[str, int]]) -> dict[int, tuple[int, int]]:
    """Count as the protocol of connectors says, word by word."""
    found: dict[int, tuple[int, int]] = {}
    for sid, ver in rows:
        bucket = int(hashlib.md5(sid.encode()).hexdigest()[:3], 16)
        mark = int(hashlib.md5(f"{sid}:{ver}".encode()).hexdigest()[:15], 16)
        count, total = found.get(bucket, (0, 0))
        found[bucket] = (count + 1, total + mark)
    return found


@given(st.text(st.characters(exclude_categories=["Cs"]), min_size=1))
def test_both_sides_know_the_same_buckets(sid: str) -> None:
    """A key of any letters falls into the same of 4096 buckets here and there."""
    assert bucket_of(sid) == records.bucket_of(sid)
    assert 0 <= bucket_of(sid) < 4096


def test_the_district_counts_the_living(answering: DistrictProcess, tmp_path: Path) -> None:
    """All who live there, in sums that pass the largest number of a database; nobody gone."""
    answering.put("residents", *made_up(9000))
    answering.records.delete("residents", "K0000001")
    answering.put("residents", {"sid": "K0000002", "ver": 7})
    rows = [("K0000002", 7), *((f"K{n:07d}", 1) for n in range(3, 9001))]
    assert connector_to(answering, tmp_path).digest("residents") == expected(rows)


def test_a_wrong_digest_shows(answering: DistrictProcess, tmp_path: Path) -> None:
    """One mark that is off by one is one bucket that differs."""
    answering.put("residents", *made_up(50))
    connector = connector_to(answering, tmp_path)
    right = connector.digest("residents")
    answering.misbehave("wrong-digest")
    wrong = connector.digest("residents")
    assert len([bucket for bucket in right if right[bucket] != wrong[bucket]]) == 1


def test_the_keys_of_all_buckets_are_all_keys(answering: DistrictProcess, tmp_path: Path) -> None:
    """More buckets than an address may name, more keys than a page may hold."""
    answering.put("residents", *made_up(6000))
    found = [
        pair
        for page in connector_to(answering, tmp_path).keys("residents", range(4096))
        for pair in page
    ]
    assert sorted(found) == [(f"K{n:07d}", 1) for n in range(1, 6001)]


def test_the_keys_of_one_bucket_come_in_pages(answering: DistrictProcess, tmp_path: Path) -> None:
    """A bucket with more keys than a page holds is listed to its end."""
    answering.put("residents", *made_up(50_000))
    connector = connector_to(answering, tmp_path)
    buckets = {bucket_of(f"K{n:07d}") for n in range(1, 50_001)}
    some = sorted(buckets)[:700]
    wanted = [f"K{n:07d}" for n in range(1, 50_001) if bucket_of(f"K{n:07d}") in set(some)]
    found = [sid for page in connector.keys("residents", some) for sid, _ in page]
    assert sorted(found) == wanted


def test_named_records_are_fetched_anew(answering: DistrictProcess, tmp_path: Path) -> None:
    """Those that live, as they are now; who is gone or never was is left out."""
    answering.put("residents", *made_up(1500))
    answering.records.reuse_version("residents", "K0000002", name="改名")
    answering.records.delete("residents", "K0000003")
    sids = [f"K{n:07d}" for n in range(1, 1501)]
    rows = [
        row
        for page in connector_to(answering, tmp_path).fetch("residents", [*sids, "NOBODY"])
        for row in page.read().table.to_pylist()
    ]
    assert {row["sid"] for row in rows} == set(sids) - {"K0000003"}
    (changed,) = (row for row in rows if row["sid"] == "K0000002")
    assert (changed["ver"], changed["name"]) == ("1", "改名")


def test_a_district_that_does_not_count_is_told_apart(
    answering: DistrictProcess, tmp_path: Path
) -> None:
    """A district without a digest is still read; it is only not reconciled."""
    answering.put("residents", *made_up(2))
    answering.misbehave("error", times=0, on="/digest", status=404)
    connector = connector_to(answering, tmp_path)
    with pytest.raises(SourceRefused) as refused:
        connector.digest("residents")
    assert refused.value.code == "NOT_COUNTED"
    assert len(read(connector).rows) == 2
