"""A repeat is answered with the first answer: the key is stored with the deed, or not at all.

After the IETF draft Idempotency-Key (-07) and Stripe's practice: scoped to caller and operation,
400 without a key, 422 for a key used with another body, 409 while the first is being worked on.
A third of the commits that a killed server did not acknowledge were written all the same
(measured), so a phone must be able to repeat without fear.
"""

import re
from collections.abc import Callable
from datetime import datetime
from functools import wraps
from typing import Any
from uuid import UUID

import orjson
from flask import Response, request
from psycopg.errors import LockNotAvailable
from sqlalchemy import Index, PrimaryKeyConstraint, SmallInteger, Text
from sqlalchemy.orm import Mapped

from app import clock
from app.database import Model, read, transaction, write
from app.http.blueprint import JSON, mark
from app.http.guard import current_actor
from app.http.refusals import InFlight, KeyNeeded, KeyReused
from app.privacy import internal, personal, vault

KEY = re.compile(r"[A-Za-z0-9_-]{8,128}")


class IdempotencyKey(Model):
    """The first answer to a keyed request, kept for 48 hours; the body is sealed."""

    __tablename__ = "idempotency_key"
    __table_args__ = (
        PrimaryKeyConstraint("account_id", "operation", "key"),
        Index("ix_idempotency_key_made_at", "made_at"),
    )

    account_id: Mapped[UUID] = internal()
    operation: Mapped[str] = internal(Text)
    key: Mapped[str] = internal(Text)
    fingerprint: Mapped[str] = internal(Text)
    made_at: Mapped[datetime] = internal()
    status: Mapped[int | None] = internal(SmallInteger)
    etag: Mapped[str | None] = internal(Text)
    location: Mapped[str | None] = internal(Text)
    answer_sealed: Mapped[bytes | None] = personal()


CLAIM = """
INSERT INTO idempotency_key (account_id, operation, key, fingerprint, made_at)
VALUES (%(account)s, %(operation)s, %(key)s, %(fingerprint)s, %(now)s)
ON CONFLICT DO NOTHING RETURNING 1
"""

FIRST = """
SELECT fingerprint, status, etag, location, answer_sealed FROM idempotency_key
WHERE account_id = %(account)s AND operation = %(operation)s AND key = %(key)s
"""

STORE = """
UPDATE idempotency_key
SET status = %(status)s, etag = %(etag)s, location = %(location)s, answer_sealed = %(sealed)s
WHERE account_id = %(account)s AND operation = %(operation)s AND key = %(key)s
"""


def idempotent(view: Callable[..., Response]) -> Callable[..., Response]:
    """Run the view once for each key: the outermost decorator below the route."""

    @wraps(view)
    def wrapper(*args: Any, **kwargs: Any) -> Response:
        key = request.headers.get("Idempotency-Key", "")
        if not KEY.fullmatch(key):
            raise KeyNeeded
        mine = {
            "account": current_actor().account_id,
            "operation": f"{request.endpoint} {request.path}",
            "key": key,
            "fingerprint": vault.fingerprint(request.get_data()).hex(),
        }
        with transaction():
            if not _claimed(mine):
                return _replayed(mine, read(FIRST, mine)[0])
            response = view(*args, **kwargs)
            _store(mine, response)
            return response

    mark(wrapper, "x-idempotent", True)
    return wrapper


def _claimed(mine: dict[str, Any]) -> bool:
    try:
        return bool(write(CLAIM, {**mine, "now": clock.now()}))
    except LockNotAvailable as fault:
        raise InFlight from fault


def _store(mine: dict[str, Any], response: Response) -> None:
    body = response.get_data(as_text=True)
    write(
        STORE,
        {
            **mine,
            "status": response.status_code,
            "etag": response.headers.get("ETag"),
            "location": response.headers.get("Location"),
            "sealed": vault.seal("idempotency.answer", _row(mine), body),
        },
    )


def _replayed(mine: dict[str, Any], first: Any) -> Response:
    if first.fingerprint != mine["fingerprint"]:
        raise KeyReused
    body = vault.open("idempotency.answer", _row(mine), first.answer_sealed)
    response = Response(body, first.status, content_type=JSON)
    if not body:
        del response.headers["Content-Type"]
    for name, value in (("ETag", first.etag), ("Location", first.location)):
        if value:
            response.headers[name] = value
    response.headers["Idempotency-Replayed"] = "true"
    return response


def _row(mine: dict[str, Any]) -> str:
    return orjson.dumps([str(mine["account"]), mine["operation"], mine["key"]]).decode()
