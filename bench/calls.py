"""The two calls that are measured, as the bytes that a phone would send."""

import json
import random
import uuid
from collections.abc import Sequence

PLACE = (124.352692, 40.044484)  # 浪头镇
SPREAD = 0.003  # degrees: about 300 m
RADIUS_M = 2000
WORDS = "楼道堆放杂物,占用消防通道,已经三天了,请安排人员清理。"
PATH = "/api/v1/requests"


def nearby(tokens: Sequence[str], count: int) -> list[str]:
    """Return ``count`` reads of the nearest 20 open requests, each from another place."""
    dice = random.Random(7)
    return [
        _request("GET", f"{PATH}?{_query(_place(dice))}", dice.choice(tokens)) for _ in range(count)
    ]


def file(tokens: Sequence[str], count: int) -> list[str]:
    """Return ``count`` filings, no two with the same Idempotency-Key."""
    dice = random.Random(11)
    return [
        _request("POST", PATH, dice.choice(tokens), _body(_place(dice)), uuid.uuid4().hex)
        for _ in range(count)
    ]


def _place(dice: random.Random) -> tuple[float, float]:
    lng, lat = (round(at + dice.uniform(-SPREAD, SPREAD), 6) for at in PLACE)
    return lng, lat


def _query(place: tuple[float, float]) -> str:
    return f"near={place[0]},{place[1]}&crs=wgs84&radius={RADIUS_M}&limit=20"


def _body(place: tuple[float, float]) -> str:
    where = {"lng": place[0], "lat": place[1], "crs": "wgs84"}
    return json.dumps({"matter": "RUBBISH", "words": WORDS, "place": where})


def _request(method: str, path: str, token: str, body: str = "", key: str = "") -> str:
    lines = [
        f"{method} {path} HTTP/1.1",
        "Host: 127.0.0.1",
        f"Authorization: Bearer {token}",
        "Accept: application/json",
    ]
    if key:
        lines += [f"Idempotency-Key: {key}", "Content-Type: application/json"]
    if body:
        lines += [f"Content-Length: {len(body)}"]  # ASCII: json.dumps escapes the rest
    return "\r\n".join([*lines, "", body])
