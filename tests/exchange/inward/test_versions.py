"""Whatever order records come in, the newest version of each is what is known."""

import datetime
from collections.abc import Sequence
from itertools import pairwise
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from app.database import read
from app.privacy import vault
from tests.exchange.drops import District, Row, Told, drifts, mirrored, one, tally
from tests.exchange.inward.homes import give_addresses
from tests.exchange.records import household, staff

NEW = {"in": 1, "inserted": 1}
FEW = settings(
    max_examples=15,
    deadline=None,
    database=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)


def tenure() -> Any:
    return one("SELECT tenure FROM household WHERE sid = 'TRY-H1'")


def test_a_newer_version_is_taken_and_an_older_one_left(addressed: District) -> None:
    counts = addressed.send(households=[household(ver=5)])["households"]
    assert tally(counts) == NEW
    counts = addressed.send(households=[household(ver=7, tenure="tenant")])["households"]
    assert tally(counts) == {"in": 1, "updated": 1}
    assert tenure() == "tenant"
    counts = addressed.send(households=[household(ver=6, tenure="owner")])["households"]
    assert tally(counts) == {"in": 1, "stale": 1}
    assert tenure() == "tenant"


def test_the_same_version_with_the_same_content_is_the_same(addressed: District) -> None:
    addressed.send(households=[household()])
    addressed.drop(note="sent again", households=[household()])
    assert tally(addressed.load()["households"]) == {"in": 1, "same": 1}


def test_repeats_within_a_page_are_counted_and_the_newest_is_taken(addressed: District) -> None:
    rows = [household(ver=1), household(ver=3, tenure="tenant"), household(ver=2), household(ver=1)]
    counts = addressed.send(households=rows)["households"]
    assert tally(counts) == {"in": 4, "inserted": 1, "duplicate": 3}
    assert tenure() == "tenant"


def test_a_version_used_twice_ends_the_same_whichever_comes_first(addressed: District) -> None:
    """The source reused a version; the higher hash wins, here and on every other machine."""
    ends = []
    two = [household(ver=2, tenure="owner"), household(ver=2, tenure="tenant")]
    for order in (two, two[::-1]):
        for row in order:
            addressed.send(households=[row])
        (mirror,) = mirrored("households", "hash, tenure")
        ends.append((tenure(), mirror.tenure, bytes(mirror.hash)))
        noted = drifts()["VERSION_REUSED"]
        assert (noted.stream, noted.times, noted.detail["keys"]) == ("households", 1, ["TRY-H1"])
        addressed.forget()
        give_addresses(addressed)
    assert ends[0] == ends[1]


def test_a_new_version_is_no_reuse(addressed: District) -> None:
    addressed.send(households=[household(ver=1)])
    addressed.send(households=[household(ver=2, tenure="tenant")])
    addressed.send(households=[household(ver=1)])
    assert "VERSION_REUSED" not in drifts()


def test_a_field_spelt_otherwise_is_the_same_record(district: District) -> None:
    """Spaces, full width and another spelling of a day are no news."""
    district.send(staff=[staff(phone="19999970001")])
    respelt = [staff(phone="+86 199-9997-0001", name=" 试行员 ", valid_from="20240101")]
    assert tally(district.send(staff=respelt)["staff"]) == {"in": 1, "same": 1}


def shuffled(draw: st.DrawFn, events: Sequence[Row]) -> list[list[Row]]:
    """Cut the events, some of them twice, in any order into pages."""
    repeated = [*events, *draw(st.lists(st.sampled_from(events), max_size=4))]
    order = draw(st.permutations(repeated))
    cuts = sorted(draw(st.lists(st.integers(0, len(order)), max_size=3)))
    bounds = [0, *cuts, len(order)]
    return [list(order[a:b]) for a, b in pairwise(bounds) if a < b]


def one_deletion(prefix: str) -> st.SearchStrategy[Row]:
    return st.builds(
        lambda n, v: {"sid": f"TRY-{prefix}{n}", "ver": v, "op": "D"},
        st.integers(1, 3),
        st.integers(1, 3),
    )


@st.composite
def two_deliveries(draw: st.DrawFn, kind: str) -> tuple[list[list[Row]], list[list[Row]]]:
    serial, version = st.integers(1, 3), st.integers(1, 3)
    one_household = st.builds(
        lambda n, v, tenure, at: household(n, ver=v, tenure=tenure, address_sid=at),
        serial, version, st.sampled_from(("owner", "tenant")),
        st.sampled_from(("TRY-A1", "TRY-A2")),
    )  # fmt: skip
    one_member = st.builds(
        lambda n, v, role, phone: staff(n, ver=v, role=role, phone=phone),
        serial, version, st.sampled_from(("grid_worker", "auditor")),
        st.sampled_from(("19999970001", "19999970002")),
    )  # fmt: skip
    event = one_household if kind == "households" else one_member
    gone = one_deletion("H" if kind == "households" else "S")
    events = draw(st.lists(event | event | gone, min_size=1))
    return shuffled(draw, events), shuffled(draw, events)


def known(stream: str, table: str) -> object:
    """Return mirror and projection, what is sealed in them opened."""
    key = "staff_sid" if table == "staff_grant" else "sid"
    projected = read(f"SELECT * FROM {table} WHERE {key} LIKE 'TRY%%' ORDER BY {key}", {})
    return (
        [_mirror_row(stream, row._asdict()) for row in mirrored(stream, "*")],
        [_opened(stream, getattr(row, key), row._asdict()) for row in projected],
    )


def _mirror_row(stream: str, row: dict[str, Any]) -> dict[str, object]:
    """Return what counts of a record; of one that is gone, that it is."""
    if row["deleted_at"]:
        return {name: row[name] for name in ("sid", "ver", "hash", "deleted_by")}
    kept = {name: row[name] for name in row if name not in ("first_batch", "last_batch")}
    return _opened(stream, row["sid"], kept)


def _opened(entity: str, sid: str, row: dict[str, Any]) -> dict[str, object]:
    found: dict[str, object] = {}
    for name, value in row.items():
        if name == "account_id":
            value = one("SELECT phone_index FROM account WHERE id = %(id)s", id=value)
        elif name.endswith("_sealed") and value is not None:
            value = vault.open(f"{entity}.{name.removesuffix('_sealed')}", sid, value)
        elif isinstance(value, datetime.date):
            value = value.isoformat()
        found[name] = value
    found.pop("id", None)
    return found


@FEW
@given(deliveries=two_deliveries("households"))
def test_households_end_alike_in_any_order_pages_and_repeats(
    district: District, deliveries: tuple[list[list[Row]], list[list[Row]]]
) -> None:
    _ends_alike(district, "households", "household", deliveries)


@FEW
@given(deliveries=two_deliveries("staff"))
def test_staff_and_their_grants_end_alike_in_any_order_pages_and_repeats(
    district: District, deliveries: tuple[list[list[Row]], list[list[Row]]]
) -> None:
    _ends_alike(district, "staff", "staff_grant", deliveries)


def _ends_alike(
    district: District, stream: str, table: str, deliveries: Sequence[list[list[Row]]]
) -> None:
    ends = []
    for pages in deliveries:
        district.forget()
        give_addresses(district)
        assert district.hear(Told({stream: pages}))[stream].status == "done"
        ends.append(known(stream, table))
    assert ends[0] == ends[1]
