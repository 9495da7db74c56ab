"""Everybody, signed in for a test and gone after it."""

from collections.abc import Iterator

import pytest
from flask import Flask

from tests.access.cast import Cast, dismiss, gather


@pytest.fixture
def cast(app: Flask) -> Iterator[Cast]:
    """Yield the cast."""
    yield gather(app)
    dismiss()
