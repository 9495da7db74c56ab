"""A copy of all that is held of somebody (PIPL 45): asked for, made by the worker, taken once."""

import hashlib
import io
import zipfile
from collections.abc import Callable, Mapping, Sequence
from datetime import timedelta
from typing import Any
from uuid import UUID

import orjson
import uuid_utils.compat as uuids

from app import clock
from app.database import read, transaction, write
from app.errors import NotFound
from app.feature import Feature
from app.identity import limits
from app.identity.limits import Limit
from app.policy import Actor
from app.privacy import Holding, Subject, audit, vault
from app.privacy.holdings import MOST_RECORDS
from app.rights.models import HoldingsExport
from app.rights.readable import page_of
from app.rights.refusals import ExportGone, ExportUnready
from app.worker import Sweep, claim, deal_with_each, finish, wake

LIVES = timedelta(hours=24)
LEASE = timedelta(minutes=2)
A_DAY = (Limit("export-day", 3, timedelta(days=1)),)
CONTENT = "holdings_export.content"

ONE = """
SELECT id, asked_at, made_at, taken_at, expires_at FROM holdings_export
WHERE id = %(id)s AND account_id = %(me)s
"""
TAKE = """
UPDATE holdings_export e SET taken_at = now(), content_sealed = NULL
FROM (SELECT id, content_sealed FROM holdings_export
      WHERE id = %(id)s AND account_id = %(me)s FOR UPDATE) was
WHERE e.id = was.id AND e.content_sealed IS NOT NULL AND e.expires_at > %(now)s
RETURNING was.content_sealed
"""

Features = Callable[[], Sequence[Feature]]


def ask(actor: Actor) -> UUID:
    """Have the worker make a copy; return its id.

    Raises:
        TooMany: three were asked for today.
    """
    limits.count(f"account {actor.account_id}", *A_DAY)
    key, now = uuids.uuid7(), clock.now()
    with transaction() as session:
        session.add(
            HoldingsExport(
                id=key,
                account_id=actor.account_id,
                resident_id=actor.resident_id,
                asked_at=now,
                expires_at=now + LIVES,
                due_at=now,
            )
        )
        audit(actor.account_id, "holdings-asked", "account", actor.account_id, export=str(key))
        wake(session, "holdings")
    return key


def show(actor: Actor, key: UUID) -> dict[str, Any]:
    """Return how far a copy is.

    Raises:
        NotFound: it is none of the caller's.
    """
    rows = read(ONE, {"id": key, "me": actor.account_id})
    if not rows:
        raise NotFound
    row = rows[0]
    over = row.taken_at or row.expires_at <= clock.now()
    state = "gone" if over else "ready" if row.made_at else "asked"
    return {"id": row.id, "state": state, "asked_at": row.asked_at, "expires_at": row.expires_at}


def take(actor: Actor, key: UUID) -> bytes:
    """Return the copy as a ZIP of JSON, a page to read, and their SHA-256: once.

    Raises:
        NotFound, ExportUnready, ExportGone: it is not the caller's, not made yet, or gone.
    """
    state = show(actor, key)["state"]
    if state == "asked":
        raise ExportUnready
    with transaction():
        taken = write(TAKE, {"id": key, "me": actor.account_id, "now": clock.now()})
        if not taken:
            raise ExportGone
        content = vault.open(CONTENT, key, bytes(taken[0].content_sealed))
        audit(actor.account_id, "holdings-downloaded", "account", actor.account_id, export=str(key))
    return _zipped(content.encode())


def export_sweep(features: Features) -> Sweep:
    """Return the sweep that makes the copies."""

    def run() -> int:
        taken = claim(HoldingsExport, limit=5, lease=LEASE)
        return deal_with_each(taken, lambda export: _make(export, features()))

    return Sweep("holdings", run)


def document_of(subject: Subject, features: Sequence[Feature]) -> dict[str, Any]:
    """Return all that the features hold of a subject, opened, in their order."""
    holdings = [holding for feature in features for holding in feature.holdings]
    return {
        "made_at": clock.now().astimezone(clock.SHANGHAI).isoformat(timespec="seconds"),
        "account_id": str(subject.account_id),
        "sections": [_section(holding, subject) for holding in holdings],
        "kept_by_law": [kept_row(kept) for feature in features for kept in feature.kept],
    }


def kept_row(kept: Any) -> dict[str, str]:
    """Return what law makes us keep, as the copy and the API say it."""
    return {
        "what_zh": kept.what.zh,
        "what_en": kept.what.en,
        "basis": kept.basis,
        "term_zh": kept.term.zh,
        "term_en": kept.term.en,
    }


def _make(export: HoldingsExport, features: Sequence[Feature]) -> None:
    document = document_of(Subject(export.account_id, export.resident_id), features)
    text = orjson.dumps(document, default=str, option=orjson.OPT_INDENT_2).decode()
    with transaction():
        sealed = vault.seal(CONTENT, export.id, text, export.account_id)
        finish(export, made_at=clock.now(), content_sealed=sealed)


def _section(holding: Holding, subject: Subject) -> Mapping[str, Any]:
    records = [dict(record) for record in holding.records(subject)]
    return {
        "name": holding.name,
        "title_zh": holding.title.zh,
        "title_en": holding.title.en,
        "records": records[:MOST_RECORDS],
        "complete": len(records) <= MOST_RECORDS,
    }


def _zipped(content: bytes) -> bytes:
    files = {"my-data.json": content, "my-data.html": page_of(orjson.loads(content)).encode()}
    sums = "".join(f"{hashlib.sha256(each).hexdigest()}  {name}\n" for name, each in files.items())
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, each in {**files, "SHA256SUMS": sums.encode()}.items():
            archive.writestr(name, each)
    return out.getvalue()
