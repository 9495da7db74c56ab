"""Alerts: their identity is written in the deed, their XML by the worker or by the first reader."""

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import uuid_utils.compat as uuids

from app.areas.queries import names_of
from app.areas.service import grid_index
from app.database import apart, read, transaction, write
from app.errors import NotFound
from app.worker import claim, deal_with_each, finish, park
from notices.audience.public import IS_PUBLIC
from notices.cap.english import english_of
from notices.cap.message import (
    CapMessage,
    CapRefused,
    Info,
    Kind,
    Resource,
    reference,
    xml_of,
)
from notices.cap.models import CapAlert
from notices.cap.outlines import rings_of
from notices.model.attachments import Attachment, public_path
from notices.model.history import corrected

LEASE = timedelta(seconds=30)
SENDER_NAME = "邻里 Linli"
WITHOUT_EXPIRY = timedelta(days=1)
"""How long an alert counts whose notice names no end: CAP wants one."""

# Only what is for everybody: an alert is read by strangers.
NEW = f"""
INSERT INTO cap_alert (id, identifier, notice_id, root_id, kind, sender, sent, refers_to,
                       expires_at, due_at)
SELECT %(id)s, %(identifier)s, n.id, n.root_id, %(kind)s,
  'linli.' || coalesce((SELECT path[1] FROM area WHERE code = n.area_codes[1]), 'zone'),
  %(sent)s, %(refers_to)s, greatest(coalesce(n.expires_at, %(later)s), %(soon)s), now()
FROM notice n WHERE n.id = %(notice)s AND n.priority = 2 AND {IS_PUBLIC}
ON CONFLICT (notice_id, kind) DO NOTHING RETURNING 1
"""  # noqa: S608  constants of ours
EARLIER = """
SELECT a.sender, a.identifier, a.sent FROM cap_alert a
WHERE a.root_id = %(root)s AND a.kind <> 'Cancel' AND NOT EXISTS (
  SELECT FROM cap_alert c WHERE c.root_id = a.root_id AND c.kind = 'Cancel' AND c.id > a.id)
ORDER BY a.id DESC LIMIT 20
"""
COUNTS = """
SELECT 1 FROM cap_alert WHERE root_id = %(root)s AND kind <> 'Cancel' AND expires_at > %(now)s
LIMIT 1
"""
FACTS = """
SELECT c.identifier, c.sender, c.sent, c.kind, c.refers_to, c.expires_at, c.xml, n.drill, n.title,
  n.title_en, n.read_aloud, n.body_en_md, n.polygon, n.places, n.area_codes, n.root_id,
  n.attachments, n.change_note, n.kind AS about
FROM cap_alert c JOIN notice n ON n.id = c.notice_id WHERE c.id = %(id)s
"""
KEEP = "UPDATE cap_alert SET xml = %(xml)s WHERE id = %(id)s AND xml IS NULL"


def tell_of(notice_id: UUID, root_id: UUID, now: datetime, *, over: bool = False) -> bool:
    """Write that an emergency was published, corrected or (``over``) ended, in the deed.

    The first of a notice is an Alert, a correction an Update, an end a Cancel of all that stand;
    after a Cancel the next is an Alert again. Return whether there was something to tell: of what
    is no emergency, or not for everybody, there is nothing.
    """
    earlier = write(EARLIER, {"root": root_id})
    if over and not earlier:
        return False
    key, sent = uuids.uuid7(), now.replace(microsecond=0)
    kind = Kind.CANCEL if over else Kind.UPDATE if earlier else Kind.ALERT
    refers_to = [reference(row.sender, row.identifier, row.sent) for row in reversed(earlier)]
    about = {
        "id": key,
        "identifier": f"linli.{key}",
        "notice": notice_id,
        "kind": kind,
        "sent": sent,
        "refers_to": " ".join(refers_to) or None,
        "later": sent + WITHOUT_EXPIRY,
        "soon": sent + timedelta(minutes=10),
    }
    return bool(write(NEW, about))


def still_counts(root_id: UUID, now: datetime) -> bool:
    """Tell whether an alert of a notice is not over yet: it may outlive the notice by minutes."""
    return bool(read(COUNTS, {"root": root_id, "now": now}))


def written(key: UUID, public_url: str) -> bytes:
    """Return an alert's XML: the same bytes every time.

    Raises:
        NotFound: there is none.
        CapRefused: it breaks a rule of CAP; the worker has raised the alarm.
    """
    found = read(FACTS, {"id": key})
    if not found:
        raise NotFound
    if found[0].xml is None:
        apart(KEEP, {"id": key, "xml": xml_of(_message(found[0], public_url))})
        found = read(FACTS, {"id": key})  # somebody may have been quicker
    return bytes(found[0].xml)


def write_due(public_url: str) -> int:
    """Write the XML of new alerts; return how many were taken."""
    taken = claim(CapAlert, limit=10, lease=LEASE)

    def put(each: CapAlert) -> None:
        try:
            written(each.id, public_url)
        except CapRefused as fault:
            park(each, fault.code)
        else:
            with transaction():
                finish(each)

    return deal_with_each(taken, put)


def _message(row: Any, public_url: str) -> CapMessage:
    areas = names_of(row.area_codes[:50])
    zh = "、".join(area.name for area in areas.values())
    en = ", ".join(area.name_en or area.name for area in areas.values())
    web = f"{public_url}/n/{row.root_id}"
    over = "【解除】" if row.kind == Kind.CANCEL else ""
    note = row.change_note if row.kind == Kind.UPDATE else None
    chinese = Info("zh-CN", f"{over}{row.title}", corrected(note, row.read_aloud), zh)
    return CapMessage(
        identifier=row.identifier,
        sender=row.sender,
        sender_name=SENDER_NAME,
        sent=row.sent,
        kind=Kind(row.kind),
        drill=row.drill,
        expires=row.expires_at,
        infos=[chinese, english_of(row, Kind(row.kind), en, web)],
        rings=rings_of(row.polygon, row.places),
        codes=row.area_codes[:50],
        web=web,
        note=note,
        references=(row.refers_to or "").split(),
        # what an end repeats was judged before: it must end the alert whatever became of the edge
        bounds=None if row.kind == Kind.CANCEL else grid_index.get().bounds,
        resources=[]
        if row.kind == Kind.CANCEL
        else [_resource(row, each, public_url) for each in row.attachments],
    )


def _resource(row: Any, each: Attachment, public_url: str) -> Resource:
    url = f"{public_url}{public_path(row.root_id, each)}"
    return Resource(each["name"], each["media_type"], each["bytes"], url, each["sha1"])
