"""One real day from end to end, through real processes, with a worker killed on the way."""

import os
import signal
from collections import Counter
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest

from tests import surroundings
from tests.people import PEOPLE
from tests.walk import case, notice
from tests.walk.arriving import everybody_arrives
from tests.walk.books import Books
from tests.walk.day import Day
from tests.walk.outcomes import OF_A_CASE, outcomes
from tests.walk.processes import dying_worker, web, worker
from tests.walk.sign_in import Messages, Sessions


@pytest.fixture
def installation(tmp_path: Path) -> Iterator[Mapping[str, str]]:
    url = surroundings.clone(f"walk_{os.environ.get('PYTEST_XDIST_WORKER', 'alone')}")
    yield surroundings.environment(url, tmp_path)
    surroundings.drop_database(url)


def test_one_real_day(installation: Mapping[str, str]) -> None:
    """Every step of the walk holds, and each outcome reaches the district once, in order."""
    books = Books(installation)
    with web(installation) as base:
        day = Day(base, PEOPLE)
        with worker(installation):
            messages = Messages(Path(installation["LINLI_SMS_COPY"]))
            everybody_arrives(day, Sessions(messages, day.tell))
            case.file_and_lose_the_answer(day)
            case.see_its_grid(day)
            case.others_ask_nearby(day)
            case.find_nearby(day)
            case.withdraw_the_others(day)
            case.claim_at_the_same_instant(day)
            books.await_all_sent()
        case.settle_and_rate(day)
        notice.publish_and_read(day)
        a_worker_dies_between_sending_and_recording(installation, day.case["id"])
        with worker(installation):
            books.await_all_sent()
    each_outcome_is_there_once(installation, day)


def a_worker_dies_between_sending_and_recording(
    installation: Mapping[str, str], request_id: str
) -> None:
    """The settlement is handed over and its worker killed; what the district got stays the same."""
    books, folder = Books(installation), Path(installation["LINLI_EXCHANGE_OUT"])
    not_recorded = [(1, 1, True), (2, 1, False), (3, 0, False)]
    assert dying_worker(installation) == -signal.SIGKILL
    handed_over = outcomes(folder, request_id)
    assert [each["kind"] for each in handed_over] == ["request-filed", "request-settled"]
    assert books.of(request_id) == not_recorded, "sent, and not recorded as sent"
    assert dying_worker(installation) == 0, "the dead worker's lease still keeps others away"
    assert books.of(request_id) == not_recorded, "and the rating waits for the settlement"
    books.let_the_lease_run_out()


def each_outcome_is_there_once(installation: Mapping[str, str], day: Day) -> None:
    """Whole files and nothing else, one for each outcome in the books, in order for a request."""
    books, folder = Books(installation), Path(installation["LINLI_EXCHANGE_OUT"])
    names = [f"{key}.{part}" for key in books.all_keys() for part in ("json", "ok")]
    assert sorted(path.name for path in folder.iterdir() if path.is_file()) == names
    assert list((folder / ".drafts").iterdir()) == []
    assert Counter(each["kind"] for each in outcomes(folder)) == {
        "request-filed": 3,
        "request-withdrawn": 2,
        "request-settled": 1,
        "request-rated": 1,
    }
    found = outcomes(folder, day.case["id"])
    assert [(each["seq"], each["kind"]) for each in found] == [*enumerate(OF_A_CASE, start=1)]
    assert {each["payload"]["number"] for each in found} == {day.case["number"]}
    assert (found[1]["payload"]["result"], found[2]["payload"]["stars"]) == ("solved", 5)
    assert books.of(day.case["id"]) == [(1, 1, True), (2, 2, True), (3, 1, True)]
    assert books.in_order_of_leaving(day.case["id"]) == [1, 2, 3]
