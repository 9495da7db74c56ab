"""From the district's tables into ours: read, followed, compared and mended."""

import json
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest

from app.database import transaction
from app.privacy import vault
from app.sync.connectors.frontend.connector import FrontEnd
from app.sync.inward.books import read_afresh
from app.sync.inward.engine import Outcome, run_source
from app.sync.reconcile.findings import Findings, Verdict
from app.sync.reconcile.reconciling import reconcile
from tests.exchange.drops import SOURCE, District, drifts, keys_of, mirrored, one, quiet, tally
from tests.exchange.frontend.households import Households
from tests.exchange.frontend.servers import Server, rows_of
from tests.exchange.inward.homes import give_addresses

MANY = 120
"""So many that a reading of a few of them would look like a loss."""

HOUR = timedelta(hours=1)
WHOLE = "SELECT complete FROM sync_run WHERE source = 'try-out' ORDER BY id DESC LIMIT 1"


@pytest.fixture
def table(district: District, server: Server) -> Iterator[Households]:
    """Return the district's table of many households, whose address is known here."""
    give_addresses(district)
    found = Households(server)
    found.make()
    found.put(*range(1, MANY + 1))
    found.pass_time(HOUR)
    yield found
    district.forget()


@pytest.fixture
def source(district: District, table: Households) -> FrontEnd:
    """Return a connector to it, by which all of it was read."""
    found = table.reader()
    outcome = read_on(district, found)
    assert (outcome.status, tally(outcome.counts)) == ("done", {"in": MANY, "inserted": MANY})
    table.pass_time(HOUR)
    return found


def read_on(district: District, source: FrontEnd) -> Outcome:
    (outcome,) = run_source(source, district.streams, quiet, 50)
    return outcome


def compared(district: District, source: FrontEnd, repair: bool = False) -> Findings:
    (found,) = reconcile(source, district.streams, repair, quiet).streams
    return found


def live() -> dict[str, tuple[int, str]]:
    rows = mirrored("households", "sid, ver, tenure, deleted_at")
    return {row.sid: (row.ver, row.tenure) for row in rows if row.deleted_at is None}


def test_all_of_a_table_comes_into_mirror_and_product(source: FrontEnd) -> None:
    assert one(WHOLE) is True
    assert live() == {f"TRY-H{n}": (1, "owner") for n in range(1, MANY + 1)}
    assert len(keys_of("household")) == MANY


