"""A whole turn: every wrapped key, every column, until nothing is left under an old key."""

from collections.abc import Callable, Iterator, Sequence

from app.database import read
from app.privacy import vault
from app.sync import Stream
from app.turning.places import Place, places
from app.turning.resealing import Turn, begin, turn_batch
from app.turning.wrapping import NOBODY, wrap_batch

WRAPPED_BY_OLD = """
SELECT count(*) AS n FROM subject_key
WHERE wrapped IS NOT NULL AND get_byte(wrapped, 0) <> %(used)s
"""

Told = Callable[[str], None]


def turn(streams: Sequence[Stream], told: Told) -> None:
    """Turn everything to the keys in use, telling how far it is; what is done is not done again."""
    told(f"subject_key: {sum(_wrapped())} wrapped anew")
    for place in places(streams):
        last = _turned(place)
        told(f"{last.name}: {last.turned} sealed anew")


def left_under_old_keys(streams: Sequence[Stream]) -> dict[str, int]:
    """Return how many values are under an old key still, by column: none when a turn is over."""
    left = {"subject_key": read(WRAPPED_BY_OLD, {"used": vault.subjects.wrapping_used})[0].n}
    for each in places(streams):
        sql = (
            f"SELECT count(*) AS n FROM {each.table} WHERE {each.column} IS NOT NULL"
            f" AND get_byte({each.column}, 0) NOT IN (0, %(used)s)"
        )
        left[each.name] = read(sql, {"used": vault.ring.used})[0].n
    return {name: n for name, n in left.items() if n}


def _wrapped() -> Iterator[int]:
    """Wrap batch after batch; begin again until a whole pass finds nothing."""
    after, found = NOBODY, 0
    while True:
        done = wrap_batch(after)
        found += len(done)
        yield len(done)
        if done:
            after = done[-1]
        elif found:
            after, found = NOBODY, 0
        else:
            return


def _turned(place: Place) -> Turn:
    begin(place)
    while True:
        last = turn_batch(place)
        if last.finished:
            return last
