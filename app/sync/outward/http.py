"""Outcomes handed to the district's web service, one at a time, told apart by their key."""

import json
import re
from datetime import timedelta

from app.calls.client import Client
from app.calls.endpoint import KEYS, Waits, endpoint_of
from app.calls.messages import Answer, BadAnswer, NoAnswer, Question
from app.settings.section import Section
from app.sync.outward.protocol import Declined, KeyReused, Undelivered

# A lease leaves 15 s for one try: these 10 s, and the wait on the line that ends them.
WAITS = Waits(timedelta(seconds=5), timedelta(seconds=5), timedelta(seconds=10))
REASON = re.compile(r"[A-Za-z][A-Za-z_-]{0,59}")  # no digits: a number might be a person's
LONGEST_RECEIPT = 200
KEY_REUSED = "409 key-reused"
ABOUT_US = frozenset({401, 403, 404, 405, 407, 421})
"""Refusals of our key or our address, which say nothing about the envelope: none is parked."""


class HttpOut:
    """Posts envelopes to ``/outcomes``; each once, for the outbox counts the tries."""

    def __init__(self, client: Client) -> None:
        """Send through a client."""
        self._client = client

    def send(self, key: str, envelope: bytes) -> str:
        """Hand over one envelope and return the receipt.

        Raises:
            Undelivered: no answer, a busy or broken other side, an answer that is no receipt.
            KeyReused: the other side has another envelope under the key.
            Declined: the other side will not have this envelope.
        """
        headers = {"Idempotency-Key": key}
        try:
            answer = self._client.ask(Question("POST", "/outcomes", None, envelope, headers))
            if answer.status in (200, 201):
                return _receipt(answer)
        except NoAnswer as fault:
            raise Undelivered(str(fault), fault.after) from None
        except BadAnswer as fault:
            raise Undelivered(f"{fault.code}: {fault.words}") from None
        if answer.status in ABOUT_US or not 400 <= answer.status < 500:
            raise Undelivered(f"it answers {answer.status}")
        reason = _reason(answer)
        raise KeyReused(reason) if reason == KEY_REUSED else Declined(reason)


def configured(section: Section) -> HttpOut:
    """Return the transport that ``[out]`` with kind "http" describes.

    Raises:
        ConfigRefused: a setting is missing, unknown, out of bounds or unsafe.
    """
    section.only("kind", *KEYS)
    return HttpOut(Client(endpoint_of(section, None, WAITS, WAITS), tries=1))


def _receipt(answer: Answer) -> str:
    content = answer.content()
    receipt = content.get("receipt") if isinstance(content, dict) else None
    if not isinstance(receipt, str) or not 0 < len(receipt) <= LONGEST_RECEIPT:
        raise Undelivered("it took the envelope, it seems, and gave no receipt")
    return receipt


def _reason(answer: Answer) -> str:
    """Return the status and the code it gives; its other words might repeat the envelope's."""
    try:
        content = json.loads(answer.body)
    except (ValueError, RecursionError):
        return str(answer.status)
    code = content.get("code") if isinstance(content, dict) else None
    named = isinstance(code, str) and REASON.fullmatch(code)
    return f"{answer.status} {code}" if named else str(answer.status)
