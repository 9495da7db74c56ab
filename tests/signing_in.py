"""Signing in as a phone does: the text message comes to an inbox, and its code is typed."""

import uuid
from typing import Any

from flask import Flask

from app.sms.delivery import sms_sweep
from app.sms.gateway import Outcome
from tests.people import Caller


class Inbox:
    """A gateway that keeps what was sent, by its reference."""

    def __init__(self) -> None:
        self.texts: dict[str, str] = {}

    def send(self, reference: uuid.UUID, phone: str, text: str) -> None:
        self.texts[str(reference)] = text

    def ask(self, reference: uuid.UUID) -> Outcome:
        return Outcome.TAKEN if str(reference) in self.texts else Outcome.UNKNOWN

    def code(self, reference: str) -> str:
        """Return the six digits of a message."""
        return next(w for w in self.texts[reference].split() if w[:6].isdigit())[:6]


def slug(answer: Any) -> str:
    """Return the name of a problem."""
    return str(answer.json["type"]).rsplit(":", 1)[-1]


def code_for(caller: Caller, phone: str, path: str = "/api/v1/sign-in/challenges") -> Any:
    """Return a challenge and the code that came to ``phone``."""
    asked = caller.post(path, {"phone": phone})
    assert asked.status_code == 202, asked.json
    return answered(str((asked.json or {})["challenge_id"]))


def answered(challenge: str) -> tuple[str, str]:
    """Return a challenge and the code that came for it."""
    inbox = Inbox()
    assert sms_sweep(lambda: inbox).run() == 1
    return challenge, inbox.code(challenge)


def begin(nobody: Caller, phone: str, device: str = "我的手机") -> dict[str, Any]:
    """Return the tokens of somebody who signed in."""
    challenge, code = code_for(nobody, phone)
    body = {"challenge_id": challenge, "code": code, "device": device}
    answer = nobody.post("/api/v1/sessions", body)
    assert answer.status_code == 201, answer.json
    return dict(answer.json or {})


def as_holder(app: Flask, token: str) -> Caller:
    """Return who calls with an access token."""
    return Caller(app, {"Authorization": f"Bearer {token}"})
