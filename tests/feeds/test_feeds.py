"""Feeds: read by a reader's own library, cheap to ask again, silent on what is not public."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from typing import Any

import feedparser
import orjson
import pytest
from lxml import etree

from app.database import read, transaction, write
from notices.feeds import queries
from notices.feeds.writing import ATOM, TOMBSTONES
from tests.notices_of import NEW, done, expire, publish, publish_draft, take
from tests.people import RESIDENT, STAFF, Caller, Person

Client = Callable[[Person], Caller]
FORMS = ("atom", "rss", "json")


def path(form: str, area: str = "DDHT-XQ") -> str:
    return f"/feeds/{area}/notices.{form}"


def ids(nobody: Caller, form: str, area: str = "DDHT-XQ") -> list[str]:
    content = nobody.get(path(form, area)).data
    if form == "json":
        return [item["id"] for item in orjson.loads(content)["items"]]
    parsed = feedparser.parse(content)
    assert not parsed.bozo, parsed.get("bozo_exception")
    return [entry.id for entry in parsed.entries]


@pytest.mark.parametrize("form", FORMS)
def test_everybody_of_an_area_finds_its_notices_and_nobody_elses(
    sign_in: Client, nobody: Caller, form: str
) -> None:
    first, second = publish(sign_in), publish(sign_in, audience={"areas": ["DDHT"]})
    publish(sign_in, audience={"areas": ["DDHT-QY"]})
    wanted = [f"urn:uuid:{second['root_id']}", f"urn:uuid:{first['root_id']}"]
    assert ids(nobody, form) == wanted
    assert ids(nobody, form, "DDHT-XQ-LT") == wanted, "what is told to all is told to each part"
    assert len(ids(nobody, form, "DDHT")) == 1
    assert nobody.get(path(form, "NOWHERE")).status_code == 404


@pytest.mark.parametrize("form", FORMS)
def test_what_is_for_some_is_in_no_feed(sign_in: Client, nobody: Caller, form: str) -> None:
    publish(sign_in, audience={"areas": ["DDHT-XQ"], "people": ["owners"]})
    key = read("SELECT household_sid FROM resident LIMIT 1")[0].household_sid
    home = read("SELECT id FROM household WHERE sid = %(sid)s", {"sid": key})[0].id
    publish(sign_in, audience={"areas": ["DDHT-XQ"], "households": [str(home)]})
    assert ids(nobody, form) == []


@pytest.mark.parametrize("form", FORMS)
def test_the_same_again_is_304_without_building(
    sign_in: Client, nobody: Caller, form: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    publish(sign_in)
    some_time_passes()
    answer = nobody.get(path(form))
    assert (answer.status_code, answer.headers["Cache-Control"]) == (200, "public, max-age=60")
    tag, modified = answer.headers["ETag"], answer.headers["Last-Modified"]
    with monkeypatch.context() as here:
        here.setattr(queries, "feed_of", None)  # building would fail
        for headers in (
            {"If-None-Match": tag},
            {"If-None-Match": f"W/{tag}"},
            {"If-Modified-Since": modified},
            {"If-None-Match": tag, "If-Modified-Since": "Mon, 01 Jan 2001 00:00:00 GMT"},
        ):
            again = nobody.get(path(form), headers=headers)
            assert (again.status_code, again.data) == (304, b""), headers
            assert again.headers["ETag"] == tag
    old = format_datetime(datetime.now(UTC) - timedelta(days=1), usegmt=True)
    assert nobody.get(path(form), headers={"If-Modified-Since": old}).status_code == 200
    publish(sign_in, title="又一则")
    assert nobody.get(path(form), headers={"If-None-Match": tag}).status_code == 200


def some_time_passes() -> None:
    with transaction():
        write("UPDATE notice_change SET at = at - interval '10 seconds'")
        write("UPDATE cap_alert SET sent = sent - interval '10 seconds'")


@pytest.mark.parametrize("form", FORMS)
def test_what_follows_within_the_same_second_is_seen_by_who_asks_by_time(
    sign_in: Client, nobody: Caller, form: str
) -> None:
    """Some readers know no tags, and times have whole seconds."""
    publish(sign_in)
    seen = {"If-Modified-Since": nobody.get(path(form)).headers["Last-Modified"]}
    publish(sign_in, title="又一则")
    assert "又一则" in nobody.get(path(form), headers=seen).text


def test_the_feed_of_alerts_is_asked_again_as_cheaply(sign_in: Client, nobody: Caller) -> None:
    publish(sign_in, priority="emergency")
    some_time_passes()
    feed = "/feeds/DDHT-XQ/alerts.atom"
    answer = nobody.get(feed)
    tag, modified = answer.headers["ETag"], answer.headers["Last-Modified"]
    for headers in ({"If-None-Match": tag}, {"If-Modified-Since": modified}):
        again = nobody.get(feed, headers=headers)
        assert (again.status_code, again.data, again.headers["ETag"]) == (304, b"", tag)
    (entry,) = feedparser.parse(answer.data).entries
    alert = "/cap/" + entry.links[0].href.rpartition("/")[2]
    tag = nobody.get(alert).headers["ETag"]
    assert nobody.get(alert, headers={"If-None-Match": tag}).status_code == 304
    publish(sign_in, priority="emergency", title="又一则")
    for headers in ({"If-None-Match": answer.headers["ETag"]}, {"If-Modified-Since": modified}):
        assert "又一则" in nobody.get(feed, headers=headers).text


def corrected(sign_in: Client, notice: dict[str, Any]) -> dict[str, Any]:
    words = {**NEW, "title": "停水通知(更正)", "change_note": "日期有误"}
    return publish_draft(sign_in, done(take(sign_in(STAFF), notice, "correction", words)))


@pytest.mark.parametrize("form", FORMS)
def test_a_correction_is_the_same_entry_and_newer(
    sign_in: Client, nobody: Caller, form: str
) -> None:
    notice = publish(sign_in)
    tag = nobody.get(path(form)).headers["ETag"]
    corrected(sign_in, notice)
    assert ids(nobody, form) == [f"urn:uuid:{notice['root_id']}"]
    answer = nobody.get(path(form), headers={"If-None-Match": tag})
    assert "更正" in answer.data.decode()


@pytest.mark.parametrize("form", FORMS)
def test_what_is_withdrawn_or_over_leaves_the_feed(
    sign_in: Client, nobody: Caller, form: str
) -> None:
    notice, over = publish(sign_in), publish(sign_in, title="过期")
    take(sign_in(STAFF), notice, "withdrawal")
    expire(over)
    assert ids(nobody, form) == []


def test_atom_names_what_was_withdrawn(sign_in: Client, nobody: Caller) -> None:
    notice = publish(sign_in)
    take(sign_in(STAFF), notice, "withdrawal")
    top = etree.fromstring(nobody.get(path("atom")).data)
    (gone,) = top.findall(f"{{{TOMBSTONES}}}deleted-entry")
    assert gone.get("ref") == f"urn:uuid:{notice['root_id']}"
    assert top.find(f"{{{ATOM}}}entry") is None


def test_each_form_has_what_its_standard_asks_for(sign_in: Client, nobody: Caller) -> None:
    publish(sign_in, priority="emergency", drill=True)
    for form in ("atom", "rss"):
        parsed = feedparser.parse(nobody.get(path(form)).data)
        (entry,) = parsed.entries
        assert entry.title.startswith("【演练】")
        assert entry.link.startswith("http://127.0.0.1:8000/n/")
        assert entry.published_parsed
        assert [tag.term for tag in entry.tags] == ["emergency"]
        assert "<strong>" in entry.content[0].value
        assert parsed.feed.title.endswith("通知公告")
    assert feedparser.parse(nobody.get(path("atom")).data).version == "atom10"
    assert feedparser.parse(nobody.get(path("rss")).data).version == "rss20"
    top = orjson.loads(nobody.get(path("json")).data)
    assert top["version"] == "https://jsonfeed.org/version/1.1"
    assert {"id", "url", "content_html", "date_published", "date_modified"} <= set(top["items"][0])


def test_the_page_of_a_notice_is_for_anybody_unless_it_is_not(
    sign_in: Client, nobody: Caller
) -> None:
    notice = publish(sign_in, title="<b>停水</b>", title_en="Water", body_en_md="Store water.")
    page = f"/n/{notice['root_id']}"
    answer = nobody.get(page)
    assert (answer.status_code, answer.mimetype) == (200, "text/html")
    text = answer.data.decode()
    assert "&lt;b&gt;停水" in text
    assert "Store water." in text
    assert "script" not in answer.headers["Content-Security-Policy"]
    some = publish(sign_in, audience={"areas": ["DDHT-XQ"], "people": ["owners"]})
    assert nobody.get(f"/n/{some['root_id']}").status_code == 404
    drafted = done(
        sign_in(STAFF).post(
            "/api/v1/notices", {"title": "x", "body_md": "y", "audience": {"areas": ["DDHT-XQ"]}}
        )
    )
    assert nobody.get(f"/n/{drafted['root_id']}").status_code == 404
    shown = sign_in(STAFF).get(f"/api/v1/notices/{notice['id']}").json or {}
    take(sign_in(STAFF), shown, "withdrawal")
    gone = nobody.get(page).data.decode()
    assert "已撤回" in gone
    assert "Store water" not in gone
    assert sign_in(RESIDENT).get(page).status_code == 200


def test_what_was_wrong_is_at_no_page_once_it_is_corrected(sign_in: Client, nobody: Caller) -> None:
    """Also where the correction is for some only: then there is nothing to show to anybody."""
    notice = publish(sign_in, title="停水通知", body_md="停水三天。")
    page, some = f"/n/{notice['root_id']}", {"areas": ["DDHT-XQ"], "people": ["owners"]}
    words = {**NEW, "body_md": "只停一天。", "change_note": "<b>一天</b>"}
    fixed = publish_draft(sign_in, done(take(sign_in(STAFF), notice, "correction", words)))
    shown = nobody.get(page).text
    assert "停水三天" not in shown
    assert "更正 Correction:&lt;b&gt;一天" in shown
    words = {**NEW, "audience": some, "change_note": "只对业主"}
    publish_draft(sign_in, done(take(sign_in(STAFF), fixed, "correction", words)))
    assert nobody.get(page).status_code == 404
