"""Pages of a table, in the order of change and key.

Nothing is read by number of row, which shifts while the table is written to: each page begins
after the last row of the one before. It is asked for in two queries, the rest of the rows of the
same change and then the later ones, because every database answers these from an index.
"""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import datetime
from functools import partial

from app.sync.connectors.frontend import queries
from app.sync.connectors.frontend.dialect import Row
from app.sync.connectors.frontend.laying import laid, lay
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
from app.sync.connectors.frontend.session import Session, session
from app.sync.connectors.frontend.settings import Database, StreamTable
from app.sync.connectors.protocol import Cursor, Page, SourceRefused


def pages(database: Database, table: StreamTable, cursor: Cursor, size: int) -> Iterator[Page]:
    """Yield the pages after a cursor.

    Raises:
        SourceRefused, SourceAway
    """
    start, until = _bounds(database, table, cursor)
    layout = queries.layout_of(database, table)
    place = _overlapped(table, start)
    more = True
    while more:
        with session(database) as held:
            rows, stamped = _window(held, table, place, until, size + 1)
        if not rows:
            return
        # after the rows without a change, those that have one are still to come
        more = len(rows) > size or not stamped
        reached = after(table, place, rows[:size][-1], stamped)
        if reached == place:
            words = f"{table.stream} does not get past a row: its change or key is not exact"
            raise SourceRefused("CURSOR_STUCK", words)
        place = reached
        stand = forward(start, place if more else at_end(place, database.terms.utc_offset))
        yield Page(partial(laid, lay(layout, rows[:size])), stand.cursor())


def _window(
    held: Session, table: StreamTable, place: Place, until: Change | None, wanted: int
) -> tuple[Sequence[Row], bool]:
    """Return the next rows, as many as wanted, and whether they are stamped with a change."""
    rows: list[Row] = []
    if place.whole and place.changed is None:
        rows = held.rows(queries.unstamped(held.dialect, table, place, wanted))
        if rows:
            return rows, False
    elif place.sid is not None:
        rows = held.rows(queries.same(held.dialect, table, place, wanted))
    if (left := wanted - len(rows)) > 0:
        rows += held.rows(queries.later(held.dialect, table, place.changed, until, left))
    return rows, True


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
