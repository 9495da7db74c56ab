"""What was approved is deleted as it was when it was missing, whatever else goes on or wrong."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import pytest

from app.database import transaction, write
from app.sync.connectors.protocol import Cursor, Page
from app.sync.inward.holds import carry_out_approved
from tests.exchange.drops import District, Told, keys_of, mirrored
from tests.exchange.inward.telling import tell, tell_all
from tests.exchange.operating.deciding import CROWD


@dataclass
class Long(Told):
    """A source whose reading lasts while other things happen."""

    meanwhile: Callable[[], None] = lambda: None

    def pages(self, stream: str, cursor: Cursor, size: int) -> Iterator[Page]:
        pages = super().pages(stream, cursor, size)
        yield next(pages)
        self.meanwhile()
        yield from pages


@pytest.mark.parametrize(
    ("source", "stream"), [("try-out-two", "households"), ("try-out", "addresses")]
)
def test_a_long_reading_of_something_else_makes_no_change_older(
    settled: District, source: str, stream: str
) -> None:
    """Who changed under the version that was missing changed, whatever was read besides."""

    def meanwhile() -> None:
        tell(settled, "households", *CROWD)
        tell_all(settled, "households")
        tell(settled, "households", *({**row, "tenure": "tenant"} for row in CROWD))

    settled.hear(Long({stream: [[], []]}, source=source, meanwhile=meanwhile))
    changed = {row.sid for row in mirrored("households", "sid, tenure") if row.tenure == "tenant"}
    assert 0 < len(changed) < 60
    with transaction():
        write("UPDATE sync_hold SET status = 'approved' WHERE status = 'held'")
    assert carry_out_approved({each.name: each for each in settled.streams}) == 60 - len(changed)
    assert set(keys_of("household")) == changed
