"""Publishing and taking back, in one transaction: state, number, targets, what went before."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from app.database import transaction, write
from app.errors import Stale
from app.worker import wake
from notices.audience.places import marks_of
from notices.audience.public import IS_PUBLIC
from notices.audience.resolving import Resolved
from notices.cap.alerts import still_counts, tell_of
from notices.channels.choice import WEBHOOK, channels_for
from notices.delivery.campaigns import begin
from notices.model.history import record
from notices.model.lifecycle import Priority, State, Step
from notices.model.numbering import next_number

PUBLISH = f"""
UPDATE notice n SET state = 'published', version = version + 1, published_by = %(me)s,
  published_at = %(now)s, publish_seq = %(seq)s, approved_by = coalesce(approved_by, %(me)s),
  places = %(places)s, area_codes = %(area_codes)s, touches = %(touches)s
WHERE id = %(id)s AND version = %(seen)s RETURNING version, {IS_PUBLIC} AS is_public
"""  # noqa: S608  constants of ours

TARGET = """
INSERT INTO notice_target
  (place, seq, notice_id, people, matters, priority, pinned, expires_at)
SELECT place, n.publish_seq, n.id, n.people, nullif(n.matters, '{}'), n.priority, n.pinned,
  coalesce(n.expires_at, 'infinity')
FROM notice n, unnest(n.places) AS t(place) WHERE n.id = %(id)s
"""

EARLIER = """
SELECT id, root_id, state, priority, places, area_codes, version FROM notice
WHERE root_id = %(root)s AND id <> %(id)s AND state IN ('published', 'expired') FOR UPDATE
"""

END = """
UPDATE notice SET state = %(state)s, version = version + 1, ended_at = %(now)s
WHERE id = %(id)s AND version = %(seen)s RETURNING version
"""


def publish_now(row: Any, found: Resolved, by: UUID | None, now: datetime) -> int:
    """Publish a notice in the deed under way; return its number. ``found``: its places of now.

    A revision that it corrects leaves every inbox in the same deed, also where it has expired in
    the meantime, and the number is a new one: the correction is unread again.

    Raises:
        Stale: it has changed since it was read.
    """
    fresh = {"places": found.places, "area_codes": found.area_codes, "touches": found.touches}
    earlier = write(EARLIER, {"root": row.root_id, "id": row.id})
    for each in earlier:
        take_back(each, State.SUPERSEDED, Step.SUPERSEDE, by, now)
    marks = marks_of(fresh["places"], fresh["area_codes"])
    seq = next_number(row.id, Step.PUBLISH, marks, now)
    values = fresh | {"id": row.id, "me": by, "now": now, "seq": seq, "seen": row.version}
    written = write(PUBLISH, values)
    if not written:
        raise Stale
    write(TARGET, {"id": row.id})
    record(row.id, written[0].version, Step.PUBLISH, State.PUBLISHED, now, by=by)
    emergency = row.priority == Priority.EMERGENCY
    begin(row.id, channels_for(emergency), emergency)
    _tell_who_hears_no_more(earlier, found.area_codes if written[0].is_public else [])
    if not (emergency and tell_of(row.id, row.root_id, now)):
        for each in earlier:  # what is no alert any more must not stand as one
            tell_of(each.id, row.root_id, now, over=True)
    with transaction() as session:
        wake(session, "notice")
    return seq


def _tell_who_hears_no_more(earlier: Sequence[Any], told_in: Sequence[str]) -> None:
    """Have systems told of what stood and is corrected, where they are not told of the correction.

    Which of them that are is asked when it is sent; ``told_in`` are the areas of the correction.
    """
    for each in earlier:
        if each.state == State.PUBLISHED and not set(each.area_codes) <= set(told_in):
            begin(each.id, (WEBHOOK,), each.priority == Priority.EMERGENCY, over=True)


def take_back(row: Any, state: State, taken: Step, by: UUID | None, now: datetime) -> None:
    """End what is published, in the deed under way: it leaves every inbox at once.

    What has expired can be found again; what was withdrawn or superseded cannot.

    Raises:
        Stale: it has changed since it was read.
    """
    found = write(END, {"id": row.id, "state": state, "now": now, "seen": row.version})
    if not found:
        raise Stale
    if state is State.EXPIRED:
        write(LAY_ASIDE, {"id": row.id})
    write("DELETE FROM notice_target WHERE notice_id = %(id)s", {"id": row.id})
    if row.state == State.EXPIRED:
        write("DELETE FROM notice_target_past WHERE notice_id = %(id)s", {"id": row.id})
    next_number(row.id, taken, marks_of(row.places, row.area_codes), now)
    record(row.id, found[0].version, taken, state, now, by=by)
    if state is State.WITHDRAWN:
        emergency = row.priority == Priority.EMERGENCY
        begin(row.id, (WEBHOOK,), emergency, over=True)  # people see it leave; systems must hear
        # what has expired leaves an alert that mostly is over too, and needs no end
        if emergency and (row.state == State.PUBLISHED or still_counts(row.root_id, now)):
            tell_of(row.id, row.root_id, now, over=True)


LAY_ASIDE = """
INSERT INTO notice_target_past
  (place, seq, notice_id, people, matters, priority, pinned, expires_at)
SELECT place, seq, notice_id, people, matters, priority, pinned, expires_at
FROM notice_target WHERE notice_id = %(id)s ON CONFLICT DO NOTHING
"""
