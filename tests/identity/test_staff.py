"""Rights of staff: asked by one, approved by another, lent while away, over at once."""

import threading
import uuid
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from flask import Flask
from psycopg.errors import CheckViolation, ExclusionViolation

from app import clock
from app.database import read, transaction, write
from app.identity.staff.lifecycle import (
    LONGEST,
    NEXT,
    GrantStepRefused,
    Kind,
    State,
    Step,
    longest_on,
    step,
)
from app.identity.staff.policy import SEEN_BY, may_see, seen_by
from app.identity.staying import STAYS, may_stay, to_be_marked
from app.policy import Actor, Grant, PolicyTable, Role, kept_apart
from tests.identity.households import slug
from tests.people import (
    PEOPLE,
    RESIDENT,
    SECOND_WORKER,
    STAFF,
    WORKER,
    Caller,
    Person,
    account_of,
    bearer,
    proved,
)
from tests.requests_of import file

Client = Callable[[Person], Caller]
WORK = "/api/v1/requests/work"
LEAVING_GRID = "DDHT-XQ-LT-C03"

SYSTEM = Person("19904100040", verified=False)
SECURITY = Person("19904100041", verified=False)
SECOND_SECURITY = Person("19904100042", verified=False)
AUDITOR = Person("19904100039", verified=False)
HANDLER = Person("19904100021", verified=False)


class Unmoved:
    """The clock as it is, for tokens, which their library dates by itself."""

    now = staticmethod(clock.now)


def period(days: int = 10, start: int = 0) -> dict[str, str]:
    first = clock.today() + timedelta(days=start)
    return {
        "valid_from": first.isoformat(),
        "valid_to": (first + timedelta(days=days)).isoformat(),
    }


def grant_for(staff: str = "DD0015", **changes: Any) -> dict[str, Any]:
    return {
        "staff": staff,
        "role": "grid_worker",
        "area_code": LEAVING_GRID,
        "reason": "支援相邻社区",
        **period(),
        **changes,
    }


def asked(caller: Caller, path: str = "/api/v1/grants", body: Any = None) -> dict[str, Any]:
    answer = caller.post(path, body or grant_for())
    assert answer.status_code == 201, answer.json
    return dict(answer.json or {})


@pytest.fixture
def system(sign_in: Client) -> Caller:
    return proved(sign_in(SYSTEM))


@pytest.fixture
def security(sign_in: Client) -> Caller:
    return proved(sign_in(SECURITY))


CLERK = Person("19904100015", verified=False)
"""DD0015, at a desk elsewhere: holds no work in Langtou."""


def test_a_grant_counts_once_a_second_person_approved_it_and_until_it_is_revoked(
    sign_in: Client, system: Caller, security: Caller
) -> None:
    clerk = sign_in(CLERK)
    grant = asked(system)
    assert (grant["state"], grant["reason"]) == ("asked", "支援相邻社区")
    assert slug(clerk.get(WORK)) == "role-not-allowed"
    path = f"/api/v1/grants/{grant['id']}"
    assert slug(security.post(f"{path}/approval", version=2)) == "stale-version"
    assert security.post(f"{path}/approval", version=1).status_code == 200
    assert clerk.get(WORK).status_code == 200
    assert (clerk.get("/api/v1/me").json or {})["roles"] == [
        "desk_clerk",
        "grid_worker",
        "resident",
    ]
    assert security.post(f"{path}/revocation", version=2).status_code == 200
    assert slug(clerk.get(WORK)) == "role-not-allowed"
    assert slug(security.post(f"{path}/revocation", version=3)) == "grant-step-refused"
    deeds = [
        row.deed
        for row in read("SELECT deed FROM audit_entry WHERE subject_kind = 'grant' ORDER BY id")
    ]
    assert deeds == ["grant-asked", "grant-approve", "grant-revoke"]


