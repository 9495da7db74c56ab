"""Files of a notice: attached while it is written, frozen with it, and for its readers only."""

import hashlib
import re
from collections.abc import Callable
from dataclasses import replace
from typing import Any
from uuid import UUID

import feedparser
import orjson
import pytest
import uuid_utils.compat as uuids
from flask import Flask
from lxml import etree

from app.database import read, transaction, write
from app.files.sweeps import drop_unused_files
from notices.cap.message import NAMESPACE, SCHEMA
from tests.files.documents import PDF
from tests.files.pictures import photo
from tests.notices_of import (
    NEW,
    PATH,
    approved,
    done,
    draft,
    expire,
    publish_draft,
    slug,
    submitted,
    take,
)
from tests.people import NEIGHBOUR, RESIDENT, SECOND_STAFF, STAFF, Caller, Person, staff_with

Client = Callable[[Person], Caller]
XSD = etree.XMLSchema(etree.parse(str(SCHEMA)))


def uploaded(caller: Caller, content: bytes = PDF) -> str:
    key, kind = str(uuids.uuid7()), "documents" if content.startswith(b"%PDF") else "photos"
    answer = caller.put(f"/api/v1/files/{kind}/{key}", data=content)
    assert answer.status_code == 201, answer.json
    return key


def attach(caller: Caller, notice: dict[str, Any], file: str, name: str = "范围图") -> Any:
    path = f"{PATH}/{notice['id']}/attachments"
    return caller.post(path, {"file": file, "name": name}, version=notice["version"])


def detach(caller: Caller, notice: dict[str, Any], file: str) -> Any:
    headers = {"If-Match": f'"v{notice["version"]}"'}
    return caller.delete(f"{PATH}/{notice['id']}/attachments/{file}", headers=headers)


def with_files(
    sign_in: Client, *contents: bytes, **changes: Any
) -> tuple[dict[str, Any], list[str]]:
    """Return a draft that carries files, and their ids."""
    staff, notice, keys = sign_in(STAFF), draft(sign_in, **changes), []
    for content in contents or (PDF,):
        keys.append(uploaded(staff, content))
        notice = done(attach(staff, notice, keys[-1]))
    return notice, keys


def readable(caller: Caller, notice: dict[str, Any]) -> dict[str, Any]:
    return done(caller.get(f"/api/v1/inbox/{notice['id']}"))


def test_readers_of_a_notice_open_its_files_and_nobody_else_is_given_a_link(
    sign_in: Client, nobody: Caller
) -> None:
    notice, (pdf, picture) = with_files(sign_in, PDF, photo())
    assert [each["name"] for each in notice["attachments"]] == ["范围图", "范围图"]
    notice = publish_draft(sign_in, notice)
    resident = sign_in(RESIDENT)
    item = done(resident.get("/api/v1/inbox"))["items"][0]
    assert (item["id"], item["attached"]) == (notice["id"], 2)
    first, second = readable(resident, notice)["attachments"]
    assert (first["id"], first["media_type"], first["bytes"]) == (pdf, "application/pdf", len(PDF))
    assert (second["id"], second["media_type"], second["width"]) == (picture, "image/jpeg", 640)
    assert nobody.get(first["links"]["full"]).data == PDF
    assert nobody.get(second["links"]["thumbnail"]).mimetype == "image/jpeg"
    assert set(first) == {"id", "name", "kind", "media_type", "bytes", "width", "height", "links"}
    for other in (NEIGHBOUR, staff_with("district_staff", area="DDHT-QY")):
        assert sign_in(other).get(f"/api/v1/inbox/{notice['id']}").status_code == 404


