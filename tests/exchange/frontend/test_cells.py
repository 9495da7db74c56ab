"""What stands in the district's columns arrives as the text that a person would write."""

import json
from datetime import UTC, date, datetime, time, timedelta, timezone
from decimal import Decimal
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.sync.connectors.frontend import dialect_of
from app.sync.connectors.frontend.cells import micros, spell
from app.sync.connectors.frontend.dialect import Query
from app.sync.connectors.frontend.laying import Layout, lay
from app.sync.connectors.frontend.session import session
from app.sync.connectors.frontend.settings import read_settings
from app.sync.connectors.protocol import SourceRefused
from tests.exchange.frontend.residents import Residents, Taken, config_of, reader
from tests.exchange.frontend.servers import Server, database

WALL = timedelta(hours=8)
NAMES = Layout(("sid", "name"), stamped=False, utc_offset=WALL, midnight_is_day=False)

KINDS = {
    "postgresql": (
        "d date, m timestamp, z timestamptz, n numeric(12,2), f double precision, t boolean,"
        " j jsonb, u uuid, c char(5), e varchar(9), h time, o date"
    ),
    "mysql": (
        "d date, m datetime, z timestamp(6) NULL, n decimal(12,2), f double, t bit(1),"
        " j json, u char(36), c char(5), e varchar(9), h time, o date"
    ),
}


def test_each_kind_of_column_arrives_as_plain_text(server: Server) -> None:
    """Days, moments, money, truths, documents: one spelling whichever the database."""
    server.do(
        f"CREATE TABLE t_rkxx (ryid varchar(9), bb bigint, gxsj {server.moment},"
        f" {KINDS[server.kind]})"
    )
    with server.writer() as connection:
        cursor = connection.cursor()
        postgresql = server.kind == "postgresql"
        cursor.execute("SET TIME ZONE 'UTC'" if postgresql else "SET time_zone = '+00:00'")
        truth = "true" if postgresql else "1"
        cursor.execute(
            "INSERT INTO t_rkxx VALUES ('A', 1, '2026-01-01 00:00:00', '1990-02-03',"
            f" '2026-01-01 10:00:00', '2026-01-01 02:00:00', 12.50, 0.000001, {truth},"
            " '{\"a\": 1}', '5f0c1e4e-1111-4222-8333-444455556666', 'ab', '', '08:30:00', NULL)"
        )
        connection.commit()
    columns = {"sid": "ryid", "ver": "bb"} | {name: name for name in "dmznftjuceho"}
    taken = Taken()
    taken.read(reader(server, columns=columns))
    (row,) = taken.rows
    assert row["z"].startswith("2026-01-01T10:00:00"), "an instant, told by the wall's clock"
    assert row.pop("z").removeprefix("2026-01-01T10:00:00") in ("", "+08:00")
    assert row.pop("c").rstrip() == "ab"
    assert row == {
        "sid": "A",
        "ver": "1",
        "d": "1990-02-03",
        "m": "2026-01-01T10:00:00",
        "n": "12.50",
        "f": "0.000001",
        "t": "1",
        "j": '{"a": 1}',
        "u": "5f0c1e4e-1111-4222-8333-444455556666",
        "e": "",
        "h": "08:30:00",
        "o": None,
    }


def test_a_picture_in_a_column_makes_its_row_unreadable_and_no_other(server: Server) -> None:
    """Bytes are no text: the row is told by its key, the others are read."""
    kind = "bytea" if server.kind == "postgresql" else "blob"
    server.do(
        f"CREATE TABLE t_rkxx (ryid varchar(9), bb bigint, xm {kind}, gxsj {server.moment})",
        "INSERT INTO t_rkxx VALUES ('A', 1, 'abc', '2026-01-01 00:00:00')",
        "INSERT INTO t_rkxx VALUES ('B', 1, NULL, '2026-01-01 00:00:00')",
    )
    taken = Taken()
    assert taken.read(reader(server)) == ["B"]
    (bad,) = taken.unreadable
    assert (bad.code, bad.sid) == ("BINARY_CELL", "A")
    assert "abc" not in bad.raw


@pytest.mark.parametrize("charset", ["gb18030", "gbk"])
def test_names_in_a_chinese_character_set_arrive_whole(charset: str) -> None:
    """A table in GB18030 or GBK is read like any other, rare characters and all."""
    name = "䶮𠮷·买买提" if charset == "gb18030" else "张三丰"
    with database("mysql") as server:
        with server.writer() as connection:
            cursor = connection.cursor()
            cursor.execute("SHOW CHARACTER SET LIKE %s", [charset])
            if not cursor.fetchall():
                pytest.skip(f"this server has no {charset}")
        residents = Residents(server)
        residents.make()
        server.do(f"ALTER TABLE t_rkxx CONVERT TO CHARACTER SET {charset}")
        residents.put("A", name=name)
        taken = Taken()
        taken.read(residents.reader())
        assert taken.rows[0]["name"] == name
        assert sum(count for count, _ in residents.reader().digest("residents").values()) == 1


def test_bytes_that_are_no_text_spoil_only_their_row() -> None:
    """A database that never checked its texts: who is spelled in GBK is told, the rest is read."""
    with database(
        "postgresql", "ENCODING 'SQL_ASCII' LC_COLLATE 'C' LC_CTYPE 'C' TEMPLATE template0"
    ) as server:
        residents = Residents(server)
        residents.make()
        with server.writer() as connection:
            connection.execute("SET client_encoding = 'SQL_ASCII'")
            for sid, name in (("A", "张三".encode()), ("B", "张三".encode("gbk"))):
                connection.execute(
                    b"INSERT INTO t_rkxx VALUES ('%s', 1, '%s', '2026-01-01 00:00:00', '0')"
                    % (sid.encode(), name)
                )
            connection.commit()
        taken = Taken()
        assert taken.read(residents.reader()) == ["A"]
        assert taken.rows[0]["name"] == "张三"
        assert [(bad.code, bad.sid) for bad in taken.unreadable] == [("BAD_BYTES", "B")]
        server.do("UPDATE t_rkxx SET ryid = xm WHERE ryid = 'B'")
        with pytest.raises(SourceRefused, match="BAD_BYTES: a key"):
            Taken().read(residents.reader())


