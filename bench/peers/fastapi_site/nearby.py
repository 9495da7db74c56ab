"""The nearest open requests."""

from typing import Annotated

from fastapi import APIRouter, Depends, Query
from sqlalchemy import BigInteger, Double, Numeric, bindparam, cast, func, literal_column, select

from app.database.earth import Cube, cube_literal
from app.geo.crs import Crs, to_wgs84
from app.geo.nearness import chord_of, on_unit_earth
from bench.peers import duties
from bench.peers.fastapi_site.access import Actor, allowed
from bench.peers.fastapi_site.database import Session
from bench.peers.fastapi_site.shapes import NearQuery, PublicPage, PublicRequest
from community.requests.models import ServiceRequest

router = APIRouter()

HERE = bindparam("here", type_=Cube)
REACH = bindparam("reach", type_=Double)
CHORD = ServiceRequest.place.op("<->", return_type=Double())(HERE)
NEAREST = (
    select(
        ServiceRequest.id,
        ServiceRequest.number,
        ServiceRequest.matter_code,
        ServiceRequest.state,
        cast(func.round(cast(ServiceRequest.lng, Numeric), 3), Double).label("lng"),
        cast(func.round(cast(ServiceRequest.lat, Numeric), 3), Double).label("lat"),
        ServiceRequest.filed_at,
        CHORD.label("chord"),
    )
    .where(
        literal_column("state IN ('filed', 'dispatched', 'claimed')"),
        ServiceRequest.place.op("&&")(func.cube_enlarge(HERE, REACH, 3)),
    )
    .order_by(CHORD)
    .fetch(bindparam("limit", type_=BigInteger), with_ties=True)
    .subquery()
)
NEAR = (
    select(NEAREST)
    .where(NEAREST.c.chord <= REACH)
    .order_by(NEAREST.c.chord, NEAREST.c.id)
    .limit(bindparam("limit", type_=BigInteger))
)


@router.get("/api/v1/requests")
async def list_near(
    query: Annotated[NearQuery, Query()],
    session: Session,
    _actor: Annotated[Actor, Depends(allowed("list_near"))],
) -> PublicPage:
    lng, _, lat = query.near.partition(",")
    place = on_unit_earth(*to_wgs84(float(lng), float(lat), Crs(query.crs)))
    params = {"here": cube_literal(place), "reach": chord_of(query.radius)}
    rows = (await session.execute(NEAR, {**params, "limit": query.limit + 1})).all()
    following = None
    if len(rows) > query.limit:
        rows = rows[: query.limit]
        following = duties.next_page(rows[-1].chord, rows[-1].id)
    return PublicPage(items=[PublicRequest(**duties.public(*row)) for row in rows], next=following)
