"""What a channel is: it knows whom it can reach in a range of ids, and sends to a batch of them.

A channel never decides when, how often or whether: that is the delivery's. It opens no
transaction around its sending.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any, NamedTuple, Protocol
from uuid import UUID

from notices.model.drills import DRILL, marked


@dataclass(frozen=True, slots=True)
class Message:
    """A published notice as it is sent. ``root_id`` is the one id on every channel.

    ``expires_at`` None: it stands until it is withdrawn. ``places``, ``people`` and ``matters``
    say whom it is for, as notices/audience has them; ``area_codes`` are the areas it lies in.
    ``answer_by``: until then it must be acknowledged; None: it need not be. ``rung``: which rung of
    the ladder asks again; None: it is the notice itself. ``withdrawn_at``: what is told is that it
    was withdrawn; None: it stands. ``followed_in``: the areas of a correction for everybody that
    took its place.
    """

    notice_id: UUID
    root_id: UUID
    revision: int
    title: str
    summary: str
    area_codes: tuple[str, ...]
    published_at: datetime
    expires_at: datetime | None
    emergency: bool = False
    drill: bool = False
    title_en: str | None = None
    kind: str = "general"
    answer_by: datetime | None = None
    places: tuple[str, ...] = ()
    people: int = 1
    matters: tuple[str, ...] = ()
    rung: str | None = None
    withdrawn_at: datetime | None = None
    followed_in: tuple[str, ...] = ()

    @property
    def headline(self) -> str:
        """Return the title; a drill says so first, wherever it is read."""
        return marked(self.title, DRILL.zh, self.drill)

    @property
    def headline_en(self) -> str | None:
        """Return the English title, if there is one."""
        return self.title_en and marked(self.title_en, DRILL.en, self.drill)


REFUSED, QUIET_HOURS = "refused", "quiet-hours"
"""Why somebody is not sent to: they do not want it by this channel, or not at this hour."""


class Recipient(NamedTuple):
    """Somebody of a batch: ``key`` is the id by which chunks are cut, ``to`` the channel's own.

    One key may have several addresses (a phone and a tablet). ``area`` is where the person lives.
    ``wait_until``: not before then, by the person's own quiet hours. ``held``: not at all, and why.
    """

    key: UUID
    address: UUID
    area: str
    to: Any = None
    wait_until: datetime | None = None
    held: str | None = None

    @property
    def left_alone(self) -> "Outcome | None":
        """Return what becomes of somebody who is not sent to now; None: they may be."""
        if self.held is not None:
            return Outcome(Verdict.HELD, self.held)
        if self.wait_until is not None:
            return Outcome(Verdict.PUT_OFF, QUIET_HOURS, until=self.wait_until)
        return None


class Verdict(StrEnum):
    """What became of one sending."""

    DELIVERED = "delivered"  # the provider has it
    GONE = "gone"  # the address is none any more; it was forgotten
    REFUSED = "refused"  # for good: a repeat would be refused again
    LATER = "later"  # the provider asks to come again
    AWAY = "away"  # no answer, or the provider is not able
    PUT_OFF = "put_off"  # until a moment: a quota, quiet hours
    HELD = "held"  # as the person wishes: it stands in the inbox, and is not sent


class Outcome(NamedTuple):
    """The verdict on one recipient; ``reason`` is a code, never a value."""

    verdict: Verdict
    reason: str = ""
    after: timedelta | None = None
    until: datetime | None = None


DELIVERED = Outcome(Verdict.DELIVERED)


@dataclass(frozen=True, slots=True)
class Span:
    """A part of the ids: after ``after``, up to and with ``high``, at most ``limit`` people.

    ``few``: the whole audience lies in it, so it is cheaper to begin with that than with the ids.
    """

    after: UUID
    high: UUID
    limit: int
    few: bool = True


class Batch(NamedTuple):
    """A page of people, perhaps none, up to and with the key ``upto``; None: the span ends."""

    people: Sequence[Recipient]
    upto: UUID | None


class Channel(Protocol):
    """A way to reach people. ``page`` people are sent to between two checkpoints."""

    @property
    def name(self) -> str:
        """Its name in every table and report."""
        ...

    @property
    def page(self) -> int:
        """How many people are sent to between two checkpoints."""
        ...

    def recipients(self, message: Message, span: Span) -> Batch:
        """Return those of a page whom the notice is for and whom we can reach, by key."""
        ...

    def again(self, message: Message, addresses: Sequence[UUID]) -> Sequence[Recipient]:
        """Return those of the addresses that the notice is still for."""
        ...

    def send(self, message: Message, batch: Sequence[Recipient]) -> Sequence[Outcome]:
        """Send to each and return an outcome each, in the same order."""
        ...


@dataclass(frozen=True, slots=True)
class Channels:
    """The channels of an installation, by name."""

    every: tuple[Channel, ...] = field(default=())

    def named(self, name: str) -> Channel | None:
        """Return a channel, if the installation has it."""
        return next((each for each in self.every if each.name == name), None)
