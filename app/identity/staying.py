"""How long a session of staff lasts: judged on each request, from what the actor's query reads."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

MARK_EVERY = timedelta(minutes=1)
"""How often the last use is written down: the idle limit is right to this."""


@dataclass(frozen=True, slots=True)
class Stay:
    """How long staff stay signed in, from a day on: unused, and at all; and on what basis."""

    since: date
    idle: timedelta
    absolute: timedelta
    basis: str


STAYS = (
    Stay(
        date(2024, 1, 1),
        timedelta(minutes=15),
        timedelta(hours=12),
        "GB/T 22239-2019 8.1.4.1 (ends after a time unused); NIST SP 800-63B 4.2.3: 12 hours",
    ),
)
"""The newest rule that has begun counts. Residents stay for as long as their session lives."""


def stay_on(day: date) -> Stay:
    """Return the rule of a day in Shanghai."""
    return max((each for each in STAYS if each.since <= day), key=lambda each: each.since)


def may_stay(started_at: datetime, last_used_at: datetime, now: datetime, today: date) -> bool:
    """Tell whether a session of staff still stands."""
    rule = stay_on(today)
    return now - last_used_at < rule.idle and now - started_at < rule.absolute


def to_be_marked(last_used_at: datetime, now: datetime) -> bool:
    """Tell whether this use is to be written down."""
    return now - last_used_at >= MARK_EVERY
