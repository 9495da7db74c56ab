"""Rows put aside: sent, looked at, and a rule that is mended."""

from dataclasses import replace
from typing import Any

import pytest

from app.database import read
from app.sync.contract.kinds import Kind
from app.sync.contract.stream import Field, Stream
from tests.exchange.drops import District
from tests.exchange.operating.desk import Desk


def put_aside(desk: Desk, district: District, *rows: dict[str, object]) -> list[str]:
    """Send residents, of whom some are none, and return the names of the open rows."""
    district.drop("", True, residents=list(rows))
    assert desk.type("run", "try-out").code == 0
    return [row.digest for row in standing("open")]


def standing(status: str) -> list[Any]:
    """Return what is in quarantine in that state."""
    sql = "SELECT * FROM sync_quarantine WHERE source = 'try-out' AND status = %(status)s"
    return read(sql, {"status": status})


def come_in(desk: Desk, district: District, *rows: dict[str, object]) -> None:
    """Have the changes of some residents read, whatever comes of them."""
    district.drop("", False, residents=list(rows))
    assert desk.type("run", "try-out").code == 0


def accept(monkeypatch: pytest.MonkeyPatch, stream: Stream, field: str) -> None:
    """Have a field take any text from now on, as after its rule was mended."""
    lax = Kind("text", str.strip, ".*")
    fields: tuple[Field, ...] = tuple(
        replace(each, kind=lax) if each.name == field else each for each in stream.fields
    )
    monkeypatch.setitem(stream.__dict__, "fields", fields)
