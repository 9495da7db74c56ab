"""What the fuzzer finds in the database and may name: callers, requests, notices, codes, tokens."""

import csv
import hashlib
import uuid
from collections import Counter
from dataclasses import dataclass
from datetime import timedelta

import jwt
import uuid_utils.compat as uuids
from flask import Flask
from flask_jwt_extended import create_access_token

from app import clock
from app.database import read, transaction, write
from app.geo.crs import Crs, from_wgs84
from app.identity.codes import Purpose
from app.identity.codes.models import SignInChallenge, code_hash
from app.privacy import vault
from tests.fuzz.exchange import books, corrections
from tests.fuzz.family import family
from tests.fuzz.shelves import notices, requests
from tests.people import (
    NEIGHBOUR,
    RESIDENT,
    STAFF,
    WORKER,
    Caller,
    Person,
    account_of,
    bearer,
    proved,
    staff_with,
)
from tests.requests_of import PLACE
from tests.surroundings import RECORDS

ENDING = ("ways.set_password", "ways.remove_password", "ways.move_to_phone")
"""What signs its caller out of all other devices."""

FITTING = {
    "auditor": ("audits.list_entries", "audits.show_heads"),
    "administrator": ("staff.ask_grant", "staff.revoke_grant"),
    "security_administrator": ("staff.ask_cover",),
}
"""Operations of the administrators, who may do nothing else."""

CALLERS = {"resident_a": RESIDENT, "resident_b": NEIGHBOUR, "staff": STAFF}
CODE = "042117"

# One member of staff may do what else would take four, so that every operation can be reached.
EVERY_ROLE = """
INSERT INTO staff_grant
  (staff_sid, role, account_id, name_sealed, area_code, department_code, valid_from)
SELECT g.staff_sid, new.role, g.account_id, g.name_sealed, new.area, new.department, g.valid_from
FROM staff_grant g, LATERAL (VALUES ('grid_worker', g.area_code, NULL),
  ('department_handler', NULL, 'PUB'), ('sync_operator', NULL, NULL),
  ('security_administrator', 'DDHT', NULL)) AS new(role, area, department)
WHERE g.account_id = %(account)s AND g.role = 'district_staff'
"""

AROUND = "near=124.347,40.043&crs=wgs84&radius=20000"
LISTS = {
    RESIDENT: {
        "areas": "areas?parent=DDHT",
        "inbox": "inbox?",
        "matters": "matters?",
        "mine": "requests/mine?",
        "near": f"requests?{AROUND}",
        "points": f"points?{AROUND}",
    },
    STAFF: {
        "batches": "sync/batches?",
        "corrections": "corrections?",
        "drift": "sync/drift?",
        "holds": "sync/holds?",
        "notices": "notices?",
        "outbox": "sync/outbox?",
        "quarantine": "sync/quarantine?",
        "reports": "sync/reports?",
        "runs": "sync/runs?",
        "work": "requests/work?",
    },
}

Known = dict[str, list[str] | list[float]]


@dataclass(frozen=True, slots=True)
class World:
    """Who may call, and what there is to be named.

    ``callers`` are names with their ``Authorization``, the least first. ``spare`` holds tokens for
    the operations that use up whoever calls them. ``known`` are the dictionaries that
    schemathesis.toml draws from.
    """

    callers: dict[str, str]
    spare: dict[str, list[str]]
    known: Known


def furnish(app: Flask) -> World:
    """Fill the district with requests and notices in every state, and return what is there."""
    with app.app_context():
        with transaction():
            write(EVERY_ROLE, {"account": account_of(STAFF)})
        newcomers = [Person(f"1999999{n:04}", verified=False) for n in range(40)]
        leaving = [Person(f"1999997{n:04}", verified=False) for n in range(120)]
        return World(
            callers={name: _proved(app, person) for name, person in CALLERS.items()},
            spare={
                "real_name.verify_me": [_token(person) for person in newcomers],
                "sessions.end_all_sessions": [
                    _token(Person(f"1999998{n:04}", verified=False)) for n in range(200)
                ],
                "sessions.end_session": [_token(newcomers[0]) for _ in range(200)],
                "rights.close_account": [_proved(app, person) for person in leaving],
                **{operation: [_token(newcomers[1])] for operation in ENDING},
                "identity.share_phone": [_token(RESIDENT)],
                **_fitting(app),
            },
            known={
                **requests(app),
                **notices(app),
                **family(app),
                **books(),
                **corrections(app),
                **_register(),
                **_district(),
                **_cursors(app),
                "challenges": [_challenge(number) for number in range(60)],
                "refresh_tokens": [_refresh_token() for _ in range(60)],
                "outcomes": [str(row.id) for row in read("SELECT id FROM outbox LIMIT 20")],
                "own_phones": [str(RESIDENT.facts["phone"])],
            },
        )


