"""Filing a request, once for each key."""

import hashlib

import orjson
import uuid_utils.compat as uuids

from app.geo.crs import Crs
from bench.peers import duties, statements
from bench.peers.floor.ground import Refused, connection

OPERATION = "requests.file_request /api/v1/requests"
FIELD = "idempotency.answer"


def file_request(environ, actor, name):
    """File a request once for each key."""
    key = environ.get("HTTP_IDEMPOTENCY_KEY", "")
    if not duties.KEY.fullmatch(key):
        raise Refused(400)
    raw = environ["wsgi.input"].read(int(environ.get("CONTENT_LENGTH") or 0))
    matter, words, place = _body(raw)
    fingerprint = hashlib.sha256(raw).hexdigest()
    mine = {"account": actor[0], "operation": OPERATION, "key": key, "fingerprint": fingerprint}
    row = orjson.dumps([str(actor[0]), OPERATION, key]).decode()
    here = connection()
    with here.transaction():
        if not here.execute(statements.CLAIM, mine, prepare=True).fetchone():
            return _replayed(here.execute(statements.FIRST, mine).fetchone(), mine, row)
        body, headers = _filed(here, actor, matter, words, place, name)
        sealed = duties.seal(FIELD, row, body.decode())
        answer = {"etag": headers["ETag"], "location": headers["Location"], "sealed": sealed}
        here.execute(statements.STORE, {**mine, **answer}, prepare=True)
    return 201, body, headers


def _filed(here, actor, matter, words, place, name):
    account, level, resident = actor[:3]
    asked = {"code": matter, "today": duties.today()}
    found = here.execute(statements.MATTER, asked, prepare=True).fetchone()
    if found is None:
        raise Refused(422)
    if level < found[5]:
        raise Refused(403)
    values, facts = _values(found, place)
    key = values["id"]
    sealed = duties.seal("service_request.words", key, words)
    values |= {"account": account, "resident": resident, "words": sealed}
    number = here.execute(statements.FILE, values, prepare=True).fetchone()[0]
    told = orjson.dumps(facts).decode()
    steps = {"request": key, "account": account, "filed": '{"channel":"app"}', "dispatched": told}
    times = here.execute(statements.EVENTS, steps, prepare=True).fetchall()
    entry = {"account": account, "subject": str(key), "name": name, "facts": told}
    here.execute(statements.AUDIT, entry, prepare=True)
    here.execute(statements.TELL, _letter(values, number), prepare=True)
    headers = {"ETag": '"v1"', "Location": f"/api/v1/requests/{key}"}
    return _answer(values, number, words, times, facts), headers


def _values(matter, place):
    code, department, handled_by, count, unit, _ = matter
    try:
        where = duties.filing(place["lng"], place["lat"], place["crs"], count, unit)
    except duties.OutsideZone as fault:
        raise Refused(422) from fault
    values = {
        "id": uuids.uuid7(),
        "day": where.day,
        "matter": code,
        "lng": where.lng,
        "lat": where.lat,
        "raw_lng": place["lng"],
        "raw_lat": place["lat"],
        "raw_crs": place["crs"],
        "grid": where.grid,
        "near_edge": where.near_edge,
        "handled_by": handled_by,
        "department": department,
        "filed_at": where.filed_at,
        "due_at": where.due_at,
        "provisional": where.provisional,
        "calendar": where.calendar,
    }
    facts = {
        "grid": where.grid,
        "metres_to_edge": where.metres_to_edge,
        "department": department,
        "handled_by": handled_by,
    }
    return values, facts


def _letter(values, number):
    event = uuids.uuid7()
    payload = orjson.dumps(
        {
            "number": number,
            "matter": values["matter"],
            "grid": values["grid"],
            "filed_at": values["filed_at"],
        }
    )
    sealed = duties.seal("outbox.payload", event, payload.decode())
    return {"id": event, "subject": values["id"], "payload": sealed}


def _answer(values, number, words, times, facts):
    steps = zip(times, ("file", "dispatch"), ({"channel": "app"}, facts), strict=True)
    request = {
        "id": values["id"],
        "number": number,
        "matter_code": values["matter"],
        "state": "dispatched",
        "version": 1,
        "lng": values["lng"],
        "lat": values["lat"],
        "grid_code": values["grid"],
        "near_edge": values["near_edge"],
        "handled_by": values["handled_by"],
        "department_code": values["department"],
        "filed_at": values["filed_at"],
        "deadline_at": values["due_at"],
        "deadline_provisional": values["provisional"],
        "settled_at": None,
        "result": None,
    }
    return orjson.dumps(
        {
            "request": request,
            "words": words,
            "mine": True,
            "claimed_by_me": False,
            "stars": None,
            "timeline": [
                {"at": at, "step": step, "note": None, "facts": facts}
                for (at,), step, facts in steps
            ],
        }
    )


def _replayed(first, mine, row):
    fingerprint, status, etag, location, sealed = first
    if fingerprint != mine["fingerprint"]:
        raise Refused(422)
    headers = {"ETag": etag, "Location": location, "Idempotency-Replayed": "true"}
    return status, duties.unseal(FIELD, row, sealed).encode(), headers


def _body(raw):
    try:
        body = orjson.loads(raw)
        matter, words, place = body.pop("matter"), body.pop("words").strip(), body.pop("place")
        lng, lat, crs = place.pop("lng"), place.pop("lat"), place.pop("crs")
        good = (
            not body
            and not place
            and duties.CODE.fullmatch(matter)
            and 1 <= len(words) <= 2000
            and not duties.CONTROL.search(words)
            and -180 <= lng <= 180
            and -90 <= lat <= 90
            and crs in set(Crs)
        )
    except (ValueError, KeyError, TypeError, AttributeError) as fault:
        raise Refused(422) from fault
    if not good:
        raise Refused(422)
    return matter, words, {"lng": float(lng), "lat": float(lat), "crs": crs}
