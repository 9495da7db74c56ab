"""A table of the district with a clock of its own that the test moves: no test waits for time."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from app.sync.connectors.config import SourceConfig
from app.sync.connectors.frontend import dialect_of
from app.sync.connectors.frontend.connector import FrontEnd
from app.sync.connectors.frontend.settings import read_settings
from tests.exchange.frontend.servers import Server

NOON = datetime.fromisoformat("2026-11-23 12:00:00")
"""As the wall shows it over there: front-end tables know no offsets."""

LATE_COMMIT = timedelta(minutes=10)


@dataclass
class ClockedTable:
    """Where the server of the district believes that it is ``now``."""

    server: Server
    now: datetime = NOON

    def make_clock(self) -> None:
        self.server.do(
            f"CREATE TABLE clock (told {self.server.moment})",
            "INSERT INTO clock VALUES ('2026-11-23 04:00:00')",  # noon at the wall, told in UTC
        )

    def pass_time(self, lapse: timedelta) -> None:
        self.now += lapse
        utc = self.now - timedelta(hours=8)
        self.server.do(f"UPDATE clock SET told = '{utc.isoformat(' ')}'")

    def reader_of(self, config: SourceConfig, late_commit: timedelta = LATE_COMMIT) -> FrontEnd:
        """Return a connector that goes by the table's clock."""
        database, streams = read_settings(config, dialect_of(config.kind))
        dialect = replace(database.dialect, clock="SELECT told FROM clock")
        slow = replace(database, dialect=dialect, late_commit=late_commit)
        return FrontEnd(config.source, slow, streams)
