"""From a matter, words and a place to rows."""

import orjson
import uuid_utils.compat as uuids
from django.db import connection
from django.db.models import Q
from django.utils import timezone
from rest_framework import exceptions

from bench.peers import duties, statements
from bench.peers.django_site.models import AuditEntry, Matter, RequestEvent, ServiceRequest


def file_request(account, name, matter, words, place):
    """Write all rows of a filing; return what the caller is shown."""
    found = _matter(account, matter)
    filed, metres = _request(account, found, words, place)
    facts = {
        "grid": filed.grid_code,
        "metres_to_edge": metres,
        "department": filed.department_code,
        "handled_by": filed.handled_by,
    }
    steps = RequestEvent.objects.bulk_create(
        RequestEvent(
            request_id=filed.id, at=timezone.now(), step=step, facts=told, account_id=account.id
        )
        for step, told in (("file", {"channel": "app"}), ("dispatch", facts))
    )
    AuditEntry.objects.create(
        at=timezone.now(),
        account_id=account.id,
        deed="request-dispatch",
        subject_kind="request",
        subject_id=str(filed.id),
        request_id=name,
        facts=facts,
    )
    _tell(filed)
    return {
        "request": filed,
        "words": words,
        "mine": True,
        "claimed_by_me": False,
        "stars": None,
        "timeline": steps,
    }


def _matter(account, matter):
    today = duties.today()
    found = Matter.objects.filter(
        Q(valid_to=None) | Q(valid_to__gt=today), code=matter, valid_from__lte=today
    ).first()
    if found is None:
        raise exceptions.ValidationError("matter")
    if account.level < found.level_required:
        raise exceptions.PermissionDenied
    return found


def _request(account, matter, words, place):
    try:
        filing = duties.filing(
            place["lng"], place["lat"], place["crs"], matter.limit_count, matter.limit_unit
        )
    except duties.OutsideZone as fault:
        raise exceptions.ValidationError("place") from fault
    with connection.cursor() as cursor:
        cursor.execute("SELECT nextval('service_request_number')")
        count = cursor.fetchone()[0]
    key = uuids.uuid7()
    filed = ServiceRequest(
        id=key,
        number=f"{filing.day}-{count:06d}",
        matter_code=matter.code,
        account_id=account.id,
        resident_id=account.resident_id,
        channel="app",
        words_sealed=duties.seal("service_request.words", key, words),
        state="dispatched",
        version=1,
        lng=filing.lng,
        lat=filing.lat,
        raw_lng=place["lng"],
        raw_lat=place["lat"],
        raw_crs=place["crs"],
        grid_code=filing.grid,
        near_edge=filing.near_edge,
        handled_by=matter.handled_by,
        department_code=matter.department_code,
        filed_at=filing.filed_at,
        deadline_at=filing.due_at,
        deadline_provisional=filing.provisional,
        calendar_version=filing.calendar,
    )
    filed.save(force_insert=True)
    return filed, filing.metres_to_edge


def _tell(filed):
    event = uuids.uuid7()
    payload = {
        "number": filed.number,
        "matter": filed.matter_code,
        "grid": filed.grid_code,
        "filed_at": filed.filed_at,
    }
    sealed = duties.seal("outbox.payload", event, orjson.dumps(payload).decode())
    with connection.cursor() as cursor:
        cursor.execute(statements.TELL, {"id": event, "subject": filed.id, "payload": sealed})
