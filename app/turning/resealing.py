"""One batch of one column: opened with whatever key, sealed with the key in use, in one commit.

A batch is a stretch of the table's own blocks, so that it is bounded for any table and any key. It
locks what it changes and waits for nobody (``SKIP LOCKED``): who waits for nobody is part of no
deadlock, and what others hold is taken in the next pass. Killed at any point, the batch in hand is
undone, and the next start goes on with it.
"""

from dataclasses import dataclass
from typing import Any

from app.database import read, transaction, write
from app.privacy import vault
from app.turning.places import Place

BLOCKS = 64

BEGIN = """
INSERT INTO key_turn (name, sealing, finding) VALUES (%(name)s, %(sealing)s, %(finding)s)
ON CONFLICT (name) DO UPDATE SET sealing = excluded.sealing, finding = excluded.finding,
  block = 0, turned = 0, left_over = 0, finished_at = NULL
WHERE (key_turn.sealing, key_turn.finding) <> (excluded.sealing, excluded.finding)
"""
HOLD = "SELECT * FROM key_turn WHERE name = %(name)s FOR UPDATE"
LENGTH = "SELECT pg_relation_size(%(table)s::regclass) / current_setting('block_size')::int AS n"
MOVE = """
UPDATE key_turn SET block = %(block)s, turned = turned + %(turned)s, left_over = %(left)s,
  finished_at = CASE WHEN %(finished)s THEN now() END WHERE name = %(name)s
"""
STRETCH = """
SELECT ctid::text AS at, ({row})::text AS row_key, {column} AS sealed, {index} AS found_by
FROM {table} WHERE ctid >= %(first)s::tid AND ctid < %(last)s::tid AND {column} IS NOT NULL
  AND {which} FOR NO KEY UPDATE SKIP LOCKED
"""
HELD = """
SELECT count(*) AS n FROM {table}
WHERE ctid >= %(first)s::tid AND ctid < %(last)s::tid AND {column} IS NOT NULL AND {which}
"""
OLD_KEY = "get_byte({column}, 0) NOT IN (0, %(used)s)"
RESEAL = """
UPDATE {table} t SET {column} = v.sealed {index}
FROM unnest(%(ats)s::text[], %(sealed)s::bytea[], %(found_by)s::bytea[]) AS v (at, sealed, found_by)
WHERE t.ctid = v.at::tid
"""

# Accounts keep no phone: those whose phone the register knows are moved with its row.
FOLLOW = """
UPDATE account a SET phone_index = v.new
FROM unnest(%(old)s::bytea[], %(new)s::bytea[]) AS v (old, new)
WHERE a.phone_index = v.old
  AND NOT EXISTS (SELECT FROM account b WHERE b.phone_index = v.new)
"""


@dataclass(frozen=True, slots=True)
class Turn:
    """How far a column is."""

    name: str
    block: int
    turned: int
    finished: bool


def begin(place: Place) -> None:
    """Enter a column for the keys in use; what is on its way to them already goes on."""
    about = {"name": place.name, "sealing": vault.ring.used, "finding": vault.index_used}
    with transaction():
        write(BEGIN, about)


def turn_batch(place: Place) -> Turn:
    """Seal one stretch of a column anew; a pass that left something over is followed by another."""
    with transaction():
        held = read(HOLD, {"name": place.name})[0]
        if held.finished_at:
            return Turn(place.name, held.block, held.turned, True)
        length = read(LENGTH, {"table": place.table})[0].n
        stretch = {"first": f"({held.block},0)", "last": f"({held.block + BLOCKS},0)"}
        rows = _rows(place, stretch)
        turned = _reseal(place, rows)
        left = held.left_over + _held_by_others(place, stretch)
        block = held.block + BLOCKS
        finished = block >= length and left == 0
        if block >= length and left:
            block, left = 0, 0
        write(
            MOVE,
            {
                "name": place.name,
                "block": block,
                "turned": turned,
                "left": left,
                "finished": finished,
            },
        )
        return Turn(place.name, block, held.turned + turned, finished)


def _rows(place: Place, stretch: dict[str, Any]) -> list[Any]:
    sql = STRETCH.format(
        table=place.table,
        column=place.column,
        row=place.row,
        index=place.index or "NULL::bytea",
        which="true" if place.index else OLD_KEY.format(column=place.column),
    )
    return read(sql, stretch | {"used": vault.ring.used})


def _held_by_others(place: Place, stretch: dict[str, Any]) -> int:
    """Count what of the stretch is under an old key still, as everybody sees it."""
    which = OLD_KEY.format(column=place.column)
    sql = HELD.format(table=place.table, column=place.column, which=which)
    found: int = read(sql, stretch | {"used": vault.ring.used})[0].n
    return found


def _reseal(place: Place, rows: list[Any]) -> int:
    ats, sealed, found_by, moved = [], [], [], []
    for row in rows:
        old = bytes(row.sealed)
        if old[0] == 0 and not place.index:
            continue
        text = vault.open(place.field, row.row_key, old)
        index = vault.index(place.index_name, text) if place.index_name else None
        was = bytes(row.found_by) if row.found_by is not None else None
        if old[0] == vault.ring.used and index == was:
            continue
        ats.append(row.at)
        sealed.append(vault.seal(place.field, row.row_key, text))
        found_by.append(index)
        if was and index and was != index:
            moved.append((was, index))
    if not ats:
        return 0
    index_set = f", {place.index} = v.found_by" if place.index else ""
    sql = RESEAL.format(table=place.table, column=place.column, index=index_set)
    write(sql, {"ats": ats, "sealed": sealed, "found_by": found_by})
    if moved and place.index_name == "phone":
        old_ones, new_ones = zip(*dict(moved).items(), strict=True)
        write(FOLLOW, {"old": list(old_ones), "new": list(new_ones)})
    return len(ats)
