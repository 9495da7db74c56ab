"""Filing: a matter, words and a place become a request with a grid, a unit and a deadline."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import orjson
import uuid_utils.compat as uuids

from app import clock
from app.database import together, transaction, write
from app.policy import Actor
from app.privacy import audit, vault
from community.requests.clock import running
from community.requests.dispatch.placing import Where
from community.requests.dispatch.unit import unit_for
from community.requests.events import done, record, tell_district
from community.requests.filing.against import NOBODY, Against
from community.requests.lifecycle import State, Step
from community.requests.refusals import IdTaken
from community.requests.view import CONTACT, WORDS
from community.rules.stages import Stage

COLUMNS = (
    *("id", "matter_code", "account_id", "resident_id", "filed_by", "mandate_id", "channel"),
    *("hotline_number", "confidential", "words_sealed", "contact_sealed", "content"),
    *("against_account", "against_department", "state", "lng", "lat", "raw_lng", "raw_lat"),
    *("raw_crs", "grid_code", "near_edge", "handled_by", "department_code", "first_department"),
    *("filed_at", "deadline_at", "deadline_provisional", "calendar_version", "clock_from"),
    *("limit_stage", "limit_count", "limit_unit", "pausable", "next_rung_at"),
    *("claim_from", "claim_count", "claim_unit", "claim_due_at"),
)

FILE = f"""
INSERT INTO service_request (number, version, why, {", ".join(COLUMNS)})
VALUES
  ((SELECT %(day)s || '-' || lpad(n, greatest(6, length(n)), '0')
    FROM (SELECT nextval('service_request_number')::text AS n) AS drawn),
   1, %(why)s, {", ".join(f"%({name})s" for name in COLUMNS)})
ON CONFLICT DO NOTHING RETURNING number
"""  # noqa: S608  names of ours

EPOCH, LAST = datetime(1970, 1, 1, tzinfo=UTC), datetime(2200, 1, 1, tzinfo=UTC)

BEFORE = """
SELECT id, account_id, content FROM service_request
WHERE id = %(id)s OR hotline_number = %(hotline)s
"""


@dataclass(frozen=True, slots=True)
class Person:
    """For whom a request is filed, by whom, and how to reach somebody without an account."""

    account_id: UUID | None = None
    resident_id: UUID | None = None
    mandate_id: UUID | None = None
    contact: str | None = None


@dataclass(frozen=True, slots=True)
class Filing:
    """All that is asked, checked before anything is written.

    ``measured``: the place is where the filer's phone was, as they agreed. ``against`` makes it
    confidential as well: whoever is complained about reads the public view like anybody.
    """

    matter: Any
    words: str
    where: Where
    person: Person
    channel: str = "app"
    key: UUID | None = None
    hotline_number: str | None = None
    confidential: bool = False
    against: Against = NOBODY
    measured: bool = False


def put_in(actor: Actor, filing: Filing) -> UUID:
    """File a request and dispatch it to its grid or department; return its id.

    The deadline starts at dispatch, not when somebody signs for it. The same filing under the
    same id or hotline number is the same case: its id is returned and nothing is written.

    Raises:
        IdTaken: another filing has that id or number.
    """
    key, at = filing.key or uuids.uuid7(), clock.now()
    to = unit_for(filing.matter, filing.where, at, (filing.against.department_code,))
    state = State.DISPATCHED if to.department_code else State.FILED
    begun = running.begin(filing.matter, Stage.SETTLE, at, state)
    values = {
        **_asked(actor, filing, key),
        **_placed(filing.where),
        **begun.columns,
        "why": orjson.dumps(to.why).decode(),
        "day": at.astimezone(clock.SHANGHAI).strftime("%Y%m%d"),
        "state": state,
        "handled_by": to.handled_by,
        "department_code": to.department_code,
        "first_department": to.department_code,
        "filed_at": at,
    }
    with transaction():
        written = write(FILE, values)
        if not written:
            return _same(values)
        with together():
            _entries(actor, filing, key, to, state, begun.facts)
            told = {"number": written[0].number, "matter": filing.matter.code}
            grid = {"grid": filing.where.grid_code, "filed_at": at}
            tell_district("request-filed", key, told | grid)
    return key


def _entries(
    actor: Actor, filing: Filing, key: UUID, to: Any, state: State, facts: dict[str, Any]
) -> None:
    measured = {"place_from": "device"} if filing.measured else {}
    record(actor, key, Step.FILE, channel=filing.channel, **measured)
    if filing.person.mandate_id:
        person = filing.person
        acting = {"acting_for": person.resident_id, "mandate": person.mandate_id}
        audit(actor.account_id, "request-file", "request", key, **acting)
    if state == State.FILED:
        done(actor, key, "await-dispatch", **to.why, clock=facts)
        return
    unit = {"department": to.department_code, "handled_by": to.handled_by}
    done(actor, key, Step.DISPATCH, **to.why, **unit, clock=facts)


def _asked(actor: Actor, filing: Filing, key: UUID) -> dict[str, Any]:
    person, contact = filing.person, filing.person.contact
    own = person.account_id == actor.account_id
    return {
        "id": key,
        "matter_code": filing.matter.code,
        "account_id": person.account_id,
        "resident_id": person.resident_id,
        "filed_by": None if own else actor.account_id,
        "mandate_id": person.mandate_id,
        "channel": filing.channel,
        "hotline_number": filing.hotline_number,
        "confidential": filing.confidential or filing.against != NOBODY,
        "words_sealed": vault.seal(WORDS, key, filing.words, person.account_id),
        "contact_sealed": vault.seal(CONTACT, key, contact, person.account_id) if contact else None,
        "content": _content(filing) if filing.key or filing.hotline_number else None,
        "against_account": filing.against.account_id,
        "against_department": filing.against.department_code,
    }


def _placed(where: Where) -> dict[str, Any]:
    return {
        "lng": where.lng,
        "lat": where.lat,
        "raw_lng": where.raw[0],
        "raw_lat": where.raw[1],
        "raw_crs": where.raw[2],
        "grid_code": where.grid_code,
        "near_edge": where.near_edge,
    }


def _content(filing: Filing) -> bytes:
    """Return a keyed hash by which a repeat is known from another filing under the same id."""
    said = [
        *(filing.matter.code, filing.words, *filing.where.raw, filing.channel),
        *(filing.confidential, filing.person.mandate_id, filing.person.contact),
        *(filing.against.account_id, filing.against.department_code, filing.hotline_number),
    ]
    return vault.fingerprint(orjson.dumps([str(each) for each in said]))


def _same(values: dict[str, Any]) -> UUID:
    found = write(BEFORE, {"id": values["id"], "hotline": values["hotline_number"]})
    if len(found) != 1:
        raise IdTaken
    row = found[0]
    if row.account_id != values["account_id"] or bytes(row.content or b"") != values["content"]:
        raise IdTaken
    key: UUID = row.id
    return key


def moment_of(key: UUID) -> datetime:
    """Return when a time-ordered id (UUID version 7, RFC 9562) was drawn."""
    drawn = timedelta(milliseconds=key.int >> 80)
    return EPOCH + drawn if drawn < LAST - EPOCH else LAST
