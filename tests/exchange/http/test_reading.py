"""What the district has reaches the platform, whatever the order in which it came to be."""

import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from app.sync.connectors.protocol import Countable, SourceRefused
from tests.exchange.district_process import DistrictProcess, made_up
from tests.exchange.http.reading import connector_to, read

MINUTE = 60_000_000


def now() -> int:
    return time.time_ns() // 1000


def test_the_streams_are_offered_in_the_districts_order(
    answering: DistrictProcess, tmp_path: Path
) -> None:
    """Households are read before residents if the district puts them first."""
    answering.put("households", *made_up(1))
    answering.put("residents", *made_up(2))
    connector = connector_to(answering, tmp_path)
    assert [offer.stream for offer in connector.offers()] == ["households", "residents"]
    assert (connector.source, connector.check()) == ("district", [])
    assert isinstance(connector, Countable)


def test_every_record_of_one_moment_is_read_page_by_page(
    answering: DistrictProcess, tmp_path: Path
) -> None:
    """A district that stamps its whole register with one time loses nobody between pages."""
    answering.put("residents", *made_up(25))
    found = read(connector_to(answering, tmp_path), size=10)
    assert (found.pages, found.sids()) == (3, [r["sid"] for r in made_up(25)])
    assert found.rows[0] == {"sid": "K0000001", "ver": "1", "op": "U", "name": "试行1"}


@settings(max_examples=15, deadline=None, suppress_health_check=list(HealthCheck))
@given(data=st.data())
def test_whatever_was_changed_between_readings_is_read(
    answering: DistrictProcess, tmp_path: Path, data: st.DataObject
) -> None:
    """The last version of each record has come, however changes and page sizes fall."""
    stream = f"s{now()}"
    answering.put(stream)
    connector = connector_to(answering, tmp_path, overlap="5m")
    cursor: Mapping[str, Any] = {}
    seen: dict[str, int] = {}
    for _ in range(data.draw(st.integers(1, 4))):
        serials = data.draw(st.lists(st.integers(1, 12), min_size=1, max_size=8, unique=True))
        late = data.draw(st.integers(0, 4))
        changed = ({"sid": f"K{n}", "name": "x"} for n in serials)
        answering.records.put(stream, changed, now() - late * MINUTE)
        found = read(connector, stream, cursor, size=data.draw(st.integers(1, 5)))
        cursor = found.cursor
        for row in found.rows:
            seen[row["sid"]] = max(int(row["ver"]), seen.get(row["sid"], 0))
    assert seen == {each["sid"]: each["ver"] for each in answering.records.all(stream)}


def test_who_was_entered_late_is_not_overlooked(answering: DistrictProcess, tmp_path: Path) -> None:
    """A transaction that was open for five minutes ends after others that began later."""
    connector = connector_to(answering, tmp_path)
    answering.put("residents", *made_up(3))
    first = read(connector)
    answering.misbehave("late-commit", seconds=300)
    answering.put("residents", *made_up(1, first=9))
    assert "K0000009" in read(connector, cursor=first.cursor).sids()


def test_a_long_reading_goes_back_further(answering: DistrictProcess, tmp_path: Path) -> None:
    """What was committed behind the back of a reading of half an hour is read by the next."""
    connector = connector_to(answering, tmp_path, overlap="1m")
    answering.put("residents", *made_up(3))
    cursor = dict(read(connector).cursor)
    answering.put("residents", *made_up(1, first=9), updated_at=now() - 20 * MINUTE)
    assert "K0000009" not in read(connector, cursor=cursor).sids()
    assert "K0000009" in read(connector, cursor=cursor | {"ran": 1800}).sids()


def test_who_is_gone_is_said_to_be_gone(answering: DistrictProcess, tmp_path: Path) -> None:
    """A deletion is a version of its own, without fields."""
    answering.put("residents", *made_up(2))
    answering.records.delete("residents", "K0000001")
    (row,) = (r for r in read(connector_to(answering, tmp_path)).rows if r["op"] == "D")
    assert row == {"sid": "K0000001", "ver": "2", "op": "D", "name": None}


