"""A table at the district for the records of any stream, written and read by a clock of its own."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from app.sync import Stream
from app.sync.connectors.config import read_config
from app.sync.connectors.frontend.connector import FrontEnd
from tests.exchange.drops import SOURCE
from tests.exchange.frontend.clocked import LATE_COMMIT, ClockedTable
from tests.exchange.frontend.residents import toml


@dataclass(kw_only=True)
class RecordTable(ClockedTable):
    """The table; its columns have the names of the stream's fields, behind ``c_``."""

    stream: Stream

    def make(self) -> None:
        fields = ", ".join(f"c_{field.name} {self.server.text}" for field in self.stream.fields)
        self.server.do(
            "CREATE TABLE t_r (c_sid varchar(128) PRIMARY KEY, c_ver bigint,"
            f" {fields}, gxsj {self.server.moment})",
            "CREATE INDEX ix_t_r ON t_r (gxsj, c_sid)",
        )
        self.make_clock()

    def write(self, connection: Any, row: Mapping[str, str | None]) -> None:
        """Write a record, stamped with the clock's time, in a transaction that stays open."""
        names = ", ".join(f"c_{name}" for name in row)
        marks = ", ".join(["%s"] * (len(row) + 1))
        said = f"INSERT INTO t_r ({names}, gxsj) VALUES ({marks})"
        connection.cursor().execute(said, [*row.values(), self.now])

    def put(self, row: Mapping[str, str | None]) -> None:
        """Write a record and commit it."""
        with self.server.writer() as connection:
            self.write(connection, row)
            connection.commit()

    def reader(self, late_commit: timedelta = LATE_COMMIT) -> FrontEnd:
        """Return a connector that goes by the table's clock."""
        names = ("sid", "ver", *(field.name for field in self.stream.fields))
        columns = {name: f"c_{name}" for name in names}
        content = {
            "source": SOURCE,
            "kind": self.server.kind,
            "database": {"url_env": "DISTRICT_DB", "timeout": "20s"},
            "streams": {
                self.stream.name: {"table": "t_r", "columns": columns, "changed": "gxsj"},
            },
        }
        with TemporaryDirectory() as folder:
            path = Path(folder) / f"{SOURCE}.toml"
            path.write_text(toml(content), "utf-8")
            config = read_config(path, {"DISTRICT_DB": self.server.url})
        return self.reader_of(config, late_commit)
