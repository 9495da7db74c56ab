"""The program that decodes one picture.

It is told how many pixels a picture may have and how long a side may be, and returns a JSON line
(width, height, length of the picture, length of the thumbnail), the picture and the thumbnail. What
comes out is drawn anew from the pixels alone, so that nothing else of what came in is left: no
place, no camera, no comment, no thumbnail of another picture, nothing hidden behind the end.
"""

import io
import json
import warnings

from PIL import Image, ImageOps

KEPT_SIDE = 4096  # enough to read a number plate across a street
THUMBNAIL_SIDE = 320
QUALITY = 85
FORMATS = ("JPEG", "PNG", "WEBP")
SEVERAL = ("MPO",)  # what phones write: one photo with a depth map beside it; the first is meant


class Refused(Exception):
    """The picture is not taken; the message is one word."""


def opened(content: bytes, pixels: int, side: int) -> Image.Image:
    """Open a picture and judge it by its header, before a pixel is decoded."""
    Image.MAX_IMAGE_PIXELS = pixels
    warnings.simplefilter("error")
    try:
        picture = Image.open(io.BytesIO(content), formats=FORMATS)
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as fault:
        raise Refused("pixels") from fault
    width, height = picture.size
    if max(width, height) > side:
        raise Refused("sides")
    if width * height > pixels:
        raise Refused("pixels")
    if picture.format not in SEVERAL and getattr(picture, "n_frames", 1) != 1:
        raise Refused("frames")
    return picture


def drawn_anew(picture: Image.Image) -> Image.Image:
    """Return the upright pixels in a fresh picture of no more than ``KEPT_SIDE`` a side."""
    picture.draft("RGB", (KEPT_SIDE, KEPT_SIDE))  # JPEG alone: fewer pixels are decoded
    turn = picture.getexif().get(0x0112, 1)
    picture.thumbnail((KEPT_SIDE, KEPT_SIDE), reducing_gap=2.0)
    upright = _turned(picture, turn).convert("RGBA" if _has_holes(picture) else "RGB")
    fresh = Image.new("RGB", upright.size, "white")
    fresh.paste(upright, mask=upright if upright.mode == "RGBA" else None)
    return fresh


def _turned(picture: Image.Image, turn: int) -> Image.Image:
    ways = {
        2: Image.Transpose.FLIP_LEFT_RIGHT,
        3: Image.Transpose.ROTATE_180,
        4: Image.Transpose.FLIP_TOP_BOTTOM,
        5: Image.Transpose.TRANSPOSE,
        6: Image.Transpose.ROTATE_270,
        7: Image.Transpose.TRANSVERSE,
        8: Image.Transpose.ROTATE_90,
    }
    return picture.transpose(ways[turn]) if turn in ways else picture


def _has_holes(picture: Image.Image) -> bool:
    return picture.mode in ("RGBA", "LA", "PA") or "transparency" in picture.info


def written(picture: Image.Image) -> bytes:
    """Return a fresh picture as JPEG."""
    out = io.BytesIO()
    picture.save(out, "JPEG", quality=QUALITY)
    return out.getvalue()


def clean(content: bytes, pixels: int, side: int) -> bytes:
    """Return the picture drawn anew, and a small one of it."""
    fresh = drawn_anew(opened(content, pixels, side))
    small = ImageOps.contain(fresh, (THUMBNAIL_SIDE, THUMBNAIL_SIDE))
    drawn, thumbnail = written(fresh), written(small)
    note = [fresh.width, fresh.height, len(drawn), len(thumbnail)]
    return json.dumps(note).encode() + b"\n" + drawn + thumbnail
