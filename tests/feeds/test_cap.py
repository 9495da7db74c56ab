"""CAP 1.2: valid by the schema of OASIS and by rules it does not know; frozen once published."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace
from typing import Any

import feedparser
import pytest
from flask import Flask
from lxml import etree

from app.database import read, transaction, write
from notices.cap import alerts as alerts_of
from notices.cap.alerts import write_due
from notices.cap.message import NAMESPACE, SCHEMA, CapMessage, CapRefused, Info, Kind, xml_of
from tests.notices_of import NEW, done, publish, publish_draft, take
from tests.people import STAFF, Caller, Person

Client = Callable[[Person], Caller]
XSD = etree.XMLSchema(etree.parse(str(SCHEMA)))
NOW = datetime(2026, 11, 25, 8, 0, tzinfo=UTC)
RING = [(124.3, 40.0), (124.4, 40.0), (124.4, 40.1), (124.3, 40.0)]
HERE = (124.3, 40.0, 124.4, 40.1)
SOUND = CapMessage(
    identifier="linli.1",
    sender="linli.DDHT",
    sender_name="邻里",
    sent=NOW,
    kind=Kind.ALERT,
    drill=False,
    expires=NOW + timedelta(hours=1),
    infos=[Info("zh-CN", "洪水", "请转移。", "浪头镇"), Info("en", "Flood", "Leave.", "Langtou")],
    rings=[RING],
    codes=["DDHT-XQ-LT"],
    web="https://linli.example/n/1",
)


def tag(name: str) -> str:
    return f"{{{NAMESPACE}}}{name}"


def alerts(nobody: Caller) -> list[bytes]:
    found = read("SELECT id FROM cap_alert ORDER BY id")
    answers = [nobody.get(f"/cap/{row.id}.xml") for row in found]
    assert all(answer.status_code == 200 for answer in answers)
    assert all(answer.mimetype == "application/cap+xml" for answer in answers)
    return [answer.data for answer in answers]


def text(alert: bytes, name: str) -> str | None:
    return etree.fromstring(alert).findtext(tag(name))


def emergency(sign_in: Client, **more: Any) -> dict[str, Any]:
    words = {"title_en": "Flood", "body_en_md": "Leave.", "priority": "emergency"}
    return publish(sign_in, **{**words, "audience": {"areas": ["DDHT-XQ-LT"]}, **more})


def test_a_sound_message_is_valid_and_says_it_in_two_languages() -> None:
    alert = etree.fromstring(xml_of(SOUND))
    XSD.assertValid(alert)
    assert [info.findtext(tag("language")) for info in alert.findall(tag("info"))] == [
        "zh-CN",
        "en",
    ]
    assert alert.findtext(tag("sent")) == "2026-11-25T16:00:00+08:00"
    assert alert.findtext(f".//{tag('polygon')}", "").split()[0] == "40.00000,124.30000"


@pytest.mark.parametrize(
    ("broken", "code"),
    [
        ({"rings": [RING[:-1]]}, "ring-too-short"),
        ({"rings": [[*RING[:-1], (124.35, 40.05)]]}, "open-ring"),
        ({"rings": [[(lat, lng) for lng, lat in RING]]}, "axes"),
        ({"rings": [[(lng - 84, lat) for lng, lat in RING]], "bounds": HERE}, "outside-the-dis"),
        ({"rings": [[(lng, lat + 0.2) for lng, lat in RING]], "bounds": HERE}, "outside-the-dis"),
        ({"rings": [RING, [(lat, lat) for _, lat in RING]], "bounds": HERE}, "outside-the-dis"),
        ({"kind": Kind.UPDATE}, "references"),
        ({"kind": Kind.CANCEL, "references": ["only-two,parts"]}, "references"),
        ({"expires": NOW}, "expires"),
        *(({"identifier": f"a{bad}b"}, "identifier") for bad in " ,<&"),
        ({"sender": ""}, "identifier"),
    ],
)
def test_what_the_schema_lets_pass_is_refused(broken: dict[str, Any], code: str) -> None:
    with pytest.raises(CapRefused, match=code):
        xml_of(replace(SOUND, **broken))


def test_what_lies_on_the_districts_edge_lies_in_it() -> None:
    rounded = [(lng, lat - 0.000004) for lng, lat in RING]
    XSD.assertValid(etree.fromstring(xml_of(replace(SOUND, rings=[rounded], bounds=HERE))))


def test_an_alert_must_lie_in_the_district_and_its_end_may_lie_anywhere(
    sign_in: Client, nobody: Caller, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A district that shrinks in the meantime must not keep an alert from being ended."""
    notice = emergency(sign_in)
    take(sign_in(STAFF), notice, "withdrawal")
    first, over = read("SELECT id FROM cap_alert ORDER BY id")
    elsewhere = SimpleNamespace(get=lambda: SimpleNamespace(bounds=(0.0, 0.0, 1.0, 1.0)))
    monkeypatch.setattr(alerts_of, "grid_index", elsewhere)
    with pytest.raises(CapRefused, match="outside-the-district"):
        alerts_of.written(first.id, "https://linli.example")
    assert b"Cancel" in alerts_of.written(over.id, "https://linli.example")
    monkeypatch.undo()
    assert b"Alert" in alerts_of.written(first.id, "https://linli.example")


