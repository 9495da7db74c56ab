"""Which entries of a dictionary go, by what the dictionary is (ISO 32000-2)."""

from collections.abc import Iterator
from typing import Any

from pikepdf import Dictionary, Name, Stream, String

GONE = (
    Name.Metadata,
    Name.PieceInfo,
    Name.LastModified,
    Name.OpenAction,
    Name.AA,
    Name.JS,
    Name.JavaScript,
    Name.EmbeddedFiles,
    Name.EF,
    Name.AF,
    Name.Collection,
    Name.XFA,
    Name.RichMediaContent,
    Name.Thumb,
    Name.CreationDate,
    Name.M,
    *(Name.Perms, Name.DSS, Name.Threads, Name.SpiderInfo, Name.Legal, Name.IDS, Name.URLS),
    *(Name.Creator, Name.CreatorInfo, Name.OPI, Name.SV, Name.Templates),
    *(Name.RC, Name.RV, Name.Renditions, Name.AlternatePresentations),
)
"""Entries that tell or act wherever they stand."""

OF_THEIR_KIND = {"/Page": (Name.B,), "/Thread": (Name.I,)}
INTENTS = ("/GTS_PDFX", "/GTS_PDFA1", "/ISO_PDFE1")
CATALOGUE = frozenset(
    (
        *("/Type", "/Version", "/Pages", "/PageLabels", "/Names", "/Dests"),
        *("/ViewerPreferences", "/PageLayout", "/PageMode", "/Outlines", "/AcroForm"),
        *("/StructTreeRoot", "/MarkInfo", "/Lang", "/OutputIntents", "/OCProperties"),
    )
)
REMARK = frozenset(
    (
        *("/Type", "/Subtype", "/Rect", "/Contents", "/P", "/F", "/AP", "/AS", "/Border"),
        *("/C", "/StructParent", "/OC", "/CA", "/ca", "/BM", "/Lang", "/Popup", "/Parent"),
        *("/IRT", "/RT", "/IT", "/Subj", "/Open", "/Name", "/State", "/StateModel", "/A"),
        *("/PA", "/Dest", "/H", "/QuadPoints", "/BS", "/BE", "/DA", "/Q", "/DS", "/CL"),
        *("/RD", "/LE", "/L", "/LL", "/LLE", "/LLO", "/IC", "/Cap", "/CP", "/CO"),
        *("/Vertices", "/Path", "/InkList", "/RO", "/Repeat", "/OverlayText", "/Sy"),
        *("/Rotate",),
    )
)
"""What a catalogue and a remark may hold: whatever else stands there is somebody's own."""

MARKUP = (
    *("/Text", "/FreeText", "/Highlight", "/Underline", "/Squiggly", "/StrikeOut", "/Stamp"),
    *("/Caret", "/Ink", "/Line", "/Square", "/Circle", "/Polygon", "/PolyLine", "/Popup"),
    *("/Redact", "/Projection", "/Link", "/Watermark", "/PrinterMark", "/TrapNet"),
)
ELSEWHERE = (Name.F, Name.FFilter, Name.FDecodeParms)
"""Where a stream's bytes lie in another file."""

FILES = ("/Filespec", "/F")
PATHS = (Name.UF, Name.DOS, Name.Mac, Name.Unix)
"""Who names a file by one of these names the folders that it lay in, and whose they were."""

SEALS = ("/Sig", "/DocTimeStamp")


def going(part: Any) -> Iterator[Any]:
    """Yield the names of the entries that go."""
    kind, below = str(part.get(Name.Type, "")), str(part.get(Name.Subtype, ""))
    yield from GONE
    yield from OF_THEIR_KIND.get(kind, ())
    if kind in SEALS or Name.ByteRange in part:  # it was of the bytes as they were
        yield from list(part.keys())
    if kind in FILES or any(isinstance(part.get(each), String) for each in PATHS):
        yield from list(part.keys())
    elif isinstance(part.get(Name.F), String):  # a remark's /F is a number
        yield Name.F
    if kind == "/Catalog":
        yield from set(part.keys()) - CATALOGUE
    if below in MARKUP:
        yield from set(part.keys()) - REMARK
    if below == "/Form":
        yield Name.Ref
    if isinstance(part, Stream):
        yield from ELSEWHERE
    if str(part.get(Name.S, "")) in INTENTS:
        yield Name.Info
    if part.get(Name.O) == Name.UserProperties:
        yield Name.P
    if part.get(Name.FT) == Name.Sig or _is_seal(part.get(Name.V)):
        yield Name.V  # the picture of a seal stays


def _is_seal(value: Any) -> bool:
    return isinstance(value, Dictionary) and (
        str(value.get(Name.Type, "")) in SEALS or Name.ByteRange in value
    )