def test_neither_who_asked_nor_who_gains_approves(sign_in: Client, security: Caller) -> None:
    mine = asked(security)
    refused = security.post(f"/api/v1/grants/{mine['id']}/approval", version=1)
    assert slug(refused) == "second-administrator-needed"
    second = proved(sign_in(SECOND_SECURITY))
    for_me = asked(second, body=grant_for("DD0041"))
    refused = security.post(f"/api/v1/grants/{for_me['id']}/approval", version=1)
    assert slug(refused) == "second-administrator-needed"
    assert second.post(f"/api/v1/grants/{mine['id']}/approval", version=1).status_code == 200


def test_the_database_itself_wants_a_second_person(security: Caller, system: Caller) -> None:
    asked(system)
    with pytest.raises(CheckViolation), transaction():
        write("UPDATE added_grant SET state = 'standing', decided_by = asked_by")
    with pytest.raises(CheckViolation), transaction():
        write("UPDATE added_grant SET state = 'standing', decided_by = account_id")
    with pytest.raises(CheckViolation), transaction():
        write("UPDATE added_grant SET state = 'standing'")


@pytest.mark.parametrize("how", ["ended", "deleted"])
def test_who_has_left_the_staff_register_keeps_no_right_that_was_added(
    sign_in: Client, system: Caller, security: Caller, how: str
) -> None:
    """A role for a time, and cover of a colleague, are over on the day on which the office is."""
    clerk = sign_in(CLERK)
    grant = asked(system)
    assert security.post(f"/api/v1/grants/{grant['id']}/approval", version=1).status_code == 200
    covered(sign_in, security)
    before = (clerk.get("/api/v1/me").json or {})["roles"]
    assert set(before) == {"desk_clerk", "grid_worker", "resident"}
    columns = "staff_sid, role, account_id, name_sealed, area_code, department_code, valid_from"
    sql = f"SELECT {columns} FROM staff_grant WHERE account_id = %(id)s"
    rows = [row._asdict() for row in read(sql, {"id": account_of(CLERK)})]
    gone = {
        "ended": "UPDATE staff_grant SET valid_to = current_date - 1 WHERE account_id = %(id)s",
        "deleted": "DELETE FROM staff_grant WHERE account_id = %(id)s",
    }
    values = ", ".join(f"%({each})s" for each in columns.split(", "))
    try:
        with transaction():
            write(gone[how], {"id": account_of(CLERK)})
        assert (clerk.get("/api/v1/me").json or {})["roles"] == ["resident"]
        assert slug(clerk.get(WORK)) == "role-not-allowed"
    finally:
        with transaction():
            write("DELETE FROM staff_grant WHERE account_id = %(id)s", {"id": account_of(CLERK)})
            for row in rows:
                write(f"INSERT INTO staff_grant ({columns}) VALUES ({values})", row)
    assert (clerk.get("/api/v1/me").json or {})["roles"] == before


def test_two_who_approve_at_once_approve_once(app: Flask, sign_in: Client, system: Caller) -> None:
    path = f"/api/v1/grants/{asked(system)['id']}/approval"
    callers = [proved(sign_in(each)) for each in (SECURITY, SECOND_SECURITY)]
    answers: list[int] = []

    def approve(caller: Caller) -> None:
        with app.app_context():
            answers.append(caller.post(path, version=1).status_code)

    threads = [threading.Thread(target=approve, args=(each,)) for each in callers]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(answers)[0] == 200
    assert sorted(answers)[1] in (409, 412)
    entries = read("SELECT count(*) AS n FROM audit_entry WHERE deed = 'grant-approve'")
    assert entries[0].n == 1


def test_a_grant_begins_and_ends_at_midnight_in_shanghai(
    sign_in: Client, system: Caller, security: Caller, monkeypatch: pytest.MonkeyPatch
) -> None:
    grant = asked(system, body=grant_for(**period(days=1, start=1)))
    security.post(f"/api/v1/grants/{grant['id']}/approval", version=1)
    today = clock.now().astimezone(clock.SHANGHAI).replace(hour=0, minute=0, second=0)
    today = today.replace(microsecond=0)
    day, second = timedelta(days=1), timedelta(seconds=1)
    for moment, status in (
        (today + day - second, 403),
        (today + day, 200),
        (today + 2 * day - second, 200),
        (today + 2 * day, 403),
    ):
        with monkeypatch.context() as moved:
            moved.setattr("app.http.tokens.clock", Unmoved)
            moved.setattr(clock, "now", lambda moment=moment: moment.astimezone(UTC))
            clerk = sign_in(CLERK)
            assert clerk.get(WORK).status_code == status, moment


