"""Inbox reads: one index range for each place of the reader's, however large the district."""

from typing import Any
from uuid import UUID

from app.database import Cursor, Page, read
from app.policy import Actor
from notices.audience.reading import ME, MEANT, READER, STANDING, reader
from notices.inbox.aside import SHOWN, THEN
from notices.model.body import grams_of

LARGEST = 2**62
COUNTED = 100

COLUMNS = f"""
n.id, n.publish_seq AS seq, n.revision, n.kind, n.priority, n.drill, n.pinned, n.needs_ack,
n.ack_by, n.title, n.title_en, n.change_note, n.published_at, n.expires_at, n.state, rc.read_at,
rc.acked_at, jsonb_array_length(n.attachments) AS attached,
(rc.read_at IS NOT NULL OR (n.priority < 2 AND n.publish_seq <= (SELECT upto FROM st) AND (
  n.publish_seq <= (SELECT min(since) FROM bounds) OR {SHOWN.format(seq="n.publish_seq")}
))) AS read
"""  # noqa: S608  constants of ours
MINE = f"""
LEFT JOIN notice_receipt rc ON rc.account_id = {ME} AND rc.seq = n.publish_seq
"""

# What a page asks for is hidden from the planner, as what a reader is (see READER): knowing it, the
# server would find each plan cheaper than one for all, and plan longer than it reads.
PAGE = "page AS MATERIALIZED (SELECT %(before)s::bigint AS before, %(limit)s::int AS lines)"

# LATERAL keeps the cost flat; place = ANY(...) grows with the history (measured).
INBOX = f"""
WITH {READER}, {THEN}, {PAGE}
SELECT {COLUMNS}
FROM (SELECT DISTINCT ON (t.seq) t.seq, t.notice_id
      FROM keys k CROSS JOIN LATERAL (
        SELECT t.seq, t.notice_id FROM notice_target t
        WHERE t.place = k.place AND t.seq < (SELECT before FROM page)
          AND {STANDING} {{pinned}} {MEANT}
        ORDER BY t.seq DESC LIMIT (SELECT lines FROM page)) t
      ORDER BY t.seq DESC LIMIT (SELECT lines FROM page)) t
JOIN notice n ON n.id = t.notice_id {MINE}
ORDER BY t.seq DESC
"""  # noqa: S608  constants of ours

# Putting aside never hides an emergency: those are counted one by one, whatever was put aside.
# Where the reader is no more than then, an index range starts behind what was put aside.
UNREAD = f"""
WITH {READER}, {THEN}, page AS MATERIALIZED (SELECT %(most)s::int AS lines)
SELECT count(*) AS n FROM (
  SELECT DISTINCT t.seq FROM st, bounds k CROSS JOIN LATERAL (
    (SELECT t.seq FROM notice_target t
     WHERE t.place = k.place AND t.seq > k.since AND {STANDING} NOT EXISTS (
       SELECT FROM notice_receipt rc WHERE rc.account_id = {ME} AND rc.seq = t.seq) AND {MEANT}
       AND (t.seq > st.upto OR t.priority = 2 OR NOT {SHOWN.format(seq="t.seq")})
     ORDER BY t.seq DESC LIMIT (SELECT lines FROM page))
    UNION ALL
    (SELECT t.seq FROM notice_target t
     WHERE t.place = k.place AND t.priority = 2 AND t.seq <= k.since AND {STANDING} NOT EXISTS (
       SELECT FROM notice_receipt rc WHERE rc.account_id = {ME} AND rc.seq = t.seq) AND {MEANT}
     ORDER BY t.seq DESC LIMIT (SELECT lines FROM page))) t
  LIMIT (SELECT lines FROM page)) x
"""  # noqa: S608  constants of ours

ONE_READABLE = f"""
WITH {READER}, {THEN}
SELECT {COLUMNS}, n.body_md, n.body_html, n.body_en_md, n.body_en_html, n.large_text, n.read_aloud,
       n.root_id, n.attachments
FROM notice n {MINE}
WHERE n.id = %(id)s AND n.state IN ('published', 'expired') AND EXISTS (
  SELECT FROM keys k JOIN (SELECT * FROM notice_target UNION ALL SELECT * FROM notice_target_past) t
    ON t.place = k.place AND t.seq = n.publish_seq WHERE {MEANT})
"""  # noqa: S608  constants of ours

