"""The channel of webhooks, and somebody who listens."""

from collections.abc import Iterator

import pytest
from flask import Flask

from notices.channels.line import Line
from notices.channels.webhooks.sender import Webhooks
from tests.delivery.provider import Provider, provider


@pytest.fixture
def receiver() -> Iterator[Provider]:
    """Yield the server of somebody who is told by webhooks."""
    with provider() as found:
        found.default = 204
        yield found


@pytest.fixture
def webhooks(app: Flask) -> Webhooks:
    """Return the channel, which reaches this machine."""
    line = Line(lambda _: True, plain=True, read_seconds=0.5)
    return Webhooks(line, "https://linli.example")
