"""The household of the sample's resident, and what its members ask of each other."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from app import clock
from app.database import read, transaction, write
from tests.people import Caller, Person, proved, staff_with


@dataclass(frozen=True)
class Registered(Person):
    """Somebody of the register, by phone and the register's key."""

    sid: str = ""

    @property
    def facts(self) -> dict[str, Any]:
        return {"phone": self.key, "sid": self.sid}


SPOUSE = Registered("19904150002", sid="R00000002")
OLD_PARENT = Registered("19904150004", sid="R00000004")
PARENT = {"name": "冯军伟", "id_number": "210603195208074695", "sid": "R00000004"}
CHILD = {"name": "冯东", "id_number": "210102201601319438", "sid": "R00000003"}
EVERYTHING = ["book", "file", "follow", "rate", "read_notices"]


def slug(answer: Any) -> str:
    """Return what kind of refusal an answer is."""
    return str(answer.json["type"]).rsplit(":", 1)[-1]


def wanted(**changes: object) -> dict[str, Any]:
    """Return a proposal to act for the old parent, for thirty days from today."""
    today = clock.today()
    return {
        "name": PARENT["name"],
        "id_number": PARENT["id_number"],
        "powers": EVERYTHING,
        "valid_from": today.isoformat(),
        "valid_to": (today + timedelta(days=30)).isoformat(),
    } | changes


def proposed(agent: Caller, **changes: object) -> dict[str, Any]:
    """Propose a mandate and return it as the agent sees it."""
    answer = agent.post("/api/v1/mandates", wanted(**changes))
    assert answer.status_code == 201, answer.json
    return dict(answer.json or {})


def resident_id(sid: str) -> Any:
    """Return the platform's id of somebody of the register."""
    return read("SELECT id FROM resident WHERE sid = %(sid)s", {"sid": sid})[0].id


def clerk_of(area: str) -> Person:
    """Return a member of staff at the desk of an area."""
    return staff_with("desk_clerk", area=area)


def confirmed(agent: Caller, principal: Caller, **changes: object) -> dict[str, Any]:
    """Propose a mandate, have the principal confirm it, and return it as the agent sees it."""
    path = f"/api/v1/mandates/{proposed(agent, **changes)['id']}"
    answer = principal.post(f"{path}/confirmation", version=1)
    assert answer.status_code == 200, answer.json
    return dict(agent.get(path).json or {})


def guarding(guardian: Caller, **changes: Any) -> dict[str, Any]:
    """Ask to be the guardian of the household's child, and return the guardianship."""
    ward = {"name": CHILD["name"], "id_number": CHILD["id_number"]}
    answer = guardian.post("/api/v1/guardianships", {**ward, **changes})
    assert answer.status_code == 201, answer.json
    return dict(answer.json or {})


def at_desk(guardianship: dict[str, Any], *clerks: Caller) -> None:
    """Have members of staff confirm a guardianship, one after the other."""
    path = f"/api/v1/guardianships/{guardianship['id']}/desk-signatures"
    for version, clerk in enumerate(clerks, start=1):
        signed = proved(clerk).post(path, {"id_number": CHILD["id_number"]}, version=version)
        assert signed.status_code == 200, signed.json


@contextmanager
def household_split() -> Iterator[None]:
    """Have the register show the child in another household, as when parents part."""
    sql = "UPDATE resident SET household_sid = %(household)s WHERE sid = %(sid)s"
    try:
        with transaction():
            write(sql, {"household": "H0000002", "sid": CHILD["sid"]})
        yield
    finally:
        with transaction():
            write(sql, {"household": "H0000001", "sid": CHILD["sid"]})
