"""Filing a request, once for each key."""

import hashlib
from datetime import UTC, datetime
from typing import Annotated

import orjson
from fastapi import APIRouter, Depends, Header, HTTPException, Request, Response
from sqlalchemy import select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from app.http.idempotency import IdempotencyKey
from bench.peers import duties
from bench.peers.fastapi_site import filing
from bench.peers.fastapi_site.access import Actor, allowed
from bench.peers.fastapi_site.database import Session
from bench.peers.fastapi_site.shapes import Detail, NewRequest

OPERATION = "requests.file_request /api/v1/requests"
FIELD = "idempotency.answer"

router = APIRouter()


@router.post("/api/v1/requests", status_code=201, response_model=Detail)
async def file_request(
    body: NewRequest,
    request: Request,
    session: Session,
    actor: Annotated[Actor, Depends(allowed("file_request"))],
    idempotency_key: Annotated[str, Header(pattern=f"^{duties.KEY.pattern}$")],
) -> Response:
    fingerprint = hashlib.sha256(await request.body()).hexdigest()
    mine = {"account_id": actor.account_id, "operation": OPERATION, "key": idempotency_key}
    row = orjson.dumps([str(actor.account_id), OPERATION, idempotency_key]).decode()
    claimed = await session.scalar(
        insert(IdempotencyKey)
        .values(**mine, fingerprint=fingerprint, made_at=datetime.now(UTC))
        .on_conflict_do_nothing()
        .returning(IdempotencyKey.key)
    )
    if claimed is None:
        return await _replayed(session, mine, fingerprint, row)
    detail = await filing.file_request(session, actor, body, request.state.name)
    headers = {"ETag": '"v1"', "Location": f"/api/v1/requests/{detail.request.id}"}
    content = detail.model_dump_json()
    await session.execute(
        update(IdempotencyKey)
        .filter_by(**mine)
        .values(
            status=201,
            etag=headers["ETag"],
            location=headers["Location"],
            answer_sealed=duties.seal(FIELD, row, content),
        )
    )
    await session.commit()
    return Response(content, 201, headers, "application/json")


async def _replayed(session: AsyncSession, mine: dict, fingerprint: str, row: str) -> Response:
    first = await session.scalar(select(IdempotencyKey).filter_by(**mine))
    if first.fingerprint != fingerprint:
        raise HTTPException(422)
    headers = {"ETag": first.etag, "Location": first.location, "Idempotency-Replayed": "true"}
    content = duties.unseal(FIELD, row, first.answer_sealed)
    return Response(content, first.status, headers, "application/json")
