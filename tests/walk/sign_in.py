"""Signing in as a person would: a code comes by text message, and the phone remembers the session.

The development SMS gateway prints the codes and keeps a copy, which stands for the phone's inbox.
"""

import json
import os
import time
import uuid
from pathlib import Path
from typing import Any

from tests.walk.phone import Phone
from tests.walk.steps import Telling, expect

CODE_COMES_WITHIN = 20.0


class Inbox:
    """The text messages, as the gateway's copy has them."""

    def __init__(self, copy: Path) -> None:
        self._copy = copy

    def code(self, challenge: str) -> str:
        """Return the code of a challenge once it has come."""
        deadline = time.monotonic() + CODE_COMES_WITHIN
        while time.monotonic() < deadline:
            for line in self._lines():
                message = json.loads(line)
                if message["reference"] == challenge:
                    return str(message["text"].split("验证码 ")[1][:6])
            time.sleep(0.05)
        raise AssertionError("no code came: does a worker run?")

    def _lines(self) -> list[str]:
        return self._copy.read_text("utf-8").splitlines() if self._copy.exists() else []


class Sessions:
    """Signs people in; with a file, later walks refresh instead of asking for codes again."""

    def __init__(self, inbox: Inbox, tell: Telling, kept: Path | None = None) -> None:
        self._inbox, self._tell, self._kept = inbox, tell, kept
        self._tokens: dict[str, str] = {}
        if kept and kept.exists():
            self._tokens = json.loads(kept.read_text("utf-8"))

    def sign_in(self, phone: Phone, facts: dict[str, Any]) -> None:
        """Give the phone a session of its owner."""
        if not self._refreshed(phone):
            self._by_code(phone, facts["phone"])
        if self._kept:
            handle = os.open(self._kept, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
            with os.fdopen(handle, "w", encoding="utf-8") as out:
                json.dump(self._tokens, out)

    def _refreshed(self, phone: Phone) -> bool:
        if phone.owner not in self._tokens:
            return False
        body = {"refresh_token": self._tokens[phone.owner], "rotation_id": str(uuid.uuid4())}
        answer = phone.post("/api/v1/sessions/refresh", body)
        self._tell.came(phone, "POST /api/v1/sessions/refresh", answer, show=answer.problem or "ok")
        if answer.status != 200:
            return False
        self._take(phone, answer.body)
        return True

    def _by_code(self, phone: Phone, number: str) -> None:
        asked = phone.post("/api/v1/sign-in/challenges", {"phone": number})
        self._tell.came(phone, "POST /api/v1/sign-in/challenges", asked, show=asked.problem)
        expect(
            asked.status == 202,
            "no code was sent: five an hour for each phone; come back when the hour is over",
        )
        code = self._inbox.code(asked.body["challenge_id"])
        body = {"challenge_id": asked.body["challenge_id"], "code": code, "device": phone.owner}
        begun = phone.post("/api/v1/sessions", body)
        self._tell.came(phone, "POST /api/v1/sessions", begun, show=begun.problem or "signed in")
        expect(begun.status == 201, "signed in")
        self._take(phone, begun.body)

    def _take(self, phone: Phone, tokens: dict[str, Any]) -> None:
        phone.token = tokens["access_token"]
        self._tokens[phone.owner] = tokens["refresh_token"]
