"""Feeds, alerts and the page of a notice over HTTP: for anybody, and cheap to ask again."""

import hashlib
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from flask import Response, current_app, request
from lxml import etree
from werkzeug.http import http_date

from app import clock
from app.files.kinds import JPEG, PDF
from app.files.links import FULL
from app.files.refusals import FileUnknown
from app.files.routes import answered
from app.files.service import read_file
from app.http.blueprint import Blueprint
from app.policy import Role, Rows, Scope
from app.settings import Settings
from notices.cap.alerts import written
from notices.feeds import queries
from notices.feeds.entries import Feed
from notices.feeds.page import page_of
from notices.feeds.writing import ATOM, atom_of, json_of, rss_of

feeds = Blueprint("feeds", __name__, description="订阅 · Feeds")

OPEN = {Role.ANYONE: Scope.PUBLIC}
POLICY: Rows = {
    ("feeds.area_atom", "GET"): OPEN,
    ("feeds.area_rss", "GET"): OPEN,
    ("feeds.area_json", "GET"): OPEN,
    ("feeds.area_alerts", "GET"): OPEN,
    ("feeds.read_alert", "GET"): OPEN,
    ("feeds.read_page", "GET"): OPEN,
    ("feeds.read_attachment", "GET"): OPEN,
}

ATOM_TYPE, RSS_TYPE = "application/atom+xml", "application/rss+xml"
JSON_TYPE, CAP_TYPE, HTML = "application/feed+json", "application/cap+xml", "text/html"
A_MINUTE = "public, max-age=60"
SETTLED = timedelta(seconds=5)
"""So long after it a change may be told of by its time: times have whole seconds, and deeds that
began together may end one after the other."""
FORM = 3  # raise it when the same notices are written otherwise


@feeds.get("/feeds/<code:code>/notices.atom")
@feeds.binary(ATOM_TYPE)
def area_atom(code: str) -> Response:
    """Read what everybody of an area is told, as Atom; ``If-None-Match`` is answered 304."""
    return _feed(code, "atom", ATOM_TYPE, atom_of)


@feeds.get("/feeds/<code:code>/notices.rss")
@feeds.binary(RSS_TYPE)
def area_rss(code: str) -> Response:
    """Read what everybody of an area is told, as RSS 2.0."""
    return _feed(code, "rss", RSS_TYPE, rss_of)


@feeds.get("/feeds/<code:code>/notices.json")
@feeds.binary(JSON_TYPE)
def area_json(code: str) -> Response:
    """Read what everybody of an area is told, as JSON Feed 1.1."""
    return _feed(code, "json", JSON_TYPE, json_of)


@feeds.get("/feeds/<code:code>/alerts.atom")
@feeds.binary(ATOM_TYPE)
def area_alerts(code: str) -> Response:
    """Read the alerts in an area, as Atom with links to CAP 1.2; asked again it is as cheap."""
    queries.places_of(code)
    rows = queries.alerts_of(code)
    names = hashlib.sha256(" ".join(row.identifier for row in rows).encode()).hexdigest()[:32]
    tag, at = f'"alerts{FORM}-{code}-{names}"', rows[0].sent if rows else None
    if _is_known(tag, at):
        return _answer(b"", ATOM_TYPE, tag, at, status=304)
    return _answer(_alerts(code, rows, at or queries.NEVER), ATOM_TYPE, tag, at)


def _alerts(code: str, rows: Sequence[Any], at: datetime) -> bytes:
    url = f"{_public_url()}/feeds/{code}/alerts.atom"
    top = etree.Element(f"{{{ATOM}}}feed", nsmap={None: ATOM})
    _put(top, "id", url)
    _put(top, "title", f"{code} · 预警 Alerts")
    _put(top, "updated", at.isoformat(timespec="seconds"))
    _put(top, "link", rel="self", type=ATOM_TYPE, href=url)
    _put(_put(top, "author"), "name", "邻里 Linli")
    for row in rows:
        entry = _put(top, "entry")
        _put(entry, "id", f"urn:linli:cap:{row.identifier}")
        _put(entry, "title", f"{row.kind}: {row.title}")
        _put(entry, "updated", row.sent.isoformat(timespec="seconds"))
        href = f"{_public_url()}/cap/{row.id}.xml"
        _put(entry, "link", rel="alternate", type=CAP_TYPE, href=href)
        _put(entry, "summary", row.title)
    return etree.tostring(top, xml_declaration=True, encoding="UTF-8")


@feeds.get("/cap/<uuid:id>.xml")
@feeds.binary(CAP_TYPE)
def read_alert(id: UUID) -> Response:  # noqa: A002
    """Read an alert (CAP 1.2): the same bytes every time."""
    content, tag = written(id, _public_url()), f'"{id}"'
    if _is_known(tag, None):
        return _answer(b"", CAP_TYPE, tag, None, status=304)
    return _answer(content, CAP_TYPE, tag, None)


@feeds.get("/n/<uuid:id>")
@feeds.binary(HTML)
def read_page(id: UUID) -> Response:  # noqa: A002  the name of the path's parameter
    """Read a public notice as a page, also after it expired."""
    content = page_of(queries.one_public(id)).encode()
    response = _answer(content, f"{HTML}; charset=utf-8", None, None)
    policy = "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'"
    response.headers["Content-Security-Policy"] = policy
    return response


@feeds.get("/n/<uuid:id>/attachments/<uuid:file>")
@feeds.refuses(FileUnknown)
@feeds.binary(JPEG, PDF)
def read_attachment(id: UUID, file: UUID) -> Response:  # noqa: A002
    """Read a file of a public notice, for as long as the notice is not withdrawn."""
    queries.has_file(id, file)
    return answered(file, *read_file(file, FULL))


def _feed(code: str, form: str, media_type: str, write: Callable[[Feed], bytes]) -> Response:
    places = queries.places_of(code)
    changed = queries.newest(places)
    tag = f'"{form}{FORM}-{code}-{changed.seq if changed else 0}"'
    at = changed.at if changed else None
    if _is_known(tag, at):
        return _answer(b"", media_type, tag, at, status=304)
    url = f"{_public_url()}/feeds/{code}/notices.{form}"
    feed = queries.feed_of(code, places, changed, _public_url(), url)
    return _answer(write(feed), media_type, tag, at)


def _is_known(tag: str, at: datetime | None) -> bool:
    """Tell whether the caller has it already (RFC 9110, 13.2.2: a tag goes before a time)."""
    if "If-None-Match" in request.headers:
        return request.if_none_match.contains_weak(tag.strip('"'))
    since = request.if_modified_since
    return since is not None and at is not None and at.replace(microsecond=0) <= since


def _answer(
    content: bytes, media_type: str, tag: str | None, at: datetime | None, status: int = 200
) -> Response:
    response = Response(content, status, content_type=media_type)
    response.headers["Cache-Control"] = A_MINUTE
    if tag is not None:
        response.headers["ETag"] = tag
    if at is not None:
        response.headers["Last-Modified"] = http_date(min(at, clock.now() - SETTLED))
    return response


def _put(parent: Any, name: str, text: str = "", **given: str) -> Any:
    found = etree.SubElement(parent, f"{{{ATOM}}}{name}", attrib=given)
    found.text = text or None
    return found


def _public_url() -> str:
    settings: Settings = current_app.extensions["linli.settings"]
    return settings.public_url
