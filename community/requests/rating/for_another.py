"""Rating for somebody: by an agent with a mandate that says so, or by a guardian (代办)."""

from typing import Any
from uuid import UUID

from app.database import beyond
from app.errors import NotFound
from app.identity.mandates import Power, Principal, principal_for
from app.policy import Actor
from community.requests import queries
from community.requests.policy import holds, is_recused
from community.requests.refusals import OneOfYours


def rated_for(actor: Actor, request_id: UUID, mandate: UUID) -> tuple[Any, Principal]:
    """Return a request of the person for whom the actor may rate it, and that person.

    Raises:
        NotFound: it is nobody's for whom the actor holds this mandate.
        MandateRefused: the mandate does not cover rating such a matter now.
        OneOfYours: the actor handled it, or it complains about them.
    """
    with beyond():
        row = queries.of_principal(actor, request_id, mandate)
    if row is None:
        raise NotFound
    principal = principal_for(actor, mandate, Power.RATE, row.matter_code)
    if holds(actor, row) or is_recused(actor, row):
        raise OneOfYours
    return row, principal