def test_what_is_attached_is_a_version_with_its_tag(sign_in: Client) -> None:
    staff, notice = sign_in(STAFF), draft(sign_in)
    key = uploaded(staff)
    assert slug(attach(staff, {**notice, "version": 7}, key)) == "stale-version"
    after = done(attach(staff, notice, key))
    assert after["version"] == notice["version"] + 1
    steps = done(staff.get(f"{PATH}/{notice['id']}/versions"))["items"]
    assert (steps[0]["step"], steps[0]["changed"]) == ("edit", ["attachments"])
    assert [each["id"] for each in steps[0]["content"]["attachments"]] == [key]
    edited = done(staff.post(f"{PATH}/{notice['id']}/versions", {**NEW, "title": "x"}, version=2))
    assert [each["id"] for each in edited["attachments"]] == [key], "writing anew keeps the files"
    steps = done(staff.get(f"{PATH}/{notice['id']}/versions"))["items"]
    assert "attachments" not in steps[0]["changed"]
    bare = done(detach(staff, edited, key))
    assert bare["attachments"] == []
    assert slug(detach(staff, bare, key)) == "not-found"
    assert read("SELECT uses FROM stored_file") == [(0,)]


def test_whoever_attached_a_file_is_not_the_second_person(sign_in: Client) -> None:
    notice = draft(sign_in)
    other = sign_in(SECOND_STAFF)
    notice = done(attach(other, notice, uploaded(other)))
    notice = done(take(sign_in(STAFF), notice, "submission"))
    assert slug(take(other, notice, "approval")) == "second-person-needed"


@pytest.mark.parametrize("way", [submitted, approved])
def test_files_are_frozen_once_others_judge_the_notice(
    sign_in: Client, way: Callable[..., dict[str, Any]]
) -> None:
    notice, staff = way(sign_in), sign_in(STAFF)
    assert slug(attach(staff, notice, uploaded(staff))) == "notice-step-refused"
    assert read("SELECT uses FROM stored_file") == [(0,)]


def test_files_of_what_is_published_stay_and_a_correction_begins_with_them(
    sign_in: Client, app: Flask
) -> None:
    notice, (key,) = with_files(sign_in)
    notice = publish_draft(sign_in, notice)
    staff = sign_in(STAFF)
    assert slug(attach(staff, notice, uploaded(staff))) == "notice-step-refused"
    assert slug(detach(staff, notice, key)) == "notice-step-refused"
    other = sign_in(SECOND_STAFF)
    corrected = done(take(other, notice, "correction", {**NEW, "change_note": "附图"}))
    assert [each["id"] for each in corrected["attachments"]] == [key]
    assert read("SELECT uses FROM stored_file WHERE id = %(id)s", {"id": key}) == [(2,)]
    assert done(detach(other, corrected, key))["attachments"] == []
    assert [each["id"] for each in readable(sign_in(RESIDENT), notice)["attachments"]] == [key]
    with transaction():
        write("UPDATE stored_file SET uploaded_at = now() - interval '25 hours'")
    drop_unused_files()
    assert readable(sign_in(RESIDENT), notice)["attachments"][0]["id"] == key
    assert len(read("SELECT 1 FROM stored_file")) == 1


def test_files_of_a_draft_that_is_withdrawn_go(sign_in: Client) -> None:
    notice, _ = with_files(sign_in)
    assert take(sign_in(STAFF), notice, "withdrawal").status_code == 200
    assert read("SELECT uses FROM stored_file") == [(0,)]


def test_a_file_is_attached_by_who_uploaded_it_and_once(sign_in: Client) -> None:
    staff, notice = sign_in(STAFF), draft(sign_in)
    for key in (uploaded(sign_in(SECOND_STAFF)), str(uuids.uuid7())):
        assert slug(attach(staff, notice, key)) == "file-unknown"
    key = uploaded(staff)
    notice = done(attach(staff, notice, key))
    assert slug(attach(staff, notice, key)) == "file-unknown"


