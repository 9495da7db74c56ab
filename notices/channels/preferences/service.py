"""What somebody wants to be told of: read as it counts now, and said anew as a whole."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from app import clock
from app.database import read, transaction, write
from app.errors import Stale
from app.policy import Actor
from app.privacy import audit
from notices.channels.preferences.quiet import QuietHours
from notices.channels.preferences.usual import slot, usually_refused

UNSAID = 1
"""The version of whoever has said nothing."""

MINE = """
SELECT version, refused, quiet_from, quiet_until FROM notice_preference WHERE account_id = %(me)s
"""
SAY = """
INSERT INTO notice_preference AS p
  (account_id, version, refused, quiet_from, quiet_until, changed_at)
SELECT %(me)s, %(seen)s + 1, %(refused)s, %(start)s, %(end)s, %(now)s
WHERE %(seen)s = 1 OR EXISTS (SELECT FROM notice_preference WHERE account_id = %(me)s)
ON CONFLICT (account_id) DO UPDATE SET version = p.version + 1, refused = excluded.refused,
  quiet_from = excluded.quiet_from, quiet_until = excluded.quiet_until,
  changed_at = excluded.changed_at
WHERE p.version = %(seen)s RETURNING 1
"""


@dataclass(frozen=True, slots=True)
class Preferences:
    """The slots that somebody refuses, and their quiet hours; ``quiet_ends`` if these reign now."""

    version: int
    refused: list[dict[str, str]]
    quiet: QuietHours | None
    quiet_ends: datetime | None


def mine(actor: Actor) -> Preferences:
    """Return what the actor has said, or what counts for whoever has said nothing."""
    rows = read(MINE, {"me": actor.account_id})
    if not rows:
        return Preferences(UNSAID, _named(usually_refused(clock.today())), None, None)
    row = rows[0]
    quiet = None
    if row.quiet_from is not None:
        quiet = QuietHours(row.quiet_from, row.quiet_until)
    ends = quiet.ends(clock.now()) if quiet else None
    return Preferences(row.version, _named(row.refused), quiet, ends)


def say(
    actor: Actor, seen: int, refused: Sequence[dict[str, Any]], quiet: QuietHours | None
) -> None:
    """Refuse these channels for these kinds, and no others; be quiet at these hours, or at none.

    Raises:
        Stale: it was said otherwise since it was seen.
    """
    with transaction():
        values = {
            "me": actor.account_id,
            "seen": seen,
            "refused": sorted({slot(each["channel"], each["kind"]) for each in refused}),
            "start": quiet.start if quiet else None,
            "end": quiet.end if quiet else None,
            "now": clock.now(),
        }
        if not write(SAY, values):
            raise Stale
        audit(actor.account_id, "notice-preferences", "account", actor.account_id)


def _named(slots: Sequence[str]) -> list[dict[str, str]]:
    pairs = [each.split("/") for each in slots]
    return [{"channel": channel, "kind": kind} for channel, kind in pairs]
