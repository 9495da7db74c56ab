"""A CAP 1.2 message: its parts, the rules that the schema does not know, and its XML."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from pathlib import Path

from lxml import etree

from app.clock import SHANGHAI

NAMESPACE = "urn:oasis:names:tc:emergency:cap:1.2"
SCHEMA = Path(__file__).parent / "schema" / "CAP-v1.2.xsd"
FORBIDDEN = re.compile(r"[\s,<&]")
FEWEST_POINTS = 4
ROUNDED = 0.00001  # degrees: points of the district's edge are rounded

Ring = Sequence[tuple[float, float]]
"""Points as (longitude, latitude) in WGS-84, the first one again at the end."""


class Kind(StrEnum):
    """What a message does; the names are those of ``msgType``."""

    ALERT = "Alert"
    UPDATE = "Update"
    CANCEL = "Cancel"


SEVERITY = {Kind.ALERT: "Severe", Kind.UPDATE: "Severe", Kind.CANCEL: "Minor"}


class CapRefused(Exception):
    """The message breaks a rule of CAP; ``code`` says which."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


@dataclass(frozen=True, slots=True)
class Info:
    """The words in one language."""

    language: str
    headline: str
    description: str
    area: str


@dataclass(frozen=True, slots=True)
class Resource:
    """A file of the notice; ``sha1`` in hexadecimal, as CAP wants it (FIPS 180-2)."""

    name: str
    media_type: str
    size: int
    url: str
    sha1: str


@dataclass(frozen=True, slots=True)
class CapMessage:
    """One message. ``drill``: an exercise, never ``Actual``. ``references`` are earlier ones.

    ``note`` is what an Update changed. ``bounds``: west, south, east, north of the district in
    degrees; None: not known.
    """

    identifier: str
    sender: str
    sender_name: str
    sent: datetime
    kind: Kind
    drill: bool
    expires: datetime
    infos: Sequence[Info]
    rings: Sequence[Ring]
    codes: Sequence[str]
    web: str
    note: str | None = None
    references: Sequence[str] = field(default=())
    resources: Sequence[Resource] = field(default=())
    bounds: tuple[float, float, float, float] | None = None


def moment(at: datetime) -> str:
    """Return a time as CAP wants it: whole seconds and an offset; ``Z`` is not one."""
    return at.astimezone(SHANGHAI).isoformat(timespec="seconds")


def reference(sender: str, identifier: str, sent: datetime) -> str:
    """Return how another message refers to this one."""
    return f"{sender},{identifier},{moment(sent)}"


def check(message: CapMessage) -> None:
    """Refuse what the schema lets pass.

    Raises:
        CapRefused: identifier, references, expires, open-ring, ring-too-short, axes, or
            outside-the-district, where swapped axes of small numbers end.
    """
    for name in (message.identifier, message.sender):
        if not name or FORBIDDEN.search(name):
            raise CapRefused("identifier")
    if message.kind is not Kind.ALERT and not message.references:
        raise CapRefused("references")
    if any(len(each.split(",")) != 3 for each in message.references):
        raise CapRefused("references")
    if message.expires <= message.sent:
        raise CapRefused("expires")
    for ring in message.rings:
        if len(ring) < FEWEST_POINTS:
            raise CapRefused("ring-too-short")
        if tuple(ring[0]) != tuple(ring[-1]):
            raise CapRefused("open-ring")
        if any(abs(lat) > 90 or abs(lng) > 180 for lng, lat in ring):
            raise CapRefused("axes")
        if message.bounds and any(_outside(message.bounds, lng, lat) for lng, lat in ring):
            raise CapRefused("outside-the-district")


def _outside(bounds: tuple[float, float, float, float], lng: float, lat: float) -> bool:
    west, south, east, north = bounds
    return (
        lng < west - ROUNDED
        or lng > east + ROUNDED
        or lat < south - ROUNDED
        or lat > north + ROUNDED
    )


def xml_of(message: CapMessage) -> bytes:
    """Return the message as XML, checked by its rules and by the schema of OASIS.

    Raises:
        CapRefused: as ``check``, or ``schema``.
    """
    check(message)
    alert = etree.Element(f"{{{NAMESPACE}}}alert", nsmap={None: NAMESPACE})
    _add(alert, "identifier", message.identifier)
    _add(alert, "sender", message.sender)
    _add(alert, "sent", moment(message.sent))
    _add(alert, "status", "Exercise" if message.drill else "Actual")
    _add(alert, "msgType", message.kind)
    _add(alert, "scope", "Public")
    said = [words for words in ("演练 · Drill" if message.drill else "", message.note) if words]
    if said:
        _add(alert, "note", ":".join(said))
    if message.references:
        _add(alert, "references", " ".join(message.references))
    for info in message.infos:
        _info(alert, message, info)
    if not _schema().validate(alert):
        raise CapRefused("schema")
    return etree.tostring(alert, xml_declaration=True, encoding="UTF-8")


def _info(alert: etree._Element, message: CapMessage, words: Info) -> None:
    info = etree.SubElement(alert, f"{{{NAMESPACE}}}info")
    over = message.kind is Kind.CANCEL
    _add(info, "language", words.language)
    _add(info, "category", "Safety")
    _add(info, "event", words.headline)
    _add(info, "responseType", "AllClear" if over else "Monitor")
    _add(info, "urgency", "Past" if over else "Immediate")
    _add(info, "severity", SEVERITY[message.kind])
    _add(info, "certainty", "Observed")
    _add(info, "effective", moment(message.sent))
    _add(info, "expires", moment(message.expires))
    _add(info, "senderName", message.sender_name)
    _add(info, "headline", words.headline)
    _add(info, "description", words.description)
    _add(info, "web", message.web)
    for each in message.resources:
        resource = etree.SubElement(info, f"{{{NAMESPACE}}}resource")
        _add(resource, "resourceDesc", each.name)
        _add(resource, "mimeType", each.media_type)
        _add(resource, "size", str(each.size))
        _add(resource, "uri", each.url)
        _add(resource, "digest", each.sha1)
    area = etree.SubElement(info, f"{{{NAMESPACE}}}area")
    _add(area, "areaDesc", words.area)
    for ring in message.rings:
        _add(area, "polygon", " ".join(f"{lat:.5f},{lng:.5f}" for lng, lat in ring))
    for code in message.codes:
        geocode = etree.SubElement(area, f"{{{NAMESPACE}}}geocode")
        _add(geocode, "valueName", "linli-area")
        _add(geocode, "value", code)


def _add(parent: etree._Element, name: str, text: str) -> None:
    etree.SubElement(parent, f"{{{NAMESPACE}}}{name}").text = str(text)


_read: list[etree.XMLSchema] = []


def _schema() -> etree.XMLSchema:
    if not _read:
        _read.append(etree.XMLSchema(etree.parse(str(SCHEMA))))
    return _read[0]