def test_an_emergency_is_an_alert_that_never_changes(sign_in: Client, nobody: Caller) -> None:
    emergency(sign_in)
    publish(sign_in)  # no emergency, no alert
    (first,) = alerts(nobody)
    XSD.assertValid(etree.fromstring(first))
    assert (text(first, "msgType"), text(first, "status")) == ("Alert", "Actual")
    assert etree.fromstring(first).findall(f".//{tag('polygon')}")
    with transaction():
        write("UPDATE notice SET title = 'changed'")
    write_due("https://elsewhere.example")
    assert alerts(nobody) == [first]


def test_the_worker_writes_what_nobody_has_asked_for_yet(app: Flask, sign_in: Client) -> None:
    emergency(sign_in)
    assert read("SELECT xml FROM cap_alert")[0].xml is None
    assert write_due("https://linli.example") == 1
    row = read("SELECT xml, due_at FROM cap_alert")[0]
    assert (row.xml is not None, row.due_at) == (True, None)


def test_a_correction_updates_and_a_withdrawal_cancels_all_before(
    sign_in: Client, nobody: Caller
) -> None:
    notice = emergency(sign_in)
    words = {**NEW, "title": "洪水(更正)", "change_note": "范围有误", "priority": "emergency"}
    fixed = publish_draft(sign_in, done(take(sign_in(STAFF), notice, "correction", words)))
    take(sign_in(STAFF), fixed, "withdrawal")
    first, update, cancel = alerts(nobody)
    assert [text(each, "msgType") for each in (first, update, cancel)] == [
        "Alert",
        "Update",
        "Cancel",
    ]
    names = [
        ",".join(text(each, name) or "" for name in ("sender", "identifier", "sent"))
        for each in (first, update)
    ]
    assert text(update, "references") == names[0]
    assert text(cancel, "references") == " ".join(names)
    for each in (first, update, cancel):
        XSD.assertValid(etree.fromstring(each))


@pytest.mark.parametrize(
    "changes",
    [
        {"priority": "ordinary"},
        {"priority": "emergency", "audience": {"areas": ["DDHT-XQ-LT"], "people": ["owners"]}},
    ],
)
def test_an_alert_that_is_corrected_into_none_is_cancelled(
    sign_in: Client, nobody: Caller, changes: dict[str, Any]
) -> None:
    """Or whoever reads alerts would go on warning of what is over, or is for a few only."""
    notice = emergency(sign_in)
    words = {**NEW, "title": "洪水(更正)", "change_note": "已解除", **changes}
    publish_draft(sign_in, done(take(sign_in(STAFF), notice, "correction", words)))
    first, cancel = alerts(nobody)
    assert text(cancel, "msgType") == "Cancel"
    named = ",".join(text(first, name) or "" for name in ("sender", "identifier", "sent"))
    assert text(cancel, "references") == named
    XSD.assertValid(etree.fromstring(cancel))


