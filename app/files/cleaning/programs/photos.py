"""Photos on the pages of a document, without what their cameras and makers wrote into them.

Their pixels stay byte by byte. A JPEG is a row of segments, a JPEG 2000 a row of boxes around a
row of segments; what is not needed to draw it goes.
"""

from collections.abc import Iterator

from app.files.cleaning.programs.colours import bare_profile

SCAN, END = 0xDA, 0xD9
PROFILE = b"ICC_PROFILE\0"
JFIF, ADOBE = 0xE0, 0xEE
DRAWING = {JFIF: (b"JFIF\0", 12), ADOBE: (b"Adobe", 12)}  # without them colours differ
"""Of these the first so many bytes draw; behind them a JFIF has a small picture of its own."""
COLOURS = 0xE2
DRAWERS = (*range(0xC0, 0xD0), *range(END, 0xE0))
"""Frames, tables, scans and their bounds; what else there is tells, or nobody knows what it is."""
ALONE = (0x01, *range(0xD0, 0xD9))  # markers without a length
DRAWN = (
    *(b"jP  ", b"ftyp", b"rreq", b"jp2h", b"jpch", b"jplh", b"jp2c", b"ihdr", b"bpcc"),
    *(b"colr", b"pclr", b"cmap", b"cdef", b"cgrp", b"opct", b"res ", b"resc", b"resd"),
)
WITHIN = (b"jp2h", b"jpch", b"jplh", b"cgrp", b"res ")  # boxes of boxes
PROFILED, BY_NUMBER = (b"\2", b"\3"), b"\1\0\0"
SRGB, GREY = (16).to_bytes(4, "big"), (17).to_bytes(4, "big")
LEAST, PIECE = 14, 65_519  # bytes before a piece of a profile, and of one at most
SHORT, LONG, LARGEST = 8, 16, 2**32 - 1
TILE, DATA, WORDS, CODE = 0xFF90, 0xFF93, 0xFF64, b"\xff\x4f"


class Broken(Exception):
    """It cannot be told where the parts of a photo begin and end."""


def bare_jpeg(raw: bytes) -> bytes:
    """Return a JPEG without remarks, camera data and pictures behind its end.

    It begins where its start is, for some have a line end before it; without one nobody can draw it
    and nothing is left. Where its parts do not add up it ends.
    """
    begin = raw.find(b"\xff\xd8")
    if begin < 0:
        return b""
    kept, colours = [raw[begin : begin + 2]], _profile(raw, begin + 2)
    for marker, segment in _segments(raw, begin + 2):
        if marker == COLOURS and colours:
            kept.append(colours)
            colours = b""
        kept.append(_drawing(segment, marker))
        if marker == END:
            break
    return b"".join(kept)


def _segments(raw: bytes, at: int) -> Iterator[tuple[int, bytes]]:
    """Yield the segments of a JPEG by their markers, as far as they add up."""
    while (at := raw.find(b"\xff", at)) >= 0 and (end := _end(raw, at)) > at:
        yield raw[at + 1], raw[at:end]
        at = end


def _end(raw: bytes, at: int) -> int:
    """Return where the segment ends that begins here; here: there is none."""
    marker, length = raw[at + 1 : at + 2], int.from_bytes(raw[at + 2 : at + 4], "big")
    if marker == b"\xff":
        return at + 1  # filling
    if not marker or marker[0] == END or marker[0] in ALONE:
        return at + 2 * len(marker)
    if length < 2:
        return at
    return _scanned(raw, at + 2 + length) if marker[0] == SCAN else at + 2 + length


def _scanned(raw: bytes, at: int) -> int:
    """Return where the packed pixels end that begin here."""
    while (at := raw.find(b"\xff", at)) >= 0 and at + 1 < len(raw):
        if raw[at + 1] and not 0xD0 <= raw[at + 1] <= 0xD7:
            return at
        at += 2
    return len(raw)