AT_HOME = f"""
WITH {READER}
SELECT EXISTS (
  SELECT FROM notice n JOIN (SELECT * FROM notice_target UNION ALL SELECT * FROM notice_target_past)
    t ON t.seq = n.publish_seq JOIN keys k ON k.place = t.place AND k.people & 1 <> 0
  WHERE n.id = %(id)s AND {MEANT}) AS meant
"""  # noqa: S608  constants of ours

# Walks the reader's own notices, the newest first, and looks each up: what is common is found at
# once, and what is rare costs as much as the reader has notices, however many the district has.
SEARCH = f"""
WITH {READER}, {THEN}
SELECT {COLUMNS}
FROM (SELECT DISTINCT ON (t.seq) t.seq, t.notice_id
      FROM keys k CROSS JOIN LATERAL (
        (SELECT t.seq, t.notice_id FROM notice_target t JOIN notice s ON s.id = t.notice_id
         WHERE t.place = k.place AND t.seq < %(before)s AND {{wanted}} AND {MEANT}
         ORDER BY t.seq DESC LIMIT %(limit)s)
        UNION ALL
        (SELECT t.seq, t.notice_id FROM notice_target_past t JOIN notice s ON s.id = t.notice_id
         WHERE t.place = k.place AND t.seq < %(before)s AND {{wanted}} AND {MEANT}
         ORDER BY t.seq DESC LIMIT %(limit)s)) t
      ORDER BY t.seq DESC LIMIT %(limit)s) t
JOIN notice n ON n.id = t.notice_id {MINE}
ORDER BY t.seq DESC
"""  # noqa: S608  constants of ours

WANTED = """
s.grams @> %(grams)s::text[] AND
strpos(lower(concat_ws(' ', s.title, s.large_text, s.body_md, s.title_en, s.body_en_md)),
       %(words)s) > 0
"""
EVERYTHING = "true"


def inbox(actor: Actor, pinned: bool, cursor: str | None, limit: int) -> Page[Any]:
    """Return what is meant for the actor and has not expired, the newest first."""
    name = "inbox-pinned" if pinned else "inbox"
    after = Cursor.read(name, cursor, [int]) or [LARGEST]
    sql = INBOX.format(pinned="t.pinned AND" if pinned else "")
    rows = read(sql, reader(actor) | {"before": after[0], "limit": limit + 1})
    return Cursor.page(name, rows, limit, lambda row: [row.seq])


def unread(actor: Actor) -> int:
    """Return how many notices the actor has not read, counted up to 100."""
    return int(read(UNREAD, reader(actor) | {"most": COUNTED})[0].n)


def found(actor: Actor, words: str | None, cursor: str | None, limit: int) -> Page[Any]:
    """Return the actor's notices, expired ones too, that hold ``words``, the newest first."""
    after = Cursor.read("inbox-found", cursor, [int]) or [LARGEST]
    about: dict[str, Any] = {"before": after[0], "limit": limit + 1}
    if words is not None:
        about |= {"grams": grams_of(words), "words": words.lower()}
    sql = SEARCH.format(wanted=WANTED if words is not None else EVERYTHING)
    rows = read(sql, reader(actor) | about)
    return Cursor.page("inbox-found", rows, limit, lambda row: [row.seq])


def one_readable(actor: Actor, notice_id: UUID) -> Any | None:
    """Return a notice that is meant for the actor, also after it expired."""
    return next(iter(read(ONE_READABLE, reader(actor) | {"id": notice_id})), None)


def is_meant_at_home(actor: Actor, notice_id: UUID) -> bool:
    """Tell whether a notice is for the actor as a resident, and not for an office alone."""
    return bool(read(AT_HOME, reader(actor) | {"id": notice_id})[0].meant)
