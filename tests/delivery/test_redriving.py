"""What was given up is shown to staff by reason, and tried again when they say so."""

from collections import Counter
from collections.abc import Callable
from typing import Any
from uuid import UUID, uuid5

import pytest

from app.database import read
from notices.channels.protocol import DELIVERED, Batch, Message, Outcome, Recipient, Span, Verdict
from tests.delivery.fakes import FakeChannel, begin, published, reached, residents_of, work
from tests.people import RESIDENT, STAFF, Caller, Person, staff_with

Client = Callable[[Person], Caller]
TOWN = "DDHT-XQ-LT"
BLOCKED = Outcome(Verdict.REFUSED, "blocked")


class Browsers(FakeChannel):
    """A channel on which everybody has two addresses."""

    def recipients(self, message: Message, span: Span) -> Batch:
        found = super().recipients(message, span)
        both = [self.at(who, name) for who in found.people for name in "ab"]
        return Batch(both, found.upto)

    @staticmethod
    def at(who: Recipient, name: str) -> Recipient:
        return who._replace(address=uuid5(who.key, name))


def given_up(sign_in: Client, notice: UUID) -> list[dict[str, Any]]:
    answer: Any = sign_in(STAFF).get(f"/api/v1/notices/{notice}/undelivered")
    return list(answer.json["items"])


def blocking(some: set[UUID], kind: type[FakeChannel] = FakeChannel, name: str = "push") -> UUID:
    """Publish to the town on a channel that some have blocked."""
    channel = kind(lambda who: BLOCKED if who.key in some else DELIVERED, name=name)
    notice = published([TOWN])
    begin(notice, channel)
    work(channel)
    return notice


def test_staff_see_reasons_without_persons_and_have_it_tried_again(sign_in: Client) -> None:
    some = set(sorted(residents_of(TOWN))[:5])
    blocked = Counter(some)
    channel = FakeChannel(
        lambda who: BLOCKED if blocked[who.key] > channel.sent[who.key] else DELIVERED, name="push"
    )
    notice = published([TOWN])
    begin(notice, channel)
    work(channel)
    path, staff = f"/api/v1/notices/{notice}/undelivered", sign_in(STAFF)
    answer: Any = staff.get(path)
    (row,) = answer.json["items"]
    assert (row["channel"], row["reason"], row["people"]) == ("push", "blocked", 5)
    assert not [who for who in some if str(who) in answer.text]
    local = sign_in(staff_with("district_staff", area="DDHT-QY"))
    assert local.get(path).status_code == 404
    assert local.post(path, {"channel": "push"}).status_code == 404
    assert sign_in(RESIDENT).get(path).status_code == 403
    for _ in range(2):
        again: Any = staff.post(path, {"channel": "push"}, key="the-same-key")
        assert (again.status_code, again.json["items"]) == (200, [])
    work(channel)
    assert reached(notice) == len(residents_of(TOWN))
    assert {channel.sent[who] for who in some} == {2}


@pytest.mark.parametrize(("many", "told"), [(1, None), (4, None), (5, 5)])
def test_fewer_than_five_are_not_shown_and_have_it_tried_again_all_the_same(
    sign_in: Client, many: int, told: int | None
) -> None:
    some = set(sorted(residents_of(TOWN))[:many])
    notice = blocking(some)
    (row,) = given_up(sign_in, notice)
    assert (row["channel"], row["reason"], row["people"]) == ("push", "blocked", told)
    path = f"/api/v1/notices/{notice}/undelivered"
    assert sign_in(STAFF).post(path, {"channel": "push"}).status_code == 200
    assert given_up(sign_in, notice) == []


def test_somebody_with_several_browsers_is_one(sign_in: Client) -> None:
    """Or six browsers of three people would be shown as six people."""
    three, six = (set(sorted(residents_of(TOWN))[:many]) for many in (3, 6))
    assert [row["people"] for row in given_up(sign_in, blocking(three, Browsers))] == [None]
    assert [row["people"] for row in given_up(sign_in, blocking(six, Browsers))] == [6]
    assert read("SELECT count(*) AS n FROM delivery_retry")[0].n == 2 * (3 + 6)


def test_a_system_is_no_person_and_is_shown(sign_in: Client) -> None:
    notice = blocking(set(sorted(residents_of(TOWN))[:1]), name="webhook")
    assert [row["people"] for row in given_up(sign_in, notice)] == [1]