def test_what_cannot_be_asked_for_is_refused_by_name(system: Caller, security: Caller) -> None:
    for changes, pointer in (
        ({"valid_to": clock.today().isoformat()}, "/valid_to"),
        (period(days=93), "/valid_to"),
        (period(days=10, start=-1), "/valid_to"),
        ({"area_code": "NOWHERE"}, "/area_code"),
        ({"area_code": None}, "/area_code"),
        ({"department_code": "PUB"}, "/department_code"),
        ({"role": "department_handler"}, "/area_code"),
        ({"role": "resident"}, "/role"),
        ({"role": "emperor"}, "/role"),
        ({"reason": " "}, "/reason"),
    ):
        body = {k: v for k, v in grant_for(**changes).items() if v is not None}
        answer = system.post("/api/v1/grants", body)
        assert answer.status_code == 422, changes
        assert (answer.json or {})["errors"][0]["pointer"] == pointer, changes
    assert system.post("/api/v1/grants", grant_for("NOBODY")).status_code == 404
    assert read("SELECT count(*) AS n FROM added_grant")[0].n == 0


def test_nobody_is_two_of_the_three_administrators(
    app: Flask, sign_in: Client, system: Caller, security: Caller
) -> None:
    body = grant_for("DD0039", role="administrator", area_code="DDHT")  # the auditor
    assert slug(security.post("/api/v1/grants", body)) == "roles-kept-apart"
    first = asked(system, body=grant_for("DD0001", role="auditor", area_code="DDHT"))
    second = grant_for("DD0001", role="administrator", area_code="DDHT")
    assert slug(security.post("/api/v1/grants", second)) == "roles-kept-apart"
    with pytest.raises(ExclusionViolation), transaction():
        write(
            "INSERT INTO added_grant (id, kind, account_id, role, area_code, valid_from, valid_to,"
            " reason_sealed, state, asked_by, asked_at) SELECT gen_random_uuid(), kind, account_id,"
            " 'administrator', area_code, valid_from, valid_to, reason_sealed, state, asked_by,"
            " asked_at FROM added_grant"
        )
    with transaction():  # meanwhile the register makes a system administrator of the same person
        write(
            "INSERT INTO staff_grant (staff_sid, role, account_id, name_sealed, area_code,"
            " valid_from) SELECT 'TRY-1', 'administrator', account_id, name_sealed, 'DDHT',"
            " valid_from FROM staff_grant WHERE staff_sid = 'DD0001'"
        )
    try:
        late = security.post(f"/api/v1/grants/{first['id']}/approval", version=1)
        assert slug(late) == "roles-kept-apart"
    finally:
        with transaction():
            write("DELETE FROM staff_grant WHERE staff_sid = 'TRY-1'")


def test_of_two_administrators_in_one_person_neither_counts() -> None:
    """As when the district's register names somebody for both."""
    work, audits = Grant(Role.GRID_WORKER, "A"), Grant(Role.AUDITOR, "A")
    assert kept_apart((work, audits)) == (work, audits)
    assert kept_apart((work, audits, Grant(Role.ADMINISTRATOR, "A"))) == (work,)


def test_the_auditor_changes_nothing(app: Flask) -> None:
    table: PolicyTable = app.extensions["linli.policy"]
    deeds = [key for key, row in table.rows.items() if key[1] != "GET" and Role.AUDITOR in row]
    assert deeds == []


# --- cover while away


def covered(
    sign_in: Client, security: Caller, away: Person = WORKER, by: str = "DD0015", days: int = 10
) -> dict[str, Any]:
    caller = proved(sign_in(away))
    body = {"staff": by, "reason": "年休假", **period(days)}
    cover = asked(caller, "/api/v1/covers", body)
    answer = security.post(f"/api/v1/grants/{cover['id']}/approval", version=1)
    assert answer.status_code == 200, answer.json
    return dict(answer.json or {})


