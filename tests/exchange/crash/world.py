"""A small source with a memory, beside the reckoning of what must come of what it says."""

import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace

from app.database import read
from app.privacy import vault
from app.sync import Field, Forget, Kind, Stream
from app.sync.inward import points
from app.sync.inward.engine import Outcome, Progress, run_source
from app.sync.inward.needs import Needs
from app.sync.inward.replay import PLACE, replay
from app.sync.inward.suppression import suppress
from app.sync.reconcile.reconciling import reconcile
from tests.exchange.crash import checks
from tests.exchange.crash.feed import Item, MadeUp, Told, Visit
from tests.exchange.crash.model import Ledger
from tests.exchange.crash.records import SOURCE, Row
from tests.exchange.crash.standing import touched
from tests.exchange.reconcile.counting import Counting

TAPES = ("residents", "households", "areas", "addresses")
ROWS_IN = "SELECT coalesce(sum(n_in), 0)::int FROM sync_batch WHERE source = %(source)s"
BAD = "SELECT coalesce(sum(n_bad), 0)::int FROM sync_batch WHERE source = %(source)s"
TIMES = "SELECT coalesce(sum(times), 0)::int FROM sync_quarantine WHERE source = %(source)s"
ASIDE = """
SELECT digest, raw_sealed FROM sync_quarantine
WHERE source = %(source)s AND stream = 'residents' AND status = 'open' ORDER BY digest
"""
TIMES_OF = f"{TIMES} AND sid = %(sid)s"


class Death(BaseException):
    """The end of a reading, at a point where it would be bad luck."""


