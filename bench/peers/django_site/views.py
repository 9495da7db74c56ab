"""The two operations."""

import hashlib

import orjson
from django.db import connection, transaction
from django.http import HttpResponse
from rest_framework import exceptions
from rest_framework.renderers import JSONRenderer
from rest_framework.response import Response
from rest_framework.views import APIView

from app.geo.crs import Crs, to_wgs84
from app.geo.nearness import chord_of, on_unit_earth
from bench.peers import duties, statements
from bench.peers.django_site import filing, serializers
from bench.peers.django_site.models import IdempotencyKey, ServiceRequest

OPERATION = "requests.file_request /api/v1/requests"
FIELD = "idempotency.answer"


class Requests(APIView):
    """Service requests."""

    def get(self, request):
        """List the open requests near a place."""
        asked = serializers.NearQuery(data=request.query_params.dict())
        asked.is_valid(raise_exception=True)
        query = asked.validated_data
        lng, _, lat = query["near"].partition(",")
        place = on_unit_earth(*to_wgs84(float(lng), float(lat), Crs(query["crs"])))
        here, reach = "({!r},{!r},{!r})".format(*place), chord_of(query["radius"])
        rows = list(ServiceRequest.objects.near(here, reach, query["limit"] + 1))
        following = None
        if len(rows) > query["limit"]:
            rows = rows[: query["limit"]]
            following = duties.next_page(rows[-1].chord, rows[-1].id)
        items = [
            duties.public(r.id, r.number, r.matter_code, r.state, r.lng, r.lat, r.filed_at, r.chord)
            for r in rows
        ]
        shown = serializers.PublicRequest(items, many=True).data
        return Response({"items": shown, "next": following})

    @transaction.atomic
    def post(self, request):
        """File a request once for each key."""
        key = request.headers.get("Idempotency-Key", "")
        if not duties.KEY.fullmatch(key):
            raise exceptions.ParseError
        fingerprint = hashlib.sha256(request._request.body).hexdigest()
        body = serializers.NewRequest(data=request.data)
        body.is_valid(raise_exception=True)
        mine = {"account_id": request.user.id, "operation": OPERATION, "key": key}
        row = orjson.dumps([str(request.user.id), OPERATION, key]).decode()
        if not _claimed(mine, fingerprint):
            return _replayed(IdempotencyKey.objects.get(**mine), fingerprint, row)
        detail = filing.file_request(request.user, request._request.name, **body.validated_data)
        content = JSONRenderer().render(serializers.Detail(detail).data)
        headers = {"ETag": '"v1"', "Location": f"/api/v1/requests/{detail['request'].id}"}
        IdempotencyKey.objects.filter(**mine).update(
            status=201,
            etag=headers["ETag"],
            location=headers["Location"],
            answer_sealed=duties.seal(FIELD, row, content.decode()),
        )
        return HttpResponse(content, "application/json", 201, headers=headers)


def _claimed(mine, fingerprint):
    values = {**mine, "account": mine["account_id"], "fingerprint": fingerprint}
    with connection.cursor() as cursor:
        cursor.execute(statements.CLAIM, values)
        return bool(cursor.fetchall())


def _replayed(first, fingerprint, row):
    if first.fingerprint != fingerprint:
        raise exceptions.ValidationError("another body")
    headers = {"ETag": first.etag, "Location": first.location, "Idempotency-Replayed": "true"}
    content = duties.unseal(FIELD, row, bytes(first.answer_sealed))
    return HttpResponse(content, "application/json", first.status, headers=headers)
