"""What was approved is deleted as it was when it was missing, whatever else goes on or wrong."""

import logging
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import pytest

from app.database import transaction, write
from app.sync.connectors.protocol import Cursor, Page
from app.sync.inward import holds
from app.sync.inward.books import Overtaken
from app.sync.inward.holds import NotCarriedOut, carry_out_approved
from app.sync.watching import look_once
from tests.exchange.drops import District, Told, keys_of, mirrored, one
from tests.exchange.inward.telling import tell, tell_all
from tests.exchange.operating.deciding import CROWD, KEPT, decide, status_of
from tests.exchange.operating.desk import Desk
from tests.exchange.records import household
from tests.people import Caller


@dataclass
class Long(Told):
    """A source whose reading lasts while other things happen."""

    meanwhile: Callable[[], None] = lambda: None

    def pages(self, stream: str, cursor: Cursor, size: int) -> Iterator[Page]:
        pages = super().pages(stream, cursor, size)
        yield next(pages)
        self.meanwhile()
        yield from pages


@pytest.mark.parametrize(
    ("source", "stream"), [("try-out-two", "households"), ("try-out", "addresses")]
)
def test_a_long_reading_of_something_else_makes_no_change_older(
    settled: District, source: str, stream: str
) -> None:
    """Who changed under the version that was missing changed, whatever was read besides."""

    def meanwhile() -> None:
        tell(settled, "households", *CROWD)
        tell_all(settled, "households")
        tell(settled, "households", *({**row, "tenure": "tenant"} for row in CROWD))

    settled.hear(Long({stream: [[], []]}, source=source, meanwhile=meanwhile))
    changed = {row.sid for row in mirrored("households", "sid, tenure") if row.tenure == "tenant"}
    assert 0 < len(changed) < 60
    with transaction():
        write("UPDATE sync_hold SET status = 'approved' WHERE status = 'held'")
    assert carry_out_approved({each.name: each for each in settled.streams}) == 60 - len(changed)
    assert set(keys_of("household")) == changed


@pytest.fixture
def two_approved(settled: District, held: str, operator: Caller) -> tuple[str, str]:
    """Return deletions of two sources, all approved; those of the first cannot be carried out."""
    tell(settled, "households", *(household(n) for n in range(101, 161)), source="try-out-two")
    tell_all(settled, "households", source="try-out-two")
    other = str(one("SELECT id FROM sync_hold WHERE source = 'try-out-two'"))
    for key in (held, other):
        decide(operator, key)
    return held, other


def refusing(fault: Exception) -> Callable[..., int]:
    """Return a deletion that is refused for one source, and done for others."""
    whole = holds.delete_absent  # type: ignore[attr-defined]

    def delete(work: Any, *about: Any) -> int:
        if work.run.source == "try-out":
            raise fault
        return int(whole(work, *about))

    return delete


def test_deletions_that_fail_keep_no_others_from_being_carried_out(
    settled: District,
    two_approved: tuple[str, str],
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    """Whoever asked is told, and the log says which, and nothing of whom."""
    first, second = two_approved
    streams = {stream.name: stream for stream in settled.streams}
    with monkeypatch.context() as broken:
        broken.setattr(holds, "delete_absent", refusing(OSError("TRY-H1 and their phone")))
        with caplog.at_level(logging.ERROR, "linli.sync"), pytest.raises(NotCarriedOut) as fault:
            carry_out_approved(streams)
    assert (fault.value.deleted, list(fault.value.faults)) == (60, [first])
    assert (status_of(first), status_of(second)) == ("approved", "done")
    assert sorted(keys_of("household")) == sorted(KEPT)
    assert f"the approved deletions {first} failed: OSError" in caplog.text
    assert "TRY-H" not in caplog.text
    assert carry_out_approved(streams) == 60


@pytest.mark.parametrize(
    ("fault", "why"),
    [
        (OSError("TRY-H1"), "OSError"),
        (Overtaken("try-out households"), "Overtaken"),
    ],
)
def test_who_asks_for_it_is_told_what_was_not_carried_out(
    desk: Desk,
    two_approved: tuple[str, str],
    monkeypatch: pytest.MonkeyPatch,
    fault: Exception,
    why: str,
) -> None:
    monkeypatch.setattr(holds, "delete_absent", refusing(fault))
    said = desk.type("carry-out")
    assert said.code == 1
    assert said.lines == [
        "60 records deleted",
        f"Error: not carried out: {two_approved[0]} ({why})",
    ]


def test_a_reader_says_what_it_could_not_carry_out_and_goes_on(
    settled: District,
    two_approved: tuple[str, str],
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    monkeypatch.setattr(holds, "delete_absent", refusing(OSError("TRY-H1")))
    assert look_once({}, settled.streams) == []
    said = f"sync approved deletions: not carried out: {two_approved[0]} (OSError)"
    assert said in caplog.messages
    assert status_of(two_approved[1]) == "done"
