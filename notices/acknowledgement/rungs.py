"""The ladder of an acknowledgement: what follows for those who have not answered, and when."""

from dataclasses import dataclass
from datetime import datetime, timedelta


@dataclass(frozen=True, slots=True)
class Rung:
    """A way to ask again, so long before the answer is due."""

    name: str
    before: timedelta


PUSH, SMS, VISIT = "push", "sms", "visit"
TOLD, ABSENT, REFUSED = OUTCOMES = ("told", "absent", "refused")

LADDER = (
    Rung(PUSH, timedelta(hours=24)),
    Rung(SMS, timedelta(hours=4)),
    Rung(VISIT, timedelta()),
)
"""In order; the last is a list of doors to knock at."""


def due_at(rung: Rung, ack_by: datetime) -> datetime:
    """Return when a rung is reached."""
    return ack_by - rung.before


OWED = ("published", "expired")
"""The states in which an answer is owed: who has not given it by the end is still told of it."""
