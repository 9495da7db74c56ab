"""A resident who was entered is never lost, however long the transaction of the entry lasted."""

from datetime import timedelta

import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as effort
from hypothesis import strategies as st

from tests.exchange.frontend.residents import Residents, Taken, reader, rows_in
from tests.exchange.frontend.servers import Server, rows_of

MINUTE = timedelta(minutes=1)


def _second_reading_brings_a(residents: Residents, late_commit: timedelta) -> list[str]:
    """A is stamped first and committed last; B, stamped after A, is read before that."""
    source, taken = residents.reader(late_commit), Taken()
    residents.put("R0", changed=residents.now - 60 * MINUTE)
    with residents.server.writer() as slow:
        residents.write(slow, "A")
        residents.pass_time(2 * MINUTE)
        residents.put("B")
        residents.pass_time(MINUTE)
        assert taken.read(source) == ["R0", "B"], "B is there and was read"
        slow.commit()
    residents.pass_time(10 * MINUTE)
    return taken.read(source)


def test_who_was_entered_in_a_slow_transaction_arrives_later(residents: Residents) -> None:
    """A row stamped before one that was read, committed after it, comes in the next reading."""
    assert "A" in _second_reading_brings_a(residents, 10 * MINUTE)


def test_without_waiting_the_slow_transaction_would_be_lost(residents: Residents) -> None:
    """What the test above shows is the doing of late_commit: without it the row is missing."""
    assert "A" not in _second_reading_brings_a(residents, timedelta())


def test_later_readings_wait_for_slow_transactions_too(residents: Residents) -> None:
    """After the first reading a row comes once it has settled, together with the slow one."""
    source, taken = residents.reader(10 * MINUTE), Taken()
    residents.put("R0", changed=residents.now - 60 * MINUTE)
    taken.read(source)
    with residents.server.writer() as slow:
        residents.write(slow, "A")
        residents.pass_time(MINUTE)
        residents.put("B")
        residents.pass_time(5 * MINUTE)
        assert taken.read(source) == [], "B might still be overtaken from behind"
        slow.commit()
    residents.pass_time(10 * MINUTE)
    assert taken.read(source) == ["A", "B"]


def test_by_the_servers_own_clock_the_slow_transaction_arrives(server: Server) -> None:
    """The same with the real clock, a real stamp of now, and a wait for a second to pass."""
    residents = Residents(server)
    residents.make()
    now = {"postgresql": "clock_timestamp() AT TIME ZONE 'Asia/Shanghai'"}.get(
        server.kind, "UTC_TIMESTAMP(6) + INTERVAL 8 HOUR"
    )
    stamped = f"INSERT INTO t_rkxx VALUES ('%s', 1, '李四', {now}, '0')"
    source, taken = reader(server, options={"late_commit": "1s"}), Taken()
    with server.writer() as slow:
        slow.cursor().execute(stamped % "A")
        server.do(stamped % "B")
        assert taken.read(source) == ["B"]
        slow.commit()
    for _ in range(2000):  # each a round to the server; a second is over long before
        if "A" in taken.read(source):
            return
    pytest.fail("A never arrived")


def _numbered(server: Server) -> Residents:
    residents = Residents(server)
    residents.make(changed="bigint")
    return residents


def test_a_number_taken_early_and_committed_late_arrives(server: Server) -> None:
    """Each reading of a sequence begins some numbers back, where slow transactions turn up."""
    residents, taken = _numbered(server), Taken()
    source = reader(server, changed_kind="sequence", overlap_rows=5)
    with server.writer() as slow:
        residents.write(slow, "A", changed=1)
        for number in range(2, 6):
            residents.put(f"B{number}", changed=number)
        assert taken.read(source) == ["B2", "B3", "B4", "B5"]
        slow.commit()
    assert "A" in taken.read(source)
    assert taken.cursor == {"changed": 5, "sid": "B5"}, "reading again does not move us back"


def test_a_sequence_is_read_on_however_small_the_pages(server: Server) -> None:
    """An overlap longer than a page neither loses our place nor keeps us in it."""
    residents, taken = _numbered(server), Taken()
    source = reader(server, changed_kind="sequence", overlap_rows=50)
    for number in range(1, 21):
        residents.put(f"R{number:02}", changed=number)
    taken.read(source, size=3)
    for _ in range(3):  # a worker that is stopped after its first page, again and again
        taken.read(source, size=3, most=1)
        assert taken.cursor["changed"] == 20
    residents.put("R21", changed=21)
    assert taken.read(source, size=3)[-1] == "R21"


def test_reconciliation_finds_what_was_slower_than_they_said(residents: Residents) -> None:
    """A transaction longer than late_commit is missed by reading, and found by counting."""
    source, taken = residents.reader(10 * MINUTE), Taken()
    with residents.server.writer() as slow:
        residents.write(slow, "A")
        residents.pass_time(MINUTE)
        residents.put("B")
        residents.pass_time(60 * MINUTE)
        taken.read(source)
        before = source.digest("residents")
        slow.commit()
    residents.pass_time(60 * MINUTE)
    assert taken.read(source) == [], "reading alone never comes back to it"
    after = source.digest("residents")
    (bucket,) = {b for b in after if before.get(b) != after[b]}
    assert [pair for some in source.keys("residents", {bucket}) for pair in some] == [("A", 1)]
    assert [row["sid"] for row in rows_in(source.fetch("residents", ["A"]))] == ["A"]


Steps = st.lists(
    st.one_of(
        st.tuples(st.just("begin"), st.integers(0, 2)),
        st.tuples(st.just("commit"), st.integers(0, 2)),
        st.tuples(st.just("pass"), st.integers(0, 5)),
        st.tuples(st.just("read"), st.integers(1, 3)),
    ),
    max_size=25,
)


@effort(max_examples=12, deadline=None, suppress_health_check=[*HealthCheck])
@given(steps=Steps)
def test_whatever_the_order_of_commits_every_resident_arrives(
    residents: Residents, steps: list[tuple[str, int]]
) -> None:
    """Transactions that overlap in any way, shorter than late_commit: nobody is missing."""
    residents.server.do("DELETE FROM t_rkxx")
    source, taken = residents.reader(10 * MINUTE), Taken()
    desks = [residents.server.connect(residents.server.name) for _ in range(3)]
    begun: dict[int, timedelta] = {}
    entered = 0
    try:
        for deed, amount in [*steps, *(("commit", desk) for desk in range(3))]:
            if deed == "begin" and amount not in begun:
                entered += 1
                begun[amount] = timedelta()
                residents.write(desks[amount], f"R{entered}")
            elif deed == "commit" and begun.pop(amount, None) is not None:
                desks[amount].commit()
            elif deed == "pass":
                lapse = amount * MINUTE
                for slow in [desk for desk in begun if begun[desk] + lapse >= 10 * MINUTE]:
                    desks[slow].commit()  # they promised to be done by now
                    del begun[slow]
                begun = {desk: lasted + lapse for desk, lasted in begun.items()}
                residents.pass_time(lapse)
            elif deed == "read":
                taken.read(source, size=amount)
        residents.pass_time(11 * MINUTE)
        taken.read(source, size=2)
    finally:
        for desk in desks:
            desk.close()
    there = {sid for (sid,) in rows_of(residents.server, "SELECT ryid FROM t_rkxx")}
    assert set(taken.latest()) == there
    assert len(there) == entered
