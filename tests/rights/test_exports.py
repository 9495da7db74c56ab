"""Everything that is held of somebody, as JSON and as a page, once, for a day."""

import io
import json
import zipfile
from collections.abc import Callable
from html.parser import HTMLParser
from typing import Any

import pytest
from flask import Flask

from app.database import read, transaction, write
from app.rights.readable import page_of
from tests.notices_of import publish
from tests.people import NEIGHBOUR, PEOPLE, RESIDENT, WORKER, Caller, Person, proved
from tests.requests_of import file

Client = Callable[[Person], Caller]
EXPORTS = "/api/v1/me/exports"
WORDS = "三楼 <b>漏水</b> & 停电"


def slug(answer: Any) -> str:
    return str(answer.json["type"]).rsplit(":", 1)[-1]


def sweep(app: Flask) -> None:
    (found,) = (s for s in app.extensions["linli.sweeps"] if s.name == "holdings")
    while found.run():
        pass


def taken(app: Flask, caller: Caller) -> dict[str, bytes]:
    key = (caller.post(EXPORTS).json or {})["id"]
    sweep(app)
    answer = proved(caller).delete(f"{EXPORTS}/{key}")
    assert (answer.status_code, answer.mimetype) == (200, "application/zip")
    archive = zipfile.ZipFile(io.BytesIO(answer.data))
    return {name: archive.read(name) for name in archive.namelist()}


class Outline(HTMLParser):
    """What a browser would make of a page: its tags, balanced, and its texts."""

    VOID = frozenset({"meta", "br", "!doctype"})

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.tags: list[str] = []
        self.texts: list[str] = []

    def handle_starttag(self, tag: str, attrs: Any) -> None:
        self.tags.append(tag)
        if tag not in self.VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.texts.append(data)


def test_a_copy_holds_what_every_feature_holds(app: Flask, sign_in: Client) -> None:
    resident, worker = sign_in(RESIDENT), sign_in(WORKER)
    key = file(resident, words=WORDS)["request"]["id"]
    worker.post(f"/api/v1/requests/{key}/claim")
    resident.post("/api/v1/me/consents", {"purpose": "identity-number"})
    files = taken(app, resident)
    assert sorted(files) == ["SHA256SUMS", "my-data.html", "my-data.json"]
    document = json.loads(files["my-data.json"])
    sections = {each["name"]: each["records"] for each in document["sections"]}
    assert sections["register"][0]["id_number"] == PEOPLE["resident"]["id_number"]
    assert sections["register"][0]["name"] == PEOPLE["resident"]["name"]
    assert sections["requests"][0]["words"] == WORDS
    assert [each["step"] for each in sections["timeline"]][-1] == "claim"
    assert sections["consents"][0]["purpose"] == "identity-number"
    assert sections["devices"]
    assert sections["deeds"]
    assert document["kept_by_law"]
    assert set(sections) >= {"account", "mandates", "corrections", "notices-read", "seen-by"}


def test_a_copy_says_what_was_put_aside_and_as_whom(app: Flask, sign_in: Client) -> None:
    resident, notice = sign_in(RESIDENT), publish(sign_in)
    resident.post("/api/v1/inbox/aside", {"upto": notice["publish_seq"]})
    document = json.loads(taken(app, resident)["my-data.json"])
    sections = {each["name"]: each["records"] for each in document["sections"]}
    (aside,) = sections["notices-read"]
    assert (aside["all_read_upto"], aside["matters"]) == (notice["publish_seq"], [])
    there = {each["place"]: each["people"] for each in aside["as_whom"]}
    assert {"all", "owners"} <= set(there["DDHT-XQ"])
    assert there["address:A0000001"] == there["DDHT-XQ"]


def test_the_page_reads_in_two_languages_and_runs_nothing(app: Flask, sign_in: Client) -> None:
    resident = sign_in(RESIDENT)
    file(resident, words=WORDS)
    page = taken(app, resident)["my-data.html"].decode()
    outline = Outline()
    outline.feed(page)
    assert outline.open == []
    assert not {"script", "img", "link", "iframe", "b"} & set(outline.tags)
    assert WORDS in outline.texts
    assert "http" not in page.replace("http-equiv", "")
    assert "My personal data" in page
    assert "@media print" in page


def test_another_persons_copy_is_not_there(app: Flask, sign_in: Client) -> None:
    resident, other = sign_in(RESIDENT), proved(sign_in(NEIGHBOUR))
    key = (resident.post(EXPORTS).json or {})["id"]
    sweep(app)
    assert other.get(f"{EXPORTS}/{key}").status_code == 404
    assert other.delete(f"{EXPORTS}/{key}").status_code == 404
    assert (resident.get(f"{EXPORTS}/{key}").json or {})["state"] == "ready"


def test_a_copy_is_made_first_taken_once_and_gone_in_a_day(app: Flask, sign_in: Client) -> None:
    resident = proved(sign_in(RESIDENT))
    key = (resident.post(EXPORTS).json or {})["id"]
    early = resident.delete(f"{EXPORTS}/{key}")
    assert (early.status_code, slug(early)) == (409, "export-unready")
    sweep(app)
    sealed = bytes(read("SELECT content_sealed FROM holdings_export")[0].content_sealed)
    assert PEOPLE["resident"]["name"].encode() not in sealed
    assert resident.delete(f"{EXPORTS}/{key}").status_code == 200
    again = resident.delete(f"{EXPORTS}/{key}")
    assert (again.status_code, slug(again)) == (404, "export-gone")
    assert read("SELECT content_sealed FROM holdings_export")[0].content_sealed is None
    late = (resident.post(EXPORTS).json or {})["id"]
    sweep(app)
    with transaction():
        write("UPDATE holdings_export SET expires_at = now() - interval '1 second'")
    assert slug(resident.delete(f"{EXPORTS}/{late}")) == "export-gone"


def test_copies_are_counted(sign_in: Client) -> None:
    resident = sign_in(RESIDENT)
    assert [resident.post(EXPORTS).status_code for _ in range(4)] == [202, 202, 202, 429]


def test_my_data_names_the_ways_to_a_correction_a_copy_and_an_end(sign_in: Client) -> None:
    shown = sign_in(RESIDENT).get("/api/v1/me/data").json or {}
    assert shown["ways"]["correction"] == "/api/v1/me/corrections"
    assert {each["name"] for each in shown["sections"]} >= {"requests", "notices-read", "register"}
    assert all(each["basis"] and each["term_zh"] for each in shown["kept_by_law"])


@pytest.mark.parametrize("value", ["<script>alert(1)</script>", '"><img src=x>', "& < >"])
def test_whatever_somebody_wrote_is_text_on_the_page(value: str) -> None:
    records = [{value: [value, {"a": value}]}]
    section = {"title_zh": value, "title_en": value, "records": records, "complete": True}
    document = {"made_at": value, "account_id": value, "sections": [section], "kept_by_law": []}
    outline = Outline()
    outline.feed(page_of(document))
    assert not {"script", "img"} & set(outline.tags)
    assert value in "".join(outline.texts)