def test_a_page_read_again_for_its_bad_bytes_has_the_same_text() -> None:
    """A driver that stumbles over a text is asked once more, and loses none of the others."""
    with database("mysql") as server:
        residents = Residents(server)
        residents.make()
        residents.put("A", name="䶮𠮷")
        config = config_of(server)
        settings, _ = read_settings(config, dialect_of(config.kind))
        with session(settings) as held:
            held.connection.encoding = "ascii"  # so that the first try fails
            query = Query(held.dialect)
            query.words = "SELECT ryid, xm FROM t_rkxx"
            assert [tuple(row) for row in held.rows(query)] == [("A", "䶮𠮷")]


def test_the_zero_date_of_mysql_is_no_date() -> None:
    """0000-00-00 is how such a table says that nobody knows."""
    with database("mysql") as server:
        with server.writer() as connection:
            cursor = connection.cursor()
            cursor.execute("SET sql_mode = ''")
            cursor.execute("CREATE TABLE t_rkxx (ryid varchar(9), bb int, xm date, gxsj datetime)")
            cursor.execute("INSERT INTO t_rkxx VALUES ('A', 1, '0000-00-00', '2026-01-01')")
            connection.commit()
        taken = Taken()
        taken.read(reader(server))
        assert taken.rows == [{"sid": "A", "ver": "1", "name": None}]


def test_the_infinite_date_of_postgresql_stays_a_word() -> None:
    """What no calendar holds is read as it is said and judged like any text."""
    with database("postgresql") as server:
        server.do(
            "CREATE TABLE t_rkxx (ryid text, bb int, xm timestamp, gxsj timestamp)",
            "INSERT INTO t_rkxx VALUES ('A', 1, 'infinity', '2026-01-01')",
        )
        taken = Taken()
        taken.read(reader(server))
        assert taken.rows[0]["name"] == "infinity"


@given(st.text(), st.text(alphabet=st.characters(codec="utf-8")))
def test_a_row_is_either_laid_or_told(sid: str, name: str) -> None:
    """No text breaks the page: it stands in its column, or its row is told as unreadable."""
    found = lay(NAMES, [(sid, name, 0, None), ("Z", "", 0, None)])
    assert found.table.num_rows + len(found.unreadable) == 2
    assert found.table.column("sid").to_pylist()[-1] == "Z"


@given(st.datetimes(timezones=st.just(UTC)))
def test_a_moment_has_one_version_however_it_is_told(moment: datetime) -> None:
    """With an offset, or as the wall shows it: the same microsecond, exactly."""
    try:
        wall = moment.astimezone(timezone(WALL)).replace(tzinfo=None)
    except OverflowError:
        return
    epoch = datetime(1970, 1, 1, tzinfo=UTC)
    assert micros(wall, WALL) == micros(moment, WALL)
    assert epoch + timedelta(microseconds=micros(wall, WALL)) == moment


@pytest.mark.parametrize(
    ("value", "words"),
    [
        (True, "1"),
        (False, "0"),
        (Decimal("1E+3"), "1000"),
        (1e-7, "0.0000001"),
        (date(2026, 1, 2), "2026-01-02"),
        (time(8, 30), "08:30:00"),
        (timedelta(hours=-1, minutes=-30), "-01:30:00"),
        (UUID(int=1), "00000000-0000-0000-0000-000000000001"),
        ("", ""),
        (None, None),
    ],
)
def test_values_are_spelled_plainly(value: Any, words: str | None) -> None:
    """No exponent, no quotes, no Python."""
    assert spell(value) == words


def test_an_oracle_date_at_midnight_is_a_day() -> None:
    """Its DATE always has a time; a birthday must not get one."""
    layout = Layout(("sid", "born"), stamped=False, utc_offset=WALL, midnight_is_day=True)
    rows = [
        ("A", datetime.fromisoformat("1990-02-03"), 0, None),
        ("B", datetime.fromisoformat("1990-02-03 04:00"), 0, None),
    ]
    assert lay(layout, rows).table.column("born").to_pylist() == [
        "1990-02-03",
        "1990-02-03T04:00:00",
    ]


def test_a_cell_that_is_too_large_never_comes_to_us_and_costs_its_row_alone(
    server: Server, residents: Residents
) -> None:
    """What a person typed into a free field by the gigabyte stays over there, named by its key."""
    wider = {"mysql": "MODIFY xm longtext", "postgresql": "ALTER xm TYPE text"}[server.kind]
    server.do(f"ALTER TABLE t_rkxx {wider}")
    residents.put("R1")
    residents.put("R2", name="x" * (3 << 20))
    residents.put("R3")
    taken = Taken()
    assert taken.read(residents.reader()) == ["R1", "R3"]
    (large,) = taken.unreadable
    assert (large.code, large.sid) == ("CELL_TOO_LARGE", "R2")
    assert len(large.raw) < 21_000
    assert isinstance(json.loads(large.raw), list), "what is left of it is no record"
    residents.put("R2", ver=2)
    residents.pass_time(timedelta(hours=1))
    assert "R2" in taken.read(residents.reader())
