"""What a phone does, as scripts: each yields the bytes of a call and is given the answer."""

import json
import random
import uuid
from collections.abc import Callable, Generator, Sequence
from dataclasses import dataclass
from typing import Any

from bench.calls import WORDS
from bench.requests.people import People

PATH = "/api/v1/requests"
NEARBY_M = 2_000

Answer = tuple[int, bytes]
Script = Generator[bytes, Answer, None]
Place = tuple[float, float, str]


class Wrong(Exception):
    """A call was answered with another status than its script expects."""


@dataclass(frozen=True)
class Scripts:
    """All scripts, with the people and places that they are about."""

    people: People
    places: Sequence[Place]
    dice: random.Random

    def lifecycle(self) -> Script:
        """File, claim, settle, look: DIGIT's create, assign, resolve, search."""
        lng, lat, _ = self.dice.choice(self.places)
        resident = self.dice.choice(self.people.residents)
        where = {"lng": lng, "lat": lat, "crs": "wgs84"}
        new = {"matter": "RUBBISH", "words": WORDS, "place": where}
        made = yield from _asked("POST", PATH, resident, 201, new)
        path = f"{PATH}/{made['request']['id']}"
        worker = self.people.worker_of[made["request"]["grid_code"]]  # on a border, the lower code
        claimed = yield from _asked("POST", f"{path}/claim", worker, 200)
        version = claimed["request"]["version"]
        result = {"result": "solved", "note": "已清理"}
        yield from _asked("POST", f"{path}/settlement", worker, 200, result, version)
        seen = yield from _asked("GET", path, resident, 200)
        if seen["request"]["state"] != "settled":
            raise Wrong(f"the end of a life is {seen['request']['state']}")

    def nearby(self) -> Script:
        """Look for the nearest 20."""
        lng, lat, _ = self.dice.choice(self.places)
        query = f"near={lng:.6f},{lat:.6f}&crs=wgs84&radius={NEARBY_M}&limit=20"
        yield from _asked("GET", f"{PATH}?{query}", self.dice.choice(self.people.residents), 200)

    def clusters(self) -> Script:
        """Look at a map of some size, somewhere."""
        lng, lat, _ = self.dice.choice(self.places)
        zoom = self.dice.randint(9, 17)
        half = 180 / 2**zoom * 1.5
        box = f"{lng - half:.6f},{lat - half:.6f},{lng + half:.6f},{lat + half:.6f}"
        query = f"bbox={box}&crs=wgs84&zoom={zoom}"
        token = self.dice.choice(self.people.residents)
        yield from _asked("GET", f"{PATH}/clusters?{query}", token, 200)

    def filing(self, place: Place, told: Callable[[str], None]) -> Script:
        """File a request at a place; tell its id."""
        where = {"lng": place[0], "lat": place[1], "crs": "wgs84"}
        new = {"matter": "RUBBISH", "words": WORDS, "place": where}
        made = yield from _asked("POST", PATH, self.dice.choice(self.people.residents), 201, new)
        told(made["request"]["id"])

    def claim(self, request_id: str, number: int, won: Callable[[int], None]) -> Script:
        """Run for a request with many others; tell if it was won."""
        token = self.people.crowd[number]
        status, _ = yield call("POST", f"{PATH}/{request_id}/claim", token, b"")
        if status == 200:
            won(number)
        elif status != 409:
            raise Wrong(f"a claim is answered with {status}")


def _asked(
    method: str,
    path: str,
    token: str,
    expect: int,
    body: object = None,
    version: int | None = None,
) -> Generator[bytes, Answer, Any]:
    content = json.dumps(body).encode() if body is not None else b""
    status, answer = yield call(method, path, token, content, version)
    if status != expect:
        raise Wrong(f"{method} {path.partition('?')[0]}: {status} {answer[:300]!r}")
    return json.loads(answer)


def call(
    method: str, path: str, token: str, content: bytes = b"", version: int | None = None
) -> bytes:
    """Return a call as a phone sends it."""
    lines = [
        f"{method} {path} HTTP/1.1",
        "Host: 127.0.0.1",
        f"Authorization: Bearer {token}",
        "Accept: application/json",
    ]
    if method == "POST":
        lines.append(f"Idempotency-Key: {uuid.uuid4().hex}")
        lines.append(f"Content-Length: {len(content)}")
    if content:
        lines.append("Content-Type: application/json")
    if version is not None:
        lines.append(f'If-Match: "v{version}"')
    return "\r\n".join([*lines, "", ""]).encode() + content