def test_a_colleague_covers_the_grants_of_one_who_is_away_and_the_audit_names_both(
    sign_in: Client, security: Caller
) -> None:
    request = file(sign_in(RESIDENT))["request"]["id"]
    clerk = sign_in(CLERK)
    assert slug(clerk.get(WORK)) == "role-not-allowed"
    cover = covered(sign_in, security)
    seen = [item["id"] for item in (clerk.get(WORK).json or {})["items"]]
    assert seen == [request]
    assert clerk.post(f"/api/v1/requests/{request}/claim").status_code == 200
    entry = read("SELECT account_id, facts FROM audit_entry WHERE deed = 'request-claim'")[0]
    assert entry.account_id == account_of(CLERK)
    assert entry.facts["covering"] == [str(account_of(WORKER))]
    assert clerk.post(f"/api/v1/grants/{cover['id']}/revocation", version=2).status_code == 200
    assert slug(clerk.get(WORK)) == "role-not-allowed"


def test_cover_ends_at_midnight_in_shanghai(
    sign_in: Client, security: Caller, monkeypatch: pytest.MonkeyPatch
) -> None:
    covered(sign_in, security, days=1)
    midnight = clock.now().astimezone(clock.SHANGHAI) + timedelta(days=1)
    midnight = midnight.replace(hour=0, minute=0, second=0, microsecond=0)
    for moment, status in ((midnight - timedelta(seconds=1), 200), (midnight, 403)):
        with monkeypatch.context() as moved:
            moved.setattr("app.http.tokens.clock", Unmoved)
            moved.setattr(clock, "now", lambda moment=moment: moment.astimezone(UTC))
            assert sign_in(CLERK).get(WORK).status_code == status


def test_cover_lends_what_is_ones_own_and_never_an_administrators_role(
    sign_in: Client, system: Caller, security: Caller
) -> None:
    covered(sign_in, security)  # DD0015 covers the worker
    second = {"staff": "DD0016", "reason": "年休假", **period()}
    onward = asked(proved(sign_in(CLERK)), "/api/v1/covers", second)
    security.post(f"/api/v1/grants/{onward['id']}/approval", version=1)
    other_clerk = sign_in(Person("19904100016", verified=False))
    assert slug(other_clerk.get(WORK)) == "role-not-allowed"
    mine = {"staff": "DD0002", "reason": "年休假", **period()}
    assert slug(security.post("/api/v1/covers", mine)) == "nothing-to-cover"
    with transaction():  # an administrator who also does other work lends that only
        write(
            "INSERT INTO staff_grant (staff_sid, role, account_id, name_sealed, area_code,"
            " valid_from) SELECT 'TRY-1', 'sync_operator', account_id, name_sealed, 'DDHT',"
            " valid_from FROM staff_grant WHERE staff_sid = 'DD0041'"
        )
    try:
        cover = asked(security, "/api/v1/covers", mine)
        proved(sign_in(SECOND_SECURITY)).post(f"/api/v1/grants/{cover['id']}/approval", version=1)
        helper = sign_in(SECOND_WORKER)
        assert helper.get("/api/v1/sync/runs").status_code == 200
        assert slug(helper.get("/api/v1/staff")) == "role-not-allowed"
    finally:
        with transaction():
            write("DELETE FROM staff_grant WHERE staff_sid = 'TRY-1'")


def test_cover_is_asked_for_by_who_is_away_or_by_a_security_administrator(
    sign_in: Client, security: Caller
) -> None:
    worker = proved(sign_in(WORKER))
    body = {"staff": "DD0002", "reason": "年休假", **period()}
    assert slug(worker.post("/api/v1/covers", {**body, "away": "DD0003"})) == "role-not-allowed"
    assert slug(worker.post("/api/v1/covers", {**body, "staff": "DD0001"})) == "not-oneself"
    assert worker.post("/api/v1/covers", {**body, "staff": "NOBODY"}).status_code == 404
    too_long = {**body, **period(days=62)}
    assert worker.post("/api/v1/covers", too_long).status_code == 422
    cover = asked(security, "/api/v1/covers", {**body, "away": "DD0003"})
    assert cover["covered_account_id"] != cover["account_id"]
    assert asked(worker, "/api/v1/covers", body)["state"] == "asked"


