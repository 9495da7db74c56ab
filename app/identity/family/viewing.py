"""Guardianships as their two and a desk see them: where they stand, names masked."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from app.database import Page
from app.errors import NotFound, Words
from app.identity.family import queries
from app.identity.guardians import age_of
from app.identity.guardianship import SAID, State, state_at
from app.policy import Actor
from app.privacy import vault

SUBJECT = "guardianship"
"""What the trail calls them."""


@dataclass(frozen=True, slots=True)
class GuardianshipView:
    """A guardianship as one of its two or a desk sees it, names masked."""

    row: Any
    state: State
    guardian_name: str | None
    ward_name: str | None

    @property
    def said(self) -> Words:
        """What the two are told of where it stands."""
        return SAID[self.state]


def show(actor: Actor, guardianship_id: UUID) -> GuardianshipView:
    """Return a guardianship in the actor's sight.

    Raises:
        NotFound: there is none.
    """
    return viewed(find(actor, guardianship_id))


def listed(actor: Actor, side: str, cursor: str | None, limit: int) -> Page[GuardianshipView]:
    """Return the actor's guardianships as ``guardian`` or ``ward``, the newest first."""
    page = queries.listed(actor, side, cursor, limit)
    return Page([viewed(row) for row in page.items], page.next)


def find(actor: Actor, guardianship_id: UUID) -> Any:
    """Return the row of a guardianship in the actor's sight.

    Raises:
        NotFound: there is none.
    """
    row = queries.one(actor, guardianship_id)
    if row is None:
        raise NotFound
    return row


def viewed(row: Any) -> GuardianshipView:
    """Return what is shown of a guardianship."""
    names = (_masked(row.guardian_sid, row.guardian_name), _masked(row.ward_sid, row.ward_name))
    return GuardianshipView(row, state_at(row, age_of(row)), *names)


def _masked(sid: str | None, sealed: bytes | None) -> str | None:
    if sid is None or sealed is None:
        return None
    name = vault.open("resident.name", sid, sealed)
    return name[0] + "*" * (len(name) - 1)
