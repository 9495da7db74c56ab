"""What is newest for each place, kept in every web process: by it a poll is answered unread.

A process asks its ear, which costs no round trip, and reads the marks that grew since only when
something was said; and every few seconds all the same, should a word have been lost. Where neither
could be done lately nothing is answered from here, and the inbox is read. Marks are numbered in
commit order, so none is skipped by reading on from the highest seen.
"""

import threading
import time
from collections.abc import Iterable

import psycopg

from app import clock
from app.database import Ear, read
from app.policy import Actor
from notices.audience.people import WORKING
from notices.audience.places import handful, household, person, places_on
from notices.audience.reading import premises_of
from notices.model.numbering import CHANNEL

LOOKED_ANYHOW = 2.0  # seconds: how late a publication is seen where the word of it was lost
TRUSTED = 5.0  # seconds without a look before nothing is answered from here

GREW = "SELECT place, seq FROM notice_mark WHERE seq > %(seen)s"


class Newest:
    """The marks of one process. Any number of threads may ask."""

    def __init__(self) -> None:
        self._ear = Ear(CHANNEL)
        self._turn = threading.Lock()
        self._marks: dict[str, int] = {}
        self._seen = 0
        self._looked = 0.0

    def of(self, places: Iterable[str]) -> int | None:
        """Return the highest mark of some places, or None where the marks may be out of date."""
        if not self._is_fresh():
            return None
        known = self._marks
        return max((known.get(place, 0) for place in places), default=0)

    def of_all(self) -> int | None:
        """Return the highest mark of all."""
        return self._seen if self._is_fresh() else None

    def forget(self) -> None:
        """Begin anew at the next use."""
        with self._turn:
            self._ear.close()
            self._marks, self._seen, self._looked = {}, 0, 0.0

    def _is_fresh(self) -> bool:
        with self._turn:
            try:
                if self._ear.heard() or time.monotonic() - self._looked > LOOKED_ANYHOW:
                    self._look()
            except psycopg.Error:
                return time.monotonic() - self._looked < TRUSTED
            return True

    def _look(self) -> None:
        began = time.monotonic()
        rows = read(GREW, {"seen": self._seen})
        self._marks.update((row.place, row.seq) for row in rows)
        self._seen = max((row.seq for row in rows), default=self._seen)
        self._looked = began


newest = Newest()


def standing(actor: Actor) -> object | None:
    """Return all that an actor's inbox depends on, or None where that cannot be said unread.

    Who somebody is at a place (tenure, class of age, holder of a matter) changes with records,
    birthdays and cases: the day is in it, so that such a change is seen on the next day at the
    latest.
    """
    posts = actor.areas_as(*WORKING)
    if posts:  # few work; they are told of any change anywhere
        mark = newest.of_all()
    else:
        own = [
            *([handful(household(actor.household_id))] if actor.household_id else []),
            *([handful(person(actor.resident_id))] if actor.resident_id else []),
        ]
        mark = newest.of([*places_on(actor.area_path), *own, *premises_of(actor)])
    if mark is None:
        return None
    at = (actor.area_path, actor.enterprise_paths)
    who = (str(actor.account_id), str(actor.household_id), at, posts)
    return mark, actor.reading_mark, who, str(clock.today())
