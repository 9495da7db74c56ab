"""Keys of a source, kept in ``sync_seen`` for as long as they are compared with the mirror.

What is not among them is taken for gone, so keys that were lost would delete records that the
source has. Therefore whoever keeps keys says every minute that they are needed, which housekeeping
respects; and who concludes anything from them demands that all are there still.
"""

from collections.abc import Iterable, Sequence
from typing import Any, Self

from app.database import read, transaction, write
from app.database.bulk import copy_in
from app.sync.beat import Beat
from app.sync.inward.unhurried import unhurried

BEGIN = "INSERT INTO sync_look (number) VALUES (%(number)s)"
NEEDED = "UPDATE sync_look SET alive_at = now() WHERE number = ANY(%(them)s)"
FORGET = """
WITH over AS (DELETE FROM sync_look WHERE number = ANY(%(them)s))
DELETE FROM sync_seen WHERE run_id = ANY(%(them)s)
"""
LEFT = "SELECT count(*) AS n FROM sync_seen WHERE run_id = ANY(%(looks)s)"


class KeysLost(Exception):
    """Fewer keys of the source are there than were kept: nothing can be concluded from them."""


class Keys:
    """Keys under one number or more; they stay until the block is left, and no longer."""

    def __init__(self) -> None:
        """Have no keys yet."""
        self._numbers: list[int] = []
        self._beat = Beat("look", self._say)

    def __enter__(self) -> Self:
        """Return itself."""
        return self

    def __exit__(self, *_fault: object) -> None:
        """Let go of them."""
        if not self._numbers:
            return
        self._beat.end()
        with unhurried():
            write(FORGET, {"them": self._numbers})

    def begin(self, number: int) -> None:
        """Say that keys will be kept under a number."""
        with transaction():
            write(BEGIN, {"number": number})
        self._numbers.append(number)
        if len(self._numbers) == 1:
            self._beat.begin()

    def _say(self) -> bool:
        with transaction():
            write(NEEDED, {"them": self._numbers})
        return True


def keep(columns: Sequence[str], content: Iterable[Any]) -> int:
    """Keep some keys, written as ``copy_in`` wants them; return how many there are now more."""
    with unhurried():
        return copy_in("sync_seen", columns, content)


def demand(number: int, kept: int) -> None:
    """Demand, after a statement that concluded from keys, that it saw all that were kept.

    Keys are added before and only ever vanish later: what is whole now was whole then.

    Raises:
        KeysLost
    """
    ((left,),) = read(LEFT, {"looks": [number]})
    if left != kept:
        raise KeysLost