def test_nobody_covers_for_a_colleague_whose_account_is_disabled(
    sign_in: Client, system: Caller, security: Caller
) -> None:
    covered(sign_in, security)
    clerk = sign_in(CLERK)
    assert clerk.get(WORK).status_code == 200
    path = f"/api/v1/accounts/{account_of(WORKER)}/disabling"
    assert system.post(path, {"reason": "left"}).status_code == 204
    assert slug(clerk.get(WORK)) == "role-not-allowed"


def test_others_see_nothing_of_it_and_those_it_is_about_may_say_no(
    sign_in: Client, system: Caller, security: Caller
) -> None:
    grant = asked(system)
    path = f"/api/v1/grants/{grant['id']}"
    stranger = sign_in(WORKER)
    assert stranger.get(path).status_code == 404
    assert stranger.post(f"{path}/refusal", version=1).status_code == 404
    assert stranger.post(f"{path}/revocation", version=1).status_code == 404
    assert (stranger.get("/api/v1/grants").json or {})["items"] == []
    assert len((sign_in(AUDITOR).get("/api/v1/grants").json or {})["items"]) == 1
    assert slug(sign_in(RESIDENT).get(path)) == "role-not-allowed"
    declined = sign_in(CLERK).post(f"{path}/refusal", version=1)
    assert (declined.json or {})["state"] == "refused"
    second = asked(system)
    withdrawn = system.post(f"/api/v1/grants/{second['id']}/refusal", version=1)
    assert (withdrawn.json or {})["state"] == "withdrawn"


def test_may_see_and_seen_by_agree(system: Caller) -> None:
    asked(system)
    sql = f"SELECT g.*, {SEEN_BY} AS seen FROM added_grant g"
    found = set()
    for person in (SYSTEM, CLERK, WORKER, AUDITOR, HANDLER):
        actor = loaded(person)
        row = read(sql, seen_by(actor))[0]
        assert bool(row.seen) == may_see(actor, row), person
        found.add(bool(row.seen))
    assert found == {True, False}


def loaded(person: Person) -> Actor:
    from app.identity.actors import load_actor

    bearer(person)
    account = account_of(person)
    sql = "SELECT id FROM sign_in_session WHERE account_id = %(id)s ORDER BY id DESC"
    return load_actor(account, read(sql, {"id": account})[0].id)


def test_a_repeat_asks_once(system: Caller) -> None:
    key = str(uuid.uuid4())
    first, again = (system.post("/api/v1/grants", grant_for(), key=key) for _ in range(2))
    assert first.json == again.json
    assert read("SELECT count(*) AS n FROM added_grant")[0].n == 1


# --- accounts and sessions


def test_a_disabled_account_is_out_at_the_next_request_and_comes_back_by_signing_in(
    sign_in: Client, system: Caller
) -> None:
    worker = sign_in(WORKER)
    assert worker.get(WORK).status_code == 200
    path = f"/api/v1/accounts/{account_of(WORKER)}"
    assert system.post(f"{path}/disabling", {"reason": "misuse"}).status_code == 204
    assert slug(worker.get(WORK)) == "session-ended"
    assert slug(sign_in(WORKER).get(WORK)) == "session-ended"
    again = system.post(f"{path}/disabling", {"reason": "misuse"})
    assert (slug(again), (again.json or {})["status"]) == ("account-not-so", "disabled")
    assert system.post(f"{path}/enabling").status_code == 204
    assert slug(worker.get(WORK)) == "session-ended"
    assert sign_in(WORKER).get(WORK).status_code == 200
    assert slug(system.post(f"{path}/enabling")) == "account-not-so"
    own = account_of(SYSTEM)
    for deed, body in (("disabling", {"reason": "left"}), ("enabling", None)):
        assert slug(system.post(f"/api/v1/accounts/{own}/{deed}", body)) == "not-oneself"
        nobody = f"/api/v1/accounts/{uuid.uuid4()}/{deed}"
        assert system.post(nobody, body).status_code == 404


