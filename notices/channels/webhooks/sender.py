"""The channel: one signed message to each endpoint whose area a notice for everybody touches."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

import orjson

from app import clock
from app.database import apart
from app.privacy import vault
from notices.channels.line import Line
from notices.channels.protocol import Batch, Message, Outcome, Recipient, Span, Verdict
from notices.channels.verdicts import send_each, verdict_on
from notices.channels.webhooks.signing import signed_headers

# An endpoint of a street is told what the zone tells everybody, and what a grid of the street is.
# Who is told of a correction need not be told that what it corrects stands no more.
LIES_IN = """
(own.path && %({0})s::text[] OR EXISTS (
  SELECT FROM area t WHERE t.code = ANY(%({0})s::text[]) AND e.area_code = ANY(t.path)))
"""
TOUCHED = f"""
SELECT e.id, e.area_code, e.url_sealed, e.secret_sealed, e.old_secret_sealed, e.old_until
FROM webhook_endpoint e JOIN area own ON own.code = e.area_code
WHERE e.stopped_at IS NULL AND {LIES_IN.format("areas")} AND NOT {LIES_IN.format("followed")}
"""  # noqa: S608  constants of ours
PAGE = f"{TOUCHED} AND e.id > %(after)s AND e.id <= %(high)s ORDER BY e.id LIMIT %(limit)s"
THOSE = f"{TOUCHED} AND e.id = ANY(%(ids)s)"


def content_of(message: Message, url: str) -> bytes:
    """Return the body; ``id`` is the notice's on every channel, a correction has a new revision."""
    return orjson.dumps(
        {
            "type": _type(message),
            "timestamp": message.withdrawn_at or message.published_at,
            "data": {
                "id": message.root_id,
                "revision": message.revision,
                "title": message.headline,
                "title_en": message.headline_en,
                "summary": message.summary,
                "area_codes": list(message.area_codes),
                "emergency": message.emergency,
                "drill": message.drill,
                "expires_at": message.expires_at,
                "url": url,
            },
        }
    )


def _type(message: Message) -> str:
    if message.withdrawn_at is not None:
        return "notice.withdrawn"
    return "notice.published" if message.revision == 1 else "notice.corrected"


@dataclass(frozen=True, slots=True)
class Webhooks:
    """Tells the systems of others; ``public_url`` is where anybody can read the notice."""

    line: Line
    public_url: str
    name: str = "webhook"
    page: int = 50

    def recipients(self, message: Message, span: Span) -> Batch:
        """Return the endpoints of the span whose area the notice touches."""
        values = {"after": span.after, "high": span.high, "limit": span.limit}
        rows = apart(PAGE, _where(message) | values)
        upto = rows[-1].id if len(rows) == span.limit else None
        return Batch([_recipient(row) for row in rows], upto)

    def again(self, message: Message, addresses: Sequence[UUID]) -> Sequence[Recipient]:
        """Return those of the endpoints that still stand."""
        return [_recipient(row) for row in apart(THOSE, _where(message) | {"ids": list(addresses)})]

    def send(self, message: Message, batch: Sequence[Recipient]) -> Sequence[Outcome]:
        """Post to each; 410 says that the receiver wants nothing more of this notice."""
        body = content_of(message, f"{self.public_url}/n/{message.root_id}")
        over = "_withdrawn" if message.withdrawn_at is not None else ""
        message_id = f"notice_{message.notice_id}{over}"  # the same for every repeat: they drop it

        def opened(who: Recipient) -> tuple[str, list[str]]:
            url = vault.open("webhook.url", who.address, bytes(who.to.url_sealed))
            return url, _secrets(who, clock.now())

        def one(endpoint: tuple[str, list[str]]) -> Outcome:
            now, (url, secrets) = clock.now(), endpoint
            headers = signed_headers(message_id, now, body, secrets)
            reply = self.line.post(url, body, headers)
            if reply.status in (404, 410):
                return Outcome(Verdict.REFUSED, f"http-{reply.status}")
            return verdict_on(reply, now)

        return send_each(batch, opened, one)


def _where(message: Message) -> dict[str, Any]:
    return {"areas": list(message.area_codes), "followed": list(message.followed_in)}


def _secrets(who: Recipient, now: datetime) -> list[str]:
    found = [vault.open("webhook.secret", who.address, bytes(who.to.secret_sealed))]
    if who.to.old_secret_sealed is not None and who.to.old_until > now:
        found.append(vault.open("webhook.secret", who.address, bytes(who.to.old_secret_sealed)))
    return found


def _recipient(row: Any) -> Recipient:
    return Recipient(row.id, row.id, "", row)  # a system is none of the area's residents
