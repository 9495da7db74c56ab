"""Asking a feed for page after page, with fewer records where they are too large together."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial

from app.calls.messages import Answer, Question, TooLarge
from app.sync.connectors.http.contents import Contents, Place, contents_of, newest_time, place_of
from app.sync.connectors.http.giants import first_record, set_aside

FEWER = 8
"""An answer that is too large is asked for again with so many times fewer records."""

Ask = Callable[[Question], Answer]


@dataclass(slots=True)
class Asking:
    """Asks one reading's questions; ``limit`` is how many records the next one asks for."""

    ask: Ask
    path: str
    most: int
    limit: int = 0

    def __post_init__(self) -> None:
        self.limit = self.most

    def next(self, place: Place, headers: Mapping[str, str] | None) -> Contents | None:
        """Return the page after a place, or None: it says that nothing has changed.

        Raises:
            TooLarge: a single record is, and its beginning does not say which.
        """
        while True:
            query = place.cursor() | {"limit": self.limit}
            try:
                answer = self.ask(Question("GET", self.path, query, headers=headers))
            except TooLarge as fault:
                if self.limit == 1:
                    return self._passed(fault)
                self.limit = max(1, self.limit // FEWER)
                continue
            if answer.status == 304 and headers:
                return None
            found = contents_of(answer)
            self.limit = min(self.most, self.limit * 2)
            return found

    def _passed(self, fault: TooLarge) -> Contents:
        """Return a page without the record that alone is too large; others may come behind it."""
        record, raw = first_record(fault.begun)
        place = place_of(record, newest_time())
        if place is None:
            raise fault
        self.limit = min(self.most, FEWER)  # the next ones may be small again
        read = partial(set_aside, place.after, raw)
        return Contents(place, 1, more=True, rows=None, etag=None, read=read)
