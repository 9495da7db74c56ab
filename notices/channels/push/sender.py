"""The channel: one encrypted message to each browser of those whom a notice is for."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit
from uuid import UUID

import http_ece
import orjson
from cryptography.hazmat.primitives.asymmetric import ec

from app import clock
from app.database import transaction, write
from app.privacy import vault
from notices.channels.choice import PUSH
from notices.channels.line import Line
from notices.channels.people import Reachable, page_of, those_of
from notices.channels.protocol import Batch, Message, Outcome, Recipient, Span, Verdict
from notices.channels.push.vapid import Vapid, b64, unb64
from notices.channels.verdicts import send_each, verdict_on

LONGEST_TTL = 28 * 86400  # what push services keep at most
WITHOUT_EXPIRY = 3 * 86400
LARGEST = 2000  # bytes of text; 3,993 fit (RFC 8291, 4), and JSON escapes none of them
GONE = frozenset({404, 410})
FORGET = "DELETE FROM push_subscription WHERE id = %(id)s"

BROWSERS = Reachable(
    walk="""
    SELECT account_id AS key FROM push_subscription
    WHERE account_id > %(after)s AND account_id <= %(high)s
    GROUP BY account_id ORDER BY account_id OFFSET %(last)s LIMIT 1
    """,
    shown="""
    SELECT who.*, p.id AS address, p.endpoint_sealed, p.keys_sealed
    FROM ({who}) who JOIN push_subscription p ON p.account_id = who.key ORDER BY who.key, p.id
    """,
    channel=PUSH,
    also=" AND EXISTS (SELECT FROM push_subscription p WHERE p.account_id = ac.id)",
)
THEIRS = "SELECT account_id FROM push_subscription WHERE id = ANY(%(ids)s)"


def topic_of(root_id: UUID) -> str:
    """Return the notice's topic: 22 characters, so that an undelivered one is replaced."""
    return b64(root_id.bytes)


def seconds_left(message: Message, now: datetime) -> int:
    """Return how long a push service may keep a message: until the notice expires."""
    if message.expires_at is None:
        return WITHOUT_EXPIRY
    return max(0, min(LONGEST_TTL, int((message.expires_at - now).total_seconds())))


def content_of(message: Message) -> bytes:
    """Return what the service worker in the browser shows; ``tag`` replaces what is shown."""
    title = message.headline if not message.emergency else f"【紧急】{message.headline}"
    return orjson.dumps(
        {
            "id": str(message.root_id),
            "tag": str(message.root_id),
            "revision": message.revision,
            "title": title.encode()[:600].decode(errors="ignore"),
            "body": message.summary.encode()[:LARGEST].decode(errors="ignore"),
            "lang": "zh-CN",
            "url": f"/inbox/{message.notice_id}",
            "emergency": message.emergency,
            "drill": message.drill,
        }
    )


@dataclass(frozen=True, slots=True)
class WebPush:
    """Pushes with one installation's key."""

    vapid: Vapid
    line: Line
    name: str = PUSH
    page: int = 100

    def recipients(self, message: Message, span: Span) -> Batch:
        """Return the browsers of those of a page whom the notice is for."""
        rows, upto = page_of(BROWSERS, message, span)
        return Batch([_recipient(row) for row in rows], upto)

    def again(self, message: Message, addresses: Sequence[UUID]) -> Sequence[Recipient]:
        """Return those of the browsers that are still there, of people who are still meant."""
        rows = those_of(BROWSERS, message, THEIRS, addresses)
        return [_recipient(row) for row in rows if row.address in set(addresses)]

    def send(self, message: Message, batch: Sequence[Recipient]) -> Sequence[Outcome]:
        """Push to each; a browser that its service does not know any more is forgotten."""
        content, now = content_of(message), clock.now()
        headers = {
            "Content-Encoding": "aes128gcm",
            "Content-Type": "application/octet-stream",
            "TTL": str(seconds_left(message, now)),
            "Topic": topic_of(message.root_id),
            "Urgency": "high" if message.emergency else "normal",
        }

        def opened(who: Recipient) -> tuple[str, dict[str, str]]:
            endpoint = vault.open("push.endpoint", who.address, who.to[0])
            return endpoint, orjson.loads(vault.open("push.keys", who.address, who.to[1]))

        def one(browser: tuple[str, dict[str, str]]) -> Outcome:
            endpoint, keys = browser
            parts = urlsplit(endpoint)
            signed = self.vapid.authorization(f"{parts.scheme}://{parts.netloc}")
            body = sealed_for(keys, content)
            reply = self.line.post(endpoint, body, {**headers, "Authorization": signed})
            if reply.status in GONE:
                return Outcome(Verdict.GONE)
            return verdict_on(reply, now)

        vault.subjects.fetch(who.key for who in batch)
        outcomes = send_each(batch, opened, one)
        for who, outcome in zip(batch, outcomes, strict=True):
            if outcome.verdict is Verdict.GONE:
                with transaction():
                    write(FORGET, {"id": who.address})
        return outcomes


def sealed_for(keys: dict[str, Any], content: bytes) -> bytes:
    """Encrypt for one browser, with a key of this message alone (RFC 8291)."""
    body: bytes = http_ece.encrypt(
        content,
        private_key=ec.generate_private_key(ec.SECP256R1()),
        dh=unb64(keys["p256dh"]),
        auth_secret=unb64(keys["auth"]),
        version="aes128gcm",
    )
    return body


def _recipient(row: Any) -> Recipient:
    to = (bytes(row.endpoint_sealed), bytes(row.keys_sealed))
    return Recipient(row.key, row.address, row.area, to, row.wait_until, row.held)
