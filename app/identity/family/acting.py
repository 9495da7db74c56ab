"""For which child a guardian acts: asked anew on every request."""

from typing import Any
from uuid import UUID

from app.identity.family import queries
from app.identity.guardians import age_of
from app.identity.guardianship import State, state_at
from app.policy import Actor


def ward_of(actor: Actor, guardianship_id: UUID) -> tuple[Any, str | None] | None:
    """Return the guardianship that the actor holds by this id, and why it does not count, if so."""
    row = queries.held(actor, guardianship_id)
    if row is None:
        return None
    state = state_at(row, age_of(row))
    return row, None if state == State.STANDING else str(state)
