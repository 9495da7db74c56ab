"""Who is asking, and whether they may."""

import uuid
from typing import Annotated

from fastapi import Depends, Header, HTTPException, Request
from pydantic import BaseModel
from sqlalchemy import bindparam, func, select

from app.areas.models import Area
from app.identity.models import Account, Address, Household, Resident, StaffGrant
from app.identity.sessions.models import SignInSession
from bench.peers import duties
from bench.peers.fastapi_site.database import Session


class Actor(BaseModel):
    account_id: uuid.UUID
    level: int
    resident_id: uuid.UUID | None
    roles: set[str]


GRANTS = (
    select(func.array_agg(StaffGrant.role))
    .where(
        StaffGrant.account_id == Account.id,
        StaffGrant.valid_from <= bindparam("today"),
        StaffGrant.valid_to.is_(None) | (StaffGrant.valid_to > bindparam("today")),
    )
    .scalar_subquery()
)
ACTOR = (
    select(Account.id, Account.level, Account.resident_id, Household.id, Area.path, GRANTS)
    .select_from(SignInSession)
    .join(Account, Account.id == SignInSession.account_id)
    .outerjoin(Resident, Resident.id == Account.resident_id)
    .outerjoin(Household, Household.sid == Resident.household_sid)
    .outerjoin(Address, Address.sid == Household.address_sid)
    .outerjoin(Area, Area.code == Address.grid_code)
    .where(
        SignInSession.id == bindparam("session"),
        SignInSession.account_id == bindparam("account"),
        SignInSession.revoked_at.is_(None),
        SignInSession.expires_at > func.now(),
        Account.status == "active",
    )
)


async def current_actor(
    request: Request, session: Session, authorization: Annotated[str, Header()] = ""
) -> Actor:
    try:
        account, signed_in, _ = duties.read_token(authorization)
    except ValueError as fault:
        raise HTTPException(401) from fault
    asked = {"session": signed_in, "account": account, "today": duties.today()}
    row = (await session.execute(ACTOR, asked)).one_or_none()
    if row is None:
        raise HTTPException(401)
    request.state.account = account
    roles = {"resident", *(row[5] or ())}
    return Actor(account_id=row[0], level=row[1], resident_id=row[2], roles=roles)


def allowed(operation: str):
    async def check(actor: Annotated[Actor, Depends(current_actor)]) -> Actor:
        if duties.OPERATIONS[operation].isdisjoint(actor.roles):
            raise HTTPException(403)
        return actor

    return check
