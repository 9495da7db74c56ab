"""A table of households at the district, which the exchange reads the whole way."""

from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from app.sync.connectors.config import read_config
from app.sync.connectors.frontend.connector import FrontEnd
from tests.exchange.drops import SOURCE
from tests.exchange.frontend.clocked import ClockedTable
from tests.exchange.frontend.residents import toml

COLUMNS = {"sid": "hid", "ver": "bb", "address_sid": "dzid", "tenure": "jzlx"}
SETTINGS = {"table": "t_h", "changed": "gxsj", "deleted": "scbz", "deleted_is": "1"}


class Households(ClockedTable):
    """The table; each write is stamped with the clock's time and committed."""

    def make(self) -> None:
        self.server.do(
            "CREATE TABLE t_h (hid varchar(40) PRIMARY KEY, bb bigint, dzid varchar(40),"
            f" jzlx varchar(20), gxsj {self.server.moment}, scbz char(1))",
            "CREATE INDEX ix_t_h ON t_h (gxsj, hid)",
            "CREATE TABLE t_ack (stream varchar(40), place varchar(400))",
        )
        self.make_clock()

    def put(self, *serials: int, ver: int = 1, tenure: str = "owner") -> None:
        """Write households in the place of older ones."""
        with self.server.writer() as connection:
            cursor = connection.cursor()
            for serial in serials:
                sid = f"TRY-H{serial}"
                cursor.execute("DELETE FROM t_h WHERE hid = %s", [sid])
                cursor.execute(
                    "INSERT INTO t_h VALUES (%s, %s, 'TRY-A1', %s, %s, '0')",
                    [sid, ver, tenure, self.now],
                )
            connection.commit()

    def mark_gone(self, serial: int, ver: int) -> None:
        """Mark a household as gone."""
        self._do(
            "UPDATE t_h SET scbz = '1', bb = %s, gxsj = %s WHERE hid = %s", ver, self.now, serial
        )

    def remove(self, serial: int) -> None:
        """Delete a household without a mark."""
        self._do("DELETE FROM t_h WHERE hid = %s", serial)

    def reader(self, **stream: Any) -> FrontEnd:
        """Return a connector that goes by the table's clock."""
        told = {**SETTINGS, "columns": COLUMNS, "complete": True, **stream}
        content = {
            "source": SOURCE,
            "kind": self.server.kind,
            "database": {"url_env": "DISTRICT_DB", "timeout": "20s"},
            "streams": {"households": told},
        }
        with TemporaryDirectory() as folder:
            path = Path(folder) / f"{SOURCE}.toml"
            path.write_text(toml(content), "utf-8")
            config = read_config(path, {"DISTRICT_DB": self.server.url})
        return self.reader_of(config)

    def _do(self, words: str, *values: Any) -> None:
        *before, serial = values
        with self.server.writer() as connection:
            connection.cursor().execute(words, [*before, f"TRY-H{serial}"])
            connection.commit()
