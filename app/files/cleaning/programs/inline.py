"""What is written into the drawing of a page itself: photos, remarks, and who marked what.

A photo stands between the words BI, ID and EI, a remark behind a per cent sign, and with a mark
(BDC, DP) may stand whatever the program that made the document wanted to remember.
"""

import re
from typing import Any

import pikepdf
from pikepdf import Array, Dictionary, Name, Page, Stream

from app.files.cleaning.programs.packed import BARE, bared, listed, plain

TELLING = re.compile(rb"%|<<(?!\s*/MCID\s+\d+\s*>>)")
MARKS = ("BDC", "DP")
OF_A_MARK = (
    "/MCID",
    "/ActualText",
    "/Alt",
    "/E",
    "/Lang",
    "/Type",
    "/Subtype",
    "/BBox",
    "/Attached",
)
WRITTEN_IN = re.compile(rb"\bBI\b.*?\bID\b", re.DOTALL)


def bare_page(page: Page) -> None:
    """Bare the drawing of a page; one in pieces as a whole, for a step may begin in one of them."""
    pieces = listed(page.obj.get(Name.Contents))
    if len(pieces) > 1 and _holds_more(b"\n".join(each.read_bytes() for each in pieces)):
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
    """Write a drawing anew if it holds more than draws: only what draws is written."""
    if isinstance(drawing, Stream) and _holds_more(drawing.read_bytes()):
        steps = list(pikepdf.parse_content_stream(drawing))
        drawing.write(b"\n".join(map(_written, steps)))


def _holds_more(content: bytes) -> bool:
    """Tell whether there may be more in a drawing than what draws."""
    return bool(WRITTEN_IN.search(content) or TELLING.search(content))


def _marked(step: Any) -> Any:
    """Return a step; of what stands with a mark only what helps a reader."""
    *before, told = step.operands or [None]
    if str(step.operator) not in MARKS or not isinstance(told, Dictionary):
        return step
    kept = Dictionary({name: told[name] for name in OF_A_MARK if name in told})
    return pikepdf.ContentStreamInstruction([*before, kept], step.operator)


def _is_photo(step: Any) -> bool:
    if not isinstance(step, pikepdf.ContentStreamInlineImage):
        return False
    return any(str(each) in BARE for each in listed(step.iimage.obj.get(Name.Filter)))


def _written(step: Any) -> bytes:
    if not _is_photo(step):
        return pikepdf.unparse_content_stream([_marked(step)])
    entries = step.iimage.obj
    filters, parameters = (listed(entries.get(each)) for each in (Name.Filter, Name.DecodeParms))
    data, filters, parameters = bared(step.iimage.read_raw_bytes(), filters, parameters)
    entries.Filter = Array(filters)
    entries.DecodeParms = Array([plain(each) for each in parameters])
    entries.Length = len(data)
    whole: bytes = entries.unparse(resolved=True)
    head = whole.removeprefix(b"<<").removesuffix(b">>")
    return b"BI " + head + b" ID " + data + b"\nEI"
