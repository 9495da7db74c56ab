"""What the peers owe beside their framework: the keys, the seal, the rules of the field.

The rules (coordinates, grids, deadlines) are the product's own pure functions, so that only the
ground differs. Keys, sealing and tokens are done with the plain libraries, as any team would.
"""

import base64
import hashlib
import logging
import os
import re
import sys
import time
import uuid
from dataclasses import dataclass
from datetime import UTC, date, datetime
from functools import cache
from zoneinfo import ZoneInfo

import jwt
import orjson
import psycopg
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from app.calendar.days import DayKind, WorkingCalendar
from app.calendar.deadlines import LimitUnit, deadline
from app.geo.crs import Crs, to_wgs84
from app.geo.nearness import metres_of
from app.geo.polygons import AreaIndex

SHANGHAI = ZoneInfo("Asia/Shanghai")
NEAR = re.compile(r"-?(1[0-7][0-9]|[0-9]{1,2})(\.[0-9]{1,12})?,-?[0-8]?[0-9](\.[0-9]{1,12})?")
CODE = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{0,39}")
KEY = re.compile(r"[A-Za-z0-9_-]{8,128}")
CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff]")
NEEDED = ["exp", "iat", "nbf", "jti", "sid", "sub", "type", "iss", "aud"]
OPERATIONS = {"list_near": {"resident"}, "file_request": {"resident"}}
HEADERS = {
    "Cache-Control": "no-store",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
}

DATABASE_URL = os.environ["LINLI_OWNER_URL"]  # they know nothing of the second wall
JWT_KEY = base64.b64decode(os.environ["LINLI_JWT_KEY"])
_seal_number, _, _seal_key = os.environ["LINLI_DATA_KEYS"].split()[-1].partition(":")
SEALING = int(_seal_number)
CIPHER = AESGCM(base64.b64decode(_seal_key))
CURSOR_KEY = base64.b64decode(os.environ["LINLI_CURSOR_KEY"])

log = logging.getLogger("peer")
log.setLevel(logging.INFO)
log.addHandler(logging.StreamHandler(sys.stdout))
log.propagate = False


def read_token(header: str) -> tuple[uuid.UUID, uuid.UUID, float]:
    """Return (account, session, expiry) of an access token; a bad one is a ValueError."""
    scheme, _, token = header.partition(" ")
    if scheme.lower() != "bearer":
        raise ValueError("scheme")
    try:
        claims = jwt.decode(
            token,
            JWT_KEY,
            algorithms=["HS256"],
            issuer="linli",
            audience="linli-api",
            leeway=10,
            options={"require": NEEDED},
        )
    except jwt.PyJWTError as fault:
        raise ValueError("token") from fault
    if claims["type"] != "access":
        raise ValueError("type")
    return uuid.UUID(claims["sub"]), uuid.UUID(claims["sid"]), claims["exp"]


def seal(field: str, row: object, text: str) -> bytes:
    """Seal a text for its field and row, in the layout of app/privacy/vault.py."""
    nonce = os.urandom(12)
    return (
        bytes((SEALING,)) + nonce + CIPHER.encrypt(nonce, text.encode(), f"{field}|{row}".encode())
    )


def unseal(field: str, row: object, sealed: bytes) -> str:
    """Open what ``seal`` made."""
    return CIPHER.decrypt(sealed[1:13], sealed[13:], f"{field}|{row}".encode()).decode()


def public(key, number, matter, state, lng, lat, filed_at, chord) -> dict:
    """Return the public view of a case: nobody named."""
    return {
        "id": key,
        "number": number,
        "matter_code": matter,
        "state": state,
        "lng": lng,
        "lat": lat,
        "filed_at": filed_at,
        "metres": round(metres_of(chord)),
    }


def next_page(chord: float, key: uuid.UUID) -> str:
    """Return the signed cursor of the page after a case."""
    body = orjson.dumps(["near", chord, str(key)])
    signature = hashlib.blake2b(body, key=CURSOR_KEY, digest_size=8).digest()
    return base64.urlsafe_b64encode(signature + body).decode().rstrip("=")


@dataclass(frozen=True)
class Filing:
    """Where a new case lies, who has it, and until when."""

    lng: float
    lat: float
    grid: str
    near_edge: bool
    metres_to_edge: int
    filed_at: datetime
    due_at: datetime
    provisional: bool
    calendar: str
    day: str


class OutsideZone(ValueError):
    """The place lies in no grid."""


def filing(lng: float, lat: float, crs: str, limit_count: int, limit_unit: str) -> Filing:
    """Work out where a case lies and when its time limit ends."""
    grids, calendar = _registers()
    lng, lat = to_wgs84(lng, lat, Crs(crs))
    found = grids.locate(lng, lat)
    if found is None:
        raise OutsideZone
    now = datetime.now(UTC)
    due = deadline(now, limit_count, LimitUnit(limit_unit), calendar)
    return Filing(
        lng,
        lat,
        found.code,
        found.near_edge,
        round(found.metres_to_edge),
        now,
        due.due_at,
        due.provisional,
        due.calendar_version,
        now.astimezone(SHANGHAI).strftime("%Y%m%d"),
    )


def today() -> date:
    """Return the day in the district."""
    return datetime.now(SHANGHAI).date()


def log_line(began: float, method: str, path: str, status: int, account: object, name: str) -> None:
    """Write the one line of a request."""
    line = {
        "at": datetime.now(UTC),
        "request_id": name,
        "method": method,
        "route": path,
        "status": status,
        "account": account,
        "ms": round((time.perf_counter() - began) * 1000, 1),
    }
    log.info(orjson.dumps(line).decode())


@cache
def _registers() -> tuple[AreaIndex, WorkingCalendar]:
    """Read the grids and the calendar once."""
    with psycopg.connect(DATABASE_URL) as connection:
        grids = connection.execute(
            "SELECT p.code, p.polygon FROM area_polygon p JOIN area a ON a.code = p.code"
            " WHERE a.level = 'grid'"
        ).fetchall()
        days = connection.execute("SELECT day, kind FROM calendar_day").fetchall()
    known = {day: DayKind(kind) for day, kind in days}
    years = frozenset(day.year for day in known)
    calendar = WorkingCalendar.from_package().merged(known, years, "district")
    return AreaIndex(grids), calendar


_registers()  # before the first caller, and before the processes part
