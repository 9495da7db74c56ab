"""Endpoints of an area: registered, listed, given a new secret, stopped."""

import ipaddress
from datetime import timedelta
from typing import Any
from uuid import UUID

import uuid_utils.compat as uuids

from app import clock
from app.database import FIRST_ID, Cursor, Page, read, transaction, write
from app.errors import NotFound, Stale
from app.policy import Actor
from app.privacy import audit, vault
from notices.channels.line import UrlRefused, checked_url, is_public
from notices.channels.webhooks.policy import ENDPOINT_SEEN_BY, may_have, seen_by
from notices.channels.webhooks.refusals import TooManyEndpoints, WebhookUrlRefused
from notices.channels.webhooks.signing import new_secret

MOST = 20
OLD_SECRET_HOLDS = timedelta(days=1)

COLUMNS = "e.id, e.area_code, e.name, e.url_sealed, e.version, e.made_at, e.old_until"
ONE = f"""
SELECT {COLUMNS} FROM webhook_endpoint e JOIN area own ON own.code = e.area_code
WHERE e.id = %(id)s AND e.stopped_at IS NULL AND {ENDPOINT_SEEN_BY}
"""  # noqa: S608  constants of ours
ALL = f"""
SELECT {COLUMNS} FROM webhook_endpoint e JOIN area own ON own.code = e.area_code
WHERE e.id > %(after)s::uuid AND e.stopped_at IS NULL AND {ENDPOINT_SEEN_BY}
ORDER BY e.id LIMIT %(limit)s
"""  # noqa: S608
AREA = "SELECT path FROM area WHERE code = %(code)s"
ONE_AT_A_TIME = "SELECT 1 FROM area WHERE code = %(area)s FOR NO KEY UPDATE"
STANDING = """
SELECT count(*) AS n FROM webhook_endpoint WHERE area_code = %(area)s AND stopped_at IS NULL
"""
ADD = """
INSERT INTO webhook_endpoint (id, area_code, name, url_sealed, secret_sealed, version, made_by,
                              made_at)
VALUES (%(id)s, %(area)s, %(name)s, %(url)s, %(secret)s, 1, %(me)s, %(now)s)
"""
ROTATE = """
UPDATE webhook_endpoint SET old_secret_sealed = secret_sealed, old_until = %(until)s,
  secret_sealed = %(secret)s, version = version + 1
WHERE id = %(id)s AND version = %(seen)s AND stopped_at IS NULL RETURNING 1
"""
STOP = """
UPDATE webhook_endpoint SET stopped_at = now(), version = version + 1
WHERE id = %(id)s AND stopped_at IS NULL RETURNING 1
"""


def register(actor: Actor, area_code: str, name: str, url: str) -> tuple[UUID, str]:
    """Have an endpoint told of what an area is told; return its id and its secret, shown once.

    Raises:
        NotFound: the area is unknown or not the actor's.
        WebhookUrlRefused: it is not an address we send to.
        TooManyEndpoints: the area has twenty.
    """
    found = read(AREA, {"code": area_code})
    if not found or not may_have(actor, found[0].path):
        raise NotFound
    _check(url)
    key, secret = uuids.uuid7(), new_secret()
    with transaction():
        write(ONE_AT_A_TIME, {"area": area_code})
        if write(STANDING, {"area": area_code})[0].n >= MOST:
            raise TooManyEndpoints(most=MOST)
        write(
            ADD,
            {
                "id": key,
                "area": area_code,
                "name": name,
                "url": vault.seal("webhook.url", key, url),
                "secret": vault.seal("webhook.secret", key, secret),
                "me": actor.account_id,
                "now": clock.now(),
            },
        )
        audit(actor.account_id, "webhook-register", "webhook_endpoint", key, area=area_code)
    return key, secret


def _check(url: str) -> None:
    try:
        host = checked_url(url).hostname or ""
        if _is_literal(host) and not is_public(host):
            raise UrlRefused("not-public")
    except UrlRefused as fault:
        raise WebhookUrlRefused(reason=fault.code) from fault


def _is_literal(host: str) -> bool:
    try:
        ipaddress.ip_address(host)
    except ValueError:
        return False
    return True


def one(actor: Actor, key: UUID) -> dict[str, Any]:
    """Return an endpoint of the actor's areas.

    Raises:
        NotFound: there is none.
    """
    found = read(ONE, seen_by(actor) | {"id": key})
    if not found:
        raise NotFound
    return _shown(found[0])


def listed(actor: Actor, cursor: str | None, limit: int) -> Page[Any]:
    """Return the endpoints of the actor's areas, a page at a time."""
    after = Cursor.read("webhooks", cursor, [str]) or [FIRST_ID]
    rows = read(ALL, seen_by(actor) | {"after": after[0], "limit": limit + 1})
    page = Cursor.page("webhooks", rows, limit, lambda row: [str(row.id)])
    return Page([_shown(row) for row in page.items], page.next)


def rotate(actor: Actor, key: UUID, seen: int) -> str:
    """Give an endpoint a new secret and return it; the old one signs as well for a day.

    Raises:
        NotFound: it is none of the actor's.
        Stale: somebody else has rotated it since.
    """
    secret, until = new_secret(), clock.now() + OLD_SECRET_HOLDS
    with transaction():
        one(actor, key)
        sealed = vault.seal("webhook.secret", key, secret)
        if not write(ROTATE, {"id": key, "seen": seen, "secret": sealed, "until": until}):
            raise Stale
        audit(actor.account_id, "webhook-rotate", "webhook_endpoint", key)
    return secret


def stop(actor: Actor, key: UUID) -> None:
    """Tell an endpoint nothing more.

    Raises:
        NotFound: it is none of the actor's.
    """
    with transaction():
        one(actor, key)
        if not write(STOP, {"id": key}):
            raise NotFound
        audit(actor.account_id, "webhook-stop", "webhook_endpoint", key)


def _shown(row: Any) -> dict[str, Any]:
    return {
        "id": row.id,
        "area_code": row.area_code,
        "name": row.name,
        "url": vault.open("webhook.url", row.id, bytes(row.url_sealed)),
        "version": row.version,
        "made_at": row.made_at,
        "old_secret_until": row.old_until,
    }