def test_a_quiet_night_reads_nothing_seals_nothing_and_finds_nothing_odd(
    district: District, table: Households, source: FrontEnd, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A table that is followed is not gone through again for being complete once."""

    def sealed(*_: object) -> None:
        raise AssertionError("something was sealed")

    monkeypatch.setattr(type(vault), "seal_many", sealed)
    read_on(district, source)  # what was young at the first reading is read a second time
    sizes = []
    for _ in range(3):
        table.pass_time(HOUR)
        outcome = read_on(district, source)
        assert outcome.status == "done"
        sizes.append(outcome.counts.get("in", 0))
    assert sizes == [0, 0, 0]
    assert one(WHOLE) is False
    assert drifts() == {}
    assert len(live()) == MANY


def test_changes_marks_and_newcomers_are_followed(
    district: District, table: Households, source: FrontEnd
) -> None:
    read_on(district, source)
    table.put(1, ver=2, tenure="tenant")
    table.put(MANY + 1)
    table.mark_gone(2, ver=2)
    table.pass_time(HOUR)
    outcome = read_on(district, source)
    assert tally(outcome.counts) == {"in": 3, "inserted": 1, "updated": 1, "deleted": 1}
    found = live()
    assert found["TRY-H1"] == (2, "tenant")
    assert found.keys() == {f"TRY-H{n}" for n in range(1, MANY + 2)} - {"TRY-H2"}
    assert "TRY-H2" not in keys_of("household")
    assert drifts() == {}


def test_who_is_missing_from_a_table_that_is_read_from_its_start_is_gone(
    district: District, table: Households, source: FrontEnd
) -> None:
    """A table that says it holds everybody says so of who is not in it, if it is read whole."""
    table.remove(3)
    read_on(district, source)
    assert "TRY-H3" in live()
    with transaction():
        assert read_afresh(SOURCE, "households")
    outcome = read_on(district, source)
    assert tally(outcome.counts) == {"in": MANY - 1, "same": MANY - 1}
    assert live().keys() == {f"TRY-H{n}" for n in range(1, MANY + 1)} - {"TRY-H3"}


def test_more_than_fifty_missing_wait_for_somebodys_word(
    district: District, table: Households, source: FrontEnd
) -> None:
    for serial in range(1, 61):
        table.remove(serial)
    with transaction():
        read_afresh(SOURCE, "households")
    assert read_on(district, source).status == "held"
    assert len(live()) == MANY


def test_what_no_reading_would_bring_is_counted_and_mended(
    district: District, table: Households, source: FrontEnd
) -> None:
    """One deleted without a mark, one written with an old time, one changed without one."""
    read_on(district, source)
    table.remove(4)
    later, table.now = table.now, table.now - 5 * HOUR
    table.put(MANY + 1)
    table.put(5, ver=2, tenure="tenant")
    table.now = later
    read_on(district, source)
    assert (len(live()), live()["TRY-H5"]) == (MANY, (1, "owner"))
    found = compared(district, source)
    assert (found.verdict, found.there, found.here) == (Verdict.DIFFERENT, MANY, MANY)
    assert (found.missing, found.extra, found.differing) == (1, 1, 1)
    assert compared(district, source, repair=True).verdict is Verdict.EQUAL
    assert live().keys() == {f"TRY-H{n}" for n in range(1, MANY + 2)} - {"TRY-H4"}
    assert live()["TRY-H5"] == (2, "tenant")


def test_a_page_whose_acknowledgement_was_lost_is_acknowledged_by_the_next_reading(
    district: District, table: Households, server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Killed between commit and word: the district hears of it although nothing new came."""
    source, told = table.reader(ack_table="t_ack"), "SELECT place FROM t_ack"
    with monkeypatch.context() as killed:
        heard = iter((False, False, True))

        def acknowledge(self: FrontEnd, *about: Any) -> None:
            if next(heard):
                raise KeyboardInterrupt
            whole_way(self, *about)

        whole_way = FrontEnd.acknowledge
        killed.setattr(FrontEnd, "acknowledge", acknowledge)
        with pytest.raises(KeyboardInterrupt):
            read_on(district, source)
    assert (len(live()), len(rows_of(server, told))) == (MANY, 2)
    read_on(district, source)
    places = [json.loads(place) for (place,) in rows_of(server, told)]
    at = one(
        "SELECT cursor->'at' FROM sync_checkpoint"
        " WHERE source = 'try-out' AND stream = 'households'"
    )
    assert at in places
    quiet_nights = len(places)
    read_on(district, source)
    assert len(rows_of(server, told)) == quiet_nights, "once is enough"


def test_each_page_is_acknowledged_once_it_is_committed(
    district: District, table: Households, server: Server
) -> None:
    """The district sees how far we are in a table of ours, and nothing of its own is touched."""
    before = rows_of(server, "SELECT * FROM t_h ORDER BY hid")
    read_on(district, table.reader(ack_table="t_ack"))
    told = rows_of(server, "SELECT stream, place FROM t_ack")
    assert [stream for stream, _ in told] == ["households"] * 3
    cursor = one(
        "SELECT cursor->'at' FROM sync_checkpoint WHERE stream = 'households'"
        " AND source = 'try-out'"
    )
    assert all(str(cursor["changed"])[:10] in place for _, place in told)
    assert rows_of(server, "SELECT * FROM t_h ORDER BY hid") == before


def test_a_clock_that_went_back_costs_nobody_and_the_next_good_reading_brings_all(
    district: District, table: Households, source: FrontEnd
) -> None:
    before = live()
    table.put(1, ver=2, tenure="tenant")
    table.pass_time(-5 * HOUR)
    outcome = read_on(district, source)
    assert (outcome.status, str(outcome.message)[:16]) == ("refused", "CURSOR_BACKWARDS")
    assert live() == before
    table.pass_time(6 * HOUR)
    assert read_on(district, source).status == "done"
    assert live() == before | {"TRY-H1": (2, "tenant")}
