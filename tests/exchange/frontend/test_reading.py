"""Every resident of the table is read, in pages of any size, interrupted anywhere."""

from datetime import timedelta

import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as effort
from hypothesis import strategies as st

from app.sync.connectors.protocol import SourceRefused
from tests.exchange.frontend.clocked import NOON
from tests.exchange.frontend.residents import Residents, Taken, config_of, reader
from tests.exchange.frontend.servers import Server

MINUTE = timedelta(minutes=1)
LONG_AGO = NOON - timedelta(days=30)
STAMPS = st.one_of(st.none(), st.integers(0, 4))  # few moments, so that many rows share one


@effort(max_examples=12, deadline=None, suppress_health_check=[*HealthCheck])
@given(st.lists(STAMPS, max_size=12), st.integers(1, 5), st.lists(st.integers(1, 3), max_size=4))
def test_a_reading_stopped_anywhere_goes_on_to_the_last_resident(
    residents: Residents, stamps: list[int | None], size: int, stops: list[int]
) -> None:
    """Rows of one moment, rows without one, pages of one row, workers that die: all are read."""
    residents.server.do("DELETE FROM t_rkxx")
    source, taken = residents.reader(), Taken()
    for place, stamp in enumerate(stamps):
        when = LONG_AGO + timedelta(seconds=stamp or 0)
        residents.put(f"R{place:02}", changed=when)
        if stamp is None:
            residents.server.do(f"UPDATE t_rkxx SET gxsj = NULL WHERE ryid = 'R{place:02}'")
    for most in stops:
        taken.read(source, size, most)
    taken.read(source, size)
    assert set(taken.latest()) == {f"R{place:02}" for place in range(len(stamps))}
    assert len(taken.rows) == len(stamps), "old rows are read once, wherever the reading stopped"


def test_the_first_reading_takes_who_was_entered_a_minute_ago(residents: Residents) -> None:
    """A complete reading must hold everybody who lives there: absence means removal."""
    residents.put("OLD", changed=LONG_AGO)
    residents.put("YOUNG")
    source, taken = residents.reader(complete=True), Taken()
    assert taken.read(source) == ["OLD", "YOUNG"]
    assert source.offers()[0].complete
    residents.pass_time(20 * MINUTE)
    assert taken.read(source) == ["YOUNG"], "who was young is read once more"
    assert taken.read(source) == []


def test_a_resident_who_is_changed_while_we_read_is_not_skipped(residents: Residents) -> None:
    """A row that moves to the end of the order is met there."""
    for place in range(6):
        residents.put(f"R{place}", changed=LONG_AGO + place * MINUTE)
    source, taken = residents.reader(), Taken()
    pages = source.pages("residents", {}, 2)
    taken.take(next(pages))
    residents.put("R4", ver=2, name="王五")
    for page in pages:
        taken.take(page)
    assert taken.latest() == {f"R{n}": "2" if n == 4 else "1" for n in range(6)}


def test_who_is_marked_as_deleted_comes_as_a_deletion(residents: Residents) -> None:
    """The mark that the settings name makes it a D; another mark, and none, do not."""
    for sid in ("A", "B", "C"):
        residents.put(sid, changed=LONG_AGO)
    residents.server.do(
        "UPDATE t_rkxx SET scbz = '1' WHERE ryid = 'B'",
        "UPDATE t_rkxx SET scbz = '0' WHERE ryid = 'C'",
    )
    taken = Taken()
    taken.read(residents.reader(deleted="scbz", deleted_is="1"))
    assert {row["sid"]: row["op"] for row in taken.rows} == {"A": "U", "B": "D", "C": "U"}
    assert all("scbz" not in row for row in taken.rows), "columns not named are not read"


def test_without_a_version_the_moment_of_change_is_one(residents: Residents) -> None:
    """Microseconds since 1970, of a wall clock in Shanghai: 12:00 there is 04:00 in Greenwich."""
    residents.put("A", changed=NOON + timedelta(microseconds=5))
    taken = Taken()
    taken.read(residents.reader(columns={"sid": "ryid", "ver": "@changed", "name": "xm"}))
    assert taken.rows == [{"sid": "A", "name": "张三", "ver": "1795406400000005"}]


