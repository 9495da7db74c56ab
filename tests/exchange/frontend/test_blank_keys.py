"""Keys that the district's table holds with blanks around them, compared night after night."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from app.sync.connectors.config import read_config
from app.sync.connectors.frontend.connector import FrontEnd
from app.sync.connectors.opening import connector_of
from app.sync.reconcile.findings import Findings, Verdict
from app.sync.reconcile.reconciling import reconcile
from tests.exchange.drops import SOURCE, District, keys_of, mirrored, quiet
from tests.exchange.frontend.residents import toml
from tests.exchange.frontend.servers import Server
from tests.exchange.inward.homes import give_addresses

COLUMNS = {"sid": "hid", "ver": "bb", "address_sid": "dzid", "tenure": "jzlx"}


@pytest.fixture(params=["varchar(40)", "char(12)"])
def table(request: pytest.FixtureRequest, district: District, server: Server) -> Iterator[Server]:
    """Return a server with a table of five households, whose keys end in a blank."""
    give_addresses(district)
    server.do(
        f"CREATE TABLE t_h (hid {request.param} PRIMARY KEY, bb bigint, dzid varchar(40),"
        f" jzlx varchar(20), gxsj {server.moment})",
        *(put(serial) for serial in range(1, 6)),
    )
    yield server
    district.forget()


def put(serial: int) -> str:
    return f"INSERT INTO t_h VALUES ('TRY-H{serial} ', 1, 'TRY-A1', 'owner', '2026-01-01 08:00:00')"


@pytest.fixture
def source(table: Server, district: District, tmp_path: Path) -> FrontEnd:
    """Return a connector to it, by which all of it was read."""
    stream: dict[str, Any] = {"table": "t_h", "columns": COLUMNS, "changed": "gxsj"}
    content = {
        "source": SOURCE,
        "kind": table.kind,
        "database": {"url_env": "DISTRICT_DB", "timeout": "20s"},
        "streams": {"households": stream},
    }
    path = tmp_path / f"{SOURCE}.toml"
    path.write_text(toml(content), "utf-8")
    found = connector_of(read_config(path, {"DISTRICT_DB": table.url}))
    assert isinstance(found, FrontEnd)
    assert district.hear(found)["households"].status == "done"
    assert live() == [f"TRY-H{serial}" for serial in range(1, 6)]
    return found


def live() -> list[str]:
    rows = mirrored("households", "sid, deleted_at")
    return sorted(row.sid for row in rows if row.deleted_at is None)


def night(district: District, source: FrontEnd) -> Findings:
    (found,) = reconcile(source, district.streams, True, quiet).streams
    return found


def test_a_household_is_not_deleted_for_a_blank_behind_its_key(
    district: District, source: FrontEnd
) -> None:
    for _ in range(3):
        found = night(district, source)
        assert (found.verdict, found.there, found.here) == (Verdict.EQUAL, 5, 5)
        assert (found.missing, found.extra, found.contradicted) == (0, 0, 0)
        assert live() == keys_of("household") == [f"TRY-H{serial}" for serial in range(1, 6)]


def test_what_no_reading_would_bring_is_mended_behind_a_blank(
    district: District, source: FrontEnd, table: Server
) -> None:
    """One that came late, one that changed without a mark, one that went."""
    table.do(
        put(6),
        "UPDATE t_h SET bb = 2, jzlx = 'tenant' WHERE hid = 'TRY-H2 '",
        "DELETE FROM t_h WHERE hid = 'TRY-H3 '",
    )
    found = night(district, source)
    assert (found.verdict, found.repaired) == (Verdict.EQUAL, 3)
    assert live() == ["TRY-H1", "TRY-H2", "TRY-H4", "TRY-H5", "TRY-H6"]
    changed = {row.sid: (row.ver, row.tenure) for row in mirrored("households", "sid, ver, tenure")}
    assert changed["TRY-H2"] == (2, "tenant")
    assert night(district, source).verdict is Verdict.EQUAL
