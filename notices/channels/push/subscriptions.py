"""A resident's browsers: added, listed, removed. One browser belongs to one account."""

from typing import Any
from uuid import UUID

import orjson
import uuid_utils.compat as uuids

from app import clock
from app.database import beyond, read, transaction, write
from app.errors import NotFound
from app.policy import Actor
from app.privacy import audit, vault
from notices.channels.line import UrlRefused
from notices.channels.push.endpoints import KNOWN_HOSTS, are_usable, checked_endpoint
from notices.channels.push.refusals import PushKeysRefused, PushServiceRefused, TooManyBrowsers

MOST = 10

MINE = """
SELECT id, device_sealed, made_at, since FROM push_subscription WHERE account_id = %(me)s
ORDER BY id DESC LIMIT %(most)s
"""
ONE_AT_A_TIME = "SELECT 1 FROM account WHERE id = %(me)s FOR NO KEY UPDATE"
TAKE = """
DELETE FROM push_subscription WHERE endpoint_index = %(index)s RETURNING account_id, since
"""
ADD = """
INSERT INTO push_subscription (id, account_id, endpoint_index, endpoint_sealed, keys_sealed,
                               device_sealed, made_at, since)
VALUES (%(id)s, %(me)s, %(index)s, %(endpoint)s, %(keys)s, %(device)s, %(now)s, %(since)s)
"""
REMOVE = "DELETE FROM push_subscription WHERE id = %(id)s AND account_id = %(me)s RETURNING 1"


def subscribe(
    actor: Actor, endpoint: str, p256dh: str, auth: str, device: str, more_hosts: tuple[str, ...]
) -> UUID:
    """Have notices pushed to a browser; whoever had it before has it no more.

    Raises:
        PushServiceRefused, PushKeysRefused: it cannot be pushed to.
        TooManyBrowsers: the account has ten.
    """
    try:
        checked_endpoint(endpoint, (*KNOWN_HOSTS, *more_hosts))
    except UrlRefused as fault:
        raise PushServiceRefused(reason=fault.code) from fault
    if not are_usable(p256dh, auth):
        raise PushKeysRefused
    key, index = uuids.uuid7(), vault.index("push.endpoint", endpoint)
    keys, now = orjson.dumps({"p256dh": p256dh, "auth": auth}).decode(), clock.now()
    with transaction():
        write(ONE_AT_A_TIME, {"me": actor.account_id})
        with beyond():  # the browser may have been another account's until now
            taken = write(TAKE, {"index": index})
        others = write(MINE, {"me": actor.account_id, "most": MOST})
        if len(others) >= MOST:
            raise TooManyBrowsers(most=MOST)
        before = [row.since for row in taken if row.account_id == actor.account_id]
        write(
            ADD,
            {
                "id": key,
                "me": actor.account_id,
                "index": index,
                "endpoint": vault.seal("push.endpoint", key, endpoint, actor.account_id),
                "keys": vault.seal("push.keys", key, keys, actor.account_id),
                "device": vault.seal("push.device", key, device, actor.account_id),
                "now": now,
                "since": min([now, *before, *(row.since for row in others)]),
            },
        )
        audit(actor.account_id, "push-subscribe", "push_subscription", key)
    return key


def mine(actor: Actor) -> list[dict[str, Any]]:
    """Return the actor's browsers, the newest first."""
    return [
        {
            "id": row.id,
            "device": vault.open("push.device", row.id, bytes(row.device_sealed)),
            "made_at": row.made_at,
        }
        for row in read(MINE, {"me": actor.account_id, "most": MOST})
    ]


def one(actor: Actor, key: UUID) -> dict[str, Any]:
    """Return one of the actor's browsers.

    Raises:
        NotFound: there is none.
    """
    found = next((each for each in mine(actor) if each["id"] == key), None)
    if found is None:
        raise NotFound
    return found


def unsubscribe(actor: Actor, key: UUID) -> None:
    """Push to a browser no more.

    Raises:
        NotFound: it is none of the actor's.
    """
    with transaction():
        if not write(REMOVE, {"id": key, "me": actor.account_id}):
            raise NotFound
        audit(actor.account_id, "push-unsubscribe", "push_subscription", key)
