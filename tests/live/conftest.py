"""One live process for all tests of it."""

from collections.abc import Iterator

import pytest
from flask import Flask

from app.settings import Settings
from tests.live.stream import Process


@pytest.fixture
def process(app: Flask, settings: Settings) -> Iterator[Process]:
    """Return a running process that knows nothing of earlier tests."""
    found = Process(settings)
    yield found
    found.process.kill()
    found.process.wait()
