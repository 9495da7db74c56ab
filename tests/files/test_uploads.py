"""Uploading a file under an id of one's own, and reading it by a link that runs out."""

import hashlib
import threading
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import uuid_utils.compat as uuids
from flask import Flask

from app import clock
from app.database import read, transaction, write
from app.files import links, service, uses
from app.files.kinds import LARGEST, Kind
from app.files.refusals import FileUnknown
from app.files.shelf import shelf
from app.files.stores import StoreAway, store_of
from app.files.sweeps import drop_unused_blobs, drop_unused_files
from tests.files.documents import PDF, locked
from tests.files.fake_s3 import BUCKET, KEY, SECRET, fake_s3
from tests.files.pictures import bomb, photo
from tests.people import NEIGHBOUR, RESIDENT, STAFF, Caller, Person, account_of

Client = Callable[[Person], Caller]
AGE = "UPDATE {} SET {} = now() - interval '25 hours'"


def path_of(file_id: object, kind: str = "photos") -> str:
    return f"/api/v1/files/{kind}/{file_id}"


def slug(answer: Any) -> str:
    return str(answer.json["type"]).rsplit(":", 1)[-1]


def shelf_with(monkeypatch: pytest.MonkeyPatch, **settings: Any) -> None:
    """Let this installation be set otherwise."""
    monkeypatch.setattr(shelf, "_settings", replace(shelf.settings, **settings))


def age() -> None:
    with transaction():
        write(AGE.format("stored_file", "uploaded_at"))
        write(AGE.format("stored_blob", "touched_at"))


def test_a_photo_is_kept_clean_and_read_by_its_links(sign_in: Client, nobody: Caller) -> None:
    key = uuids.uuid7()
    answer = sign_in(RESIDENT).put(path_of(key), data=photo(), content_type="image/jpeg")
    assert answer.status_code == 201, answer.json
    assert answer.json is not None
    found = answer.json
    assert (found["id"], found["width"], found["height"]) == (str(key), 640, 480)
    for link in found["links"].values():
        got = nobody.get(link)
        assert (got.status_code, got.mimetype) == (200, "image/jpeg")
        assert got.headers["X-Content-Type-Options"] == "nosniff"
        assert got.headers["Content-Disposition"] == f'attachment; filename="{key}.jpg"'
        assert got.headers["Content-Security-Policy"] == "default-src 'none'; sandbox"
        assert got.headers["Cache-Control"] == "no-store"
        assert got.data.startswith(b"\xff\xd8\xff")
    assert len(nobody.get(found["links"]["full"]).data) == found["bytes"]


