"""From the district's own books into ours: read, read again, compared and mended."""

import time
from pathlib import Path

from app.sync.reconcile.reconciling import reconcile
from tests.exchange.district_process import DistrictProcess
from tests.exchange.drops import District, one, quiet, tally
from tests.exchange.http.reading import connector_to
from tests.exchange.records import address, household, resident

SOURCE = "try-out-http"
HOUR = 3_600_000_000


def at_home(answering: DistrictProcess, residents: int) -> None:
    """Put a household and who lives in it; versions are counted by the district."""
    answering.put("addresses", address())
    answering.put("households", household())
    answering.put("residents", *(resident(n) for n in range(1, residents + 1)))


def test_a_district_is_read_and_a_quiet_night_costs_nothing(
    district: District, answering: DistrictProcess, tmp_path: Path
) -> None:
    """Who lives there is here; who moved away is gone; what stayed is not written again."""
    at_home(answering, 7)
    connector = connector_to(answering, tmp_path, SOURCE)
    first = district.hear(connector, page_rows=3)
    assert {name: each.status for name, each in first.items()} == dict.fromkeys(first, "done")
    assert tally(first["residents"].counts) == {"in": 7, "inserted": 7}
    answering.records.delete("residents", "TRY-R7")
    second = district.hear(connector, page_rows=100)["residents"]
    assert second.counts["deleted"] == 1
    quiet_night = [district.hear(connector, page_rows=100)["residents"] for _ in range(2)][-1]
    assert tally(quiet_night.counts) == {}


def test_who_came_too_late_for_any_overlap_is_found_by_counting(
    district: District, answering: DistrictProcess, tmp_path: Path
) -> None:
    """A record that no reading would ever bring is missed by the count, and mended."""
    at_home(answering, 3)
    connector = connector_to(answering, tmp_path, SOURCE)
    district.hear(connector)
    answering.put("residents", resident(4), updated_at=time.time_ns() // 1000 - 5 * HOUR)
    district.hear(connector)
    assert one("SELECT count(*) FROM src_residents WHERE source = 'try-out-http'") == 3
    assert not reconcile(connector, district.streams, False, quiet).equal
    assert reconcile(connector, district.streams, True, quiet).equal
    assert one("SELECT count(*) FROM src_residents WHERE source = 'try-out-http'") == 4
