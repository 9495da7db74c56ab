"""The people of the tests: those of the sample district, each signed in when first asked."""

import json
import uuid
from dataclasses import dataclass
from typing import Any

import jwt
import uuid_utils.compat as uuids
from flask import Flask
from werkzeug.test import TestResponse

from app import clock
from app.database import read, transaction, write
from app.http.tokens import issue_token
from app.identity.models import Account
from app.identity.sessions.models import SignInSession
from app.privacy import vault
from tests.surroundings import RECORDS

PEOPLE: dict[str, Any] = json.loads((RECORDS / "people.json").read_text("utf-8"))


@dataclass(frozen=True)
class Person:
    """Somebody of ``people.json``, or made up by phone; ``verified`` is matched to the register."""

    key: str
    verified: bool = True

    @property
    def facts(self) -> dict[str, Any]:
        """Return what the sample says of the person."""
        return dict(PEOPLE[self.key]) if self.key in PEOPLE else {"phone": self.key}


RESIDENT = Person("resident")
"""Lives in 浪头镇, in the grid where requests are filed."""
NEIGHBOUR = Person("neighbour")
"""Lives in another sub-zone."""
NEWCOMER = Person("19999990001", verified=False)
"""Has a phone and nothing else."""
WORKER = Person("worker", verified=False)
SECOND_WORKER = Person("second_worker", verified=False)
STAFF = Person("staff", verified=False)
SECOND_STAFF = Person("second_staff", verified=False)


def staff_with(role: str, **where: str) -> Person:
    """Return a member of staff of the sample who holds ``role`` (in an area or department)."""
    found = read(
        "SELECT s.sid, s.phone_sealed FROM src_staff s WHERE s.role = %(role)s"
        " AND (%(area)s::text IS NULL OR s.area_code = %(area)s)"
        " AND (%(department)s::text IS NULL OR s.department_code = %(department)s) ORDER BY s.sid",
        {"role": role, "area": where.get("area"), "department": where.get("department")},
    )
    return Person(vault.open("staff.phone", found[0].sid, found[0].phone_sealed), verified=False)


def account_of(person: Person) -> uuid.UUID:
    """Return the person's account, made and verified as the register has them."""
    facts = person.facts
    index = vault.index("phone", facts["phone"])
    with transaction() as session:
        account = session.query(Account).filter_by(phone_index=index).one_or_none()
        if account is None:
            account = Account(phone_index=index)
            session.add(account)
        if person.verified:
            found = read("SELECT id FROM resident WHERE sid = %(sid)s", {"sid": facts["sid"]})
            account.resident_id, account.level = found[0].id, 2
        session.flush()
        key: uuid.UUID = account.id
    vault.subjects.made(key)
    return key


def bearer(person: Person) -> dict[str, str]:
    """Return the header of a fresh session of the person."""
    account, now = account_of(person), clock.now()
    with transaction() as session:
        key = uuids.uuid7()
        begun = SignInSession(
            id=key,
            account_id=account,
            device_sealed=vault.seal("session.device", key, "test", account),
            started_at=now,
            refreshed_at=now,
            last_used_at=now,
            expires_at=now.replace(year=now.year + 1),
            refresh_hash=uuid.uuid4().bytes,
        )
        session.add(begun)
    return {"Authorization": f"Bearer {issue_token(account, begun.id)}"}


def proved(caller: "Caller", how: str = "totp") -> "Caller":
    """Have the caller just proved who they are by a second factor."""
    token = caller.headers["Authorization"].split()[1]
    session = jwt.decode(token, options={"verify_signature": False})["sid"]
    with transaction():
        write(
            "UPDATE sign_in_session SET proved_at = %(now)s, proved_how = %(how)s"
            " WHERE id = %(session)s",
            {"now": clock.now(), "how": how, "session": session},
        )
    return caller


class Caller:
    """A person with a phone: sends requests as an app would."""

    def __init__(self, app: Flask, headers: dict[str, str] | None = None) -> None:
        self.client = app.test_client()
        self.headers = headers or {}

    def get(self, path: str, **options: Any) -> TestResponse:
        """Read."""
        return self.client.get(path, headers=self._with(options), **options)

    def put(self, path: str, **options: Any) -> TestResponse:
        """Do what a repeat does again without harm."""
        return self.client.put(path, headers=self._with(options), **options)

    def delete(self, path: str, **options: Any) -> TestResponse:
        """End."""
        return self.client.delete(path, headers=self._with(options), **options)

    def post(
        self,
        path: str,
        json: object = None,
        *,
        key: str | None = None,
        version: int | None = None,
        **options: Any,
    ) -> TestResponse:
        """Do; with an Idempotency-Key (a fresh one unless given) and the version last seen."""
        headers = self._with(options)
        headers.setdefault("Idempotency-Key", key or str(uuid.uuid4()))
        if version is not None:
            headers["If-Match"] = f'"v{version}"'
        body = {} if json is None else {"json": json}
        return self.client.post(path, headers=headers, **body, **options)

    def _with(self, options: dict[str, Any]) -> dict[str, str]:
        return {**self.headers, **options.pop("headers", {})}
