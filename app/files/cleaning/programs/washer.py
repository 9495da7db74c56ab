"""The program that washes one PDF: what it tells beside its pages goes, and so does what acts.

Left are the pages, their links within the document and to the web, the outline and the fields of a
form. Gone are who wrote it, when and with what (also in XMP, in remarks and in the photos on its
pages), files carried along, scripts, and whatever begins by itself. The objects are written anew,
so that nothing of an older state of the document is left behind its end.
"""

import io
from typing import Any

import pikepdf
from pikepdf import Array, Dictionary, Name, Object, PdfError, Stream

from app.files.cleaning.programs.actions import without_deeds
from app.files.cleaning.programs.colours import bare_profile
from app.files.cleaning.programs.entries import going
from app.files.cleaning.programs.inline import bare_drawings, bare_page
from app.files.cleaning.programs.packed import bare
from app.files.cleaning.programs.photos import Broken

TRAILER = ("/Root", "/Size", "/Encrypt")  # the last is needed to read, and is not written
CARRIERS = ("/FileAttachment", "/RichMedia", "/Screen", "/Movie", "/Sound", "/3D")
DEEPEST = 50  # objects written within each other; more is no document


class Refused(Exception):
    """The document is not taken; the message is one word."""


def clean(content: bytes, most_pages: int) -> bytes:
    """Return the document washed."""
    try:
        document = pikepdf.open(io.BytesIO(content))
    except pikepdf.PasswordError as fault:
        raise Refused("locked") from fault
    if not len(document.pages):
        raise Refused("broken")
    if len(document.pages) > most_pages:
        raise Refused("pages")
    for name in set(document.trailer.keys()) - set(TRAILER):
        del document.trailer[name]
    try:
        for page in document.pages:
            bare_page(page)
        for each in document.objects:
            wash(each)
    except (Broken, PdfError) as fault:
        raise Refused("broken") from fault
    out = io.BytesIO()
    document.save(out, deterministic_id=True, encryption=False)
    return out.getvalue()


def wash(part: Any, depth: int = 0) -> None:
    """Wash an object and what is written within it; what it points at is washed by itself."""
    if depth > DEEPEST:
        raise Refused("heavy")
    bare_drawings(part)
    if isinstance(part, Stream):
        bare(part)
    if isinstance(part, Array):
        washed_list(part, depth)
    elif isinstance(part, (Dictionary, Stream)):
        washed_entries(part, depth)


def bare_colours(profile: Stream) -> None:
    """Leave of a profile of colour what colours; readers do without one that is none."""
    profile.write(bare_profile(profile.read_bytes()))


def washed_entries(part: Any, depth: int) -> None:
    """Take the entries away that tell or act."""
    for name in list(going(part)):
        if name in part:
            del part[name]
    if part.get(Name.Type) == Name.OCG and Name.User in part.get(Name.Usage, Dictionary()):
        del part.Usage[Name.User]  # for whom a layer was made
    if isinstance(part.get(Name.DestOutputProfile), Stream):
        bare_colours(part.DestOutputProfile)
    without_deeds(part)
    for _, value in list(part.items()):
        if isinstance(value, Object) and not value.is_indirect:
            wash(value, depth + 1)


def washed_list(part: Array, depth: int) -> None:
    """Take out of a list what carries something along, and of a profile of colour what tells."""
    if len(part) > 1 and part[0] == Name.ICCBased and isinstance(part[1], Stream):
        bare_colours(part[1])
    for place in reversed(range(len(part))):
        value = part[place]
        if isinstance(value, Dictionary) and str(value.get(Name.Subtype, "")) in CARRIERS:
            del part[place]
        elif isinstance(value, Object) and not value.is_indirect:
            wash(value, depth + 1)
