"""A feed in three forms: Atom (RFC 4287, tombstones of RFC 6721), RSS 2.0, JSON Feed 1.1."""

from email.utils import format_datetime
from typing import Any
from uuid import UUID

import orjson
from lxml import etree

from notices.feeds.entries import Enclosure, Feed

ATOM = "http://www.w3.org/2005/Atom"
TOMBSTONES = "http://purl.org/atompub/tombstones/1.0"
CONTENT = "http://purl.org/rss/1.0/modules/content/"
EMERGENCY = "emergency"


def urn(root_id: UUID) -> str:
    """Return the id of a notice in every feed, for ever."""
    return f"urn:uuid:{root_id}"


def atom_of(feed: Feed) -> bytes:
    """Return the feed as Atom; what was withdrawn is named as deleted."""
    top = etree.Element(f"{{{ATOM}}}feed", nsmap={None: ATOM, "at": TOMBSTONES})
    _atom(top, "id", feed.url)
    _atom(top, "title", feed.title)
    _atom(top, "updated", feed.updated_at.isoformat(timespec="seconds"))
    _atom(top, "link", rel="self", type="application/atom+xml", href=feed.url)
    _atom(top, "link", rel="alternate", type="text/html", href=feed.home)
    _atom(_atom(top, "author"), "name", feed.area_name)
    for gone in feed.gone:
        deleted = etree.SubElement(top, f"{{{TOMBSTONES}}}deleted-entry")
        deleted.set("ref", urn(gone.root_id))
        deleted.set("when", gone.at.isoformat(timespec="seconds"))
    for each in feed.entries:
        entry = _atom(top, "entry")
        _atom(entry, "id", urn(each.root_id))
        _atom(entry, "title", each.title)
        _atom(entry, "published", each.published_at.isoformat(timespec="seconds"))
        _atom(entry, "updated", each.updated_at.isoformat(timespec="seconds"))
        _atom(entry, "link", rel="alternate", type="text/html", href=each.url)
        for file in each.attachments:
            told = {"type": file.media_type, "length": str(file.size), "title": file.name}
            _atom(entry, "link", rel="enclosure", href=file.url, **told)
        if each.emergency:
            _atom(entry, "category", term=EMERGENCY)
        _atom(entry, "summary", each.summary)
        _atom(entry, "content", each.html, type="html")
    return etree.tostring(top, xml_declaration=True, encoding="UTF-8")


def rss_of(feed: Feed) -> bytes:
    """Return the feed as RSS 2.0."""
    top = etree.Element("rss", nsmap={"atom": ATOM, "content": CONTENT}, version="2.0")
    channel = etree.SubElement(top, "channel")
    _plain(channel, "title", feed.title)
    _plain(channel, "link", feed.home)
    _plain(channel, "description", feed.title)
    _plain(channel, "language", "zh-cn")
    _plain(channel, "lastBuildDate", format_datetime(feed.updated_at))
    own = etree.SubElement(channel, f"{{{ATOM}}}link")
    for name, value in (("rel", "self"), ("type", "application/rss+xml"), ("href", feed.url)):
        own.set(name, value)
    for each in feed.entries:
        item = etree.SubElement(channel, "item")
        _plain(item, "title", each.title)
        _plain(item, "link", each.url)
        _plain(item, "guid", urn(each.root_id)).set("isPermaLink", "false")
        _plain(item, "pubDate", format_datetime(each.published_at))
        if each.emergency:
            _plain(item, "category", EMERGENCY)
        for file in each.attachments[:1]:  # readers of RSS 2.0 know one
            enclosure = etree.SubElement(item, "enclosure", url=file.url, type=file.media_type)
            enclosure.set("length", str(file.size))
        _plain(item, "description", each.summary)
        etree.SubElement(item, f"{{{CONTENT}}}encoded").text = each.html
    return etree.tostring(top, xml_declaration=True, encoding="UTF-8")


def json_of(feed: Feed) -> bytes:
    """Return the feed as JSON Feed 1.1."""
    items: list[dict[str, Any]] = [
        {
            "id": urn(each.root_id),
            "url": each.url,
            "title": each.title,
            "summary": each.summary,
            "content_html": each.html,
            "date_published": each.published_at,
            "date_modified": each.updated_at,
            "language": "zh-CN",
            **({"tags": [EMERGENCY]} if each.emergency else {}),
            **(
                {"attachments": [_json(file) for file in each.attachments]}
                if each.attachments
                else {}
            ),
        }
        for each in feed.entries
    ]
    top = {
        "version": "https://jsonfeed.org/version/1.1",
        "title": feed.title,
        "home_page_url": feed.home,
        "feed_url": feed.url,
        "language": "zh-CN",
        "authors": [{"name": feed.area_name}],
        "items": items,
    }
    return orjson.dumps(top)


def _json(file: Enclosure) -> dict[str, Any]:
    return {
        "url": file.url,
        "mime_type": file.media_type,
        "title": file.name,
        "size_in_bytes": file.size,
    }


def _atom(parent: etree._Element, name: str, text: str = "", **given: str) -> etree._Element:
    found = etree.SubElement(parent, f"{{{ATOM}}}{name}", attrib=given)
    found.text = text or None
    return found


def _plain(parent: etree._Element, name: str, text: str) -> etree._Element:
    found = etree.SubElement(parent, name)
    found.text = text
    return found
