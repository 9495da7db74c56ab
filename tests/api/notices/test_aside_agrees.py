"""Whatever happens to somebody, the inbox and its count agree, and hide nothing never shown."""

import uuid
from typing import Any

from flask import Flask
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from app.database import read, transaction, write
from app.policy import Actor, Grant, Role
from notices.inbox import queries, service
from tests.api.notices.test_aside import ALL, BACK, KEPT
from tests.api.notices.test_audience import publish_to, staff_actor
from tests.notices_of import age_everybody
from tests.people import RESIDENT, account_of
from tests.requests_of import file

HOME = """
SELECT r.id, h.id AS household, a.path FROM resident r JOIN household h ON h.sid = r.household_sid
JOIN address d ON d.sid = h.address_sid JOIN area a ON a.code = d.grid_code
WHERE r.sid = 'R00000001'
"""
CLEARED = """
DELETE FROM notice WHERE publish_seq > %(upto)s; DELETE FROM notice_target WHERE seq > %(upto)s;
DELETE FROM notice_receipt; DELETE FROM inbox_state
"""
EMERGENCY = (
    "UPDATE notice SET priority = 2 WHERE id = %(id)s",
    "UPDATE notice_target SET priority = 2 WHERE notice_id = %(id)s",
)
HOLD = "UPDATE service_request SET account_id = %(me)s"
AREAS = ("DDHT", "DDHT-XQ", "DDHT-XQ-LT-C03", "DDHT-DG", "DDHT-DG-XX-C02-G1")
PEOPLE = ("all", "elders", "tenants", "workers")
POSTS = ("DDHT-XQ-LT-C03", "DDHT-DG-XX-C02")
AUDIENCES = st.fixed_dictionaries(
    {
        "areas": st.lists(st.sampled_from(AREAS), min_size=1, max_size=2),
        "people": st.lists(st.sampled_from(PEOPLE), min_size=1, max_size=2),
        "matters": st.sampled_from([[], ["RUBBISH"]]),
    }
)
STEPS = st.one_of(
    st.tuples(st.just("publish"), AUDIENCES, st.booleans()),
    st.tuples(st.just("aside"), st.floats(0, 1)),
    st.tuples(st.just("aside"), st.just(1.0)),
    st.tuples(st.just("read"), st.floats(0, 0.99)),
    st.tuples(st.just("move"), st.sampled_from(["H0000001", "H0000002"])),
    st.tuples(st.just("age"), st.sampled_from(["adult", "elder"])),
    st.tuples(st.just("tenure"), st.sampled_from(["owner", "tenant"])),
    st.tuples(st.just("post"), st.sampled_from([None, *POSTS])),
    st.tuples(st.just("hold"), st.booleans()),
)
BECOME = {
    "move": "UPDATE resident SET household_sid = %(to)s WHERE sid = 'R00000001'",
    "age": "UPDATE resident SET age_class = %(to)s WHERE sid = 'R00000001'",
    "tenure": "UPDATE household SET tenure = %(to)s WHERE sid IN ('H0000001', 'H0000002')",
}


class Somebody:
    """A resident to whom things happen, and what they were shown until they put it aside."""

    def __init__(self, account: uuid.UUID) -> None:
        self.account, self.post = account, None
        self.aside: set[int] = set()

    @property
    def actor(self) -> Actor:
        home = read(HOME)[0]
        grants = (Grant(Role.GRID_WORKER, self.post),) if self.post else ()
        return Actor(
            self.account,
            uuid.uuid4(),
            2,
            grants,
            resident_id=home.id,
            household_id=home.household,
            area_path=tuple(home.path),
        )

    def inbox(self) -> list[Any]:
        return list(queries.inbox(self.actor, pinned=False, cursor=None, limit=100).items)

    def do(self, step: str, *how: Any) -> None:
        """Have one thing happen."""
        if step == "publish":
            _publish(*how)
        elif step == "aside":
            self._put_aside(*how)
        elif step == "read" and (items := self.inbox()):
            service.mark_read(self.actor, items[int(how[0] * len(items))].id)
        elif step == "post":
            (self.post,) = how
        elif step in BECOME:
            with transaction():
                write(BECOME[step], {"to": how[0]})
        elif step == "hold":
            with transaction():
                write(HOLD, {"me": self.account if how[0] else None})

    def _put_aside(self, part: float) -> None:
        """Put aside as somebody does who was shown a part of the inbox, or all of it."""
        seqs = sorted(item.seq for item in self.inbox())
        upto = ALL if part == 1 or not seqs else seqs[int(part * len(seqs))]
        service.put_aside(self.actor, upto)
        self.aside.update(seq for seq in seqs if seq <= upto)
        if upto == ALL:
            assert all(item.read for item in self.inbox() if item.priority < 2)


def _publish(audience: dict[str, Any], emergency: bool) -> None:
    key = publish_to(staff_actor(), audience)
    with transaction():
        for statement in EMERGENCY if emergency else ():
            write(statement, {"id": key})


def stand() -> None:
    """Publish what stands whatever happens, so that there is always something to come upon."""
    for area in AREAS:
        for people in PEOPLE:
            _publish({"areas": [area], "people": [people]}, emergency=False)
        _publish({"areas": [area], "people": ["workers"], "matters": ["RUBBISH"]}, emergency=False)
    _publish({"areas": ["DDHT-DG"]}, emergency=True)
    _publish({"areas": ["DDHT-XQ", "DDHT-DG"]}, emergency=False)


def clear(kept: list[dict[str, Any]], upto: int) -> None:
    """Let nothing have happened but what stands."""
    with transaction():
        for statement in CLEARED.split(";"):
            write(statement, {"upto": upto})
        for row in kept:
            write(BACK, row)
        write(BECOME["tenure"], {"to": "owner"})
        write(HOLD, {"me": None})


def test_an_inbox_and_its_count_agree_whatever_happens(app: Flask, sign_in: Any) -> None:
    age_everybody()
    file(sign_in(RESIDENT), matter="RUBBISH")
    stand()
    upto = read("SELECT max(seq) AS seq FROM notice_target")[0].seq
    kept, seen = [row._asdict() for row in read(KEPT)], {True: 0, False: 0}

    @settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
    @given(st.lists(STEPS, min_size=4, max_size=12))
    def agree(steps: list[tuple[Any, ...]]) -> None:
        clear(kept, upto)
        somebody = Somebody(account_of(RESIDENT))
        for step in steps:
            somebody.do(*step)
            items = somebody.inbox()
            assert queries.unread(somebody.actor) == sum(not item.read for item in items)
            for item in items:
                opened, aside = item.read_at is not None, item.seq in somebody.aside
                assert not item.read or opened or (aside and item.priority < 2)
                assert item.read or not opened
                seen[item.read] += 1

    try:
        agree()
    finally:
        clear(kept, upto)
    assert min(seen.values()) > 200, "too little happened to prove anything"
