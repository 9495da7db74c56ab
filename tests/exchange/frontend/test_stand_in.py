"""The made-up district fills front-end tables as real ones do, and we read them back."""

import json
import subprocess
import sys
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta, timezone
from pathlib import Path
from typing import Any

from app.settings.section import Section
from app.sync.connectors.config import SourceConfig, read_config
from app.sync.connectors.frontend import configured
from app.sync.outward.files import FileDropOut
from app.sync.outward.frontend import configured as outward
from sample.district.abbreviations import TABLES, settings
from sample.district.books import Books
from sample.district.faults import Faults
from sample.district.frontend import Change, FrontEndTables
from sample.district.records import Records
from sample.streams import COLUMNS
from tests.exchange.district_process import ROOT
from tests.exchange.frontend.residents import Taken, rows_in, toml
from tests.exchange.frontend.servers import Server, rows_of

NOON = datetime(2026, 11, 23, 12, 0, tzinfo=timezone(timedelta(hours=8)))
MICROS = int(NOON.timestamp()) * 1_000_000
FIELDS = ("name", "phone")


def _config(server: Server, folder: Path, streams: Mapping[str, Sequence[str]]) -> SourceConfig:
    content = {
        "source": "district",
        "kind": server.kind,
        "database": {"url_env": "DB"},
        "streams": {stream: settings(stream, fields) for stream, fields in streams.items()},
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
    taken, source = Taken(), configured(_config(server, tmp_path, {"residents": FIELDS}))
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


def tell(books: Path, command: str, *words: str) -> str:
    """Have the district do something, as a process of its own."""
    return subprocess.run(
        [sys.executable, "-m", "sample.district", command, "--data", str(books), *words],
        cwd=ROOT,
        check=True,
        capture_output=True,
        text=True,
    ).stdout


def test_the_tables_follow_the_books(server: Server, tmp_path: Path) -> None:
    """Tables show what feed and files show; also what is gone, and what came with an old time."""
    books = tmp_path / "books"
    records = Records(Books(books))
    shape = {"type": "Polygon", "coordinates": [[[124.3, 40.0], [124.4, 40.0], [124.3, 40.1]]]}
    records.put("residents", [{"sid": f"R{n}", "name": f"试行{n}"} for n in range(1, 6)])
    records.put("polygons", [{"sid": "P1", "code": "G1", "polygon": shape}])
    assert tell(books, "fill", server.url) == "6 records stand in the tables\n"
    told = {each: COLUMNS[each][2:] for each in ("residents", "polygons")}
    source = configured(_config(server, tmp_path, told))

    def shown(stream: str) -> dict[str, dict[str, Any]]:
        return {row["sid"]: row for row in rows_in(source.pages(stream, {}, 1000))}

    assert {sid: row["name"] for sid, row in shown("residents").items()} == {
        f"R{n}": f"试行{n}" for n in range(1, 6)
    }
    assert json.loads(shown("polygons")["P1"]["polygon"]) == shape
    records.delete("residents", "R1")
    Faults(Books(books)).misbehave("late-commit", seconds=300)
    records.put("residents", [{"sid": "R2", "name": "迟到"}])
    tell(books, "fill", server.url)
    residents = shown("residents")
    assert (residents["R1"]["op"], residents["R1"]["ver"]) == ("D", "2")
    assert (residents["R2"]["name"], residents["R2"]["ver"]) == ("迟到", "2")


def outcome(seq: int) -> tuple[str, bytes]:
    """Return the key and the envelope of an outcome."""
    key = f"service_request-R1-{seq}"
    return key, json.dumps({"key": key, "kind": "request.settled", "seq": seq}).encode()


def test_outcomes_are_taken_from_the_table(server: Server, tmp_path: Path) -> None:
    """Each once, in order, and away from there when it is in the books."""
    books = tmp_path / "books"
    tell(books, "fill", server.url)
    columns = {"key": "WYBS", "envelope": "NR", "kind": "LX"}
    said = {"kind": server.kind, "url_env": "OUT", "table": "T_BJJG", "columns": columns}
    out = outward(Section("out", said, {"OUT": server.url}))
    for seq in (1, 2, 1):
        out.send(*outcome(seq))
    assert tell(books, "collect", server.url) == "2 outcomes taken\n"
    out.send(*outcome(2))
    assert tell(books, "collect", server.url) == "1 outcomes taken\n"
    lines = [json.loads(line) for line in tell(books, "received").splitlines()]
    assert [(key, times) for key, times, _ in lines] == [(outcome(1)[0], 1), (outcome(2)[0], 2)]
    quote = '"' if server.kind == "postgresql" else "`"
    assert rows_of(server, f"SELECT * FROM {quote}T_BJJG{quote}") == []


def test_outcomes_are_taken_from_a_folder(tmp_path: Path) -> None:
    """Those that are marked as whole; the others stay until they are."""
    books, folder = tmp_path / "books", tmp_path / "out"
    out = FileDropOut(folder)
    for seq in (1, 2):
        out.send(*outcome(seq))
    (folder / f"{outcome(2)[0]}.ok").unlink()
    assert tell(books, "collect", str(folder)) == "1 outcomes taken\n"
    assert [each.name for each in folder.glob("*.*") if each.is_file()] == [f"{outcome(2)[0]}.json"]
    (line,) = tell(books, "received").splitlines()
    assert json.loads(line)[0] == outcome(1)[0]


def test_every_stream_of_the_sample_has_a_table_of_distinct_columns() -> None:
    """No two fields of a stream share an abbreviation."""
    assert TABLES.keys() == COLUMNS.keys()
    for stream, columns in COLUMNS.items():
        theirs = settings(stream, columns[2:])["columns"]
        assert len(set(theirs.values()) | {"GXSJ", "SCBZ"}) == len(theirs) + 2
