"""One real day, step by step, over HTTP: the test walks it, and `make demo` tells it."""

import threading
import time
import uuid
from collections.abc import Callable
from typing import Any, Protocol

from app.geo.crs import Crs, from_wgs84
from tests.walk.phone import Answer, Phone

NEARBY_RADIUS = 500


class WalkBroken(AssertionError):
    """A step did not go as promised."""


class Telling(Protocol):
    """Whoever listens to the walk."""

    def step(self, zh: str, en: str) -> None:
        """Hear what comes next."""
        ...

    def came(self, phone: Phone, sent: str, answer: Answer, *, show: object = None) -> None:
        """Hear what was sent and what came back."""
        ...

    def note(self, words: str) -> None:
        """Hear a remark."""
        ...


SignIn = Callable[[Phone, dict[str, Any]], None]


def expect(holds: bool, what: str) -> None:
    """Stop the walk where a promise does not hold."""
    if not holds:
        raise WalkBroken(what)


class Walk:
    """The people, their phones, and what they have in hand."""

    def __init__(self, base: str, people: dict[str, Any], sign_in: SignIn, tell: Telling) -> None:
        self.people, self.tell, self._sign_in = people, tell, sign_in
        self.phones = {
            who: Phone(base, who)
            for who in ("resident", "neighbour", "worker", "second_worker", "staff", "second_staff")
        }
        self.request: dict[str, Any] = {}
        self.winner = ""

    def arrive(self, who: str) -> None:
        """Sign somebody in by phone and code, and have a resident verified."""
        phone, facts = self.phones[who], self.people[who]
        self._sign_in(phone, facts)
        if "id_number" in facts:
            body = {"name": facts["name"], "id_number": facts["id_number"]}
            answer = phone.post("/api/v1/me/verification", body, Idempotency_Key=_key())
            self.tell.came(phone, "POST /api/v1/me/verification", answer)
            expect(answer.status == 204 or answer.problem == "already-verified", "verification")
        me = phone.get("/api/v1/me")
        shown = {name: me.body[name] for name in ("level", "name", "roles")}
        self.tell.came(phone, "GET /api/v1/me", me, show=shown)
        if "grid" in facts:
            areas = [area["code"] for area in me.body["areas"]]
            expect(areas[-1:] == [facts["grid"]], "bound to household, grid and areas")

    def file_and_lose_the_answer(self) -> None:
        """File with GCJ-02 coordinates; the network fails; the phone repeats: one request."""
        phone = self.phones["resident"]
        before = self._mine()
        lng, lat = self._point()
        place = {"lng": round(lng, 6), "lat": round(lat, 6), "crs": "gcj02"}
        body = {"matter": "RUBBISH", "words": "楼道口垃圾未及时清运", "place": place}
        key = _key()
        phone.send_and_lose("/api/v1/requests", body, Idempotency_Key=key)
        self.tell.note("the line was cut before the answer came; the phone repeats, same key")
        answer = self._repeat(phone, body, key)
        replayed = answer.headers.get("Idempotency-Replayed") == "true"
        self.request = answer.body["request"]
        shown = {name: self.request[name] for name in ("number", "state", "grid_code")}
        self.tell.came(phone, "POST /api/v1/requests", answer, show=shown | {"replayed": replayed})
        expect(self.request["grid_code"] == self.people["request_point"]["grid_code"], "its grid")
        expect(self._mine() - before == {self.request["id"]}, "one request, not two")

    def find_nearby(self) -> None:
        """Nearby finds it, nearest first, with metres."""
        phone = self.phones["neighbour"]
        lng, lat = self._point()
        path = f"/api/v1/requests?near={lng:.6f},{lat:.6f}&crs=gcj02&radius={NEARBY_RADIUS}"
        answer = phone.get(f"{path}&limit=100")
        found = [(item["metres"], item["number"]) for item in answer.body["items"]]
        self.tell.came(phone, f"GET {path}", answer, show=found[:3])
        expect([metres for metres, _ in found] == sorted(m for m, _ in found), "nearest first")
        expect(self.request["number"] in [number for _, number in found], "found nearby")

    def claim_at_the_same_instant(self) -> None:
        """Two workers claim it at once: one 200, one 409."""
        path, together = f"/api/v1/requests/{self.request['id']}/claim", threading.Barrier(2)
        answers: dict[str, Answer] = {}

        def tap(who: str) -> None:
            together.wait()
            answers[who] = self.phones[who].post(path)

        threads = [threading.Thread(target=tap, args=(w,)) for w in ("worker", "second_worker")]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        for who, answer in answers.items():
            self.tell.came(self.phones[who], f"POST {path}", answer, show=answer.problem or "yours")
        expect(sorted(a.status for a in answers.values()) == [200, 409], "one 200, one 409")
        self.winner = next(who for who, answer in answers.items() if answer.status == 200)
        expect({a.problem for a in answers.values()} == {"", "already-claimed"}, "named refusal")

    def settle_and_rate(self) -> None:
        """The winner settles it; the resident rates it."""
        phone, path = self.phones[self.winner], f"/api/v1/requests/{self.request['id']}"
        seen = phone.get(path).headers["ETag"]
        body = {"result": "solved", "note": "已清运"}
        settled = phone.post(f"{path}/settlement", body, Idempotency_Key=_key(), If_Match=seen)
        expect(settled.status == 200, "settled")
        shown = settled.body["request"]["result"]
        self.tell.came(phone, f"POST {path}/settlement", settled, show=shown)
        resident = self.phones["resident"]
        rated = resident.post(f"{path}/rating", {"stars": 5}, Idempotency_Key=_key())
        expect(rated.status == 201 and rated.body["stars"] == 5, "rated")
        self.tell.came(resident, f"POST {path}/rating", rated, show={"stars": 5})

    def publish_a_notice(self) -> None:
        """Staff publish to a sub-zone: those who live there see it, nobody else does."""
        resident, neighbour = self.phones["resident"], self.phones["neighbour"]
        before, elsewhere = self._unread(resident), self._unread(neighbour)
        notice = self._publish()
        inbox = resident.get("/api/v1/inbox")
        first = inbox.body["items"][0]
        self.tell.came(resident, "GET /api/v1/inbox", inbox, show=first["title"])
        expect(first["id"] == notice and first["read_at"] is None, "in the inbox, unread")
        expect(self._unread(resident) == min(before + 1, 100), "the count rises")
        theirs = neighbour.get("/api/v1/inbox")
        hidden = neighbour.get(f"/api/v1/inbox/{notice}")
        self.tell.came(neighbour, f"GET /api/v1/inbox/{notice}", hidden, show=hidden.problem)
        expect(notice not in [item["id"] for item in theirs.body["items"]], "elsewhere unseen")
        expect(hidden.status == 404 and self._unread(neighbour) == elsewhere, "elsewhere unseen")
        read = resident.post(f"/api/v1/inbox/{notice}/read")
        self.tell.came(resident, f"POST /api/v1/inbox/{notice}/read", read)
        expect(read.status == 204 and self._unread(resident) == before, "the count falls")

    def _publish(self) -> str:
        staff, second = self.phones["staff"], self.phones["second_staff"]
        body = {
            "title": "停水通知",
            "body_md": "**明日** 8:00–16:00 停水。",
            "area_codes": ["DDHT-XQ"],
        }
        drafted = staff.post("/api/v1/notices", body, Idempotency_Key=_key())
        path = f"{drafted.headers['Location']}/publication"
        tag = drafted.headers["ETag"]
        alone = staff.post(path, Idempotency_Key=_key(), If_Match=tag)
        self.tell.came(staff, f"POST {path}", alone, show=alone.problem)
        expect(alone.problem == "second-person-needed", "a second person publishes")
        published = second.post(path, Idempotency_Key=_key(), If_Match=tag)
        self.tell.came(second, f"POST {path}", published, show=published.body.get("state"))
        expect(published.status == 200, "published")
        return str(drafted.body["id"])

    def _repeat(self, phone: Phone, body: object, key: str) -> Answer:
        """Repeat until the first is done with: while it is in flight the answer is 409."""
        deadline = time.monotonic() + 20
        while True:
            answer = phone.post("/api/v1/requests", body, Idempotency_Key=key)
            if answer.status == 201 or time.monotonic() > deadline:
                expect(answer.status == 201, f"filed: {answer.status} {answer.problem}")
                return answer
            time.sleep(0.1)

    def _point(self) -> tuple[float, float]:
        """Return the place of the request as a Chinese phone's map gives it."""
        lng, lat = self.people["request_point"]["wgs84"]
        return from_wgs84(lng, lat, Crs.GCJ02)

    def _mine(self) -> set[str]:
        page = self.phones["resident"].get("/api/v1/requests/mine?limit=100")
        return {item["id"] for item in page.body["items"]}

    def _unread(self, phone: Phone) -> int:
        answer = phone.get("/api/v1/inbox/unread")
        self.tell.came(phone, "GET /api/v1/inbox/unread", answer, show=answer.body)
        return int(answer.body["unread"])


def _key() -> str:
    return str(uuid.uuid4())
