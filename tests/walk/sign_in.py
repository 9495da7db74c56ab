"""Signing in as a person would: a code comes by text message, and the phone remembers the session.

The development SMS gateway prints the codes and keeps a copy, which stands for the phone's inbox.
"""

import json
import os
import time
import uuid
from contextlib import suppress
from pathlib import Path
from typing import Any

from tests.walk.day import Telling
from tests.walk.phone import Answer, Phone
from tests.walk.promises import WalkBroken

CODE_COMES_WITHIN = 20.0  # seconds


class Messages:
    """The text messages, as the gateway's copy has them."""

    def __init__(self, copy: Path) -> None:
        self._copy = copy

    def code(self, challenge: str) -> str:
        """Return the code of a challenge once it has come.

        Raises:
            WalkBroken: it did not come in time.
        """
        deadline = time.monotonic() + CODE_COMES_WITHIN
        while time.monotonic() < deadline:
            for line in self._lines():
                message = json.loads(line)
                if message["reference"] == challenge:
                    return str(message["text"].split("验证码 ")[1][:6])
            time.sleep(0.05)
        raise WalkBroken(f"no code came to {self._copy}: the worker is down, or writes elsewhere")

    def _lines(self) -> list[str]:
        return self._copy.read_text("utf-8").splitlines() if self._copy.exists() else []


class Sessions:
    """Signs people in; with a file, later walks refresh instead of asking for codes again."""

    def __init__(self, messages: Messages, tell: Telling, kept: Path | None = None) -> None:
        self._messages, self._tell, self._kept = messages, tell, kept
        self._tokens: dict[str, str] = {}
        if kept:
            with suppress(OSError, ValueError):  # nothing kept, or nothing that helps
                self._tokens = dict(json.loads(kept.read_text("utf-8")))

    def sign_in(self, phone: Phone, number: str) -> None:
        """Give the phone a session of its owner.

        Raises:
            WalkBroken: no code was sent or came, or it was refused.
        """
        if not self._refreshed(phone):
            self._by_code(phone, number)
        if self._kept:
            self._kept.parent.mkdir(parents=True, exist_ok=True)
            handle = os.open(self._kept, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
            with os.fdopen(handle, "w", encoding="utf-8") as out:
                json.dump(self._tokens, out)

    def _refreshed(self, phone: Phone) -> bool:
        if phone.owner not in self._tokens:
            return False
        body = {"refresh_token": self._tokens[phone.owner], "rotation_id": str(uuid.uuid4())}
        answer = phone.post("/api/v1/sessions/refresh", body)
        if answer.status != 200:
            self._tell.came(phone, answer, "the kept session is over; a code instead")
            return False
        self._tell.came(phone, answer, "still signed in")
        self._take(phone, answer.body)
        return True

    def _by_code(self, phone: Phone, number: str) -> None:
        asked = phone.post("/api/v1/sign-in/challenges", {"phone": number})
        self._tell.came(phone, asked, "" if asked.problem else "a code is on its way")
        not_too_often(asked, "codes for one phone").must_be(202)
        challenge = asked.body["challenge_id"]
        body = {"challenge_id": challenge, "code": self._messages.code(challenge)}
        begun = phone.post("/api/v1/sessions", body | {"device": phone.owner}).must_be(201)
        self._tell.came(phone, begun, "signed in")
        self._take(phone, begun.body)

    def _take(self, phone: Phone, tokens: dict[str, Any]) -> None:
        phone.token = tokens["access_token"]
        self._tokens[phone.owner] = tokens["refresh_token"]


def not_too_often(answer: Answer, what: str) -> Answer:
    """Return the answer itself.

    Raises:
        WalkBroken: a limit was reached; says when to come back.
    """
    if answer.status == 429:
        minutes = -(-int(answer.headers.get("Retry-After") or 60) // 60)
        raise WalkBroken(f"{what} are limited; walk again in {minutes} min")
    return answer
