"""An operator's desk: sources in a folder of TOML files, and the commands as they are typed."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from flask import Flask

from app.database import transaction, write
from app.settings import Settings
from tests.exchange.district_process import answering
from tests.exchange.drops import District
from tests.exchange.inward.homes import give_addresses, give_home
from tests.exchange.operating.desk import Desk

__all__ = ["answering"]


@pytest.fixture
def desk(
    app: Flask, district: District, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Desk]:
    """Return the desk of somebody who looks after a made-up source of files."""
    sources = tmp_path / "sources"
    sources.mkdir()
    settings: Settings = app.extensions["linli.settings"]
    monkeypatch.setitem(app.extensions, "linli.settings", replace(settings, sources=sources))
    desk = Desk(app, sources)
    desk.describe("try-out", folder=str(district.folder))
    yield desk
    with transaction():
        for table in ("sync_report", "sync_source"):
            write(f"DELETE FROM {table} WHERE source LIKE 'try-out%%'", {})


@pytest.fixture
def settled(district: District) -> District:
    """Return a sender whose first household lives at the first of two addresses."""
    give_addresses(district)
    give_home(district)
    return district
