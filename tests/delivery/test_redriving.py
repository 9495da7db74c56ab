"""What was given up is shown to staff by reason, and tried again when they say so."""

from collections.abc import Callable
from typing import Any

from notices.channels.protocol import DELIVERED, Outcome, Verdict
from tests.delivery.fakes import FakeChannel, begin, published, reached, residents_of, work
from tests.people import RESIDENT, STAFF, Caller, Person, staff_with

Client = Callable[[Person], Caller]
TOWN = "DDHT-XQ-LT"


def test_staff_see_reasons_without_persons_and_have_it_tried_again(sign_in: Client) -> None:
    some = min(residents_of(TOWN))
    outcomes: list[Outcome] = [Outcome(Verdict.REFUSED, "blocked")]
    channel = FakeChannel(
        lambda who: outcomes.pop() if who.key == some and outcomes else DELIVERED, name="push"
    )
    notice = published([TOWN])
    begin(notice, channel)
    work(channel)
    path, staff = f"/api/v1/notices/{notice}/undelivered", sign_in(STAFF)
    answer: Any = staff.get(path)
    (row,) = answer.json["items"]
    assert (row["channel"], row["reason"], row["people"]) == ("push", "blocked", 1)
    assert str(some) not in answer.text
    local = sign_in(staff_with("district_staff", area="DDHT-QY"))
    assert local.get(path).status_code == 404
    assert local.post(path, {"channel": "push"}).status_code == 404
    assert sign_in(RESIDENT).get(path).status_code == 403
    for _ in range(2):
        again: Any = staff.post(path, {"channel": "push"}, key="the-same-key")
        assert (again.status_code, again.json["items"]) == (200, [])
    work(channel)
    assert reached(notice) == len(residents_of(TOWN))
    assert channel.sent[some] == 2