def test_a_notice_carries_so_many_files_and_so_many_bytes(
    sign_in: Client, app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    staff, notice = sign_in(STAFF), draft(sign_in)
    usual = app.extensions["linli.settings"]
    monkeypatch.setitem(app.extensions, "linli.settings", replace(usual, notice_files=1))
    notice = done(attach(staff, notice, uploaded(staff)))
    refused = attach(staff, notice, uploaded(staff))
    assert (refused.status_code, slug(refused)) == (409, "too-many-attachments")
    tight = replace(usual, notice_files_bytes=2 * len(PDF) - 1)
    monkeypatch.setitem(app.extensions, "linli.settings", tight)
    refused = attach(staff, notice, uploaded(staff))
    assert (refused.status_code, slug(refused)) == (409, "attachments-too-large")


def test_feeds_name_the_files_of_what_is_for_everybody(sign_in: Client, nobody: Caller) -> None:
    notice, (pdf, picture) = with_files(sign_in, PDF, photo())
    notice = publish_draft(sign_in, notice)
    where = [f"/n/{notice['root_id']}/attachments/{key}" for key in (pdf, picture)]
    atom = feedparser.parse(nobody.get("/feeds/DDHT-XQ/notices.atom").data).entries[0]
    assert [each.href.partition(":8000")[2] for each in atom.enclosures] == where
    assert (atom.enclosures[0].type, atom.enclosures[0].length) == (
        "application/pdf",
        str(len(PDF)),
    )
    rss = feedparser.parse(nobody.get("/feeds/DDHT-XQ/notices.rss").data).entries[0]
    assert [each.href.partition(":8000")[2] for each in rss.enclosures] == where[:1]
    item = orjson.loads(nobody.get("/feeds/DDHT-XQ/notices.json").data)["items"][0]
    assert item["attachments"][0]["size_in_bytes"] == len(PDF)
    assert {each["mime_type"] for each in item["attachments"]} == {"application/pdf", "image/jpeg"}
    page = nobody.get(f"/n/{notice['root_id']}").text
    assert re.findall(r'href="(/n/[^"]+)"', page) == where
    answer = nobody.get(where[0])
    assert (answer.data, answer.mimetype) == (PDF, "application/pdf")
    assert answer.headers["Content-Security-Policy"] == "default-src 'none'; sandbox"
    expire(notice)
    assert nobody.get(where[0]).status_code == 200, "it can be found again"
    unknown = f"/n/{notice['root_id']}/attachments/{uuids.uuid7()}"
    assert nobody.get(unknown).status_code == 404
    done(take(sign_in(STAFF), notice, "withdrawal"))
    assert nobody.get(where[0]).status_code == 404
    assert "/attachments/" not in nobody.get(f"/n/{notice['root_id']}").text


def test_files_of_what_is_for_some_are_at_no_public_place(sign_in: Client, nobody: Caller) -> None:
    audience = {"areas": ["DDHT-XQ"], "people": ["owners"]}
    notice, (key,) = with_files(sign_in, audience=audience)
    notice = publish_draft(sign_in, notice)
    assert nobody.get(f"/n/{notice['root_id']}/attachments/{key}").status_code == 404


def test_an_alert_carries_its_files_with_their_digests(sign_in: Client, nobody: Caller) -> None:
    notice, (key,) = with_files(
        sign_in, priority="emergency", title_en="Flood", body_en_md="Leave."
    )
    notice = publish_draft(sign_in, notice)
    alert = read("SELECT id FROM cap_alert")[0].id
    top = etree.fromstring(nobody.get(f"/cap/{alert}.xml").data)
    XSD.assertValid(top)

    def said(name: str) -> list[str | None]:
        return [each.text for each in top.iter(f"{{{NAMESPACE}}}{name}")]

    assert said("mimeType") == ["application/pdf"] * 2, "in each language"
    assert said("digest") == [hashlib.sha1(PDF, usedforsecurity=False).hexdigest()] * 2
    assert said("size") == [str(len(PDF))] * 2
    assert nobody.get(str(said("uri")[0]).partition(":8000")[2]).data == PDF
    assert UUID(key)
