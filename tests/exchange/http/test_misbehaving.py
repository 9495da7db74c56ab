"""Whatever the district does wrong, no record is lost, and the next good reading has them all."""

import json
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from app.sync.connectors.files import FileDrop
from app.sync.connectors.http.connector import HttpConnector
from app.sync.connectors.protocol import Connector
from app.sync.inward.engine import Outcome
from tests.exchange.district_process import DistrictProcess
from tests.exchange.drops import District, keys_of, mirrored, one
from tests.exchange.http.reading import connector_to
from tests.exchange.inward.homes import give_addresses
from tests.exchange.records import address, household

SOURCE, DROPS = "try-out-http", "try-out-files"
SERIALS = range(1, 13)
BRIEF = {"patience": "2s", "connect_within": "1s", "answer_within": "1s"}
MINUTE = 60_000_000

FOR_EVER = 0
# What it does, how often, and the statuses in which a reading meanwhile may end.
MISDEEDS: dict[str, tuple[str, int, Mapping[str, Any], set[str]]] = {
    "an error once": ("error", 1, {"status": 500}, {"done"}),
    "errors for ever": ("error", FOR_EVER, {"status": 500}, {"away"}),
    "busy for ever": ("busy", FOR_EVER, {"after": 600}, {"away"}),
    "slow for ever": ("slow", FOR_EVER, {"seconds": 5}, {"away"}),
    "a page once more": ("duplicate-page", 1, {}, {"done"}),
    "the same page for ever": ("endless-page", FOR_EVER, {}, {"refused"}),
    "pages of nothing": ("empty-page", FOR_EVER, {}, {"refused"}),
    "a page in reverse order": ("unordered-page", 1, {}, {"done", "refused"}),
    "half a body once": ("truncated-body", 1, {}, {"done"}),
    "half a body for ever": ("truncated-body", FOR_EVER, {}, {"away"}),
    "no JSON": ("not-json", FOR_EVER, {}, {"refused"}),
    "a page to sign in": ("web-page", FOR_EVER, {}, {"refused"}),
    "one more counted than sent": ("wrong-count", FOR_EVER, {}, {"refused"}),
    "a redirection": ("redirect", FOR_EVER, {}, {"refused"}),
}


@pytest.fixture
def source(district: District, answering: DistrictProcess, tmp_path: Path) -> HttpConnector:
    """Return a connector by which the district's households were read once."""
    give_addresses(district)
    answering.put("households", *(household(n) for n in SERIALS))
    found = connector_to(answering, tmp_path, SOURCE, **BRIEF)
    assert hear(district, found).counts["inserted"] == len(SERIALS)
    return found


def hear(district: District, source: Connector) -> Outcome:
    return district.hear(source, page_rows=4)["households"]


def here(source: str = SOURCE) -> dict[str, tuple[int, str]]:
    rows = mirrored("households", "sid, ver, tenure, deleted_at", source)
    return {row.sid: (row.ver, row.tenure) for row in rows if row.deleted_at is None}


def there(answering: DistrictProcess) -> dict[str, tuple[int, str]]:
    rows = answering.records.all("households")
    return {row["sid"]: (row["ver"], row["tenure"]) for row in rows}


def change(answering: DistrictProcess) -> None:
    """Let some move in, some change and one go."""
    answering.put("households", household(1, ver=2, tenure="tenant"), household(13))
    answering.records.delete("households", "TRY-H2")


@pytest.mark.parametrize(
    ("fault", "times", "options", "ends"), MISDEEDS.values(), ids=MISDEEDS.keys()
)
def test_a_misdeed_costs_nobody_and_the_next_good_reading_brings_all(
    district: District,
    answering: DistrictProcess,
    source: HttpConnector,
    fault: str,
    times: int,
    options: Mapping[str, Any],
    ends: set[str],
) -> None:
    before = here()
    change(answering)
    after = there(answering)
    answering.misbehave(fault, times, on="" if fault == "wrong-count" else "/records", **options)
    outcome = hear(district, source)
    assert outcome.status in ends, outcome
    assert not answering.left(), "it has done nothing wrong"
    found = here()
    assert all(found.get(sid) in (before.get(sid), after.get(sid)) for sid in before | after)
    assert found.keys() <= before.keys() | after.keys()
    answering.behave()
    assert hear(district, source).status == "done"
    assert here() == after


def test_a_commit_that_came_late_is_read_with_the_next(
    district: District, answering: DistrictProcess, source: HttpConnector
) -> None:
    answering.put("households", household(3, ver=2, tenure="tenant"))
    hear(district, source)
    answering.misbehave("late-commit", seconds=300)
    answering.put("households", household(14))
    assert hear(district, source).counts["inserted"] == 1
    assert here() == there(answering)


def test_two_contents_under_one_version_come_to_one_and_are_noted(
    district: District, answering: DistrictProcess, source: HttpConnector
) -> None:
    """Whichever wins, it is the same at every reading and in whatever order they come."""
    answering.records.reuse_version("households", "TRY-H4", tenure="tenant")
    hear(district, source)
    first = here()
    answering.put("households", household(4), updated_at=time.time_ns() // 1000)
    hear(district, source)
    assert here() == first
    assert first["TRY-H4"][0] == 1
    noted = "SELECT times FROM sync_drift WHERE source = %(source)s AND kind = 'VERSION_REUSED'"
    assert one(noted, source=SOURCE) >= 1


def dropped(answering: DistrictProcess, folder: Path) -> FileDrop:
    """Return what the district drops, under the name of a made-up source."""
    answering.drop(folder)
    manifest = folder / "manifest.json"
    said = json.loads(manifest.read_text("utf-8")) | {"source": DROPS}
    manifest.write_text(json.dumps(said), "utf-8")
    return FileDrop(folder)


def test_a_drop_that_was_cut_off_costs_nobody_and_the_next_whole_one_is_read(
    district: District, answering: DistrictProcess, tmp_path: Path
) -> None:
    """Complete as it calls itself: who stands behind the cut is not taken for gone."""
    answering.put("addresses", address())
    answering.put("households", *(household(n) for n in SERIALS))
    first = hear(district, dropped(answering, tmp_path / "files"))
    assert (first.status, first.counts["inserted"]) == ("done", len(SERIALS))
    before, homes = here(DROPS), keys_of("household")
    assert before == there(answering)
    assert len(homes) == len(SERIALS)
    change(answering)
    answering.misbehave("truncated-drop")
    cut = hear(district, dropped(answering, tmp_path / "files"))
    assert (cut.status, str(cut.message)[:12]) == ("refused", "WRONG_DIGEST")
    assert (here(DROPS), keys_of("household")) == (before, homes)
    whole = hear(district, dropped(answering, tmp_path / "files"))
    assert (whole.status, whole.counts["in"]) == ("done", len(there(answering)))
    assert here(DROPS) == there(answering) != before
