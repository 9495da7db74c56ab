"""Reads for feeds: what everybody of an area is told, and whether anything of it changed."""

from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from app.areas.queries import names_of
from app.database import read
from app.errors import NotFound
from notices.audience.places import places_on
from notices.audience.public import IS_PUBLIC
from notices.feeds.entries import Enclosure, Entry, Feed, Gone
from notices.feeds.page import said_of
from notices.model.attachments import public_path
from notices.model.history import corrected

MOST = 50
NEVER = datetime(2020, 1, 1, tzinfo=UTC)

PATH = "SELECT path FROM area WHERE code = %(code)s"
NEWEST = """
SELECT c.seq, c.at FROM notice_change c WHERE c.seq = (
  SELECT max(m.seq) FROM notice_mark m WHERE m.place = ANY(%(places)s::text[]))
"""
STANDING = f"""
SELECT n.root_id, n.title, n.body_html, n.read_aloud, n.change_note, n.priority, n.drill,
  n.published_at, n.attachments,
  (SELECT min(f.published_at) FROM notice f WHERE f.root_id = n.root_id) AS first_at
FROM (SELECT DISTINCT ON (t.seq) t.seq, t.notice_id FROM unnest(%(places)s::text[]) p(place)
      CROSS JOIN LATERAL (
        SELECT t.seq, t.notice_id FROM notice_target t WHERE t.place = p.place
          AND t.people & 1 <> 0 AND t.matters IS NULL AND t.expires_at > now()
        ORDER BY t.seq DESC LIMIT %(most)s) t
      ORDER BY t.seq DESC LIMIT %(most)s) t
JOIN notice n ON n.id = t.notice_id AND {IS_PUBLIC} ORDER BY t.seq DESC
"""  # noqa: S608  constants of ours
WITHDRAWN = f"""
SELECT n.root_id, c.at FROM (
  SELECT seq, notice_id, step, at FROM notice_change ORDER BY seq DESC LIMIT 1000) c
JOIN notice n ON n.id = c.notice_id AND {IS_PUBLIC}
WHERE c.at > now() - interval '30 days' AND c.step = 'withdraw'
  AND n.places && %(places)s::text[] ORDER BY c.seq DESC LIMIT %(most)s
"""  # noqa: S608
ONE = f"""
SELECT n.root_id, n.title, n.title_en, n.body_html, n.body_en_html, n.priority, n.drill,
  n.published_at, n.expires_at, n.state, n.change_note, n.attachments
FROM notice n WHERE {IS_PUBLIC} AND n.id = (
  SELECT l.id FROM notice l WHERE l.root_id = %(root)s AND l.publish_seq IS NOT NULL
  ORDER BY l.revision DESC LIMIT 1)
"""  # noqa: S608
# Behind OFFSET 0 alerts, of which there are few, are walked by their key, each to its one notice:
# left to choose, the server reads all notices.
ALERTS = f"""
SELECT c.id, c.identifier, c.kind, c.sent, c.expires_at, n.title, n.drill, c.root_id
FROM cap_alert c CROSS JOIN LATERAL (
  SELECT n.title, n.drill FROM notice n WHERE n.id = c.notice_id
    AND (n.touches @> ARRAY[%(code)s] OR n.area_codes && ({PATH})) OFFSET 0) n
WHERE c.expires_at > now() - interval '7 days' AND (c.expires_at > now() OR NOT EXISTS (
  SELECT FROM notice w WHERE w.root_id = c.root_id AND w.state = 'withdrawn'
    AND w.publish_seq IS NOT NULL))
ORDER BY c.id DESC LIMIT %(most)s
"""  # noqa: S608


def places_of(code: str) -> list[str]:
    """Return the places whose notices everybody of an area is told.

    Raises:
        NotFound: there is no such area.
    """
    found = read(PATH, {"code": code})
    if not found:
        raise NotFound
    return places_on(found[0].path)


def newest(places: list[str]) -> Any | None:
    """Return the number and time of the last change of what these places are shown."""
    return next(iter(read(NEWEST, {"places": places})), None)


def feed_of(code: str, places: list[str], changed: Any | None, public_url: str, url: str) -> Feed:
    """Return the feed of an area."""
    values = {"places": places, "most": MOST}
    entries = [_entry(row, public_url) for row in read(STANDING, values)]
    gone = [Gone(row.root_id, row.at) for row in read(WITHDRAWN, values)] if changed else []
    area = names_of([code])[code]
    updated = changed.at if changed else NEVER
    return Feed(code, area.name, f"{public_url}/", url, updated, entries, gone)


def one_public(root_id: UUID) -> Any:
    """Return the newest revision of a public notice, withdrawn or not.

    Raises:
        NotFound: there is none, or it is not for everybody (any more).
    """
    found = read(ONE, {"root": root_id})
    if not found:
        raise NotFound
    return found[0]


def has_file(root_id: UUID, file_id: UUID) -> None:
    """Do nothing for a file that anybody may read with a public notice.

    Raises:
        NotFound: the notice is none, is not for everybody, was withdrawn, or has no such file.
    """
    row = one_public(root_id)
    theirs = {each["id"] for each in row.attachments}
    if row.state == "withdrawn" or str(file_id) not in theirs:
        raise NotFound


def alerts_of(code: str) -> list[Any]:
    """Return the alerts to an area, to those over it and to those under it, the newest first."""
    return read(ALERTS, {"code": code, "most": MOST})


def _entry(row: Any, public_url: str) -> Entry:
    return Entry(
        root_id=row.root_id,
        title=row.title,  # a drill says so in its title
        html=said_of(row.change_note) + row.body_html,
        summary=corrected(row.change_note, " ".join(row.read_aloud.split()))[:200],
        published_at=row.first_at,
        updated_at=row.published_at,
        emergency=row.priority == 2,
        url=f"{public_url}/n/{row.root_id}",
        attachments=[
            Enclosure(
                f"{public_url}{public_path(row.root_id, each)}",
                each["name"],
                each["media_type"],
                each["bytes"],
            )
            for each in row.attachments
        ],
    )
