"""Pictures as phones and attackers send them."""

import io
import struct
import zlib
from typing import Any

from PIL import Image, TiffImagePlugin
from PIL.PngImagePlugin import PngInfo

CANARY = "CANARY-7f3a"
GPS = "CANARY-GPS-40.0444"


def photo(width: int = 640, height: int = 480, form: str = "JPEG", **options: Any) -> bytes:
    """Return a picture whose left half is red and whose right half is blue."""
    picture = Image.new("RGB", (width, height), (220, 20, 20))
    picture.paste((20, 20, 220), (width // 2, 0, width, height))
    out = io.BytesIO()
    picture.save(out, form, **options)
    return out.getvalue()


def exif(turn: int = 1) -> bytes:
    """Return EXIF with a place, a maker's note, a comment and a turn."""
    found = Image.Exif()
    found[0x0112] = turn
    found[0x010E] = CANARY
    inner = found.get_ifd(0x8769)
    inner[0x927C] = CANARY.encode()
    inner[0x9286] = b"ASCII\0\0\0" + CANARY.encode()
    gps = found.get_ifd(0x8825)
    gps[0x001B] = GPS.encode()
    gps[0x0002] = tuple(TiffImagePlugin.IFDRational(n) for n in (40, 2, 40))
    return found.tobytes()


def telling(form: str, turn: int = 1) -> bytes:
    """Return a picture that tells of its maker in every way that its form has."""
    xmp = f"<x:xmpmeta>{CANARY}</x:xmpmeta>".encode()
    options: dict[str, Any] = {"exif": exif(turn)}
    if form == "JPEG":
        options |= {"comment": CANARY.encode(), "xmp": xmp}
    if form == "WEBP":
        options |= {"xmp": xmp}
    if form == "PNG":
        words = PngInfo()
        words.add_text("Comment", CANARY)
        words.add_itxt("XML:com.adobe.xmp", xmp.decode())
        options |= {"pnginfo": words}
    raw = photo(form=form, **options)
    if form == "JPEG":
        raw = raw[:2] + segment(0xED, b"Photoshop 3.0\0" + iptc()) + raw[2:]
    return raw


def iptc() -> bytes:
    """Return an IPTC record with a by-line."""
    record = b"\x1c\x02\x50" + struct.pack(">H", len(CANARY)) + CANARY.encode()
    return b"8BIM\x04\x04\0\0" + struct.pack(">I", len(record)) + record


def segment(marker: int, content: bytes) -> bytes:
    """Return a segment of a JPEG."""
    return bytes((0xFF, marker)) + struct.pack(">H", len(content) + 2) + content


def bomb(width: int, height: int) -> bytes:
    """Return a small PNG that claims to be large, and is."""
    lines = zlib.compressobj(9)
    row = b"\0" + bytes((width + 7) // 8)
    packed = b"".join(lines.compress(row) for _ in range(height)) + lines.flush()
    head = struct.pack(">IIBBBBB", width, height, 1, 0, 0, 0, 0)
    parts = (chunk(b"IHDR", head), chunk(b"IDAT", packed), chunk(b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(parts)


def chunk(name: bytes, content: bytes) -> bytes:
    """Return a chunk of a PNG."""
    body = name + content
    return struct.pack(">I", len(content)) + body + struct.pack(">I", zlib.crc32(body))


def moving(form: str) -> bytes:
    """Return a picture of three frames."""
    frames = [Image.new("RGB", (64, 64), colour) for colour in ("red", "green", "blue")]
    out = io.BytesIO()
    frames[0].save(out, form, save_all=True, append_images=frames[1:], duration=100)
    return out.getvalue()
