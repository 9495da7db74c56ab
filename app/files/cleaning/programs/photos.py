"""Photos on the pages of a document, without what their cameras and makers wrote into them.

Their pixels stay byte by byte. A JPEG is a row of segments, a JPEG 2000 a row of boxes around a
row of segments; what is not needed to draw it goes.
"""

from collections.abc import Iterator

SCAN, END, FIRST_APP, LAST_APP, REMARK = 0xDA, 0xD9, 0xE0, 0xEF, 0xFE
DRAWING = {0xE0: b"JFIF\0", 0xE2: b"ICC_PROFILE\0", 0xEE: b"Adobe"}  # without them colours differ
ALONE = (0x01, *range(0xD0, 0xD9))  # markers without a length
DRAWN = (
    *(b"jP  ", b"ftyp", b"rreq", b"jp2h", b"jpch", b"jplh", b"jp2c", b"ihdr", b"bpcc"),
    *(b"colr", b"pclr", b"cmap", b"cdef", b"cgrp", b"opct", b"res ", b"resc", b"resd"),
)
WITHIN = (b"jp2h", b"jpch", b"jplh", b"cgrp", b"res ")  # boxes of boxes
SHORT, LONG, LARGEST = 8, 16, 2**32 - 1
TILE, DATA, WORDS, CODE = 0xFF90, 0xFF93, 0xFF64, b"\xff\x4f"


class Broken(Exception):
    """It cannot be told where the parts of a photo begin and end."""


def bare_jpeg(raw: bytes) -> bytes:
    """Return a JPEG without remarks, camera data and pictures behind its end."""
    if not raw.startswith(b"\xff\xd8"):
        raise Broken
    kept, at = [raw[:2]], 2
    while (at := raw.find(b"\xff", at)) >= 0 and at + 2 <= len(raw):
        marker = raw[at + 1]
        end = _end(raw, at, marker)
        if not _tells(marker, raw[at + 4 : end]):
            kept.append(raw[at:end])
        if marker == END:
            break
        at = end
    return b"".join(kept)


def _end(raw: bytes, at: int, marker: int) -> int:
    if marker == 0xFF:
        return at + 1  # filling
    if marker == END or marker in ALONE:
        return at + 2
    length = int.from_bytes(raw[at + 2 : at + 4], "big")
    if length < 2:
        raise Broken
    return _scanned(raw, at + 2 + length) if marker == SCAN else at + 2 + length


def _scanned(raw: bytes, at: int) -> int:
    """Return where the packed pixels end that begin here."""
    while (at := raw.find(b"\xff", at)) >= 0 and at + 1 < len(raw):
        if raw[at + 1] and not 0xD0 <= raw[at + 1] <= 0xD7:
            return at
        at += 2
    return len(raw)


def _tells(marker: int, content: bytes) -> bool:
    if marker == REMARK:
        return True
    needed = DRAWING.get(marker)
    return FIRST_APP <= marker <= LAST_APP and not (needed and content.startswith(needed))


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
    length = len(body) + SHORT
    if length > LARGEST:
        raise Broken
    return length.to_bytes(4, "big") + kind + body


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
