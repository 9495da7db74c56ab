"""One request, from filing to rating."""

import math
import threading
from typing import Any

from app.geo.crs import Crs, from_wgs84
from tests.walk.day import Day, new_key
from tests.walk.phone import Answer, Phone
from tests.walk.promises import expect

REQUESTS = "/api/v1/requests"
AWAY = (200, 400)  # metres east of the resident's request
ROUNDING = 100  # metres; the public view rounds places to three decimals
METRES_A_DEGREE = 111_320
RADIUS = 1000


def file_and_lose_the_answer(day: Day) -> None:
    """File in 浪头镇 with GCJ-02 coordinates; the network fails; the phone repeats: one request."""
    phone, key = day.phones["resident"], new_key()
    before = _mine(phone)
    body = _asking(day, "楼道口垃圾未及时清运")
    day.tell.lost(phone, phone.post_and_lose(REQUESTS, body, Idempotency_Key=key))
    answer = phone.post(REQUESTS, body, Idempotency_Key=key).must_be(201)
    replayed = answer.headers.get("Idempotency-Replayed")
    day.case = answer.body["request"]
    shown = {name: day.case[name] for name in ("number", "state", "grid_code")}
    day.tell.came(phone, answer, shown | {"Idempotency-Replayed": replayed})
    expect(replayed == "true", "the repeat gets the first answer")
    expect(_mine(phone) - before == {day.case["id"]}, "one request, not two")
    day.tell.note("GET /api/v1/requests/mine lists one request more than before, not two")


def see_its_grid(day: Day) -> None:
    """It was dispatched at once, to the grid whose polygon it lies in."""
    phone = day.phones["resident"]
    seen = phone.get(f"{REQUESTS}/{day.case['id']}").must_be(200)
    shown = {name: seen.body["request"][name] for name in ("state", "handled_by", "grid_code")}
    day.tell.came(phone, seen, shown)
    expect(shown["state"] == "dispatched", "dispatched at once")
    expect(shown["grid_code"] == day.people["request_point"]["grid_code"], "to its grid")


def others_ask_nearby(day: Day) -> None:
    """Somebody else files farther away, the farthest first, so that nearness decides the order."""
    phone = day.phones["neighbour"]
    for east in sorted(AWAY, reverse=True):
        body = _asking(day, "路口垃圾桶已满", east=east)
        filed = phone.post(REQUESTS, body, Idempotency_Key=new_key()).must_be(201)
        day.others.insert(0, filed.body["request"])
        day.tell.came(phone, filed, {"number": day.others[0]["number"], "metres east": east})


def find_nearby(day: Day) -> None:
    """Nearby finds all three, nearest first, with metres."""
    phone, here = day.phones["neighbour"], _place(day)
    near = f"near={here['lng']},{here['lat']}&crs=gcj02&radius={RADIUS}&limit=100"
    answer = phone.get(f"{REQUESTS}?{near}").must_be(200)
    found = [(item["number"], item["metres"]) for item in answer.body["items"]]
    day.tell.came(phone, answer, [f"{number}: {metres} m" for number, metres in found])
    ours = [each["number"] for each in (day.case, *day.others)]
    of_ours = [(number, metres) for number, metres in found if number in ours]
    expect([number for number, _ in of_ours] == ours, "the nearest first")
    expect(found == sorted(found, key=lambda each: each[1]), "in the order of their metres")
    off = [abs(metres - away) for (_, metres), away in zip(of_ours, (0, *AWAY), strict=True)]
    expect(max(off) <= ROUNDING, "metres as they are, but for the rounding")


def withdraw_the_others(day: Day) -> None:
    """Whoever filed may withdraw."""
    phone = day.phones["neighbour"]
    for other in day.others:
        path, seen = f"{REQUESTS}/{other['id']}/withdrawal", f'"v{other["version"]}"'
        done = phone.post(path, Idempotency_Key=new_key(), If_Match=seen).must_be(200)
        day.tell.came(phone, done, done.body["request"]["state"])


def claim_at_the_same_instant(day: Day) -> None:
    """Two workers claim it at once: one gets it, the other is told that it is taken."""
    path, together = f"{REQUESTS}/{day.case['id']}/claim", threading.Barrier(2)
    answers: dict[str, Answer] = {}

    def tap(who: str) -> None:
        together.wait()
        answers[who] = day.phones[who].post(path)

    threads = [threading.Thread(target=tap, args=(who,)) for who in ("worker", "second_worker")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    for who, answer in answers.items():
        day.tell.came(day.phones[who], answer, "" if answer.problem else "it is yours")
    outcome = sorted((answer.status, answer.problem) for answer in answers.values())
    expect(outcome == [(200, ""), (409, "already-claimed")], "one 200, one 409 already-claimed")
    day.winner, day.loser = sorted(answers, key=lambda who: answers[who].status)


def settle_and_rate(day: Day) -> None:
    """The winner settles it as last seen; the resident rates it."""
    phone, path = day.phones[day.winner], f"{REQUESTS}/{day.case['id']}"
    seen = str(phone.get(path).must_be(200).headers["ETag"])
    body = {"result": "solved", "note": "已清运"}
    settled = phone.post(f"{path}/settlement", body, Idempotency_Key=new_key(), If_Match=seen)
    shown = settled.must_be(200).body["request"]
    day.tell.came(phone, settled, {name: shown[name] for name in ("state", "result")})
    resident = day.phones["resident"]
    rated = resident.post(f"{path}/rating", {"stars": 5}, Idempotency_Key=new_key()).must_be(201)
    day.tell.came(resident, rated, {"stars": rated.body["stars"]})
    expect((shown["state"], shown["result"]) == ("settled", "solved"), "settled as solved")
    expect(rated.body["stars"] == 5, "rated with five stars")


def _asking(day: Day, words: str, east: int = 0) -> dict[str, Any]:
    return {"matter": "RUBBISH", "words": words, "place": _place(day, east)}


def _place(day: Day, east: int = 0) -> dict[str, Any]:
    """Return the place, moved by metres, as the map of a Chinese phone gives it."""
    lng, lat = day.people["request_point"]["wgs84"]
    moved = lng + east / (METRES_A_DEGREE * math.cos(math.radians(lat)))
    x, y = from_wgs84(moved, lat, Crs.GCJ02)
    return {"lng": round(x, 6), "lat": round(y, 6), "crs": "gcj02"}


def _mine(phone: Phone) -> set[str]:
    page = phone.get(f"{REQUESTS}/mine?limit=100").must_be(200)
    return {item["id"] for item in page.body["items"]}
