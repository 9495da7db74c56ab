"""Photos in a document keep their pixels and tell nothing, however they are packed."""

import base64
import io
import struct
import zlib

import pikepdf
import pytest
from pikepdf import Array, Dictionary, Name, Stream
from PIL import Image

from app.files.cleaning.documents import clean_document
from app.files.refusals import DocumentRefused
from tests.files.documents import with_photo
from tests.files.pictures import CANARY, photo, telling

SECRET = CANARY.encode()


def photo_of(clean: bytes) -> bytes:
    """Return the photo on the only page of a washed document, packed by its own filter alone."""
    with pikepdf.open(io.BytesIO(clean)) as pdf:
        (page,) = pdf.pages
        return page.obj.Resources.XObject.Photo.read_raw_bytes()


def drawn(raw: bytes) -> bytes:
    return Image.open(io.BytesIO(raw)).convert("RGB").tobytes()


@pytest.mark.parametrize(
    ("filters", "packed"),
    [
        (["/DCTDecode"], telling("JPEG")),
        (["/FlateDecode", "/DCTDecode"], zlib.compress(telling("JPEG"))),
        (["/ASCIIHexDecode", "/DCTDecode"], telling("JPEG").hex().encode() + b">"),
        (
            ["/ASCII85Decode", "/FlateDecode", "/DCTDecode"],
            base64.a85encode(zlib.compress(telling("JPEG"))) + b"~>",
        ),
    ],
    ids=["once", "twice", "as digits", "thrice"],
)
def test_a_photo_tells_nothing_however_often_it_is_packed(
    filters: list[str], packed: bytes
) -> None:
    raw = photo_of(clean_document(with_photo(packed, *filters)))
    assert b"CANARY" not in raw
    assert not Image.open(io.BytesIO(raw)).getexif()
    assert drawn(raw) == drawn(telling("JPEG"))


def test_a_packing_with_parameters_is_undone_by_them() -> None:
    rows = b"".join(b"\0" + bytes((each,)) for each in telling("JPEG"))
    parameters = Array([Dictionary(Predictor=15, Columns=1), Dictionary()])
    packed = with_photo(zlib.compress(rows), "/FlateDecode", "/DCTDecode", DecodeParms=parameters)
    raw = photo_of(clean_document(packed))
    assert b"CANARY" not in raw
    assert drawn(raw) == drawn(photo())


def test_what_stands_behind_the_end_of_a_photo_and_between_its_scans_goes() -> None:
    progressive = photo(progressive=True)
    scan = progressive.rindex(b"\xff\xda")
    remark = b"\xff\xfe\0\x0d" + CANARY.encode()
    inside = progressive[:scan] + remark + progressive[scan:] + telling("JPEG")
    raw = photo_of(clean_document(with_photo(inside, "/DCTDecode")))
    assert raw == progressive


def box(kind: bytes, body: bytes, form: str = "plain") -> bytes:
    """Return a box of a JPEG 2000 whose length is written in one of the three ways."""
    if form == "long":
        return struct.pack(">I4sQ", 1, kind, len(body) + 16) + body
    return struct.pack(">I4s", 0 if form == "to the end" else len(body) + 8, kind) + body


def jpeg2000(*behind: bytes, within: bytes = b"", head: str = "plain") -> bytes:
    """Return a JPEG 2000 with boxes before and behind its pixels and within its head."""
    raw = photo(64, 48, form="JPEG2000")
    start = raw.index(b"jp2h") - 4
    length = int.from_bytes(raw[start : start + 4], "big")
    inner, pixels = raw[start + 8 : start + length], raw[start + length :]
    (size,) = struct.unpack(">I", pixels[:4])
    code = pixels[8:size] if size else pixels[8:]
    told = box(b"xml ", SECRET)
    parts = [raw[:start], box(b"jp2h", inner + within, head), told, box(b"jp2c", worded(code))]
    return b"".join([*parts, *behind])


def worded(code: bytes) -> bytes:
    """Return the pixels of a JPEG 2000 with a remark in their head."""
    remark = struct.pack(">HHH", 0xFF64, len(SECRET) + 4, 1) + SECRET
    at = code.index(b"\xff\x90")
    return code[:at] + remark + code[at:]


