"""How long to wait before the next try, and when to give up."""

import random
from collections.abc import Callable
from datetime import datetime, timedelta

FIRST_WAIT = timedelta(seconds=5)
LONGEST_WAIT = timedelta(hours=1)
MOST_TRIES = 8
CHUNK_TRIES = 5
"""Claims of a chunk that did not get any further; after these it is poison."""


def _jitter() -> float:
    return random.uniform(0.5, 1.5)  # noqa: S311  spreads the herd, guards nothing


def wait_after(tries: int, jitter: Callable[[], float] = _jitter) -> timedelta:
    """Return min(1 h, 2^tries x 5 s) x U(0.5, 1.5) for the number of tries made so far."""
    usual: timedelta = min(LONGEST_WAIT, FIRST_WAIT * 2 ** min(tries, 12))
    return usual * jitter()


def next_try(
    now: datetime, tries: int, asked: timedelta | None, expires_at: datetime | None
) -> datetime | None:
    """Return when to try again, or None: not any more.

    ``asked`` is what the provider asked us to wait (``Retry-After``): never before that. A try
    past the notice's expiry is none, and neither is a ninth.
    """
    when = now + max(wait_after(tries), asked or timedelta())
    if tries >= MOST_TRIES or (expires_at is not None and when >= expires_at):
        return None
    return when
