"""A record without an end is named and passed by; those before and behind it are read."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.database import read as rows_of
from app.sync.connectors.http.giants import first_record
from app.sync.connectors.protocol import SourceRefused
from app.sync.reconcile.findings import Verdict
from app.sync.reconcile.reconciling import reconcile
from tests.exchange.district_process import DistrictProcess, made_up
from tests.exchange.drops import District, mirrored, quiet, tally
from tests.exchange.http.reading import connector_to, read
from tests.exchange.records import address, household

MEGABYTE = 2**20
SOURCE = "try-out-http"


def test_pages_that_are_too_large_together_come_in_parts(
    answering: DistrictProcess, tmp_path: Path
) -> None:
    """Large and small ones in one feed: each is read once, whatever there is beside it."""
    heavy = [each | {"note": "x" * 300_000} for each in made_up(20)]
    answering.put("residents", *heavy, *made_up(300, first=21))
    found = read(connector_to(answering, tmp_path, largest_answer_mb=1))
    assert sorted(found.sids()) == [f"K{n:07d}" for n in range(1, 321)]


def test_a_record_without_an_end_stops_nobody(
    district: District, answering: DistrictProcess, tmp_path: Path
) -> None:
    """It is in quarantine under its key, now and at each run, and the next good one is taken."""
    answering.put("addresses", address())
    answering.put("households", household(1))
    answering.put("households", household(2, tenure="x" * 3 * MEGABYTE))
    answering.put("households", *(household(n) for n in range(3, 12)))
    connector = connector_to(answering, tmp_path, SOURCE, largest_answer_mb=1)
    for taken in ({"inserted": 10}, {"same": 10}):
        outcome = district.hear(connector)["households"]
        assert (outcome.status, tally(outcome.counts)) == ("done", {"in": 11, "bad": 1} | taken)
        (bad,) = rows_of("SELECT sid, code FROM sync_quarantine WHERE source = 'try-out-http'")
        assert (bad.sid, bad.code) == ("TRY-H2", "RECORD_TOO_LARGE")
    found = {
        each.stream: each for each in reconcile(connector, district.streams, True, quiet).streams
    }
    told = found["households"]
    assert (told.verdict, told.quarantined, told.missing) == (Verdict.EQUAL, 1, 0)
    answering.put("households", household(2))
    assert district.hear(connector)["households"].counts["inserted"] == 1
    assert len(mirrored("households", "sid", SOURCE)) == 11


def test_one_that_does_not_say_who_it_is_is_refused_by_name(
    answering: DistrictProcess, tmp_path: Path
) -> None:
    """What is large stands before the key: nobody could know behind whom to read on."""
    answering.put("residents", *made_up(2))
    answering.misbehave("huge", times=0, on="/records", megabytes=3)
    with pytest.raises(SourceRefused, match="ANSWER_TOO_LARGE"):
        read(connector_to(answering, tmp_path, largest_answer_mb=1))


WHOLE = b'{"records": [{"sid": "R1", "ver": 12, "updated_at": 34, "name": "\xe5\xbc\xa0", "more": '


@pytest.mark.parametrize("cut", range(len(WHOLE)))
def test_only_what_is_whole_is_believed(cut: int) -> None:
    """A number that broke off is another number, and a key that broke off another key."""
    members, raw = first_record(WHOLE[:cut])
    whole = {"sid": "R1", "ver": 12, "updated_at": 34, "name": "张"}
    assert members.items() <= whole.items()
    assert raw == "" or raw.startswith("{")


@given(st.binary(max_size=200))
def test_whatever_else_it_is_harms_nobody(content: bytes) -> None:
    assert first_record(content)[0] == {} or b"records" in content