def _drawing(segment: bytes, marker: int) -> bytes:
    """Return of a segment what draws."""
    if marker in DRAWERS or marker in ALONE:
        return segment
    name, most = DRAWING.get(marker, (b"", 0))
    if not name or not segment[4:].startswith(name):
        return b""
    content = segment[4 : 4 + most] + (bytes(2) if marker == JFIF else b"")  # no small picture
    return segment[:2] + (len(content) + 2).to_bytes(2, "big") + content


def _profile(raw: bytes, at: int) -> bytes:
    """Return the segments of the profile of colour of a JPEG, which is cut into many."""
    parts: dict[int, bytes] = {}
    for marker, segment in _segments(raw, at):
        if marker in (SCAN, END):
            break
        content = segment[4:]
        if marker == COLOURS and content.startswith(PROFILE) and len(content) > LEAST:
            parts.setdefault(content[12], content[LEAST:])
    whole = bare_profile(b"".join(part for _, part in sorted(parts.items())))
    pieces = [whole[start : start + PIECE] for start in range(0, len(whole), PIECE)]
    return b"".join(
        b"\xff\xe2"
        + (len(piece) + 2 + LEAST).to_bytes(2, "big")
        + PROFILE
        + bytes((number, len(pieces)))
        + piece
        for number, piece in enumerate(pieces[:255], 1)
    )


def bare_jpeg2000(raw: bytes) -> bytes:
    """Return a JPEG 2000 with the boxes alone that draw it."""
    if raw.startswith(CODE):
        return _without_words(raw)
    return b"".join(_kept(kind, body) for kind, body in _boxes(raw) if kind in DRAWN)


def _kept(kind: bytes, body: bytes) -> bytes:
    if kind in WITHIN:
        body = b"".join(_kept(inner, part) for inner, part in _boxes(body) if inner in DRAWN)
    if kind == b"jp2c":
        body = _without_words(body)
    if kind == b"colr":
        body = _coloured(body)
    length = len(body) + SHORT
    if length > LARGEST:
        raise Broken
    return length.to_bytes(4, "big") + kind + body


def _coloured(body: bytes) -> bytes:
    """Return how a JPEG 2000 is coloured: by a number, or by a profile that tells nothing."""
    if body[:1] not in PROFILED:
        return body[:7]
    profile = bare_profile(body[3:])
    grey = body[19:23] == b"GRAY"
    return body[:3] + profile if profile else BY_NUMBER + (GREY if grey else SRGB)


def _boxes(raw: bytes) -> Iterator[tuple[bytes, bytes]]:
    at = 0
    while at + SHORT <= len(raw):
        length, head = int.from_bytes(raw[at : at + 4], "big"), SHORT
        if length == 1:
            length, head = int.from_bytes(raw[at + 8 : at + LONG], "big"), LONG
        elif length == 0:
            length = len(raw) - at
        if length < head:
            raise Broken
        yield raw[at + 4 : at + 8], raw[at + head : at + length]
        at += length


def _without_words(code: bytes) -> bytes:
    """Return packed pixels whose remarks are blank: their places are counted, so they stay."""
    if not code.startswith(CODE):
        raise Broken
    blank, at, tile = bytearray(code), 2, 0
    while at + 4 <= len(code):
        marker, length = (int.from_bytes(code[at + n : at + n + 2], "big") for n in (0, 2))
        if marker == 0xFF00 | END:
            return bytes(blank[: at + 2])
        if marker == TILE:
            size = int.from_bytes(code[at + 6 : at + 10], "big")
            tile = at + size if size else len(code)  # the last one may reach to the end
        if marker == DATA and tile > at:
            at = tile
            continue
        if marker >> 8 != 0xFF or length < 2:
            raise Broken
        if marker == WORDS:
            blank[at + 6 : at + 2 + length] = bytes(len(code[at + 6 : at + 2 + length]))
        at += 2 + length
    return bytes(blank[: at + 2])
