"""A report can be read by people and by machines, and nobody can change it without its showing."""

import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from html.parser import HTMLParser
from pathlib import Path

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.sync.reconcile.bars import pieces_of
from app.sync.reconcile.findings import Findings, Verdict
from app.sync.reconcile.report import Report, report_json, report_page, write_report
from app.sync.reconcile.sealing import is_intact
from tests.exchange.drops import one
from tests.exchange.reconcile.counting import Counting, day

AT = datetime(2026, 11, 23, 18, 5, tzinfo=UTC)


def found(**changes: object) -> Findings:
    facts: dict[str, object] = {
        "stream": "residents",
        "verdict": Verdict.EQUAL,
        "there": 3000,
        "here": 2999,
        "quarantined": 1,
        "keys": {"quarantined": ["DD-R17"]},
        "fresh_at": AT - timedelta(hours=1),
        "drift": [
            {
                "kind": "COLUMN_NEW",
                "subject": "<b>nickname</b>",
                "detail": {"rows": 3},
                "times": 3,
                "first_seen": AT - timedelta(days=3),
                "last_seen": AT,
            }
        ],
    }
    return Findings(**{**facts, **changes})  # type: ignore[arg-type]


def page_of(*streams: Findings) -> str:
    return report_page(Report("district", AT, streams))


def test_a_report_is_known_for_what_was_sealed(app: object) -> None:
    """As it was written, indented by somebody, or read back from anywhere: it is the same."""
    content = report_json(Report("district", AT, [found()]))
    plain = orjson.loads(content)
    assert is_intact(content)
    assert is_intact(orjson.dumps(plain, option=orjson.OPT_INDENT_2))
    assert is_intact(plain)
    assert plain["equal"] is True
    assert plain["streams"][0]["fresh_at"] == "2026-11-23T17:05:00+00:00"


@pytest.mark.parametrize(
    ("at", "value"),
    [("equal", False), ("source", "other"), ("seal", "0" * 32), ("seal", None), ("more", 1)],
)
def test_a_changed_report_is_noticed(app: object, at: str, value: object) -> None:
    plain = orjson.loads(report_json(Report("district", AT, [found()])))
    assert not is_intact({**plain, at: value})
    del plain["seal"]
    assert not is_intact(plain)


@given(st.binary(max_size=60))
def test_what_is_no_report_is_not_intact(content: bytes) -> None:
    assert not is_intact(content)


def test_a_report_is_kept_as_it_was_sealed(
    counting: Counting, report_on: Callable[..., Report]
) -> None:
    """The database spells JSON its own way; the seal still fits, until somebody touches it."""
    counting.put("calendar_days", day(301))
    report_on(counting)
    kept = one("SELECT findings FROM sync_report WHERE source = 'try-out'")
    assert is_intact(kept)
    assert one("SELECT equal FROM sync_report WHERE source = 'try-out'") is False
    kept["streams"][0]["missing"] = 0
    assert not is_intact(kept)


def test_both_forms_lie_in_the_folder_whole(app: object, tmp_path: Path) -> None:
    """Named by source and the day in the district; nothing half written is left."""
    folder = tmp_path / "reports" / "2026"
    written = write_report(Report("district", AT, [found()]), folder)
    assert written.name == "district-2026-11-24.html"
    record = written.with_suffix(".json")
    assert sorted(folder.iterdir()) == [written, record]
    assert is_intact(record.read_bytes())
    write_report(Report("district", AT, []), folder)
    assert len(list(folder.iterdir())) == 2, "the last of a day stays"


def test_a_terminal_is_told_in_a_line_a_stream(app: object) -> None:
    """What is worth knowing and nothing else; no key of anybody."""
    report = Report("district", AT, [found(), found(there=None, books=2, message="AWAY: gone")])
    assert report.lines() == [
        "residents: equal, 3,000 there, 2,999 here, 1 quarantined",
        "residents: equal, ? there, 2,999 here, 1 quarantined, 2 buckets of our books mended"
        "  AWAY: gone",
    ]


class Tags(HTMLParser):
    """Counts what must be closed, and collects attributes."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.links: list[str] = []
        self.seen: set[str] = set()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.seen.add(tag)
        self.links += [value or "" for name, value in attrs if name in ("src", "href")]
        if tag not in ("meta", "br"):
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.seen.add(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag


def test_the_page_stands_alone(app: object) -> None:
    """No script, nothing to be fetched, every tag closed, Chinese first and English beside."""
    everything = dict.fromkeys(
        ("missing", "extra", "differing", "older_there", "suppressed", "waiting", "moving"), 2
    )
    page = page_of(
        found(),
        found(verdict=Verdict.DIFFERENT, held=1, contradicted=1, books=1, repaired=1, **everything),
        found(verdict=Verdict.UNKNOWN, there=None, message="AWAY: the line is dead", drift=()),
    )
    tags = Tags()
    tags.feed(page)
    assert not tags.open
    assert not tags.links
    assert not tags.seen & {"script", "link", "img", "iframe"}
    assert "<b>nickname</b>" not in page
    assert page.index("数据核对") < page.index("Reconciliation")
    assert 'lang="zh-CN"' in page


def test_the_page_shows_each_figure(app: object) -> None:
    """What both sides have, what explains a difference, what does not, and how fresh it is."""
    figures = {"there": 31_001, "here": 31_002, "quarantined": 31_003, "suppressed": 31_004}
    figures |= {"missing": 31_005, "extra": 31_006, "differing": 31_007}
    page = page_of(found(verdict=Verdict.DIFFERENT, **figures))
    shown = re.sub(r"<[^>]+>", " ", page[page.index("<body>") :])
    words = ("来源", "这里", "在隔离区", "已依法删除", "这里缺少", "这里多出", "版本不同")
    for word, number in zip(words, figures.values(), strict=True):
        figure = f"{number:,}"
        beside = rf"{word}\s+\w*\s+{figure}|{figure}\s+{word}"
        assert re.search(beside, shown), word
    assert re.search(r"数据截至\s+fresh as of\s+2026-11-24 01:05", shown)


@pytest.mark.parametrize(
    ("changes", "colour"),
    [
        ({}, "green"),
        ({"verdict": Verdict.DIFFERENT, "missing": 1}, "red"),
        ({"verdict": Verdict.UNKNOWN}, "amber"),
        ({"fresh_at": AT - timedelta(hours=27)}, "amber"),
        ({"fresh_at": None}, "amber"),
        ({"held": 3}, "amber"),
        ({"books": 1}, "amber"),
    ],
)
def test_the_colour_says_how_it_is(app: object, changes: dict[str, object], colour: str) -> None:
    cards = re.findall(r'<section class="card (\w+)">', page_of(found(**changes)))
    assert cards[-1] == colour


@given(
    st.fixed_dictionaries(
        {
            name: st.integers(0, 10**9)
            for name in ("here", "missing", "extra", "differing", "quarantined", "suppressed")
        }
    )
)
def test_whatever_there_is_can_be_seen(counts: dict[str, int]) -> None:
    """One in a million still has its piece of the bar, and all pieces are the whole of it."""
    pieces = pieces_of(found(**counts))
    total = sum(piece.width for piece in pieces)
    assert not pieces or abs(total - 100) < 0.1
    for kind in ("missing", "extra", "differing"):
        assert (counts[kind] > 0) == (kind in {piece.kind for piece in pieces})
    assert all(piece.width > 1 for piece in pieces)
