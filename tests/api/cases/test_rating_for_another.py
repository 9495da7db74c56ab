"""Whoever holds a mandate to rate, rates for the principal: once, and said so."""

from collections.abc import Callable
from typing import Any

import pytest

from app.database import read, transaction, write
from tests.api.cases.living import Case, settled, slug
from tests.identity.households import OLD_PARENT, confirmed
from tests.people import NEIGHBOUR, RESIDENT, WORKER, Caller, Person, account_of

Client = Callable[[Person], Caller]


@pytest.fixture
def parent(sign_in: Client) -> Caller:
    return sign_in(OLD_PARENT)


@pytest.fixture
def case(parent: Caller, worker: Caller) -> Case:
    """Return a case that the old parent filed, settled by the worker."""
    made = Case(parent)
    settled(made, worker)
    return made


def rate(case: Case, who: Caller, mandate: dict[str, Any], stars: int = 2) -> Any:
    body = {"stars": stars, "words": "只清了一半", "mandate": mandate["id"]}
    return who.post(f"{case.path}/rating", body)


def held_by(case: Case, person: Person) -> None:
    """Let it be somebody who has settled it."""
    about = {"id": case.id, "who": account_of(person)}
    with transaction():
        write("UPDATE service_request SET claimed_by = %(who)s WHERE id = %(id)s", about)


def test_an_agent_rates_for_the_principal_and_record_and_audit_say_so(
    case: Case, parent: Caller, resident: Caller, staff: Caller
) -> None:
    mandate = confirmed(resident, parent, powers=["rate"])
    rated = rate(case, resident, mandate)
    assert rated.status_code == 201, rated.json
    assert rated.json["request"]["state"] == "visiting"
    assert rated.json["mine"] is False
    assert slug(resident.get(case.path)) == "not-found", "to follow it is another power"
    seen = case.seen(parent)
    assert seen["stars"] == 2
    (entry,) = case.entries(parent, "rate")
    assert entry["facts"] == {"stars": 2, "reasons": [], "mandate": mandate["id"]}
    assert read("SELECT account_id FROM rating")[0].account_id == account_of(RESIDENT)
    (trail,) = read("SELECT account_id, facts FROM audit_entry WHERE deed = 'request-rate'")
    assert trail.account_id == account_of(RESIDENT)
    assert trail.facts["mandate"] == mandate["id"]
    assert trail.facts["acting_for"] == str(read("SELECT resident_id FROM service_request")[0][0])
    (visit,) = (staff.get("/api/v1/requests/visits").json or {})["items"]
    assert visit["words"] == "只清了一半"


def test_a_round_is_rated_once_whoever_does_it(
    case: Case, parent: Caller, resident: Caller
) -> None:
    mandate = confirmed(resident, parent)
    assert rate(case, resident, mandate, 5).status_code == 201
    assert slug(rate(case, resident, mandate, 1)) == "already-rated"
    assert slug(parent.post(f"{case.path}/rating", {"stars": 1})) == "already-rated"
    assert [row.stars for row in read("SELECT stars FROM rating")] == [5]


def test_it_wants_the_power_the_matter_and_a_mandate_that_stands(
    case: Case, parent: Caller, resident: Caller
) -> None:
    powerless = confirmed(resident, parent, powers=["file", "follow"])
    assert rate(case, resident, powerless).json["why"] == "power"
    elsewhere = confirmed(resident, parent, powers=["rate"], matters=["HEAT-COLD"])
    assert rate(case, resident, elsewhere).json["why"] == "matter"
    over = confirmed(resident, parent, powers=["rate"])
    ended = parent.post(f"/api/v1/mandates/{over['id']}/revocation", version=over["version"])
    assert ended.status_code == 200
    assert rate(case, resident, over).json["why"] == "revoked"
    assert read("SELECT 1 FROM rating") == []


def test_a_mandate_of_one_person_rates_nothing_of_another(
    case: Case, parent: Caller, resident: Caller, worker: Caller, sign_in: Client
) -> None:
    mandate = confirmed(resident, parent)
    other = Case(sign_in(NEIGHBOUR))
    settled(other, worker)
    assert slug(rate(other, resident, mandate)) == "not-found"
    assert slug(rate(case, sign_in(NEIGHBOUR), mandate)) == "not-found"
    assert slug(resident.post(f"{case.path}/rating", {"stars": 5})) == "not-found"


def test_who_handled_it_does_not_rate_it_for_another(
    parent: Caller, resident: Caller, worker: Caller
) -> None:
    case = Case(parent)
    settled(case, worker)
    mandate = confirmed(resident, parent)
    held_by(case, RESIDENT)
    assert slug(rate(case, resident, mandate)) == "own-work"
    held_by(case, WORKER)
    assert rate(case, resident, mandate).status_code == 201
