"""What lies in the store is noise without a key, and gone for good with the person's key."""

from collections.abc import Callable
from typing import Any

import uuid_utils.compat as uuids
from flask import Flask

from app.database import read, transaction, write
from app.files import service, uses
from app.files.kinds import Kind
from app.files.shelf import shelf
from app.policy import Actor
from app.privacy import forget_subject_keys
from tests.files.documents import PDF
from tests.files.pictures import photo
from tests.people import NEIGHBOUR, RESIDENT, STAFF, WORKER, Caller, Person, account_of
from tests.requests_of import file

Client = Callable[[Person], Caller]
DESTROY = "UPDATE subject_key SET wrapped = NULL, destroyed_at = now() WHERE subject = %(subject)s"


def uploaded(caller: Caller, content: bytes, kind: str = "photos") -> dict[str, Any]:
    answer = caller.put(f"/api/v1/files/{kind}/{uuids.uuid7()}", data=content)
    assert answer.status_code == 201, answer.json
    return dict(answer.json or {})


def row_of(found: dict[str, Any]) -> Any:
    return read("SELECT * FROM stored_file WHERE id = %(id)s", {"id": found["id"]})[0]


def whose(found: dict[str, Any]) -> bytes:
    """Return what says under whose key a file's key is sealed."""
    return bytes(row_of(found).key_sealed)[:17]


def destroy(person: Person) -> None:
    with transaction():
        write(DESTROY, {"subject": account_of(person)})
    forget_subject_keys()


def test_the_store_has_neither_the_picture_nor_its_name(sign_in: Client, nobody: Caller) -> None:
    one, other = (uploaded(sign_in(who), photo(70)) for who in (RESIDENT, NEIGHBOUR))
    plain = nobody.get(one["links"]["full"]).data
    for found in (one, other):
        row = row_of(found)
        for digest in (row.digest, row.thumbnail):
            stored = shelf.store.get(digest)
            assert b"\xff\xd8\xff" not in stored[:64]
            assert plain[100:140] not in stored
    assert nobody.get(other["links"]["full"]).data == plain
    assert row_of(one).digest != row_of(other).digest  # the same picture looks like another


def test_a_photo_of_a_case_is_the_filers_whoever_took_it(sign_in: Client, nobody: Caller) -> None:
    resident, worker = sign_in(RESIDENT), sign_in(WORKER)
    path = f"/api/v1/requests/{file(resident)['request']['id']}"
    assert worker.post(f"{path}/claim").status_code == 200
    mine, theirs = uploaded(resident, photo(50)), uploaded(worker, photo(60))
    assert whose(theirs) == b"\0" + account_of(WORKER).bytes
    for who, found in ((resident, mine), (worker, theirs)):
        answer = who.post(f"{path}/photos", {"photos": [found["id"]]})
        assert answer.status_code == 201, answer.json
    assert whose(mine) == whose(theirs) == b"\0" + account_of(RESIDENT).bytes
    for found in (mine, theirs):
        assert nobody.get(found["links"]["thumbnail"]).status_code == 200
    destroy(RESIDENT)
    for found in (mine, theirs):
        for link in found["links"].values():
            gone = nobody.get(link)
            assert gone.status_code == 404
            assert gone.json["type"].endswith(":file-unknown")  # type: ignore[index]


def test_what_a_notice_shows_outlives_whoever_uploaded_it(sign_in: Client, nobody: Caller) -> None:
    found = uploaded(sign_in(STAFF), PDF, "documents")
    me = Actor(account_id=account_of(STAFF), session_id=uuids.uuid7(), level=1)
    kinds = (Kind.DOCUMENT,)
    with transaction():
        uses.use_files(me, "trial", uuids.uuid7(), [found["id"]], kinds)
    destroy(STAFF)
    assert nobody.get(found["links"]["full"]).data == PDF


def test_bytes_of_one_file_do_not_open_as_another(sign_in: Client, nobody: Caller) -> None:
    one, other = (uploaded(sign_in(RESIDENT), photo(width)) for width in (40, 41))
    with transaction():
        write(
            "UPDATE stored_file SET digest = %(digest)s WHERE id = %(id)s",
            {"digest": row_of(other).digest, "id": one["id"]},
        )
    assert nobody.get(one["links"]["full"]).status_code == 404
    assert nobody.get(one["links"]["thumbnail"]).status_code == 200


def test_what_lay_there_unsealed_is_sealed_where_it_lies(
    app: Flask, sign_in: Client, nobody: Caller
) -> None:
    resident, worker = sign_in(RESIDENT), sign_in(WORKER)
    path = f"/api/v1/requests/{file(resident)['request']['id']}"
    worker.post(f"{path}/claim")
    used, loose, lost = (uploaded(worker, photo(width)) for width in (30, 31, 32))
    assert worker.post(f"{path}/photos", {"photos": [used["id"]]}).status_code == 201
    contents = {}
    for found in (used, loose, lost):  # as they were stored before
        for variant in ("full", "thumbnail"):
            content = service.read_file(found["id"], variant)[1]
            contents[found["id"], variant] = content
            column = "digest" if variant == "full" else "thumbnail"
            with transaction():
                write(
                    f"UPDATE stored_file SET {column} = %(digest)s WHERE id = %(id)s",
                    {"digest": service.stored(content), "id": found["id"]},
                )
    with transaction():
        write("UPDATE stored_file SET key_sealed = NULL")
        write("UPDATE stored_file SET digest = repeat('0', 64) WHERE id = %(id)s", lost)
    assert nobody.get(used["links"]["full"]).data == contents[used["id"], "full"]
    runner = app.test_cli_runner()
    assert (
        "2 sealed, 1 whose bytes are lost" in runner.invoke(args=["requests", "seal-photos"]).output
    )
    assert "0 sealed, 1 whose" in runner.invoke(args=["requests", "seal-photos"]).output
    assert whose(used) == b"\0" + account_of(RESIDENT).bytes
    assert whose(loose) == b"\0" + account_of(WORKER).bytes
    for (key, variant), content in contents.items():
        if key != lost["id"]:
            assert service.read_file(key, variant)[1] == content
