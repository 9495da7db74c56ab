"""The district can say what it has without sending it, and we reckon the same."""

import hashlib
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from app.sync.connectors.frontend import counting, dialect_of
from app.sync.connectors.frontend.connector import FrontEnd
from app.sync.connectors.frontend.settings import read_settings
from app.sync.connectors.protocol import Countable
from tests.exchange.frontend.clocked import NOON
from tests.exchange.frontend.residents import Residents, Taken, config_of, rows_in
from tests.exchange.frontend.servers import Server

MANY = 2500  # more than one part of a stream of keys
BY_CHANGE = {"sid": "ryid", "ver": "@changed", "name": "xm"}
DELETED: dict[str, Any] = {"deleted": "scbz", "deleted_is": "1"}


def _bucket(sid: str) -> int:
    return int(hashlib.md5(sid.encode()).hexdigest()[:3], 16)


def _reckon(pairs: list[tuple[str, int]]) -> dict[int, tuple[int, int]]:
    found: dict[int, tuple[int, int]] = {}
    for sid, ver in pairs:
        count, total = found.get(_bucket(sid), (0, 0))
        weight = int(hashlib.md5(f"{sid}:{ver}".encode()).hexdigest()[:15], 16)
        found[_bucket(sid)] = (count + 1, total + weight)
    return found


@pytest.fixture
def many(residents: Residents) -> Residents:
    """Return a table with a few thousand residents, one marked as deleted."""
    with residents.server.writer() as connection:
        connection.cursor().executemany(
            "INSERT INTO t_rkxx VALUES (%s, %s, '张三', %s, %s)",
            [
                (f"R{n}", n % 7 + 1, NOON - timedelta(microseconds=n), "1" if n == 3 else None)
                for n in range(MANY)
            ],
        )
        connection.commit()
    return residents


@pytest.mark.parametrize("columns", [{"sid": "ryid", "ver": "bb"}, BY_CHANGE])
def test_both_sides_reckon_the_same_sums(many: Residents, columns: dict[str, str]) -> None:
    """Counts and sums of the source are those of the records that reading brings."""
    source, taken = many.reader(columns=columns, **DELETED), Taken()
    taken.read(source, size=1000)
    live = [(row["sid"], int(row["ver"])) for row in taken.rows if row["op"] == "U"]
    assert len(live) == MANY - 1
    assert source.digest("residents") == _reckon(live)
    assert isinstance(source, Countable)


def test_keys_of_some_buckets_come_with_their_versions(many: Residents) -> None:
    """Asked for a few buckets, the source names who is in them and nobody else."""
    wanted = {_bucket(f"R{n}") for n in range(10)}
    parts = list(many.reader(**DELETED).keys("residents", wanted))
    expected = {(f"R{n}", n % 7 + 1) for n in range(MANY) if n != 3 and _bucket(f"R{n}") in wanted}
    assert {pair for part in parts for pair in part} == expected
    assert list(many.reader().keys("residents", set())) == []


def test_all_keys_come_in_parts(many: Residents) -> None:
    """Two million keys do not come in one piece."""
    parts = list(many.reader(**DELETED).keys("residents", range(4096)))
    assert len(parts) > 1
    assert sum(map(len, parts)) == MANY - 1


def test_records_asked_for_by_key_come_as_they_are_now(many: Residents) -> None:
    """More keys than fit one query; who is gone, or marked as gone, is left out."""
    asked = [f"R{n}" for n in range(1200)] + ["NOBODY", "R'; --"]
    rows = rows_in(many.reader(**DELETED).fetch("residents", asked))
    assert {row["sid"] for row in rows} == {f"R{n}" for n in range(1200) if n != 3}
    assert list(many.reader().fetch("residents", [])) == []


def test_a_database_without_md5_is_reckoned_here(many: Residents) -> None:
    """Where SQL cannot do it the keys are streamed; the sums and the keys are the same."""
    config = config_of(many.server, **DELETED)
    database, streams = read_settings(config, dialect_of(config.kind))
    plain = replace(database, dialect=replace(database.dialect, bucket=None, weight=None))
    table, wanted = streams["residents"], {1, 2, 3}
    source = FrontEnd("district", database, streams)
    assert counting.digest(plain, table) == source.digest("residents")
    ours = {pair for part in counting.keys(plain, table, wanted) for pair in part}
    assert ours == {pair for part in source.keys("residents", wanted) for pair in part}


def test_records_of_numbered_keys_are_found(server: Server) -> None:
    """Keys travel as text; a column of numbers finds them, and texts that are none find nobody."""
    residents = Residents(server)
    residents.make(key="bigint")
    server.do("INSERT INTO t_rkxx VALUES (7, 1, '张三', '2026-01-01 00:00:00', '0')")
    assert [row["sid"] for row in rows_in(residents.reader().fetch("residents", ["7", "x"]))] == [
        "7"
    ]
    assert residents.reader().digest("residents") == _reckon([("7", 1)])