def test_a_quiet_stream_sends_nothing_until_something_changes(
    answering: DistrictProcess, tmp_path: Path
) -> None:
    """Nothing changed: nothing is sent. One record changes: it comes."""
    connector = connector_to(answering, tmp_path)
    answering.put("residents", *made_up(3))
    cursor: dict[str, object] = {}
    for _ in range(2):
        cursor = dict(read(connector, cursor=cursor).cursor)
    assert read(connector, cursor=cursor).pages == 0
    answering.put("residents", *made_up(1, first=2, phone="1"))
    changed = read(connector, cursor=cursor)
    assert ("K0000002", "2") in [(row["sid"], row["ver"]) for row in changed.rows]


def test_a_first_page_that_stayed_the_same_hides_nothing_behind_it(
    answering: DistrictProcess, tmp_path: Path
) -> None:
    """A stream of several pages is never held for unchanged by the tag of its first."""
    connector = connector_to(answering, tmp_path)
    answering.put("residents", *made_up(5))
    cursor: dict[str, object] = {}
    for _ in range(3):
        cursor = dict(read(connector, cursor=cursor, size=2).cursor)
    answering.put("residents", *made_up(1, first=9))
    assert "K0000009" in read(connector, cursor=cursor, size=2).sids()


def test_a_reading_that_broke_off_is_never_held_for_unchanged(
    answering: DistrictProcess, tmp_path: Path
) -> None:
    """Broken off after its first page time and again, a reading still comes to its end."""
    connector = connector_to(answering, tmp_path)
    answering.put("residents", *made_up(5))
    cursor: Mapping[str, Any] = {}
    for _ in range(3):
        cursor = next(connector.pages("residents", cursor, 2)).cursor
    assert set(read(connector, cursor=cursor, size=2).sids()) == {r["sid"] for r in made_up(5)}


def test_a_page_that_comes_twice_holds_up_nobody(
    answering: DistrictProcess, tmp_path: Path
) -> None:
    """A cache that answers with the page before is asked again."""
    answering.put("residents", *made_up(6))
    answering.misbehave("duplicate-page", times=2)
    found = read(connector_to(answering, tmp_path), size=2)
    assert found.pages == 5
    assert set(found.sids()) == {record["sid"] for record in made_up(6)}


def test_fewer_records_than_were_counted_are_refused(
    answering: DistrictProcess, tmp_path: Path
) -> None:
    """A count that is not reached means that somebody is missing; the cursor stays before it."""
    answering.put("residents", *made_up(3))
    connector = connector_to(answering, tmp_path)
    answering.misbehave("wrong-count", times=1)
    cursors = []
    with pytest.raises(SourceRefused) as refused:
        cursors += [page.cursor for page in connector.pages("residents", {}, 2)]
    assert refused.value.code == "ROWS_DIFFER"
    assert read(connector).pages == 1


def test_a_time_that_has_not_come_yet_does_not_hide_what_comes(
    answering: DistrictProcess, tmp_path: Path
) -> None:
    """A clock that ran into next year moves no cursor there; the record itself is taken."""
    connector = connector_to(answering, tmp_path)
    answering.put("residents", *made_up(2))
    answering.put("residents", *made_up(1, first=7), updated_at=now() + 400 * 24 * 60 * MINUTE)
    first = read(connector)
    assert "K0000007" in first.sids()
    answering.put("residents", *made_up(1, first=9))
    assert "K0000009" in read(connector, cursor=first.cursor).sids()


def test_a_district_that_is_hours_ahead_is_told_so(
    answering: DistrictProcess, tmp_path: Path
) -> None:
    """Local time taken for UTC is refused by name, not read round and round."""
    answering.put("residents", *made_up(5), updated_at=now() + 8 * 60 * MINUTE)
    with pytest.raises(SourceRefused) as refused:
        read(connector_to(answering, tmp_path), size=2)
    assert refused.value.code == "NO_PLACE"


def test_a_cursor_of_another_kind_of_source_begins_anew(
    answering: DistrictProcess, tmp_path: Path
) -> None:
    """A district that moves from files to HTTP is read from its start."""
    answering.put("residents", *made_up(2))
    found = read(connector_to(answering, tmp_path), cursor={"sha256": "0" * 64, "row": 2})
    assert len(found.rows) == 2
