"""One notice, from its draft to the reader."""

from tests.walk.day import Day, new_key
from tests.walk.phone import Answer, Phone
from tests.walk.promises import expect

SUB_ZONE = "DDHT-XQ"
MOST_COUNTED = 100
NOTICE = {
    "title": "停水通知",
    "body_md": "**明日** 8:00-16:00 停水,请提前储水。",
    "audience": {"areas": [SUB_ZONE]},
}


def publish_and_read(day: Day) -> None:
    """Staff publish to a sub-zone: who lives there sees it unread and reads it; nobody else."""
    resident, neighbour = day.phones["resident"], day.phones["neighbour"]
    before, elsewhere = _unread(day, resident), _unread(day, neighbour)
    notice = _publish(day)
    _arrived(day, resident, notice)
    expect(_unread(day, resident) == min(before + 1, MOST_COUNTED), "the count rises by one")
    _hidden(day, neighbour, notice)
    expect(_unread(day, neighbour) == elsewhere, "the count elsewhere stays")
    read = resident.post(f"/api/v1/inbox/{notice}/read").must_be(204)
    day.tell.came(resident, read, "read")
    expect(_unread(day, resident) == before, "the count falls again")


def _publish(day: Day) -> str:
    """Draft, try to publish it alone, and have a second person publish it; return its id."""
    author, second = day.phones["staff"], day.phones["second_staff"]
    drafted = author.post("/api/v1/notices", NOTICE, Idempotency_Key=new_key()).must_be(201)
    day.tell.came(author, drafted, {name: drafted.body[name] for name in ("title", "state")})
    notice, seen = str(drafted.headers["Location"]), str(drafted.headers["ETag"])
    submitted = _step(author, f"{notice}/submission", seen).must_be(200)
    day.tell.came(author, submitted, {"state": submitted.body["state"]})
    seen = str(submitted.headers["ETag"])
    alone = _step(author, f"{notice}/approval", seen).must_be(403)
    day.tell.came(author, alone)
    expect(alone.problem == "second-person-needed", "nobody approves what they wrote")
    approved = _step(second, f"{notice}/approval", seen).must_be(200)
    day.tell.came(second, approved, {"state": approved.body["state"]})
    published = _step(second, f"{notice}/publication", str(approved.headers["ETag"])).must_be(200)
    day.tell.came(second, published, {"state": published.body["state"]})
    return str(drafted.body["id"])


def _step(phone: Phone, path: str, seen: str) -> Answer:
    return phone.post(path, Idempotency_Key=new_key(), If_Match=seen)


def _arrived(day: Day, phone: Phone, notice: str) -> None:
    inbox = phone.get("/api/v1/inbox").must_be(200)
    found = {item["id"]: item for item in inbox.body["items"]}
    expect(notice in found, "it is in the inbox")
    shown = {name: found[notice][name] for name in ("title", "read_at")}
    day.tell.came(phone, inbox, shown)
    expect(shown == {"title": NOTICE["title"], "read_at": None}, "unread")


def _hidden(day: Day, phone: Phone, notice: str) -> None:
    inbox = phone.get("/api/v1/inbox?limit=100").must_be(200)
    expect(notice not in [item["id"] for item in inbox.body["items"]], "not in an inbox elsewhere")
    day.tell.came(phone, inbox, "not among them")
    itself = phone.get(f"/api/v1/inbox/{notice}").must_be(404)
    day.tell.came(phone, itself)


def _unread(day: Day, phone: Phone) -> int:
    answer = phone.get("/api/v1/inbox/unread").must_be(200)
    day.tell.came(phone, answer, answer.body)
    return int(answer.body["unread"])
