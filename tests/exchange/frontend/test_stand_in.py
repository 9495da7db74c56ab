"""The made-up district fills front-end tables as real ones do, and we read them back."""

from datetime import datetime, timedelta, timezone
from pathlib import Path

from app.sync.connectors.config import SourceConfig, read_config
from app.sync.connectors.frontend import configured
from sample.district.frontend import TABLES, Change, FrontEndTables, settings
from sample.streams import COLUMNS
from tests.exchange.frontend.residents import Taken, toml
from tests.exchange.frontend.servers import Server

NOON = datetime(2026, 11, 23, 12, 0, tzinfo=timezone(timedelta(hours=8)))
MICROS = int(NOON.timestamp()) * 1_000_000
FIELDS = ("name", "phone")


def _config(server: Server, folder: Path) -> SourceConfig:
    content = {
        "source": "district",
        "kind": server.kind,
        "database": {"url_env": "DB"},
        "streams": {"residents": settings("residents", FIELDS)},
    }
    path = folder / "district.toml"
    path.write_text(toml(content), "utf-8")
    return read_config(path, {"DB": server.url})


def test_what_the_district_fills_in_is_what_we_read(server: Server, tmp_path: Path) -> None:
    """Its records, changes and deletions arrive with the versions and fields they were given."""
    tables = FrontEndTables(server.url)
    try:
        tables.make("residents", FIELDS)
        person = {"name": "张三", "phone": "13800000000"}
        tables.fill(
            Change("residents", f"R{n}", 1, "U", person, MICROS - n) for n in range(1, 1203)
        )
        tables.fill([Change("residents", "R1", 2, "U", {**person, "name": "李四"}, MICROS)])
        tables.fill([Change("residents", "R2", 2, "D", {}, MICROS + 1)])
    finally:
        tables.close()
    taken, source = Taken(), configured(_config(server, tmp_path))
    taken.read(source, size=500)
    found = {row["sid"]: row for row in taken.rows}
    assert len(found) == 1202
    assert found["R1"] == {
        "sid": "R1",
        "ver": "2",
        "name": "李四",
        "phone": "13800000000",
        "op": "U",
    }
    assert (found["R2"]["op"], found["R2"]["ver"]) == ("D", "2")
    assert taken.cursor["changed"] == "2026-11-23T12:00:00.000001"


def test_every_stream_of_the_sample_has_a_table_of_distinct_columns() -> None:
    """No two fields of a stream share an abbreviation."""
    assert TABLES.keys() == COLUMNS.keys()
    for stream, columns in COLUMNS.items():
        theirs = settings(stream, columns[2:])["columns"]
        assert len(set(theirs.values()) | {"GXSJ", "SCBZ"}) == len(theirs) + 2
