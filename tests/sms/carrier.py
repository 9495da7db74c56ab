"""A carrier of text messages on this machine: takes each reference once, and only who signs."""

import json
from collections.abc import Iterator
from contextlib import contextmanager

from app.sms.http import HttpGateway, http_gateway
from sample.district.signatures import Gate, Unsigned
from sample.district.signatures import Heard as Signed
from tests.loopback import Answer, Heard, Loopback, Reply, standing

KEY = "a key that both sides know, and nobody else"


class Carrier:
    """``carried`` holds (reference, phone, text) as they went out to phones."""

    def __init__(self) -> None:
        self.carried: list[tuple[str, str, str]] = []
        self.states: dict[str, str] = {}
        self._gate = Gate("linli", KEY.encode())

    def answer(self, heard: Heard) -> Answer:
        try:
            self._gate.admit(Signed(heard.method, heard.path, heard.headers, heard.body))
        except Unsigned:
            return Reply(401, {"code": "signature"})
        if heard.method == "GET":
            state = self.states.get(heard.path.rsplit("/", 1)[-1])
            return Reply(200, {"state": state}) if state else Reply(404, {"code": "unknown"})
        message = json.loads(heard.body)
        if message["reference"] in self.states:
            return Reply(409, {"code": "duplicate-reference"})
        self.states[message["reference"]] = "accepted"
        self.carried.append((message["reference"], message["phone"], message["text"]))
        return Reply(201, {"state": "accepted"})


@contextmanager
def carrying() -> Iterator[tuple[Carrier, Loopback, HttpGateway]]:
    carrier = Carrier()
    with standing(carrier.answer) as line:
        yield carrier, line, gateway_to(line)


def gateway_to(line: Loopback, key: str = KEY) -> HttpGateway:
    return http_gateway({"url": f"{line.url}/sms", "key_id": "linli", **QUICK}, key)


QUICK = {"connect_within": "1s", "answer_within": "1s", "patience": "1s"}
