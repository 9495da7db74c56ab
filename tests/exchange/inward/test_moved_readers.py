"""Who moves house by the register is shown what is told to the new street, and not to the old."""

from collections.abc import Callable

from notices.channels.people import those_of
from notices.delivery.messages import message_of
from tests.delivery.fakes import RESIDENTS
from tests.exchange.drops import District
from tests.exchange.inward.test_moving_house import MOVER, settle
from tests.exchange.records import GRIDS, resident
from tests.notices_of import publish, titles, unread
from tests.people import Caller, Person

Client = Callable[[Person], Caller]
THEM = "SELECT unnest(%(ids)s::uuid[])"


def test_who_moves_in_sees_a_notice_and_who_moves_out_does_not(
    district: District, sign_in: Client
) -> None:
    person, caller = settle(district), sign_in(MOVER)
    old, new = (
        publish(sign_in, title=grid, audience={"areas": [grid], "people": people})
        for grid, people in zip(GRIDS, (["all"], ["owners"]), strict=True)
    )
    assert titles(caller) == [GRIDS[0]]
    caller.get("/api/v1/inbox/unread")
    seen = caller.get("/api/v1/inbox").headers["ETag"]
    district.send(residents=[resident(1, ver=2, household_sid="TRY-H2")])
    again = caller.get("/api/v1/inbox", headers={"If-None-Match": seen})
    assert again.status_code == 200, "what was seen at the old home answers for nothing here"
    assert titles(caller) == [GRIDS[1]]
    assert unread(caller) == 1
    assert caller.get(f"/api/v1/inbox/{old['id']}").status_code == 404
    assert caller.get(f"/api/v1/inbox/{new['id']}").status_code == 200
    meant = []
    for notice in (old, new):
        message = message_of(notice["id"])
        assert message is not None
        meant.append(bool(those_of(RESIDENTS, message, THEM, [person])))
    assert meant == [False, True], "delivery says the same"
