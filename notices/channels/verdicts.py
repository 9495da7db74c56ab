"""What an answer over HTTP means for one recipient, and sending to many at once."""

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import datetime
from typing import Generic, TypeVar

from app.privacy import KeyDestroyed, SealBroken
from notices.channels.line import LineFault, Reply, UrlRefused
from notices.channels.protocol import DELIVERED, Outcome, Verdict

WIDTH = 16
"""How many wait for answers at the same time, in one worker on one channel."""
R = TypeVar("R")
T = TypeVar("T")
NOT_NOW = frozenset({408, 425, *range(500, 600)})


def verdict_on(reply: Reply, now: datetime) -> Outcome:
    """Return 2xx delivered, 429 later, 408, 425 and 5xx away, all else refused for good."""
    if 200 <= reply.status < 300:
        return DELIVERED
    if reply.status == 429:
        return Outcome(Verdict.LATER, "busy", after=reply.asked_wait(now))
    if reply.status in NOT_NOW:
        return Outcome(Verdict.AWAY, "server-error", after=reply.asked_wait(now))
    return Outcome(Verdict.REFUSED, f"http-{reply.status}")


@dataclass(frozen=True, slots=True)
class _Ready(Generic[T]):
    """What was opened and can be sent."""

    what: T


def send_each(
    batch: Sequence[R], opened: Callable[[R], T], one: Callable[[T], Outcome]
) -> list[Outcome]:
    """Return an outcome each, in the order of the batch; a fault of one is an outcome, too.

    ``opened`` unseals what is needed, here, one after another: it may ask the database. ``one``
    sends in a few threads, which know no database.
    """
    ready = [_opened(who, opened) for who in batch]
    to_send = [each.what for each in ready if isinstance(each, _Ready)]
    if len(to_send) < 2:
        sent = [_safely(one, each) for each in to_send]
    else:
        with ThreadPoolExecutor(min(WIDTH, len(to_send)), "channel") as pool:
            sent = list(pool.map(lambda each: _safely(one, each), to_send))
    outcomes = iter(sent)
    return [next(outcomes) if isinstance(each, _Ready) else each for each in ready]


def _opened(who: R, opened: Callable[[R], T]) -> "_Ready[T] | Outcome":
    try:
        return _Ready(opened(who))
    except KeyDestroyed:
        return Outcome(Verdict.GONE, "erased")
    except SealBroken:
        return Outcome(Verdict.REFUSED, "seal-broken")


def _safely(one: Callable[[T], Outcome], each: T) -> Outcome:
    try:
        return one(each)
    except LineFault as fault:
        return Outcome(Verdict.AWAY, fault.code)
    except UrlRefused as fault:
        return Outcome(Verdict.REFUSED, fault.code)