def _fitting(app: Flask) -> dict[str, list[str]]:
    """Return who may do what none of the callers may; "" lets the caller try every second time."""
    found = {
        "duties.list_outstanding": ["", _token(WORKER)],
        "notices.draft_notice": [_proved(app, STAFF), ""],
    }
    for role, operations in FITTING.items():
        token = _proved(app, staff_with(role))
        found |= {operation: ["", token] for operation in operations}
    return found


def _proved(app: Flask, person: Person) -> str:
    """Return the token of somebody who has just shown a second factor: it holds for the run."""
    token = _token(person)
    proved(Caller(app, {"Authorization": token}))
    return token


def _token(person: Person) -> str:
    """Return a token that outlives the run, which takes longer than a phone's ten minutes."""
    said = bearer(person)["Authorization"].split()[1]
    claims = jwt.decode(said, options={"verify_signature": False})
    lasting = create_access_token(
        claims["sub"],
        additional_claims={"sid": claims["sid"]},
        expires_delta=timedelta(hours=2),
    )
    return f"Bearer {lasting}"


def _register() -> Known:
    """Return a name that many residents have, and their numbers: each of them matches it."""
    with (RECORDS / "residents.csv").open(encoding="utf-8") as lines:
        rows = list(csv.DictReader(line for line in lines if not line.startswith("#")))
    name = Counter(row["name"] for row in rows).most_common(1)[0][0]
    return {"names": [name], "id_numbers": [r["id_number"] for r in rows if r["name"] == name]}


def _district() -> Known:
    lng, lat = PLACE
    around = [(lng + x / 1000, lat + y / 1000) for x in range(3) for y in range(3)]
    shifted = [from_wgs84(*point, Crs.GCJ02) for point in around]
    return {
        "areas": _codes("SELECT code FROM area ORDER BY code"),
        "points": _codes("SELECT code FROM service_point ORDER BY code"),
        "departments": _codes("SELECT code FROM department ORDER BY code"),
        "matters": _codes("SELECT code FROM matter ORDER BY code"),
        "near": [f"{x:.6f},{y:.6f}" for x, y in around],
        "lngs": [x for x, _ in shifted],
        "lats": [y for _, y in shifted],
    }


def _cursors(app: Flask) -> Known:
    """Return true cursors of the lists, so that second pages are asked for as well."""
    return {
        f"cursors_of_{name}": [_cursor(Caller(app, bearer(person)), path, n) for n in (1, 2, 3)]
        for person, lists in LISTS.items()
        for name, path in lists.items()
    }


def _cursor(caller: Caller, path: str, limit: int) -> str:
    page = caller.get(f"/api/v1/{path}&limit={limit}").json or {}
    return str(page["next"])


def _codes(sql: str) -> list[str]:
    return [row.code for row in read(sql)]


def _challenge(number: int) -> str:
    """Return a challenge that is answered with ``CODE``."""
    key = uuids.uuid7()
    with transaction() as session:
        session.add(
            SignInChallenge(
                id=key,
                phone_index=vault.index("phone", f"1998888{number:04}"),
                purpose=Purpose.SIGN_IN,
                code_hash=code_hash(key, Purpose.SIGN_IN, CODE),
                expires_at=clock.now() + timedelta(hours=1),
            )
        )
    return str(key)


def _refresh_token() -> str:
    """Return the refresh token of a fresh session."""
    token = uuid.uuid4().hex
    claims = jwt.decode(_token(RESIDENT).split()[1], options={"verify_signature": False})
    with transaction():
        write(
            "UPDATE sign_in_session SET refresh_hash = %(hash)s WHERE id = %(id)s",
            {"hash": hashlib.sha256(token.encode()).digest(), "id": claims["sid"]},
        )
    return token
