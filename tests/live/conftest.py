"""One live process for all tests of it."""

from collections.abc import Iterator

import pytest
from flask import Flask

from app.settings import Settings
from tests.live.stream import Process, running


@pytest.fixture
def process(app: Flask, settings: Settings) -> Iterator[Process]:
    """Return a running process that knows nothing of earlier tests."""
    with running(settings) as found:
        yield found