def test_a_moved_area_moves_what_staff_see_at_the_next_request(sign_in: Client) -> None:
    request = file(sign_in(RESIDENT))["request"]["id"]
    worker = sign_in(WORKER)
    path = f"/api/v1/requests/{request}"
    assert worker.get(path).status_code == 200
    grid = PEOPLE["resident"]["grid"]
    sql = "UPDATE area SET path = %(path)s WHERE code = %(code)s"
    was = read("SELECT path FROM area WHERE code = %(code)s", {"code": grid})[0].path
    try:
        with transaction():
            write(sql, {"path": ["DDHT", "DDHT-DG", grid], "code": grid})
        assert worker.get(path).status_code == 404
    finally:
        with transaction():
            write(sql, {"path": was, "code": grid})
    assert worker.get(path).status_code == 200


NOON = datetime(2026, 11, 25, 4, tzinfo=UTC)


@pytest.mark.parametrize(
    ("began", "used", "stays"),
    [
        (timedelta(hours=1), timedelta(minutes=14, seconds=59), True),
        (timedelta(hours=1), timedelta(minutes=15), False),
        (timedelta(hours=12), timedelta(), False),
        (timedelta(hours=11, minutes=59), timedelta(), True),
    ],
)
def test_staff_are_out_after_fifteen_minutes_unused_and_twelve_hours(
    began: timedelta, used: timedelta, stays: bool
) -> None:
    assert may_stay(NOON - began, NOON - used, NOON, NOON.date()) == stays
    assert all(rule.basis for rule in STAYS)


def test_the_limits_hold_for_staff_and_not_for_residents(
    sign_in: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    worker, resident = sign_in(WORKER), sign_in(RESIDENT)
    monkeypatch.setattr("app.http.tokens.clock", Unmoved)  # tokens are refreshed meanwhile
    real = clock.now
    for minutes, status in ((14, 200), (28, 200), (44, 401), (45, 401)):
        later = real() + timedelta(minutes=minutes)
        monkeypatch.setattr(clock, "now", lambda later=later: later)
        assert worker.get("/api/v1/me").status_code == status, minutes
        assert resident.get("/api/v1/me").status_code == 200


def test_a_use_is_written_down_once_a_minute(sign_in: Client) -> None:
    assert not to_be_marked(NOON - timedelta(seconds=59), NOON)
    assert to_be_marked(NOON - timedelta(seconds=60), NOON)
    worker = sign_in(WORKER)
    sql = "SELECT last_used_at FROM sign_in_session"
    before = read(sql)[0].last_used_at
    worker.get("/api/v1/me")
    assert read(sql)[0].last_used_at == before
    with transaction():
        write("UPDATE sign_in_session SET last_used_at = last_used_at - interval '2 minutes'")
    worker.get("/api/v1/me")
    assert read(sql)[0].last_used_at >= before


def test_staff_are_listed_masked_to_the_three_administrators(
    sign_in: Client, system: Caller
) -> None:
    seen: list[dict[str, Any]] = []
    cursor = ""
    while True:
        page = system.get(f"/api/v1/staff?limit=20{cursor}").json or {}
        seen += page["items"]
        if not page["next"]:
            break
        cursor = f"&cursor={page['next']}"
    assert len(seen) == read("SELECT count(*) AS n FROM staff_grant")[0].n
    first = next(each for each in seen if each["staff_sid"] == PEOPLE["worker"]["sid"])
    assert first["name"] == "周**"
    assert sign_in(AUDITOR).get("/api/v1/staff").status_code == 200
    for person in (STAFF, WORKER, RESIDENT):
        assert slug(sign_in(person).get("/api/v1/staff")) == "role-not-allowed"


def test_the_life_of_a_right_is_a_table() -> None:
    for state in State:
        for wanted in Step:
            if wanted in NEXT.get(state, {}):
                assert step(state, wanted) == NEXT[state][wanted]
            else:
                with pytest.raises(GrantStepRefused):
                    step(state, wanted)
    assert {longest_on(clock.today(), kind) for kind in Kind} == {r.days for r in LONGEST}
