"""Rows that were put aside are read again by today's contract: what is a record now, is one."""

import pytest

from app.database import read, transaction, write
from app.privacy import vault
from app.sync.contract.records import Reject
from app.sync.inward.quarantine import put_aside as put_away
from tests.exchange.drops import District, keys_of
from tests.exchange.operating.aside import accept, come_in, put_aside, standing
from tests.exchange.operating.desk import Desk
from tests.exchange.records import area, resident


def test_a_mended_rule_makes_records_of_the_rows_it_kept_out(
    desk: Desk, settled: District, monkeypatch: pytest.MonkeyPatch
) -> None:
    put_aside(desk, settled, resident(1), resident(2, relation="cousin"), resident(3, phone="x"))
    assert keys_of("resident") == ["TRY-R1"]
    said = desk.type("quarantine", "replay", "try-out", "residents")
    assert said.words == "0 rows are records now, 2 are still none\n"
    with monkeypatch.context() as mended:
        accept(mended, settled.named("residents"), "relation")
        said = desk.type("quarantine", "replay", "try-out", "residents")
    assert (said.code, said.words) == (0, "1 rows are records now, 1 are still none\n")
    assert keys_of("resident") == ["TRY-R1", "TRY-R2"]
    assert [row.sid for row in standing("open")] == ["TRY-R3"]
    assert [row.sid for row in standing("replayed")] == ["TRY-R2"]


def test_a_newer_record_is_not_undone_by_a_row_that_is_read_again(
    desk: Desk, settled: District, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What was put aside in spring says nothing against what was sent in autumn."""
    put_aside(desk, settled, resident(1, ver=1, relation="cousin"))
    with transaction():  # as if the newer one had come by another way than a reading
        write("UPDATE sync_quarantine SET sid = 'TRY-R9'")
    settled.drop("", True, residents=[resident(1, ver=2, relation="child")])
    assert desk.type("run", "try-out").code == 0
    accept(monkeypatch, settled.named("residents"), "relation")
    assert desk.type("quarantine", "replay", "try-out", "residents").code == 0
    (row,) = read("SELECT relation FROM resident WHERE sid = 'TRY-R1'")
    assert row.relation == "child"


def test_a_row_that_is_put_aside_again_is_no_record(desk: Desk, settled: District) -> None:
    """A code stays taken however often its second holder is read again, and that stays said."""
    areas = [area("TRY-G", None) | {"sid": f"TRY-G{n}"} for n in (1, 2)]
    for row in areas:
        settled.drop("", False, areas=[row])
        assert desk.type("run", "try-out").code == 0
    said = desk.type("quarantine", "replay", "try-out", "areas")
    assert said.words == "0 rows are records now, 1 are still none\n"
    assert [(r.sid, r.ver, r.code, r.times) for r in standing("open")] == [
        ("TRY-G2", 1, "CODE_REUSED", 2)
    ]


def test_a_row_that_is_put_aside_for_another_fault_is_no_record(
    desk: Desk, settled: District, monkeypatch: pytest.MonkeyPatch
) -> None:
    settled.drop("", False, areas=[area("TRY-G", None)])
    assert desk.type("run", "try-out").code == 0
    row = area("TRY-G", None) | {"sid": "TRY-H", "level": "hamlet", "op": "U"}
    settled.drop("", False, areas=[row])
    assert desk.type("run", "try-out").code == 0
    accept(monkeypatch, settled.named("areas"), "level")
    said = desk.type("quarantine", "replay", "try-out", "areas")
    assert said.words == "0 rows are records now, 1 are still none\n"
    assert standing("replayed") == []
    assert {row.code for row in standing("open")} == {"NOT_A_CHOICE", "CODE_REUSED"}


@pytest.mark.parametrize("raw", ['{"sid": "TRY-R1", "n": 1e300}', '{"sid": "TRY-R1"}', "{}", "["])
def test_what_was_put_aside_as_a_whole_is_not_tried(
    desk: Desk, settled: District, raw: str
) -> None:
    """It may look like a record, as a number that no table can hold does; it was none."""
    whole = Reject("TRY-R1", "NUMBER_NOT_EXACT", "", raw)
    with transaction():
        put_away("try-out", settled.named("residents"), [whole])
    come_in(desk, settled, resident(2, phone="x"))
    said = desk.type("quarantine", "replay", "try-out", "residents")
    assert said.code == 0, said.words
    assert sorted((row.code, row.times) for row in standing("open")) == [
        ("NOT_A_PHONE", 2),
        ("NUMBER_NOT_EXACT", 1),
    ]
    assert standing("replayed") == []


def test_a_row_whose_key_is_gone_does_not_keep_the_others_from_being_tried(
    desk: Desk, settled: District
) -> None:
    put_aside(desk, settled, resident(2, phone="x"))
    with transaction():
        other = vault.seal("sync_quarantine.raw", "another row", "{}")
        write("UPDATE sync_quarantine SET raw_sealed = %(raw)s", {"raw": other})
    come_in(desk, settled, resident(3, phone="x"))
    assert desk.type("quarantine", "replay", "try-out", "residents").code == 0
    assert sorted((row.sid, row.times) for row in standing("open")) == [
        ("TRY-R2", 1),
        ("TRY-R3", 2),
    ]


def test_rows_of_different_columns_are_read_again_as_they_came(
    desk: Desk, settled: District
) -> None:
    come_in(desk, settled, resident(1, phone="x"))
    come_in(desk, settled, resident(2, phone="x", op="U"))
    said = desk.type("quarantine", "replay", "try-out", "residents")
    assert said.words == "0 rows are records now, 2 are still none\n"
    assert sorted((row.sid, row.times) for row in standing("open")) == [
        ("TRY-R1", 2),
        ("TRY-R2", 2),
    ]
    assert standing("replayed") == []


def test_a_stream_that_nobody_knows_is_named(desk: Desk) -> None:
    said = desk.type("quarantine", "replay", "try-out", "nonsense")
    assert (said.code, said.words) == (1, "Error: nobody knows the stream nonsense\n")
