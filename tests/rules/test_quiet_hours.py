"""Quiet hours: on the clock of Asia/Shanghai, across midnight, to the minute."""

from datetime import datetime, time

import pytest

from app.clock import SHANGHAI
from notices.channels.preferences.quiet import QuietHours
from notices.channels.preferences.usual import USUAL, usually_refused
from notices.model.kinds import KINDS

NIGHT = QuietHours(time(22), time(7))
NOON = QuietHours(time(12), time(14))


@pytest.mark.parametrize(
    ("hours", "at", "ends"),
    [
        (NIGHT, (23, 21, 59), None),
        (NIGHT, (23, 22, 0), (24, 7, 0)),
        (NIGHT, (23, 23, 59), (24, 7, 0)),
        (NIGHT, (24, 0, 0), (24, 7, 0)),
        (NIGHT, (24, 6, 59), (24, 7, 0)),
        (NIGHT, (24, 7, 0), None),
        (NOON, (24, 11, 59), None),
        (NOON, (24, 12, 0), (24, 14, 0)),
        (NOON, (24, 14, 0), None),
        (QuietHours(time(0), time(23, 59)), (24, 23, 58), (24, 23, 59)),
        (QuietHours(time(7), time(0)), (24, 23, 0), (25, 0, 0)),
    ],
)
def test_quiet_lasts_to_its_end_and_no_longer(
    hours: QuietHours, at: tuple[int, int, int], ends: tuple[int, int, int] | None
) -> None:
    def moment(day: int, hour: int, minute: int) -> datetime:
        return datetime(2026, 11, day, hour, minute, tzinfo=SHANGHAI)

    assert hours.ends(moment(*at)) == (moment(*ends) if ends else None)


def test_what_is_refused_unless_said_otherwise_is_dated_and_has_a_basis() -> None:
    assert [each.since for each in USUAL] == sorted(each.since for each in USUAL)
    for each in USUAL:
        assert each.basis
        assert {slot.partition("/")[2] for slot in each.refused} <= set(KINDS)
        assert usually_refused(each.since) == each.refused
    assert usually_refused(datetime(2000, 1, 1, tzinfo=SHANGHAI).date()) == ()
