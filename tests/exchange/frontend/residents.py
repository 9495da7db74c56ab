"""A table of residents at the district, and how these tests read it."""

import json
import pickle
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from app.sync.connectors.config import SourceConfig, read_config
from app.sync.connectors.frontend.connector import FrontEnd
from app.sync.connectors.opening import connector_of
from app.sync.connectors.protocol import Cursor, Page, Unreadable
from tests.exchange.frontend.clocked import LATE_COMMIT, ClockedTable
from tests.exchange.frontend.servers import Server

SETTINGS: Mapping[str, Any] = {
    "table": "t_rkxx",
    "columns": {"sid": "ryid", "ver": "bb", "name": "xm"},
    "changed": "gxsj",
}


def config_of(
    server: Server, url: str | None = None, options: Mapping[str, Any] | None = None, **stream: Any
) -> SourceConfig:
    """Return a source with one stream, residents, as its file describes it."""
    told = {"url_env": "DISTRICT_DB", "timeout": "20s", **(options or {})}
    content = {
        "source": "district",
        "kind": server.kind,
        "database": told,
        "streams": {"residents": {**SETTINGS, **stream}},
    }
    with TemporaryDirectory() as folder:
        path = Path(folder) / "district.toml"
        path.write_text(toml(content), "utf-8")
        return read_config(path, {"DISTRICT_DB": url or server.url})


def toml(content: Mapping[str, Any], above: str = "") -> str:
    """Write tables of texts, numbers and truths as TOML."""
    plain = {name: value for name, value in content.items() if not isinstance(value, Mapping)}
    lines = [f"{name} = {json.dumps(value, ensure_ascii=False)}" for name, value in plain.items()]
    for name in content.keys() - plain.keys():
        lines += [f"[{above}{name}]", toml(content[name], f"{above}{name}.")]
    return "\n".join(lines)


def reader(
    server: Server, url: str | None = None, options: Mapping[str, Any] | None = None, **stream: Any
) -> FrontEnd:
    """Return the connector of such a source."""
    found = connector_of(config_of(server, url, options, **stream))
    assert isinstance(found, FrontEnd)
    return found


@dataclass
class Residents(ClockedTable):
    """The table of residents."""

    def make(self, changed: str | None = None, key: str = "varchar(40)") -> None:
        self.server.do(
            f"CREATE TABLE t_rkxx (ryid {key} PRIMARY KEY, bb bigint, xm varchar(50),"
            f" gxsj {changed or self.server.moment}, scbz char(1))",
            "CREATE INDEX ix_t_rkxx ON t_rkxx (gxsj, ryid)",
        )
        self.make_clock()

    def put(self, sid: str, ver: int = 1, name: str = "张三", changed: Any = None) -> None:
        """Write a row and commit it, stamped with the clock's time."""
        with self.server.writer() as connection:
            self.write(connection, sid, ver, name, changed)
            connection.commit()

    def write(
        self, connection: Any, sid: str, ver: int = 1, name: str = "张三", changed: Any = None
    ) -> None:
        """Write a row in a transaction that is not committed yet."""
        renewed = ", ".join(f"{name} = {self._given(name)}" for name in ("bb", "xm", "gxsj"))
        again = "CONFLICT (ryid) DO UPDATE SET" if self._exact else "DUPLICATE KEY UPDATE"
        connection.cursor().execute(
            f"INSERT INTO t_rkxx (ryid, bb, xm, gxsj) VALUES (%s, %s, %s, %s) ON {again} {renewed}",
            [sid, ver, name, self.now if changed is None else changed],
        )

    @property
    def _exact(self) -> bool:
        return self.server.kind == "postgresql"

    def _given(self, name: str) -> str:
        return f"excluded.{name}" if self._exact else f"VALUES({name})"

    def reader(self, late_commit: timedelta = LATE_COMMIT, **stream: Any) -> FrontEnd:
        """Return a connector that goes by the table's clock."""
        return self.reader_of(config_of(self.server, **stream), late_commit)


@dataclass
class Taken:
    """What readings brought, one after the other."""

    rows: list[dict[str, Any]] = field(default_factory=list)
    unreadable: list[Unreadable] = field(default_factory=list)
    cursor: Cursor = field(default_factory=dict)
    pages: int = 0

    def read(self, source: FrontEnd, size: int = 100, most: int = 10_000) -> list[str]:
        """Read on from where the last reading ended; return the keys that came, in order."""
        before = len(self.rows)
        for page in source.pages("residents", self.cursor, size):
            self.take(page)
            if (most := most - 1) == 0:
                break
        return [row["sid"] for row in self.rows[before:]]

    def take(self, page: Page) -> None:
        rows = pickle.loads(pickle.dumps(page.read))()  # pages are read in another process
        self.rows += rows.table.to_pylist()
        self.unreadable += rows.unreadable
        self.cursor = page.cursor
        self.pages += 1

    def latest(self) -> dict[str, str]:
        """Return the version of each key that would be kept."""
        found: dict[str, str] = {}
        for row in self.rows:
            found[row["sid"]] = max(
                row["ver"], found.get(row["sid"], ""), key=lambda v: int(v or 0)
            )
        return found


def rows_in(pages: Iterable[Page]) -> list[dict[str, Any]]:
    """Return the rows of pages."""
    return [row for page in pages for row in page.read().table.to_pylist()]


Make = Callable[..., Residents]
