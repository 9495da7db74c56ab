"""Cases as people file them and units handle them: paths, steps and looks that tests share."""

from datetime import datetime, timedelta
from typing import Any

import pytest

from app import clock
from app.database import read, transaction, write
from community.rules.registers import forget_all
from tests.people import Caller, Person, staff_with
from tests.requests_of import file

DAY = timedelta(days=1)


class Case:
    """One case, by its id: takes steps as somebody, at the version that it has."""

    def __init__(self, filer: Caller, **asked: Any) -> None:
        self.detail = file(filer, **asked)
        self.id = str(self.detail["request"]["id"])
        self.path = f"/api/v1/requests/{self.id}"

    @property
    def row(self) -> Any:
        """Return the row as it is now."""
        return read("SELECT * FROM service_request WHERE id = %(id)s", {"id": self.id})[0]

    def step(self, who: Caller, deed: str, body: object = None, **options: Any) -> Any:
        """Take a step from the present version."""
        options.setdefault("version", self.row.version)
        return who.post(f"{self.path}/{deed}", body, **options)

    def done(self, who: Caller, deed: str, body: object = None) -> dict[str, Any]:
        """Take a step that succeeds; return what is shown."""
        answer = self.step(who, deed, body)
        assert answer.status_code < 300, answer.json
        return dict(answer.json)

    def seen(self, who: Caller) -> dict[str, Any]:
        """Return the case as somebody sees it."""
        answer = who.get(self.path)
        assert answer.status_code == 200, answer.json
        return dict(answer.json or {})

    def entries(self, who: Caller, step: str) -> list[dict[str, Any]]:
        """Return the timeline's entries of a step."""
        return [each for each in self.seen(who)["timeline"] if each["step"] == step]


def settled(case: Case, worker: Caller, **result: Any) -> dict[str, Any]:
    """Claim and settle a case."""
    case.done(worker, "claim")
    return case.done(worker, "settlement", {"result": "solved", "note": "已办结", **result})


def slug(answer: Any) -> str:
    """Return the name of a refusal."""
    return str(answer.json["type"]).rsplit(":", 1)[-1]


def refused(answer: Any, status: int, name: str, pointer: str | None = None) -> None:
    """See that an answer is a refusal of that name, at that field of the body where one is said."""
    assert (answer.status_code, slug(answer)) == (status, name), answer.json
    if pointer:
        assert [each["pointer"] for each in answer.json["errors"]] == [pointer]


def handler(department: str) -> Person:
    """Return somebody who handles for a department."""
    return staff_with("department_handler", department=department)


def rules(table: str, **row: Any) -> None:
    """Add a row to a register of rules, and have it read anew."""
    columns = ", ".join(row)
    values = ", ".join(f"%({name})s" for name in row)
    with transaction():
        write(f"INSERT INTO {table} ({columns}) VALUES ({values})", row)
    forget_all()


def now_is(monkeypatch: pytest.MonkeyPatch, moment: datetime) -> None:
    """Let the product believe that it is another moment; the database's clock goes on."""
    monkeypatch.setattr(clock, "now", lambda: moment)