def test_what_follows_a_cancel_is_an_alert_of_its_own(sign_in: Client, nobody: Caller) -> None:
    notice = emergency(sign_in)
    words = {**NEW, "title": "洪水(更正)", "change_note": "重发", "priority": "emergency"}
    fresh = done(take(sign_in(STAFF), notice, "correction", words))
    take(sign_in(STAFF), notice, "withdrawal")
    fresh = publish_draft(sign_in, fresh)
    take(sign_in(STAFF), fresh, "withdrawal")
    first, over, again, ended = alerts(nobody)
    kinds = [text(each, "msgType") for each in (first, over, again, ended)]
    assert kinds == ["Alert", "Cancel", "Alert", "Cancel"]
    assert text(again, "references") is None
    named = ",".join(text(again, name) or "" for name in ("sender", "identifier", "sent"))
    assert text(ended, "references") == named


def test_a_drill_is_an_exercise(sign_in: Client, nobody: Caller) -> None:
    emergency(sign_in, drill=True)
    (alert,) = alerts(nobody)
    assert text(alert, "status") == "Exercise"
    headlines = [e.text or "" for e in etree.fromstring(alert).iter(tag("headline"))]
    assert [each[:6] for each in headlines] == ["【演练】停水", "[DRILL"]


def test_a_drawn_outline_is_the_alerts_own(sign_in: Client, nobody: Caller) -> None:
    ring = read(
        "SELECT p.polygon #> '{coordinates,0}' AS ring FROM area_polygon p JOIN area a"
        " ON a.code = p.code WHERE a.level = 'grid' AND 'DDHT-XQ-LT' = ANY(a.path) LIMIT 1"
    )[0].ring
    emergency(sign_in, audience={"polygon": {"crs": "wgs84", "points": ring}})
    (alert,) = alerts(nobody)
    (polygon,) = etree.fromstring(alert).find(tag("info")).findall(f".//{tag('polygon')}")  # type: ignore[union-attr]
    points = [tuple(map(float, pair.split(","))) for pair in (polygon.text or "").split()]
    assert {(round(lng, 4), round(lat, 4)) for lat, lng in points} == {
        (round(lng, 4), round(lat, 4)) for lng, lat in ring
    }


def test_what_is_for_some_is_no_alert(sign_in: Client, nobody: Caller) -> None:
    emergency(sign_in, audience={"areas": ["DDHT-XQ"], "people": ["owners"]})
    assert alerts(nobody) == []


def test_the_feed_of_alerts_leads_to_them(sign_in: Client, nobody: Caller) -> None:
    emergency(sign_in)
    for area in ("DDHT", "DDHT-XQ-LT"):
        (entry,) = feedparser.parse(nobody.get(f"/feeds/{area}/alerts.atom").data).entries
        (link,) = [each for each in entry.links if each.type == "application/cap+xml"]
        assert link.href.startswith("http://127.0.0.1:8000/cap/")
    assert feedparser.parse(nobody.get("/feeds/DDHT-QY/alerts.atom").data).entries == []
    assert nobody.get("/cap/019abf6d-2e7c-7a1b-8b3e-9a522f1de6c4.xml").status_code == 404


GRID = "DDHT-XQ-LT-C03-G2"


def alerted(nobody: Caller, area: str) -> list[str]:
    entries = feedparser.parse(nobody.get(f"/feeds/{area}/alerts.atom").data).entries
    return [entry.title.partition(":")[0] for entry in entries]


def test_an_alert_to_all_is_in_the_feed_of_each_part(sign_in: Client, nobody: Caller) -> None:
    """Whoever reads the alerts of a grid must not miss that of the whole zone, nor its end."""
    notice = emergency(sign_in, audience={"areas": ["DDHT"]})
    for area in ("DDHT", "DDHT-XQ", "DDHT-XQ-LT-C03", GRID, "DDHT-QY"):
        assert alerted(nobody, area) == ["Alert"], area
    take(sign_in(STAFF), notice, "withdrawal")
    assert alerted(nobody, GRID) == ["Cancel", "Alert"]


def test_an_alert_to_a_part_is_in_the_feeds_over_and_under_it(
    sign_in: Client, nobody: Caller
) -> None:
    emergency(sign_in, audience={"areas": ["DDHT-XQ-LT-C03"]})
    for area in ("DDHT", "DDHT-XQ-LT", "DDHT-XQ-LT-C03", GRID):
        assert alerted(nobody, area) == ["Alert"], area
    for beside in ("DDHT-QY", "DDHT-XQ-LT-C01"):
        assert alerted(nobody, beside) == [], beside
