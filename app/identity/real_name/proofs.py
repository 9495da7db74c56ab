"""Proofs in person as clerks read them: of the desks of their area, without anybody's number."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from app import clock
from app.database import LAST_ID, Cursor, Page, read
from app.errors import NotFound
from app.identity.real_name.policy import SEEN_BY, desks_of, seen_by
from app.policy import Actor
from app.privacy import vault

COLUMNS = """
p.id, p.account_id, p.resident_id, p.area_code, p.document, p.number_index, p.reason_sealed,
p.state, p.version, p.proposed_by, p.proposed_at, p.lapses_at, p.decided_by, p.decided_at
"""
ONE = f"SELECT {COLUMNS} FROM in_person_proof p WHERE p.id = %(id)s AND {SEEN_BY}"  # noqa: S608
MANY = f"""
SELECT {COLUMNS} FROM in_person_proof p WHERE p.id < %(before)s::uuid AND {SEEN_BY}
ORDER BY p.id DESC LIMIT %(limit)s
"""  # noqa: S608  constants of ours


@dataclass(frozen=True, slots=True)
class Proof:
    """A proof as clerks see it: no phone, no number, no name."""

    id: UUID
    document: str
    area_code: str
    reason: str
    state: str
    version: int
    proposed_at: Any
    lapses_at: Any
    decided_at: Any
    proposed_by_me: bool


def show(actor: Actor, proof_id: UUID) -> Proof:
    """Return a proof of the clerk's desks.

    Raises:
        NotFound: there is none, or it is another desk's.
        DeskNotNamed: the staff register names no desk of the clerk's.
    """
    return shaped(actor, one(actor, proof_id))


def proofs(actor: Actor, cursor: str | None, limit: int) -> Page[Proof]:
    """Return the proofs of the clerk's desks, the newest first.

    Raises:
        DeskNotNamed: the staff register names no desk of the clerk's.
    """
    desks_of(actor)
    after = Cursor.read("proofs", cursor, [str]) or [LAST_ID]
    rows = read(MANY, seen_by(actor) | {"before": after[0], "limit": limit + 1})
    found = [shaped(actor, row) for row in rows]
    return Cursor.page("proofs", found, limit, lambda proof: [str(proof.id)])


def one(actor: Actor, proof_id: UUID) -> Any:
    """Return the row of a proof of the clerk's desks.

    Raises:
        NotFound: there is none, or it is another desk's.
        DeskNotNamed: the staff register names no desk of the clerk's.
    """
    desks_of(actor)
    found = read(ONE, seen_by(actor) | {"id": proof_id})
    if not found:
        raise NotFound
    return found[0]


def shaped(actor: Actor, row: Any) -> Proof:
    """Return what a clerk sees of a proof."""
    lapsed = row.state == "proposed" and row.lapses_at <= clock.now()
    return Proof(
        id=row.id,
        document=row.document,
        area_code=row.area_code,
        reason=vault.open("proof.reason", row.id, bytes(row.reason_sealed)),
        state="lapsed" if lapsed else row.state,
        version=row.version,
        proposed_at=row.proposed_at,
        lapses_at=row.lapses_at,
        decided_at=row.decided_at,
        proposed_by_me=row.proposed_by == actor.account_id,
    )
