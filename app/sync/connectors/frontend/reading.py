"""Pages of a table, in the order of change and key.

Nothing is read by number of row, which shifts while the table is written to: each page begins
after the last row of the one before. It is asked for in two queries, the rest of the rows of the
same change and then the later ones, because every database answers these from an index.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import partial

from app.sync.connectors.frontend import queries
from app.sync.connectors.frontend.dialect import Row
from app.sync.connectors.frontend.laying import laid, lay
from app.sync.connectors.frontend.parts import weight_of
from app.sync.connectors.frontend.place import (
    Change,
    Place,
    after,
    ahead,
    at_end,
    change_in,
    forward,
    like,
    place_of,
    settled_by,
)
from app.sync.connectors.frontend.session import PAGE_BYTES, Session, session
from app.sync.connectors.frontend.settings import Database, StreamTable
from app.sync.connectors.protocol import Cursor, Page, SourceRefused


@dataclass(frozen=True, slots=True)
class Window:
    """The next rows, whether they are stamped with a change, and whether there are still more.

    Of those that are more one may have come: it is none of ``rows``.
    """

    rows: Sequence[Row]
    stamped: bool = True
    more: bool = False


def pages(database: Database, table: StreamTable, cursor: Cursor, size: int) -> Iterator[Page]:
    """Yield the pages after a cursor, of at most so many rows; fewer where their cells are large.

    Raises:
        SourceRefused, SourceAway
    """
    start, until = _bounds(database, table, cursor)
    layout = queries.layout_of(database, table)
    place = _overlapped(table, start)
    more = True
    while more:
        with session(database) as held:
            found = _window(held, table, place, until, size)
        if not found.rows:
            return
        # after the rows without a change, those that have one are still to come
        more = found.more or not found.stamped
        reached = after(table, place, found.rows[-1], found.stamped)
        if reached == place:
            words = f"{table.stream} does not get past a row: its change or key is not exact"
            raise SourceRefused("CURSOR_STUCK", words)
        place = reached
        stand = forward(start, place if more else at_end(place, database.terms.utc_offset))
        yield Page(partial(laid, lay(layout, found.rows)), stand.cursor())


def _window(
    held: Session, table: StreamTable, place: Place, until: Change | None, size: int
) -> Window:
    """Return the next rows, at most so many; one more is asked for, to know whether there are."""
    rows, cut, wanted = list[Row](), False, size + 1
    if place.whole and place.changed is None:
        rows, cut = held.some(queries.unstamped(held.dialect, table, place, wanted), PAGE_BYTES)
        if rows:
            return _windowed(rows, cut, size, stamped=False)
    elif place.sid is not None:
        rows, cut = held.some(queries.same(held.dialect, table, place, wanted), PAGE_BYTES)
    if not cut and (left := wanted - len(rows)) > 0:
        room = PAGE_BYTES - weight_of(rows)
        later = queries.later(held.dialect, table, place.changed, until, left)
        others, cut = held.some(later, room)
        rows += others
    return _windowed(rows, cut, size)


def _windowed(rows: Sequence[Row], cut: bool, size: int, stamped: bool = True) -> Window:
    more = cut or len(rows) > size
    return Window(rows[: min(size, len(rows) - 1)] if more else rows, stamped, more)


def _bounds(database: Database, table: StreamTable, cursor: Cursor) -> tuple[Place, Change | None]:
    """Return where to begin, and the moment up to which all has settled, if that counts."""
    offset = database.terms.utc_offset
    with session(database) as held:
        now = held.clock()  # before the rows are looked at: a later moment would promise too much
        settled = settled_by(now, database.late_commit)
        place = place_of(table, cursor, settled)
        if ahead(place, now, offset):
            words = (
                f"{table.stream} was read up to a moment that the source's clock is still before"
            )
            raise SourceRefused("CURSOR_BACKWARDS", words)
        if place.whole:
            return place, None
        if isinstance(place.changed, datetime):
            return place, like(settled, place.changed, offset)
        _check_reached(held, table, place)
    return place, None


def _check_reached(held: Session, table: StreamTable, place: Place) -> None:
    """Refuse a table that was emptied or put back to an older state: its numbers come again."""
    found = change_in(table, held.rows(queries.highest(held.dialect, table))[0][0])
    highest = found if isinstance(found, int) else 0
    if isinstance(place.changed, int) and highest < place.changed - table.overlap:
        words = f"{table.stream} was read up to a number that the table no longer reaches"
        raise SourceRefused("CURSOR_BACKWARDS", words)


def _overlapped(table: StreamTable, place: Place) -> Place:
    """Return where a later reading of a sequence begins: some numbers back."""
    if isinstance(place.changed, int) and not place.whole:
        return replace(place, changed=place.changed - table.overlap, sid=None)
    return place