@pytest.mark.parametrize(
    "raw",
    [
        jpeg2000(box(b"uuid", bytes(16) + SECRET)),
        jpeg2000(box(b"xml ", SECRET, "long")),
        jpeg2000(box(b"uuid", bytes(16) + SECRET, "to the end")),
        jpeg2000(box(b"uinf", box(b"url ", SECRET)), box(b"free", SECRET)),
        jpeg2000(within=box(b"xml ", SECRET), head="long"),
    ],
    ids=["plain", "long", "to the end", "nested", "within the head"],
)
@pytest.mark.parametrize("twice", [False, True], ids=["once", "twice"])
def test_a_jpeg_2000_keeps_its_pixels_alone(raw: bytes, twice: bool) -> None:
    assert raw.count(SECRET) > 2
    filters = ["/FlateDecode"] * twice + ["/JPXDecode"]
    bare = photo_of(clean_document(with_photo(zlib.compress(raw) if twice else raw, *filters)))
    assert b"CANARY" not in bare
    assert drawn(bare) == drawn(photo(64, 48, form="JPEG2000"))


@pytest.mark.parametrize(
    "raw",
    [
        box(b"jp2c", b""),
        struct.pack(">I4s", 7, b"jP  "),
        b"\xff\x4f\xff\x90\0\x0a\0\0\0\0\0\1\0\1\xff\x93\0\0",
    ],
)
def test_a_jpeg_2000_whose_parts_do_not_add_up_is_refused(raw: bytes) -> None:
    with pytest.raises(DocumentRefused) as refused:
        clean_document(with_photo(raw, "/JPXDecode"))
    assert refused.value.facts["reason"] == "broken"


def test_the_bare_pixels_of_a_jpeg_2000_lose_their_remarks_too() -> None:
    boxed = photo(64, 48, form="JPEG2000")
    code = boxed[boxed.index(b"\xff\x4f\xff\x51") :]
    bare = photo_of(clean_document(with_photo(worded(code), "/JPXDecode")))
    assert b"CANARY" not in bare
    assert drawn(bare) == drawn(code)


def written_in(data: bytes, filters: bytes) -> bytes:
    """Return a drawing with a photo between BI and EI."""
    head = b"/W 640 /H 480 /BPC 8 /CS /RGB /F " + filters
    return b"q 100 0 0 100 0 0 cm\nBI " + head + b" ID " + data + b"\nEI\nQ"


def drawing(kind: str, content: bytes) -> bytes:
    """Return a document that has this drawing on its page, in a form, a pattern or a letter."""
    with pikepdf.new() as pdf:
        page = pdf.add_blank_page(page_size=(200, 200))
        stream = pdf.make_indirect(Stream(pdf, content))
        page.obj.Held = stream
        if kind == "page":
            page.Contents = stream
        elif kind == "pieces":
            front, back = content.split(b" ID ", 1)
            halves = [Stream(pdf, front), Stream(pdf, b" ID " + back)]
            page.Contents = Array([pdf.make_indirect(each) for each in halves])
            del page.obj.Held
        elif kind == "form":
            stream.Type, stream.Subtype, stream.BBox = Name.XObject, Name.Form, Array([0, 0, 9, 9])
        elif kind == "pattern":
            stream.PatternType = 1
        else:
            page.obj.Held = Dictionary(Subtype=Name.Type3, CharProcs=Dictionary(a=stream))
        out = io.BytesIO()
        pdf.save(out)
    return out.getvalue()


@pytest.mark.parametrize("kind", ["page", "pieces", "form", "pattern", "letter"])
@pytest.mark.parametrize(
    ("filters", "data"),
    [
        (b"/DCT", telling("JPEG")),
        (b"/D#43TDecode", telling("JPEG")),
        (b"[/A85 /DCT]", base64.a85encode(telling("JPEG")) + b"~>"),
    ],
    ids=["short", "masked", "twice"],
)
def test_a_photo_written_into_a_drawing_tells_nothing(
    kind: str, filters: bytes, data: bytes
) -> None:
    clean = clean_document(drawing(kind, written_in(data, filters)))
    with pikepdf.open(io.BytesIO(clean)) as pdf:
        assert len(pdf.pages) == 1
        streams = [each for each in pdf.objects if isinstance(each, Stream)]
        assert not [each for each in streams if b"CANARY" in each.read_bytes()]
        (held,) = [each for each in streams if b"BI" in each.read_bytes()]
        steps = pikepdf.parse_content_stream(held)
        (raw,) = [
            each.iimage.read_raw_bytes()
            for each in steps
            if isinstance(each, pikepdf.ContentStreamInlineImage)
        ]
    assert b"CANARY" not in raw
    assert drawn(raw) == drawn(telling("JPEG"))
