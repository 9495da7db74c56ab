"""From a matter, words and a place to rows."""

from datetime import UTC, datetime

import orjson
import uuid_utils.compat as uuids
from fastapi import HTTPException
from sqlalchemy import select, text
from sqlalchemy.ext.asyncio import AsyncSession

from app.privacy.audit import AuditEntry
from bench.peers import duties
from bench.peers.fastapi_site.access import Actor
from bench.peers.fastapi_site.shapes import Detail, Entry, NewRequest, RequestOut
from bench.peers.statements import TELL
from community.catalogue.models import Matter
from community.requests.models import NUMBERS, RequestEvent, ServiceRequest

TOLD = text(
    TELL.replace("%(id)s", "CAST(:id AS uuid)")
    .replace("%(subject)s", "CAST(:subject AS uuid)")
    .replace("%(payload)s", "CAST(:payload AS bytea)")
)


async def file_request(session: AsyncSession, actor: Actor, body: NewRequest, name: str) -> Detail:
    """Write all rows of a filing; return what the caller is shown."""
    matter = await _matter(session, actor, body.matter)
    place = body.place
    try:
        where = duties.filing(
            place.lng, place.lat, place.crs, matter.limit_count, matter.limit_unit
        )
    except duties.OutsideZone as fault:
        raise HTTPException(422) from fault
    count = await session.scalar(select(NUMBERS.next_value()))
    filed = _request(actor, body, matter, where, f"{where.day}-{count:06d}")
    facts = {
        "grid": where.grid,
        "metres_to_edge": where.metres_to_edge,
        "department": matter.department_code,
        "handled_by": matter.handled_by,
    }
    steps = [_step(filed, "file", {"channel": "app"}), _step(filed, "dispatch", facts)]
    session.add_all([filed, *steps, _audit(filed, facts, name)])
    await session.flush()
    await _tell(session, filed)
    return Detail(
        request=RequestOut.model_validate(filed, from_attributes=True),
        words=body.words,
        mine=True,
        claimed_by_me=False,
        timeline=[Entry(at=step.at, step=step.step, facts=step.facts) for step in steps],
    )


async def _matter(session: AsyncSession, actor: Actor, code: str) -> Matter:
    today = duties.today()
    matter = await session.scalar(
        select(Matter).where(
            Matter.code == code,
            Matter.valid_from <= today,
            Matter.valid_to.is_(None) | (Matter.valid_to > today),
        )
    )
    if matter is None:
        raise HTTPException(422)
    if actor.level < matter.level_required:
        raise HTTPException(403)
    return matter


def _request(
    actor: Actor, body: NewRequest, matter: Matter, where: duties.Filing, number: str
) -> ServiceRequest:
    key = uuids.uuid7()
    return ServiceRequest(
        id=key,
        number=number,
        matter_code=matter.code,
        account_id=actor.account_id,
        resident_id=actor.resident_id,
        channel="app",
        words_sealed=duties.seal("service_request.words", key, body.words),
        state="dispatched",
        version=1,
        lng=where.lng,
        lat=where.lat,
        raw_lng=body.place.lng,
        raw_lat=body.place.lat,
        raw_crs=body.place.crs,
        grid_code=where.grid,
        near_edge=where.near_edge,
        handled_by=matter.handled_by,
        department_code=matter.department_code,
        filed_at=where.filed_at,
        deadline_at=where.due_at,
        deadline_provisional=where.provisional,
        calendar_version=where.calendar,
    )


def _step(filed: ServiceRequest, step: str, facts: dict) -> RequestEvent:
    return RequestEvent(
        request_id=filed.id,
        at=datetime.now(UTC),
        step=step,
        facts=facts,
        account_id=filed.account_id,
    )


def _audit(filed: ServiceRequest, facts: dict, name: str) -> AuditEntry:
    return AuditEntry(
        at=datetime.now(UTC),
        account_id=filed.account_id,
        deed="request-dispatch",
        subject_kind="request",
        subject_id=str(filed.id),
        request_id=name,
        facts=facts,
    )


async def _tell(session: AsyncSession, filed: ServiceRequest) -> None:
    event = uuids.uuid7()
    payload = {
        "number": filed.number,
        "matter": filed.matter_code,
        "grid": filed.grid_code,
        "filed_at": filed.filed_at,
    }
    sealed = duties.seal("outbox.payload", event, orjson.dumps(payload).decode())
    await session.execute(TOLD, {"id": event, "subject": filed.id, "payload": sealed})