def test_keys_that_are_numbers_are_read_in_order(server: Server) -> None:
    """A serial number as key: 10 comes after 9, and comes at all."""
    residents = Residents(server)
    residents.make(key="bigint")
    for sid in range(1, 13):
        residents.server.do(
            f"INSERT INTO t_rkxx VALUES ({sid}, 1, '张三', '2026-01-01 00:00:00', '0')"
        )
    taken = Taken()
    assert taken.read(residents.reader(), size=2) == [str(sid) for sid in range(1, 13)]


def test_a_clock_that_went_back_stops_the_reading(residents: Residents) -> None:
    """What was read up to noon is not taken for new when the source believes it is morning."""
    residents.put("A", changed=LONG_AGO)
    residents.put("B", changed=NOON - 11 * MINUTE)
    source, taken = residents.reader(), Taken()
    taken.read(source)
    residents.pass_time(timedelta(hours=-3))
    with pytest.raises(SourceRefused, match="CURSOR_BACKWARDS"):
        taken.read(source)


def test_numbers_that_went_back_stop_the_reading(server: Server) -> None:
    """A table put back to last month's state counts up again through numbers we have seen."""
    residents, taken = Residents(server), Taken()
    residents.make(changed="bigint")
    source = reader(server, changed_kind="sequence", overlap_rows=5)
    residents.put("A", changed=100)
    taken.read(source)
    server.do("UPDATE t_rkxx SET gxsj = 96")
    taken.read(source)
    server.do("UPDATE t_rkxx SET gxsj = 94")
    with pytest.raises(SourceRefused, match="CURSOR_BACKWARDS"):
        taken.read(source)


@pytest.mark.parametrize("cursor", [{"row": 5}, {"changed": 7, "sid": "A"}, {"changed": "noon"}])
def test_a_cursor_of_other_settings_is_refused(
    residents: Residents, cursor: dict[str, object]
) -> None:
    """Settings that changed under way are told; nothing is read from a place that means nothing."""
    with pytest.raises(SourceRefused, match="CURSOR_FOREIGN"):
        next(residents.reader().pages("residents", cursor, 10))


@pytest.mark.parametrize("kind", ["date", "varchar(30)"])
def test_a_change_without_its_time_is_refused(server: Server, kind: str) -> None:
    """A day is too coarse to read by and a text has no order that we could trust."""
    residents = Residents(server)
    residents.make(changed=kind)
    residents.put("A", changed="2026-01-01")
    with pytest.raises(SourceRefused, match="CHANGED_NOT_A_TIME"):
        Taken().read(residents.reader())


def test_our_acknowledgement_is_a_row_of_our_own(residents: Residents) -> None:
    """The district sees how far we are in the table it gave us; its own rows stay as they are."""
    residents.server.do("CREATE TABLE linli_ack (stream varchar(40), place varchar(400))")
    residents.put("A", changed=LONG_AGO)
    source, taken = residents.reader(ack_table="linli_ack"), Taken()
    assert source.offers()[0].told
    taken.read(source)
    source.acknowledge("residents", taken.cursor)
    with residents.server.writer() as connection:
        cursor = connection.cursor()
        cursor.execute("SELECT stream, place FROM linli_ack")
        assert [tuple(row) for row in cursor.fetchall()] == [
            ("residents", '{"changed":"2026-10-24T12:00:00","sid":"A"}')
        ]
        cursor.execute("SELECT count(*) FROM t_rkxx")
        assert cursor.fetchone()[0] == 1


def test_what_we_are_told_not_to_acknowledge_we_do_not(residents: Residents) -> None:
    """Without ack_table the source is not written to: an account that only reads will do."""
    config = config_of(residents.server)
    assert "ack_table" not in config.streams["residents"].values
    source = residents.reader()
    assert not source.offers()[0].told
    source.acknowledge("residents", {"changed": None, "sid": "A"})
