"""Photos that are written into the drawing of a page itself, between the words BI, ID and EI."""

import re
from typing import Any

import pikepdf
from pikepdf import Array, Dictionary, Name, Page, Stream

from app.files.cleaning.programs.packed import BARE, bared, listed, plain

WRITTEN_IN = re.compile(rb"\bBI\b.*?\bID\b", re.DOTALL)


def bare_page(page: Page) -> None:
    """Bare the photos in the drawing of a page, though it may be in pieces."""
    pieces = listed(page.obj.get(Name.Contents))
    if len(pieces) > 1 and WRITTEN_IN.search(b"\n".join(each.read_bytes() for each in pieces)):
        page.contents_coalesce()
    for each in listed(page.obj.get(Name.Contents)):
        bare_drawing(each)


def bare_drawings(part: Any) -> None:
    """Bare the photos in a form, in the tile of a pattern and in the letters of a drawn font."""
    if isinstance(part, Stream):
        if part.get(Name.Subtype) == Name.Form or part.get(Name.PatternType) == 1:
            bare_drawing(part)
    elif isinstance(part, Dictionary) and isinstance(part.get(Name.CharProcs), Dictionary):
        for _, letter in part.CharProcs.items():
            bare_drawing(letter)


def bare_drawing(drawing: Any) -> None:
    """Write a drawing anew if there are photos in it, each without what does not draw it."""
    if not isinstance(drawing, Stream) or not WRITTEN_IN.search(drawing.read_bytes()):
        return
    steps = list(pikepdf.parse_content_stream(drawing))
    if any(_is_photo(each) for each in steps):
        drawing.write(b"\n".join(map(_written, steps)))


def _is_photo(step: Any) -> bool:
    if not isinstance(step, pikepdf.ContentStreamInlineImage):
        return False
    return any(str(each) in BARE for each in listed(step.iimage.obj.get(Name.Filter)))


def _written(step: Any) -> bytes:
    if not _is_photo(step):
        return pikepdf.unparse_content_stream([step])
    entries = step.iimage.obj
    filters, parameters = (listed(entries.get(each)) for each in (Name.Filter, Name.DecodeParms))
    data, filters, parameters = bared(step.iimage.read_raw_bytes(), filters, parameters)
    entries.Filter = Array(filters)
    entries.DecodeParms = Array([plain(each) for each in parameters])
    entries.Length = len(data)
    whole: bytes = entries.unparse(resolved=True)
    head = whole.removeprefix(b"<<").removesuffix(b">>")
    return b"BI " + head + b" ID " + data + b"\nEI"
