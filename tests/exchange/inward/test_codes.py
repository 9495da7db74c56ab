"""What one record was called no other is ever called, and a new name leaves no old one behind."""

import json
from datetime import timedelta

import pytest

from app import clock
from app.database import read
from app.privacy import vault
from tests.exchange.drops import SOURCE, District, keys_of, one
from tests.exchange.inward.telling import gone, tell, tell_all
from tests.exchange.records import area, matter

REFUSED = {"in": 1, "bad": 1}
SECOND = f"{SOURCE}-two"


def put_aside() -> list[tuple[str, str, str, str]]:
    found = read(
        "SELECT stream, sid, code, field FROM sync_quarantine WHERE source LIKE 'try-out%%'"
        " ORDER BY sid",
        {},
    )
    return [tuple(row) for row in found]


def name_of(code: str) -> object:
    return one("SELECT name FROM matter WHERE code = %(code)s", code=code)


def test_two_records_for_one_code_do_not_stop_the_stream(district: District) -> None:
    """The source has entered a code twice: the rest of its page is taken all the same."""
    counts = tell(
        district, "matters", matter("TRY-M"), matter("TRY-M", sid="TRY-N"), matter("TRY-O")
    )
    assert counts == {"in": 3, "inserted": 2, "bad": 1}
    assert keys_of("matter", "code") == ["TRY-M", "TRY-O"]
    assert put_aside() == [("matters", "TRY-N", "CODE_REUSED", "code")]


def test_a_code_that_another_record_has_is_refused_and_shown_whole(district: District) -> None:
    tell(district, "matters", matter("TRY-M"))
    assert tell(district, "matters", matter("TRY-M", sid="TRY-N", name="又一")) == REFUSED
    assert name_of("TRY-M") == "试行"
    (row,) = read("SELECT digest, raw_sealed FROM sync_quarantine WHERE source = 'try-out'")
    raw = json.loads(vault.open("sync_quarantine.raw", row.digest, row.raw_sealed))
    assert (raw["code"], raw["name"]) == ("TRY-M", "又一")


def test_of_a_key_that_comes_twice_the_one_that_was_refused_is_put_aside(
    district: District,
) -> None:
    """The older one says nothing against it, and does not close it when it is told again."""
    tell(district, "matters", matter("TRY-M"))
    older = matter("TRY-N", name="早先")
    newer = matter("TRY-M", sid="TRY-N", ver=2, name="又一")
    tell(district, "matters", newer, older)
    assert one("SELECT ver FROM sync_quarantine WHERE source = 'try-out'") == 2
    tell(district, "matters", older)
    assert one("SELECT status FROM sync_quarantine WHERE source = 'try-out'") == "open"


@pytest.mark.parametrize("by", ["word", "absence"])
def test_the_code_of_a_record_that_is_gone_is_not_given_again(district: District, by: str) -> None:
    """A request of last year that names it must not mean something else today."""
    tell(district, "matters", matter("TRY-M"))
    if by == "word":
        tell(district, "matters", gone("TRY-M", 2))
    else:
        tell_all(district, "matters")
    assert tell(district, "matters", matter("TRY-M", sid="TRY-N")) == REFUSED
    assert put_aside() == [("matters", "TRY-N", "CODE_REUSED", "code")]


def test_a_code_that_another_source_has_is_refused(district: District) -> None:
    tell(district, "matters", matter("TRY-M"))
    assert tell(district, "matters", matter("TRY-M", name="又一"), source=SECOND) == REFUSED
    assert name_of("TRY-M") == "试行"


def test_a_code_of_the_sample_is_safe_from_the_made_up(district: District) -> None:
    code = one("SELECT min(code) FROM area")
    before = read("SELECT * FROM area WHERE code = %(code)s", {"code": code})
    assert tell(district, "areas", area(code, None, sid="TRY-Z", name="又一")) == REFUSED
    assert read("SELECT * FROM area WHERE code = %(code)s", {"code": code}) == before


