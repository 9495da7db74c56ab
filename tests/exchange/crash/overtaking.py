"""A reading that is overtaken in the midst of a stream, and goes on as if it had not been."""

from app.database import read
from app.sync.connectors.protocol import Offer
from app.sync.inward.books import open_run
from tests.exchange.crash.records import SOURCE
from tests.exchange.crash.world import ROWS_IN, World


def be_overtaken(world: World, stream: str, reads: bool) -> None:
    """Read by single rows, of which there must be two, until another takes over behind the first.

    ``reads``: the other reads all there is at once; or it has read nothing yet. Either way the
    first books no row any more.
    """
    booked: list[int] = []

    def take_over(told: str, _done: int, _expected: int | None) -> None:
        if told != stream or booked:
            return
        if reads:
            assert {each.status for each in world.read()} == {"done"}
        else:
            open_run(SOURCE, Offer(stream))
        booked.append(_rows_of(stream))

    world.page_rows, before = 1, world.page_rows
    found = {each.stream: each.status for each in world.read(progress=take_over)}
    world.page_rows = before
    assert found[stream] == "overtaken"
    assert booked == [_rows_of(stream)], "who was overtaken went on"


def _rows_of(stream: str) -> int:
    names = {"source": SOURCE, "stream": stream}
    ((rows,),) = read(f"{ROWS_IN} AND stream = %(stream)s", names)
    return int(rows)
