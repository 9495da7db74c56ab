"""A source that tells one page after the other, and what was noted of that."""

from typing import Any

from app.database import read
from tests.exchange.drops import SOURCE, District, Row, Told, one, tally


def tell(district: District, stream: str, *rows: Row, source: str = SOURCE) -> dict[str, int]:
    """Send one page of a stream, whatever was sent of it before, and return what came of it."""
    return _heard(district, Told({stream: [rows]}, source=source, note=_fresh_note()))


def tell_all(district: District, stream: str, *rows: Row, source: str = SOURCE) -> dict[str, int]:
    """Send all that there is of a stream; what is not in it is gone."""
    told = Told({stream: [rows]}, complete=True, source=source, note=_fresh_note())
    return _heard(district, told)


def gone(sid: str, ver: int) -> Row:
    """Return the word of a source that a record is gone."""
    return {"sid": sid, "ver": ver, "op": "D"}


def last_run(stream: str) -> Any:
    """Return how the last reading of a made-up stream ended."""
    (found,) = read(
        "SELECT * FROM sync_run WHERE source = 'try-out' AND stream = %(stream)s"
        " ORDER BY id DESC LIMIT 1",
        {"stream": stream},
    )
    return found


def _heard(district: District, told: Told) -> dict[str, int]:
    (outcome,) = district.hear(told).values()
    assert outcome.status in ("done", "held"), outcome
    return tally(outcome.counts)


def _fresh_note() -> str:
    return str(one("SELECT coalesce(max(id), 0) FROM sync_run"))
