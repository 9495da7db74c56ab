"""Whether somebody may be told now, asked in SQL of many at once: see ``QuietHours`` for one.

An emergency asks nobody. A drill is none: it asks. Whoever owes an answer is told of it by every
channel, since the next step is a worker at the door; their quiet hours are kept all the same,
unless these end only when the answer is overdue. A preference never hides anything in the inbox.
"""

from datetime import datetime
from typing import Any

from app import clock
from notices.channels.preferences.usual import slot, usually_refused
from notices.channels.protocol import QUIET_HOURS, REFUSED, Message

SAID = """
SELECT p.refused, CASE WHEN p.quiet_from IS NOT NULL AND CASE
  WHEN p.quiet_from < p.quiet_until
    THEN %(clock)s::time >= p.quiet_from AND %(clock)s::time < p.quiet_until
  ELSE %(clock)s::time >= p.quiet_from OR %(clock)s::time < p.quiet_until END
  THEN (%(day)s::date + (%(clock)s::time >= p.quiet_until)::int + p.quiet_until)
    AT TIME ZONE 'Asia/Shanghai' END AS quiet_ends
"""
ANYBODY = "(SELECT EXISTS (SELECT FROM notice_preference))"
"""SQL, answered once a statement: where nobody has said anything, nobody is looked up."""

OF_ACCOUNT = f"""
LEFT JOIN LATERAL ({SAID} FROM notice_preference p
  WHERE {ANYBODY} AND p.account_id = ac.id LIMIT 1) np ON true
"""
"""SQL that looks up what an account has said: ``np.refused`` and, in quiet hours, their end."""
OF_RESIDENT = f"""
LEFT JOIN LATERAL ({SAID} FROM account pa JOIN notice_preference p ON p.account_id = pa.id
  WHERE {ANYBODY} AND pa.resident_id = r.id LIMIT 1) np ON true
"""
"""The same of a resident."""

WAITS = """
(np.quiet_ends IS NOT NULL
  AND (%(answer_by)s::timestamptz IS NULL OR np.quiet_ends <= %(answer_by)s::timestamptz))
"""
ANSWERED = """
EXISTS (SELECT FROM notice n JOIN notice_receipt rc ON rc.seq = n.publish_seq
  WHERE n.id = %(notice)s AND rc.account_id = ac.id AND rc.acked_at IS NOT NULL)
"""
"""SQL over ``ac``: the account has acknowledged the notice."""
ASKED = f"""
CASE WHEN {WAITS} THEN np.quiet_ends END AS wait_until,
CASE WHEN %(answer_by)s::timestamptz IS NULL
       AND %(slot)s = ANY(coalesce(np.refused, %(usual)s::text[])) THEN '{REFUSED}'
     WHEN {WAITS} AND np.quiet_ends >= %(expires)s::timestamptz THEN '{QUIET_HOURS}'
END AS held, {ANSWERED} AS answered
"""
"""SQL columns over ``np`` and ``ac``: not before when, why not at all, whether it is answered."""
UNASKED = f"NULL::timestamptz AS wait_until, NULL::text AS held, {ANSWERED} AS answered"


def overrides(message: Message) -> bool:
    """Tell whether a notice asks nobody whether they may be told."""
    return message.emergency and not message.drill


def moment(message: Message, channel: str, now: datetime) -> dict[str, Any]:
    """Return the parameters of this SQL for a notice on a channel."""
    here = now.astimezone(clock.SHANGHAI)
    return {
        "clock": here.time(),
        "day": here.date(),
        "slot": slot(channel, message.kind),
        "usual": list(usually_refused(here.date())),
        "answer_by": message.answer_by,
        "expires": message.expires_at or "infinity",
        "notice": message.notice_id,
    }