class World:
    """What the source said and what was read of it; ``due`` is how many rows must be booked."""

    def __init__(self, streams: Mapping[str, Stream]) -> None:
        self.streams = {name: streams[name] for name in TAPES}
        self.ledgers = {name: Ledger(stream) for name, stream in self.streams.items()}
        self.tapes: dict[str, list[Item]] = {name: [] for name in TAPES}
        self.counted = dict.fromkeys(TAPES, 0)
        self.living: dict[str, dict[str, Row]] = {name: {} for name in TAPES}
        self.due, self.forgotten, self.lists, self.page_rows = 0, 0, 0, 3

    def say(self, stream: str, row: Row) -> None:
        """Have the source say something, at the end of all that it said."""
        self.tapes[stream].append(row)
        self.ledgers[stream].take([row])
        living = self.living[stream]
        if row.get("op") == "D":
            living.pop(str(row["sid"]), None)
        else:
            living[str(row["sid"])] = row

    def visit(self) -> Visit:
        return [Told(name, tuple(tape)) for name, tape in self.tapes.items()]

    def read(self, visit: Visit | None = None, progress: Progress | None = None) -> list[Outcome]:
        """Read what there is, to the end."""
        made_up, streams = MadeUp(visit or self.visit()), list(self.streams.values())
        return run_source(made_up, streams, progress or (lambda *_: None), self.page_rows)

    def read_and_die(self, place: int, visit: Visit | None = None) -> None:
        """Read, and die at a point if the reading gets that far."""
        points.watch(_die_at(place))
        try:
            self.read(visit)
        except Death:
            return
        finally:
            points.watch(lambda _: None)

    def settle(self) -> None:
        """Read to the end of all tapes and hold all against the reckoning."""
        assert {each.status for each in self.read()} == {"done"}
        for name, tape in self.tapes.items():
            if self.counted[name] == 0:  # read from the start again, after a list
                self.ledgers[name].take(tape)
            self.due += len(tape) - self.counted[name]
            self.counted[name] = len(tape)
        checks.mirror_is(self.ledgers)
        checks.product_shows(self.streams)
        checks.nobody_waits_in_vain(self.streams)
        assert self._one(ROWS_IN) == self.due
        before = touched(self.streams)
        self.read()
        assert touched(self.streams) == before, "nothing new was said, and something was written"

    def list_all(self, stream: str, left_out: set[str], deaths: Iterable[int]) -> None:
        """Have the source list all that lives in a stream, but for some, and read the list."""
        self.settle()
        self.lists += 1
        rows = [row for sid, row in self.living[stream].items() if sid not in left_out]
        told = Told(stream, rows, complete=True, digest=f"list {self.lists}", claimed=len(rows))
        for place in deaths:
            self.read_and_die(place, [told])
        assert self.read([told])[0].status == "done"
        ledger = self.ledgers[stream]
        ledger.take(rows)
        lived = sum(each.live for each in ledger.known.values())
        ledger.settle(told)
        self.due += len(rows) + lived - sum(each.live for each in ledger.known.values())
        if rows:  # the checkpoint is the list's now: the tape is read from its start next time
            self.counted[stream] = 0
        checks.mirror_is({stream: ledger})

    def erase(self, sid: str, forgets: Sequence[Forget] = ()) -> None:
        """Erase a resident here, for good; ``forgets``: what else the product lets go of."""
        self.settle()
        stream = self.streams["residents"]
        self.forgotten += self._one(TIMES_OF, sid)
        lived = suppress(SOURCE, stream, sid, Needs(self.streams), None, "asked for", forgets)
        known = self.ledgers["residents"].known.get(sid)
        assert lived == (known is not None and known.live)
        self.due += lived
        self.ledgers["residents"].erase(sid)

    def replay(self) -> None:
        """Read again what was put aside; nothing of it has become any better."""
        self.due += replay(SOURCE, self.streams["residents"], Needs(self.streams))["in"]

    def replay_mended(self) -> None:
        """Mend the rule that put rows aside, and read them again: now they are records."""
        self.settle()
        stream = self.streams["residents"]
        aside = [
            json.loads(vault.open(PLACE, row.digest, bytes(row.raw_sealed)))
            for row in read(ASIDE, {"source": SOURCE})
        ]
        with lax_phones(stream):
            self.due += replay(SOURCE, stream, Needs(self.streams))["in"]
            self.ledgers["residents"].take(aside)
        checks.mirror_is({"residents": self.ledgers["residents"]})
        assert not read(ASIDE, {"source": SOURCE})

    def commit_late(self, stream: str, row: Row) -> None:
        """Have the source know something that no reading of its changes will ever bring."""
        self.living[stream][str(row["sid"])] = row

    def repair(self, stream: str) -> None:
        """Count both sides of a stream, and read anew what differs; then all of it is here."""
        self.settle()
        before, ledger, there = self._one(ROWS_IN), self.ledgers[stream], self.living[stream]
        rows = {sid: dict[str, object](row) for sid, row in there.items()}
        counting = Counting({stream: rows}, source=SOURCE)
        reconcile(counting, list(self.streams.values()), True, lambda *_: None)
        for sid, row in there.items():
            known = ledger.known.get(sid)
            if known is None or not known.live or known.ver != int(str(row["ver"])):
                ledger.take([row])
        for sid, known in ledger.known.items():
            known.absent = known.absent or (known.live and sid not in there)
        self.due += self._one(ROWS_IN) - before
        checks.mirror_is({stream: ledger})
        checks.product_shows(self.streams)

    def check(self) -> None:
        """Check what must be true at any time."""
        checks.mirror_was_told(self.ledgers)
        checks.books_agree(self.streams)
        unread = sum(len(tape) - self.counted[name] for name, tape in self.tapes.items())
        assert self.due <= self._one(ROWS_IN) <= self.due + unread
        assert self._one(BAD) == self._one(TIMES) + self.forgotten

    def _one(self, sql: str, sid: str = "") -> int:
        ((found,),) = read(sql, {"source": SOURCE, "sid": sid})
        return int(found)


@contextmanager
def lax_phones(stream: Stream) -> Iterator[None]:
    """Take any text for a phone, as after that rule was mended."""
    strict = stream.fields
    object.__setattr__(stream, "fields", tuple(map(_lax, strict)))
    try:
        yield
    finally:
        object.__setattr__(stream, "fields", strict)


def _lax(field: Field) -> Field:
    return replace(field, kind=Kind("text", str.strip, ".*")) if field.name == "phone" else field


def _die_at(place: int) -> Callable[[str], None]:
    left = [place]

    def note(_name: str) -> None:
        left[0] -= 1
        if left[0] < 0:
            raise Death

    return note
