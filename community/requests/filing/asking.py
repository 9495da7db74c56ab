"""What is asked, turned into a filing: who asks for whom, and what is not taken at all."""

from datetime import timedelta
from typing import Any
from uuid import UUID

from app import clock
from app.errors import FieldFault, Invalid, NotFound, Words
from app.identity.mandates import Power, principal_for
from app.identity.service import need_level
from app.policy import Actor, Role
from app.rights.agreed import need_consent, need_guardians_consent
from community.catalogue.service import find_matter
from community.requests.dispatch import placing
from community.requests.filing.against import against
from community.requests.filing.service import Filing, Person, moment_of, put_in
from community.requests.refusals import BeyondYourArea, MatterUnknown, NotTaken, ProofNotIssued
from community.rules import registers

OLDEST_DRAFT = timedelta(days=90)
CLOCK_AHEAD = timedelta(days=1)
ID_OUT_OF_TIME = Words("编号的时间不在允许范围内", "The id was drawn too long ago, or not yet")


def file_request(actor: Actor, matter: str, words: str, **asked: Any) -> UUID:
    """File a request for oneself, or by a mandate for another; return its id.

    Raises:
        NotTaken, ProofNotIssued: it is nothing to be filed here; where to turn is told.
        MatterUnknown: the catalogue has no such matter today.
        MandateRefused: the mandate does not cover it.
        ConsentNeeded: the place is where the phone is, or it is for a child under 14.
        LevelNeeded: the matter asks for a higher real-name level.
        OutsideZone, AddressUnknown: the place lies in no grid, or the register has no home.
        UnitUnknown, HandlerUnknown: about whom it complains is not to be found.
        IdTaken: the id stands for something else.
    """
    found = _taken(matter, asked)
    need_level(actor, found.level_required)
    person = _person(actor, matter, asked.get("mandate"))
    place = asked.get("place")
    measured = place is not None and place["source"] == "device"
    if measured:
        need_consent(actor, "precise-location")
    where = placing.locate(place) if place else placing.home_of(person.resident_id)
    filing = Filing(
        matter=found,
        words=words,
        where=where,
        person=person,
        key=_drawn(asked.get("id")),
        confidential=asked.get("confidential", False),
        against=against(actor, asked.get("complaint_about")),
        measured=measured,
    )
    return put_in(actor, filing)


def file_for(actor: Actor, channel: str, matter: str, words: str, **asked: Any) -> UUID:
    """File for somebody at the desk or on the phone, or what the hotline passed on.

    Raises:
        BeyondYourArea: the place is outside the area where the caller's word counts.
        NotTaken, ProofNotIssued, MatterUnknown, OutsideZone, AddressUnknown, IdTaken: as above.
    """
    found = _taken(matter, asked)
    place = asked.get("place")
    where = placing.locate(place) if place else placing.address(asked["address"])
    areas = set(actor.areas_as(Role.DESK_CLERK, Role.DISTRICT_STAFF))
    path = placing.path_of(where.grid_code)
    if areas.isdisjoint(path):
        raise BeyondYourArea(grid=where.grid_code)
    filing = Filing(
        matter=found,
        words=words,
        where=where,
        person=Person(contact=asked.get("contact")),
        channel=channel,
        key=_drawn(asked.get("id")),
        hotline_number=asked.get("hotline_number"),
        confidential=asked.get("confidential", False),
        against=against(actor, asked.get("complaint_about")),
    )
    return put_in(actor, filing)


def _taken(matter: str, asked: dict[str, Any]) -> Any:
    """Return the matter, unless it is nothing to be filed here."""
    closed = {row.code: row for row in registers.valid(registers.not_accepted, clock.today())}
    if matter in closed:
        raise NotTaken(**_told(closed[matter]))
    proof = closed.get(asked.get("proof") or "")
    if proof is not None and asked.get("issuer") == "community":
        raise ProofNotIssued(**_told(proof))
    try:
        return find_matter(matter)
    except NotFound as fault:
        raise MatterUnknown from fault


def _told(row: Any) -> dict[str, Any]:
    told = {"zh": row.told, "en": row.told_en}
    return {
        "code": row.code,
        "told": told,
        "phone": row.phone,
        "department": row.department_code,
    }


def _person(actor: Actor, matter: str, mandate: UUID | None) -> Person:
    if mandate is None:
        return Person(actor.account_id, actor.resident_id)
    principal = principal_for(actor, mandate, Power.FILE, matter)
    if principal.as_guardian:
        need_guardians_consent(actor, principal.resident_id)
    return Person(principal.account_id, principal.resident_id, principal.mandate_id)


def _drawn(key: UUID | None) -> UUID | None:
    """Return the caller's own id, if it was drawn lately: its order is that of the lists."""
    if key is not None and not -CLOCK_AHEAD < clock.now() - moment_of(key) < OLDEST_DRAFT:
        raise Invalid([FieldFault("/id", "range", ID_OUT_OF_TIME)])
    return key
