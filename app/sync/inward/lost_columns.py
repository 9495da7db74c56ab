"""Fields that a source used to tell and tells no more: their values are not emptied by guess.

A source that wants a field empty sends its column, empty. One that never told it may go on so.
"""

from dataclasses import dataclass, field

from app.database import read
from app.sync.contract.records import ColumnsMissing
from app.sync.contract.stream import Stream
from app.sync.inward.drift import COLUMN_LOST, note_drift
from app.sync.inward.prepared import Prepared

TOLD = """
SELECT EXISTS (SELECT FROM {mirror}
  WHERE source = %(source)s AND deleted_at IS NULL AND {column} IS NOT NULL)
"""


@dataclass(frozen=True, slots=True)
class LostColumns:
    """Watches one reading of a stream; each field is asked about once."""

    source: str
    stream: Stream
    known: dict[str, bool] = field(default_factory=dict)

    def look(self, page: Prepared) -> None:
        """Refuse a page whose table lost a column; note it where each row names its own.

        Raises:
            ColumnsMissing
        """
        lost = [name for name in page.untold if self._told_before(name)]
        if lost and page.fixed:
            raise ColumnsMissing(lost)
        for name in lost:
            note_drift(
                {"source": self.source, "stream": self.stream.name}, COLUMN_LOST, name, page.rows
            )

    def _told_before(self, name: str) -> bool:
        if name not in self.known:
            (column,) = (each.column for each in self.stream.fields if each.name == name)
            sql = TOLD.format(mirror=self.stream.mirror.name, column=column)
            ((self.known[name],),) = read(sql, {"source": self.source})
        return self.known[name]
