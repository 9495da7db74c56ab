"""An id in a body opens nothing that is somebody else's, and nothing is written for it."""

from collections.abc import Callable
from typing import Any

import pytest
import uuid_utils.compat as uuids

from app.database import read
from tests.api.cases.living import Case, handler, refused, settled
from tests.files.pictures import photo
from tests.identity.households import OLD_PARENT, confirmed
from tests.people import NEIGHBOUR, Caller, Person, staff_with
from tests.requests_of import GRID, NEW

Client = Callable[[Person], Caller]
PATH = "/api/v1/requests"


@pytest.fixture
def neighbour(sign_in: Client) -> Caller:
    return sign_in(NEIGHBOUR)


def test_the_mandate_of_another_agent(
    resident: Caller, neighbour: Caller, sign_in: Client, nothing_written: Any
) -> None:
    mandate = confirmed(resident, sign_in(OLD_PARENT))
    nothing_written()
    asked = NEW | {"mandate": mandate["id"]}
    refused(neighbour.post(PATH, asked), 403, "mandate-refused")


def test_a_photo_of_another(resident: Caller, neighbour: Caller, nothing_written: Any) -> None:
    key = str(uuids.uuid7())
    assert resident.put(f"/api/v1/files/photos/{key}", data=photo()).status_code == 201
    case = Case(neighbour)
    nothing_written()
    refused(neighbour.post(PATH, NEW | {"photos": [key]}), 404, "file-unknown")
    refused(neighbour.post(f"{case.path}/photos", {"photos": [key]}), 404, "file-unknown")


def test_a_photo_of_another_in_a_dispute(
    resident: Caller, neighbour: Caller, worker: Caller, nothing_written: Any
) -> None:
    key, case = str(uuids.uuid7()), Case(resident)
    assert resident.put(f"/api/v1/files/photos/{key}", data=photo()).status_code == 201
    neighbour.post(f"{case.path}/follow")
    settled(case, worker)
    nothing_written()
    body = {"words": "并未清理", "photo": key}
    refused(neighbour.post(f"{case.path}/dispute", body), 404, "file-unknown")


def test_the_handler_of_a_case_of_another(
    resident: Caller, neighbour: Caller, worker: Caller, nothing_written: Any
) -> None:
    case = Case(resident)
    case.done(worker, "claim")
    nothing_written()
    asked = NEW | {"complaint_about": {"request": case.id}}
    refused(neighbour.post(PATH, asked), 404, "not-found")


def test_a_case_out_of_sight_to_merge_into(
    resident: Caller, sign_in: Client, nothing_written: Any
) -> None:
    heat, road = Case(resident, matter="HEAT-COLD"), Case(resident)
    nothing_written()
    body = {"into": road.id, "reason": "同一处"}
    refused(heat.step(sign_in(handler("PUB")), "merge", body), 404, "not-found")


def test_a_part_of_another_case(
    resident: Caller, worker: Caller, sign_in: Client, nothing_written: Any
) -> None:
    asked = {"department": "HOU", "asked": "核查"}
    one, other = Case(resident), Case(resident)
    for case in (one, other):
        case.done(worker, "claim")
    part = one.done(worker, "tasks", asked)["items"][0]["id"]
    other.done(worker, "tasks", asked)
    nothing_written()
    housing = sign_in(handler("HOU"))
    path = f"{other.path}/tasks/{part}"
    refused(housing.post(f"{path}/answer", {"words": "x"}), 404, "not-found")
    refused(worker.post(f"{path}/cancellation", {"reason": "x"}), 404, "not-found")


def test_a_colleague_who_may_not_work_on_it(
    resident: Caller, worker: Caller, nothing_written: Any
) -> None:
    case = Case(resident)
    case.done(worker, "claim")
    nothing_written()
    for sid in ("DD0005", "NO-SUCH"):
        body = {"to": sid, "reason": "轮休"}
        refused(case.step(worker, "hand-over", body), 409, "colleague-unknown")


def test_an_address_beyond_the_desk(sign_in: Client, nothing_written: Any) -> None:
    clerk = sign_in(staff_with("desk_clerk", area="DDHT-DG-XX"))
    sql = "SELECT sid FROM address WHERE grid_code = %(grid)s LIMIT 1"
    body = {name: value for name, value in NEW.items() if name != "place"}
    asked = body | {"address": read(sql, {"grid": GRID})[0].sid}
    nothing_written()
    refused(clerk.post(f"{PATH}/desk", asked), 403, "beyond-your-area")
