"""The live process: many open pages, one ear on the database, one loop, and no thread a page."""

import asyncio
import logging
import random
import time
from collections import deque
from collections.abc import Callable, Sequence
from typing import TypeVar
from uuid import UUID

import orjson
import psycopg

from app.database import hear
from app.errors import NotFound, Refusal, Unavailable
from app.http.refusals import SessionEnded
from notices.live.admission import Claim, Guest, admitted, still_here
from notices.live.asking import claim_of, last_seen
from notices.live.changes import Change, hint, holding, latest, since
from notices.live.door import Asked, Door
from notices.live.pages import Page, Pages
from notices.live.past import REMEMBERED, Past
from notices.model.numbering import CHANNEL

TURN = 20
"""Seconds in which every page is sent a beat and asked for anew: a session that was ended, or a
home that was left, is seen within them, and within the time that asking takes."""
LOOKED_ANYHOW = 5.0  # seconds: how late a change is told of where the word of it was lost
AT_ONCE = 200  # let in together
MOST_WAITING = 4000
LAST_WORDS = 5.0  # seconds for what was sent to leave at the end
BEAT, OVER = b":\n\n", b"event: over\ndata: {}\n\n"
JSON = {"Content-Type": "application/json"}

T = TypeVar("T")
log = logging.getLogger("linli.live")


class Live:
    """All that the process holds. Its loop alone touches it; the database is asked beside it."""

    def __init__(self, most: int) -> None:
        self.pages = Pages(most)
        self._doors: set[Door] = set()
        self._page_of: dict[Door, Page] = {}
        self._waiting: deque[tuple[Door, Claim, int | None]] = deque()
        self._come = asyncio.Event()
        self._word = asyncio.Event()
        self._hears = False
        self._past = Past()
        self._told = self._cut = 0

    # the door's side

    def arrived(self, door: Door) -> None:
        """Note a connection."""
        self._doors.add(door)

    def left(self, door: Door) -> None:
        """Forget a connection and its page."""
        self._doors.discard(door)
        page = self._page_of.pop(door, None)
        if page is not None:
            self.pages.dismiss(page)

    def cut_off(self) -> None:
        """Note that somebody read too slowly."""
        self._cut += 1

    def asked(self, door: Door, asked: Asked) -> None:
        """Answer a request: how we are at once, a stream when it is known who asks."""
        path = asked.url.path.rstrip("/")
        if path == "/healthz":
            door.answer(200, JSON, orjson.dumps(self.standing()))
        elif path == "/readyz":
            if not self._hears:
                raise Unavailable(waiting_for="database")
            door.answer(200, JSON, b'{"status":"ready"}')
        elif path == "/live" or path.startswith("/live/"):
            if len(self._waiting) >= MOST_WAITING:
                raise Unavailable(retry_after=10)
            self._waiting.append((door, claim_of(asked), last_seen(asked)))
            self._come.set()
        else:
            raise NotFound

    def standing(self) -> dict[str, object]:
        """Return the figures of this process; nobody's name."""
        figures = {"pages": len(self.pages), "accounts": self.pages.accounts, "told": self._told}
        return {"status": "alive", **figures, "cut": self._cut, "hears": self._hears}

    # the loop's side

    async def run(self, stop: asyncio.Event) -> None:
        """Tell pages what changes until asked to stop."""
        await _beside(lambda: self._past.begin(latest()))
        tasks = [
            asyncio.create_task(hear(CHANNEL, self._heard)),
            *(asyncio.create_task(_kept(each)) for each in (self._tell, self._admit, self._turn)),
        ]
        await stop.wait()
        for task in tasks:
            task.cancel()
        await self._say_farewell()

    def _heard(self, hears: bool) -> None:
        self._hears = hears
        if hears:
            self._word.set()

    async def _tell(self) -> None:
        """Tell of what changed since the last time; a lost word costs some seconds."""
        try:
            async with asyncio.timeout(LOOKED_ANYHOW):
                await self._word.wait()
        except TimeoutError:
            pass
        self._word.clear()
        while changes := await _beside(lambda: since(self._past.seen, REMEMBERED)):
            for change in changes:
                await self._tell_of(change)

    async def _tell_of(self, change: Change) -> None:
        known, event = set(self.pages), change.event()
        holders = await self._holders(change)
        self._past.add(change)
        for page in self.pages.near(change.places):
            meant = page.is_meant(change)
            if meant or (meant is None and page.account in holders):
                page.line.send(event)
                self._told += 1
            elif meant is None and page not in known:  # came while holders were asked for
                page.line.send(hint(change.seq))

    async def _holders(self, change: Change) -> set[UUID]:
        """Return who of those it may be for holds a matter of it: one question for all of them."""
        asked = [p.account for p in self.pages.near(change.places) if p.is_meant(change) is None]
        if not asked:
            return set()
        return await _beside(lambda: holding(change.matters, asked))

    async def _admit(self) -> None:
        """Let in who waits, many at a time."""
        await self._come.wait()
        some = [self._waiting.popleft() for _ in range(min(AT_ONCE, len(self._waiting)))]
        if not self._waiting:
            self._come.clear()
        try:
            found = await _beside(lambda: admitted([claim for _, claim, _ in some]))
        except psycopg.Error as fault:
            log.warning("nobody can be let in: %s", type(fault).__name__)
            found = [Unavailable() for _ in some]
        for (door, _, seen), guest in zip(some, found, strict=True):
            if door not in self._doors:
                continue
            try:
                self._let_in(door, guest, seen)
            except Refusal as refusal:
                door.refuse(refusal)

    def _let_in(self, door: Door, guest: Guest | Refusal, seen: int | None) -> None:
        if isinstance(guest, Refusal):
            raise guest
        page = Page(guest.session, guest.account, guest.keys, door)
        self.pages.admit(page)
        self._page_of[door] = page
        again = f"retry: {random.randint(2000, 8000)}\n\n".encode()  # noqa: S311  no herd
        door.open(again + b"".join(self._past.missed(page, seen)))

    async def _turn(self) -> None:
        """Send some pages a beat, and ask whether their readers still stand where they stood."""
        began = time.monotonic()
        some = self.pages.take(-(-len(self.pages) // TURN))
        for page in some:
            page.line.send(BEAT)
        if some:
            await self._ask_anew(some)
        await asyncio.sleep(max(0.0, 1.0 - (time.monotonic() - began)))

    async def _ask_anew(self, some: Sequence[Page]) -> None:
        guests = await _beside(lambda: still_here([page.session for page in some]))
        for page in (page for page in some if page in self.pages):
            guest = guests.get(page.session, SessionEnded())
            if isinstance(guest, Refusal):
                page.line.close(OVER)
            elif guest.keys != page.keys:
                self.pages.move(page, guest.keys)
                page.line.send(hint(self._past.seen))

    async def _say_farewell(self) -> None:
        """End every connection; what was sent to it still arrives, if it is taken soon."""
        for door in list(self._doors):
            door.close()
        ends = time.monotonic() + LAST_WORDS
        while self._doors and time.monotonic() < ends:
            await asyncio.sleep(0.05)
        for door in list(self._doors):
            door.abort()


async def _kept(each: Callable[[], "asyncio.Future[None] | object"]) -> None:
    """Do something again and again, whatever befalls the database."""
    while True:
        try:
            await each()  # type: ignore[misc]
        except psycopg.Error as fault:
            log.warning("the live process met a database fault: %s", type(fault).__name__)
            await asyncio.sleep(1.0)


async def _beside(ask: Callable[[], T]) -> T:
    """Ask the database in a thread beside the loop."""
    return await asyncio.to_thread(ask)
