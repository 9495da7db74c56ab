"""A gateway over HTTPS: JSON, each request signed, and as many answers as there are troubles.

``POST /messages`` hands over a message, ``GET /messages/<reference>`` asks what became of it; both
below the address that is set. docs/sms.md is the contract for whoever stands on the other side.
"""

import re
from collections.abc import Mapping
from datetime import timedelta
from typing import Any
from uuid import UUID

import orjson

from app.calls.client import Client
from app.calls.endpoint import KEYS, Waits, endpoint_of
from app.calls.messages import Answer, BadAnswer, NoAnswer, Question
from app.settings.section import Section
from app.sms.gateway import GatewayAway, MessageRefused, Outcome

WAITS = Waits(timedelta(seconds=3), timedelta(seconds=5), timedelta(seconds=5))
TAKEN = frozenset({200, 201, 202, 409})  # 409: this reference is there already
ABOUT_US = frozenset({401, 403, 404, 405, 407, 421})
"""Refusals of our key or our address, which say nothing about the message."""
REASON = re.compile(r"[A-Za-z][A-Za-z_-]{0,59}")  # no digits: a number might be a person's
STATES = {"accepted": Outcome.TAKEN, **{str(each): each for each in Outcome}}


class HttpGateway:
    """Asks once for each call: whoever keeps the messages counts the tries."""

    def __init__(self, client: Client) -> None:
        """Ask through a client."""
        self._client = client

    def send(self, reference: UUID, phone: str, text: str) -> None:
        """Hand over one message."""
        body = orjson.dumps({"reference": str(reference), "phone": phone, "text": text})
        headers = {"Idempotency-Key": str(reference)}
        answer = self._ask(Question("POST", "/messages", None, body, headers))
        if answer.status in TAKEN:
            return
        if answer.status in ABOUT_US or not 400 <= answer.status < 500:
            raise GatewayAway(f"it answers {answer.status}")
        raise MessageRefused(_reason(answer))

    def ask(self, reference: UUID) -> Outcome:
        """Return what became of a message; 404 says that it never came there."""
        answer = self._ask(Question("GET", f"/messages/{reference}"))
        if answer.status == 404:
            return Outcome.UNKNOWN
        state = _content(answer).get("state") if answer.status == 200 else None
        if state not in STATES:
            raise GatewayAway(f"it answers {answer.status} and no state that we know")
        return STATES[str(state)]

    def _ask(self, question: Question) -> Answer:
        try:
            return self._client.ask(question)
        except NoAnswer as fault:
            raise GatewayAway(str(fault), fault.after) from None
        except BadAnswer as fault:
            raise GatewayAway(f"{fault.code}: {fault.words}") from None


def http_gateway(values: Mapping[str, str], key: str) -> HttpGateway:
    """Return the gateway at ``url``, to which we sign as ``key_id`` with ``key``.

    Raises:
        ConfigRefused: the address is none or is not safe, or the key is too short.
    """
    section = Section("LINLI_SMS", {**values, "key_env": "LINLI_SMS_KEY"}, {"LINLI_SMS_KEY": key})
    section.only(*KEYS)
    return HttpGateway(Client(endpoint_of(section, None, WAITS, WAITS), tries=1))


def _content(answer: Answer) -> dict[str, Any]:
    try:
        content = answer.content()
    except BadAnswer:
        return {}
    return content if isinstance(content, dict) else {}


def _reason(answer: Answer) -> str:
    """Return the status and the code it gives; its other words might repeat the message's."""
    code = _content(answer).get("code")
    named = isinstance(code, str) and REASON.fullmatch(code)
    return f"{answer.status} {code}" if named else str(answer.status)
