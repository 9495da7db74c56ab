"""Photos of a request: named when it is filed or later, seen by those who see it."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any
from uuid import UUID

import pytest
import uuid_utils.compat as uuids
from flask import Flask

from app.database import read, transaction, write
from app.files.shelf import shelf
from tests.files.pictures import photo
from tests.people import (
    NEIGHBOUR,
    RESIDENT,
    SECOND_WORKER,
    WORKER,
    Caller,
    Person,
    account_of,
    staff_with,
)
from tests.requests_of import NEW, PLACE, file

Client = Callable[[Person], Caller]
URL = "/api/v1/requests"


def slug(answer: Any) -> str:
    return str(answer.json["type"]).rsplit(":", 1)[-1]


def uploaded(caller: Caller, width: int = 40) -> str:
    key = str(uuids.uuid7())
    answer = caller.put(f"/api/v1/files/photos/{key}", data=photo(width, 30))
    assert answer.status_code == 201
    return key


def listed(caller: Caller, request_id: str) -> list[dict[str, Any]]:
    answer = caller.get(f"{URL}/{request_id}/photos")
    assert answer.status_code == 200, answer.json
    return list(answer.json["items"])  # type: ignore[index]


def uses() -> int:
    return int(read("SELECT coalesce(sum(uses), 0)::int AS n FROM stored_file")[0].n)


def test_photos_are_named_at_filing_and_seen_by_those_who_see_the_case(
    sign_in: Client, nobody: Caller
) -> None:
    resident = sign_in(RESIDENT)
    keys = [uploaded(resident, 40), uploaded(resident, 41)]
    detail = file(resident, photos=keys)
    request_id = detail["request"]["id"]
    assert detail["timeline"][-1]["step"] == "photo"
    for who in (resident, sign_in(WORKER)):
        found = listed(who, request_id)
        assert [(each["id"], each["side"]) for each in found] == [(key, "filer") for key in keys]
        assert nobody.get(found[0]["links"]["thumbnail"]).status_code == 200
    assert [each["mine"] for each in listed(sign_in(WORKER), request_id)] == [False, False]
    assert sign_in(NEIGHBOUR).get(f"{URL}/{request_id}/photos").status_code == 404
    near = sign_in(NEIGHBOUR).get(f"{URL}?near={PLACE[0]},{PLACE[1]}&crs=wgs84").json
    assert keys[0] not in str(near)
    assert "photo" not in str(near)


def test_a_repeated_filing_adds_no_photo_twice(sign_in: Client) -> None:
    resident = sign_in(RESIDENT)
    key, mine = uploaded(resident), str(uuids.uuid7())
    body = {**NEW, "id": mine, "photos": [key]}
    for _ in range(2):  # with another key each: the client's own id makes them one
        answer = resident.post(URL, body)
        assert answer.status_code == 201, answer.json
    assert len(listed(resident, mine)) == uses() == 1


def test_photos_of_others_and_photos_that_are_none_file_nothing(sign_in: Client) -> None:
    resident = sign_in(RESIDENT)
    foreign = uploaded(sign_in(NEIGHBOUR))
    for named in (foreign, str(uuids.uuid7())):
        answer = resident.post(URL, {**NEW, "photos": [named]})
        assert (answer.status_code, slug(answer)) == (404, "file-unknown")
    assert resident.post(URL, {**NEW, "photos": ["x"]}).status_code == 422
    assert resident.post(URL, {**NEW, "photos": [foreign] * 10}).status_code == 422
    assert read("SELECT count(*) AS n FROM service_request")[0].n == 0
    assert uses() == 0


def test_who_handles_adds_photos_and_others_who_see_do_not(sign_in: Client) -> None:
    request_id = file(sign_in(RESIDENT))["request"]["id"]
    worker, clerk = sign_in(WORKER), sign_in(staff_with("desk_clerk"))
    worker.post(f"{URL}/{request_id}/claim")
    answer = worker.post(f"{URL}/{request_id}/photos", {"photos": [uploaded(worker)]})
    assert answer.status_code == 201, answer.json
    assert [each["side"] for each in listed(sign_in(RESIDENT), request_id)] == ["staff"]
    neighbour = sign_in(NEIGHBOUR)
    answer = neighbour.post(f"{URL}/{request_id}/photos", {"photos": [uploaded(neighbour)]})
    assert answer.status_code == 404
    there = clerk.get(f"{URL}/{request_id}/photos").status_code
    answer = clerk.post(f"{URL}/{request_id}/photos", {"photos": [uploaded(clerk)]})
    assert answer.status_code == (403 if there == 200 else 404)
    assert uses() == 1


def test_each_side_has_its_share_and_may_take_its_own_away(
    sign_in: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(shelf, "_settings", replace(shelf.settings, photos_of_filer=2))
    resident, worker = sign_in(RESIDENT), sign_in(WORKER)
    keys = [uploaded(resident, 50 + n) for n in range(3)]
    request_id = file(resident, photos=keys[:2])["request"]["id"]
    answer = resident.post(f"{URL}/{request_id}/photos", {"photos": keys[2:]})
    assert (answer.status_code, slug(answer)) == (409, "too-many-photos")
    assert answer.json is not None
    assert answer.json["most"] == 2
    answer = worker.post(f"{URL}/{request_id}/photos", {"photos": [uploaded(worker)]})
    assert answer.status_code == 201
    gone = f"{URL}/{request_id}/photos/{keys[0]}"
    assert slug(worker.delete(gone)) == "not-yours"
    assert resident.delete(gone).status_code == 204
    assert resident.delete(gone).status_code == 404
    answer = resident.post(f"{URL}/{request_id}/photos", {"photos": keys[2:]})
    assert answer.status_code == 201
    again = resident.post(f"{URL}/{request_id}/photos", {"photos": keys[2:]})
    assert again.status_code == 201
    assert len(listed(resident, request_id)) == uses() == 3


def test_photos_of_a_closed_request_stay_as_they_are(sign_in: Client) -> None:
    resident = sign_in(RESIDENT)
    key = uploaded(resident)
    request_id = file(resident, photos=[key])["request"]["id"]
    later = uploaded(resident, 60)
    with transaction():
        write("UPDATE service_request SET state = 'withdrawn', version = version + 1")
    answer = resident.post(f"{URL}/{request_id}/photos", {"photos": [later]})
    assert (answer.status_code, slug(answer)) == (409, "photos-closed")
    assert slug(resident.delete(f"{URL}/{request_id}/photos/{key}")) == "photos-closed"
    assert len(listed(resident, request_id)) == 1


def test_who_is_complained_about_sees_no_photo(sign_in: Client) -> None:
    resident = sign_in(RESIDENT)
    request_id = file(resident, photos=[uploaded(resident)])["request"]["id"]
    assert len(listed(sign_in(SECOND_WORKER), request_id)) == 1
    with transaction():
        write(
            "UPDATE service_request SET against_account = %(who)s",
            {"who": account_of(SECOND_WORKER)},
        )
    assert sign_in(SECOND_WORKER).get(f"{URL}/{request_id}/photos").status_code == 404


def test_a_photo_outlives_the_day_once_it_is_named(app: Flask, sign_in: Client) -> None:
    from app.files.sweeps import drop_unused_files

    resident = sign_in(RESIDENT)
    named, forgotten = uploaded(resident, 70), uploaded(resident, 71)
    file(resident, photos=[named])
    with transaction():
        write("UPDATE stored_file SET uploaded_at = now() - interval '2 days'")
    drop_unused_files()
    assert [row.id for row in read("SELECT id FROM stored_file")] == [UUID(named)]
    assert forgotten


def test_a_conflict_tells_both_versions(sign_in: Client) -> None:
    """So that a phone that was out of reach can say what it saw and what there is."""
    request_id = file(sign_in(RESIDENT))["request"]["id"]
    worker = sign_in(WORKER)
    worker.post(f"{URL}/{request_id}/claim")
    worker.post(f"{URL}/{request_id}/release", {"reason": "请假"}, version=2)
    worker.post(f"{URL}/{request_id}/claim")
    answer = worker.post(f"{URL}/{request_id}/release", {"reason": "请假"}, version=2)
    assert (answer.status_code, slug(answer)) == (412, "stale-version")
    assert answer.json is not None
    assert (answer.json["seen"], answer.json["current"]) == (2, 4)


def test_photos_of_a_request_stay_its_own_when_it_is_merged_and_taken_out(sign_in: Client) -> None:
    resident, neighbour, worker = sign_in(RESIDENT), sign_in(NEIGHBOUR), sign_in(WORKER)
    own, other = uploaded(neighbour, 41), uploaded(resident, 42)
    member = file(neighbour, photos=[own])["request"]["id"]
    master = file(resident, photos=[other])["request"]["id"]
    deeds = (
        ("merge", {"into": master, "reason": "同一处"}, 1),
        ("unmerge", {"reason": "两处"}, 2),
    )
    for deed, body, version in deeds:
        answer = worker.post(f"{URL}/{member}/{deed}", body, version=version)
        assert answer.status_code == 200, answer.json
        assert [each["id"] for each in listed(neighbour, member)] == [own]
        assert [each["id"] for each in listed(resident, master)] == [other]
