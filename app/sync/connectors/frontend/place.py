"""Where a reading stands: the last row read, by the order of change and key.

A first reading takes everything: rows that do not say when they changed, then all others, the
young ones too. While it lasts, the cursor remembers up to what moment everything had settled when
it began (``first``); at its end it goes back there, because what was young then may not have been
all. Later readings take what has settled since.

Rows that carry a sequence never settle by the clock. They are read up to the end each time, and
each reading begins some numbers back.
"""

from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta, timezone
from decimal import Decimal
from typing import Any

from app.sync.connectors.frontend.cells import key_of
from app.sync.connectors.frontend.dialect import Row
from app.sync.connectors.frontend.settings import StreamTable
from app.sync.connectors.protocol import Cursor, SourceRefused

Change = datetime | int
ALWAYS = "always"  # what ``first`` holds where there is no clock to settle by


@dataclass(frozen=True, slots=True)
class Place:
    """The last row read. ``changed`` None: among the rows that do not say when they changed.

    ``sid`` None: after all rows of that change. ``first``: of a first reading, not yet at its end.
    """

    changed: Change | None = None
    sid: str | int | None = None
    first: datetime | None = None
    whole: bool = False

    def cursor(self) -> Cursor:
        """Return the place as the engine keeps it."""
        changed = self.changed
        told: dict[str, Any] = {
            "changed": changed.isoformat() if isinstance(changed, datetime) else changed,
            "sid": self.sid,
        }
        if self.whole:
            told["first"] = self.first.isoformat() if self.first else ALWAYS
        return told


def place_of(table: StreamTable, cursor: Cursor, settled: datetime) -> Place:
    """Return the place that a cursor means; an empty one begins a first reading.

    Raises:
        SourceRefused: the cursor is of another way to read.
    """
    timed = table.changed_kind == "time"
    if not cursor:
        return Place(first=settled if timed else None, whole=True)
    try:
        changed, first = cursor["changed"], cursor.get("first")
        sound = isinstance(changed, str if timed else int) or (changed is None and first)
        if not sound or not isinstance(cursor["sid"], str | int | None):
            raise ValueError
        return Place(
            datetime.fromisoformat(changed) if timed and changed else changed,
            cursor["sid"],
            datetime.fromisoformat(first) if first and timed else None,
            bool(first),
        )
    except (KeyError, TypeError, ValueError):
        words = f"{table.stream} was read in another way until now; read it from the start"
        raise SourceRefused("CURSOR_FOREIGN", words) from None


def change_in(table: StreamTable, value: Any) -> Change | None:
    """Return the change that a cell tells.

    Raises:
        SourceRefused: it is not of the kind that the settings say.
    """
    if value is None:
        return None
    if table.changed_kind == "time":
        if isinstance(value, datetime):
            return value
        words = f"{table.changed} must hold date and time, not a day or a text"
        raise SourceRefused("CHANGED_NOT_A_TIME", words)
    if isinstance(value, Decimal) and value == value.to_integral_value():
        return int(value)
    if isinstance(value, int) and not isinstance(value, bool):
        return value
    words = f"{table.changed} must hold whole numbers"
    raise SourceRefused("CHANGED_NOT_A_NUMBER", words)


def after(table: StreamTable, place: Place, row: Row, stamped: bool) -> Place:
    """Return the place after a row; ``stamped``: it was asked for as one that has a change.

    Raises:
        SourceRefused: there is no going on from this row.
    """
    changed = change_in(table, row[-1]) if stamped else None
    if stamped and changed is None:  # a zero date: the server finds it, and it is none
        words = f"{table.changed} holds a moment that is none"
        raise SourceRefused("CHANGED_NOT_A_TIME", words)
    return replace(place, changed=changed, sid=key_of(row[0]))


def at_end(place: Place, utc_offset: timedelta) -> Place:
    """Return the place from which the next reading goes on, once this one is at its end."""
    if not place.whole or place.changed is None:
        return place
    done = replace(place, first=None, whole=False)
    if isinstance(place.changed, datetime) and place.first:
        settled = like(place.first, place.changed, utc_offset)
        if place.changed > settled:
            return replace(done, changed=settled, sid=None)
    return done


def like(moment: datetime, sample: datetime, utc_offset: timedelta) -> datetime:
    """Return a moment in the way that the column spells its own: with an offset or without."""
    if sample.tzinfo:
        return moment
    return moment.astimezone(timezone(utc_offset)).replace(tzinfo=None)


def forward(start: Place, place: Place) -> Place:
    """Return the later one: rows that are read again do not move the cursor back."""
    if isinstance(start.changed, int) and isinstance(place.changed, int):
        return start if place.changed < start.changed else place
    return place


def ahead(place: Place, now: datetime, utc_offset: timedelta) -> bool:
    """Tell whether the source's clock is behind what was read by it before."""
    if place.whole:
        return place.first is not None and place.first > now
    changed = place.changed
    return isinstance(changed, datetime) and changed > like(now, changed, utc_offset)


def settled_by(now: datetime, late_commit: timedelta) -> datetime:
    """Return the moment up to which no transaction can still be on its way, in whole seconds."""
    return (now - late_commit).astimezone(UTC).replace(microsecond=0)
