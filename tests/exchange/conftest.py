"""A district that sends made-up records, which are gone afterwards."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask

from tests.exchange.drops import District


@pytest.fixture
def district(app: Flask, tmp_path: Path) -> Iterator[District]:
    """Return a sender with an empty folder."""
    sender = District(app, tmp_path / "dropped")
    sender.folder.mkdir()
    sender.forget()
    yield sender
    sender.forget()