def test_a_locked_document_is_refused_and_leaves_neither_row_nor_bytes(
    sign_in: Client, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    shelf_with(monkeypatch, files=str(tmp_path))
    monkeypatch.setattr(shelf, "_store", store_of(shelf.settings))
    answer = sign_in(STAFF).put(path_of(uuids.uuid7(), "documents"), data=locked())
    assert (answer.status_code, slug(answer)) == (400, "document-refused"), answer.json
    assert answer.json is not None
    assert answer.json["reason"] == "locked"
    assert read("SELECT 1 FROM stored_file UNION ALL SELECT 1 FROM stored_blob") == []
    assert [each for each in tmp_path.rglob("*") if each.is_file()] == []


def test_a_link_is_good_for_its_file_its_size_and_five_minutes(
    sign_in: Client, nobody: Caller, monkeypatch: pytest.MonkeyPatch
) -> None:
    one, other = uuids.uuid7(), uuids.uuid7()
    resident = sign_in(RESIDENT)
    first = resident.put(path_of(one), data=photo()).json
    resident.put(path_of(other), data=photo(100, 100))
    assert first is not None
    link = first["links"]["full"]
    assert nobody.get(link).status_code == 200
    for altered in (
        link.replace(str(one), str(other)),
        link.replace("/full", "/thumbnail"),
        link.replace("until=1", "until=2"),
        link[:-1] + ("0" if link[-1] != "0" else "1"),
    ):
        answer = nobody.get(altered)
        assert (answer.status_code, slug(answer)) == (404, "link-expired"), altered
    assert nobody.get(link.split("?")[0]).status_code == 422
    later = clock.now() + timedelta(seconds=links.LIFETIME_S + 1)
    monkeypatch.setattr(clock, "now", lambda: later)
    assert slug(nobody.get(link)) == "link-expired"


def test_the_same_again_is_the_same_file_and_another_is_refused(sign_in: Client) -> None:
    key, resident = uuids.uuid7(), sign_in(RESIDENT)
    answers = [resident.put(path_of(key), data=photo()) for _ in range(2)]
    assert [answer.status_code for answer in answers] == [201, 201]
    assert read("SELECT count(*) AS n FROM stored_file")[0].n == 1
    assert {row.refs for row in read("SELECT refs FROM stored_blob")} == {1}
    assert slug(resident.put(path_of(key), data=photo(30, 30))) == "file-id-taken"
    assert slug(sign_in(NEIGHBOUR).put(path_of(key), data=photo())) == "file-id-taken"


def test_only_pictures_are_photos_whatever_they_are_called(sign_in: Client) -> None:
    resident = sign_in(RESIDENT)
    for content in (PDF, b"GIF89a" + bytes(40), b"<svg/>", b"", b"MZ" + bytes(90)):
        answer = resident.put(path_of(uuids.uuid7()), data=content, content_type="image/jpeg")
        assert (answer.status_code, slug(answer)) == (415, "file-type-refused")
    answer = resident.put(path_of(uuids.uuid7()), data=bomb(9000, 9000))
    assert (answer.status_code, slug(answer)) == (400, "image-refused")
    assert read("SELECT count(*) AS n FROM stored_blob")[0].n == 0


def test_a_file_may_be_ten_mebibytes_and_other_bodies_stay_small(sign_in: Client) -> None:
    resident = sign_in(RESIDENT)
    content = photo() + bytes(LARGEST - len(photo()))
    assert resident.put(path_of(uuids.uuid7()), data=content).status_code == 201
    answer = resident.put(path_of(uuids.uuid7()), data=content + b"\0")
    assert (answer.status_code, slug(answer)) == (413, "body-too-large")
    assert answer.json is not None
    assert answer.json["limit"] == LARGEST
    answer = resident.post("/api/v1/requests", data=bytes(2 * 1024 * 1024))
    assert (answer.status_code, slug(answer)) == (413, "body-too-large")


def test_a_document_is_for_staff_and_comes_as_it_was(sign_in: Client, nobody: Caller) -> None:
    key = uuids.uuid7()
    assert sign_in(RESIDENT).put(path_of(key, "documents"), data=PDF).status_code == 403
    answer = sign_in(STAFF).put(path_of(key, "documents"), data=PDF)
    assert answer.status_code == 201
    assert answer.json is not None
    assert answer.json["links"]["thumbnail"] is None
    got = nobody.get(answer.json["links"]["full"])
    assert (got.mimetype, got.data) == ("application/pdf", PDF)
    assert got.headers["Content-Disposition"].startswith("attachment")
    assert slug(sign_in(STAFF).put(path_of(uuids.uuid7(), "documents"), data=photo())) == (
        "file-type-refused"
    )


def test_uploads_are_bounded_by_the_hour(sign_in: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    shelf_with(monkeypatch, uploads_an_hour=2)
    resident = sign_in(RESIDENT)
    answers = [resident.put(path_of(uuids.uuid7()), data=photo(9, n)) for n in (10, 11, 12)]
    assert [answer.status_code for answer in answers] == [201, 201, 429]
    assert answers[2].headers["Retry-After"]


def test_a_store_that_is_away_is_said_and_leaves_no_file(
    sign_in: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    def away(*_: object) -> None:
        raise StoreAway("full")

    monkeypatch.setattr(shelf.store, "put", away)
    answer = sign_in(RESIDENT).put(path_of(uuids.uuid7()), data=photo())
    assert (answer.status_code, slug(answer)) == (503, "unavailable")
    assert read("SELECT count(*) AS n FROM stored_file")[0].n == 0
    assert read("SELECT refs FROM stored_blob")[0].refs == 0  # housekeeping finds it


def test_by_setting_it_lies_in_a_store_that_speaks_s3(
    sign_in: Client, nobody: Caller, monkeypatch: pytest.MonkeyPatch
) -> None:
    with fake_s3() as (address, world):
        place = f"s3+http://{address}/{BUCKET}?region=cn-east-1"
        shelf_with(monkeypatch, files=place, files_key=KEY, files_secret=SECRET)
        monkeypatch.setattr(shelf, "_store", None)
        found = sign_in(RESIDENT).put(path_of(uuids.uuid7()), data=photo()).json
        assert found is not None
        for link in found["links"].values():
            got = nobody.get(link)
            assert (got.status_code, got.data[:3]) == (200, b"\xff\xd8\xff")
        assert len(world.blobs) == 2
        for name, sealed in world.blobs.items():
            assert name.endswith(hashlib.sha256(sealed).hexdigest()), "found by their content"
            assert b"\xff\xd8\xff" not in sealed[:64]
        age()
        drop_unused_files()
        age()
        drop_unused_blobs()
        assert world.blobs == {}


def test_what_nothing_refers_to_goes_and_what_is_used_stays(app: Flask, sign_in: Client) -> None:
    kept, dropped, subject = uuids.uuid7(), uuids.uuid7(), uuids.uuid7()
    resident, me = sign_in(RESIDENT), actor(RESIDENT)
    for key, width in ((kept, 50), (dropped, 60)):
        resident.put(path_of(key), data=photo(width))
    with transaction():
        uses.use_files(me, "trial", subject, [kept])
    assert (drop_unused_files(), drop_unused_blobs()) == (0, 0)
    assert read("SELECT count(*) AS n FROM stored_file")[0].n == 2  # not within its day
    age()
    drop_unused_files()
    assert [row.id for row in read("SELECT id FROM stored_file")] == [kept]
    lost = [row.digest for row in read("SELECT digest FROM stored_blob WHERE refs = 0")]
    assert len(lost) == 2
    age()
    drop_unused_blobs()
    assert read("SELECT count(*) AS n FROM stored_blob")[0].n == 2
    for digest in lost:
        with pytest.raises(Exception, match=digest):
            shelf.store.get(digest)
    assert service.read_file(kept, "full")[0] == "image/jpeg"


def test_how_large_and_how_many_is_set_by_the_installation(
    sign_in: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    resident = sign_in(RESIDENT)
    shelf_with(monkeypatch, upload_mebibytes=1, photo_megapixels=1, photo_side=1200)
    large = resident.put(path_of(uuids.uuid7()), data=photo() + bytes(1024 * 1024))
    assert (slug(large), large.json["limit"]) == ("body-too-large", 1024 * 1024)  # type: ignore[index]
    for width, height, reason in ((1100, 1000, "pixels"), (1300, 10, "sides")):
        refused = resident.put(path_of(uuids.uuid7()), data=photo(width, height))
        assert (slug(refused), refused.json["reason"]) == ("image-refused", reason)  # type: ignore[index]
    assert resident.put(path_of(uuids.uuid7()), data=photo(1000, 1000)).status_code == 201


def test_who_begins_to_refer_and_who_drops_meet_in_the_row(app: Flask, sign_in: Client) -> None:
    """Whichever comes first: a file that somebody refers to is never gone."""
    for _ in range(12):
        key, subject, barrier = uuids.uuid7(), uuids.uuid7(), threading.Barrier(2)
        sign_in(RESIDENT).put(path_of(key), data=photo(90))
        age()
        said: list[str] = []

        def use(key: Any = key, subject: Any = subject, barrier: Any = barrier) -> None:
            with app.app_context():
                me = actor(RESIDENT)
                barrier.wait()
                try:
                    with transaction():
                        uses.use_files(me, "trial", subject, [key])
                except FileUnknown:
                    said.append("unknown")  # noqa: B023  read after the thread has ended

        thread = threading.Thread(target=use)
        thread.start()
        barrier.wait()
        drop_unused_files()
        thread.join()
        there = bool(read("SELECT FROM stored_file WHERE id = %(id)s", {"id": key}))
        used = bool(read("SELECT FROM file_use WHERE file_id = %(id)s", {"id": key}))
        assert there == used == (not said)
        with transaction():
            uses.drop_uses("trial", subject)


def test_files_of_others_and_of_other_kinds_cannot_be_referred_to(sign_in: Client) -> None:
    photo_key, document = uuids.uuid7(), uuids.uuid7()
    sign_in(NEIGHBOUR).put(path_of(photo_key), data=photo())
    sign_in(STAFF).put(path_of(document, "documents"), data=PDF)
    for who, key in ((RESIDENT, photo_key), (STAFF, document), (RESIDENT, uuids.uuid7())):
        me = actor(who)
        with pytest.raises(FileUnknown), transaction():
            uses.use_files(me, "trial", uuids.uuid7(), [key])
    with transaction():
        kinds = (Kind.IMAGE, Kind.DOCUMENT)
        uses.use_files(actor(STAFF), "trial", uuids.uuid7(), [document], kinds)
    assert read("SELECT count(*) AS n FROM file_use")[0].n == 1


def actor(person: Person) -> Any:
    from app.policy import Actor

    account = account_of(person)
    return Actor(account_id=account, session_id=account, level=2)
