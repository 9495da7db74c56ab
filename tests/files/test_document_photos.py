"""Photos in a document keep their pixels and tell nothing, however they are packed."""

import base64
import io
import zlib

import pikepdf
import pytest
from pikepdf import Array, Dictionary
from PIL import Image

from app.files.cleaning.documents import clean_document
from tests.files.documents import with_photo
from tests.files.pictures import CANARY, photo, telling


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