def test_a_record_keeps_its_own_code_through_versions_and_deletions(district: District) -> None:
    tell(district, "matters", matter("TRY-M"))
    assert tell(district, "matters", matter("TRY-M", ver=2)) == {"in": 1, "updated": 1}
    tell(district, "matters", gone("TRY-M", 3))
    assert tell(district, "matters", matter("TRY-M", ver=4)) == {"in": 1, "updated": 1}
    assert put_aside() == []


def test_a_record_that_takes_the_code_of_another_stays_as_it_was(district: District) -> None:
    tell(district, "matters", matter("TRY-M"), matter("TRY-N"))
    assert tell(district, "matters", matter("TRY-M", sid="TRY-N", ver=2)) == REFUSED
    assert keys_of("matter", "code") == ["TRY-M", "TRY-N"]
    (row,) = read("SELECT ver, code FROM src_matters WHERE source = 'try-out' AND sid = 'TRY-N'")
    assert tuple(row) == (1, "TRY-N")


def test_a_code_that_was_changed_is_ended_not_left_open(district: District) -> None:
    """People are not offered the same matter twice, under its old code and its new one."""
    tell(district, "matters", matter("TRY-M"))
    assert tell(district, "matters", matter("TRY-N", sid="TRY-M", ver=2))["updated"] == 1
    ends = read("SELECT code, valid_to FROM matter WHERE code LIKE 'TRY%%' ORDER BY code", {})
    assert [tuple(row) for row in ends] == [
        ("TRY-M", clock.today() - timedelta(days=1)),
        ("TRY-N", None),
    ]


def test_a_code_that_its_record_gave_up_is_not_given_to_another(district: District) -> None:
    tell(district, "matters", matter("TRY-M"))
    tell(district, "matters", matter("TRY-N", sid="TRY-M", ver=2))
    assert tell(district, "matters", matter("TRY-M", sid="TRY-O")) == REFUSED


def pair(code: str, **changes: object) -> dict[str, object]:
    return {
        "sid": "TRY-PM", "ver": 1, "point_code": "SP01", "matter_code": code, "depth": "accept",
    } | changes  # fmt: skip


def pairs() -> list[tuple[str, str]]:
    sql = (
        "SELECT p.point_code, p.matter_code FROM point_matter p"
        " WHERE p.matter_code LIKE 'TRY%%' ORDER BY 1, 2"
    )
    return [tuple(row) for row in read(sql, {})]


def test_a_pair_that_was_changed_leaves_no_old_pair(district: District) -> None:
    tell(district, "matters", matter("TRY-M"), matter("TRY-N"))
    tell(district, "point_matters", pair("TRY-M"))
    tell(district, "point_matters", pair("TRY-N", ver=2))
    assert pairs() == [("SP01", "TRY-N")]


def test_records_that_exchange_their_pairs_both_stay(district: District) -> None:
    tell(district, "matters", matter("TRY-M"), matter("TRY-N"))
    first, second = pair("TRY-M", sid="TRY-PM1"), pair("TRY-N", sid="TRY-PM2")
    tell(district, "point_matters", first, second)
    tell(
        district,
        "point_matters",
        {**second, "sid": "TRY-PM1", "ver": 2},
        {**first, "sid": "TRY-PM2", "ver": 2},
    )
    assert pairs() == [("SP01", "TRY-M"), ("SP01", "TRY-N")]


@pytest.mark.parametrize("by", ["word", "absence"])
def test_one_of_two_records_for_a_pair_may_go(district: District, by: str) -> None:
    """The source has a pair twice and takes one back: the point still takes the matter."""
    tell(district, "matters", matter("TRY-M"))
    tell(district, "point_matters", pair("TRY-M", sid="TRY-PM1"), pair("TRY-M", sid="TRY-PM2"))
    if by == "word":
        tell(district, "point_matters", gone("TRY-PM1", 2))
    else:
        tell_all(district, "point_matters", pair("TRY-M", sid="TRY-PM2"))
    assert pairs() == [("SP01", "TRY-M")]
