"""Profiles of colour keep what colours, wherever they stand, and lose what tells."""

import io
import struct
from typing import Any

import pikepdf
import pytest
from pikepdf import Array, Dictionary, Name, Pdf, Stream, String
from PIL import Image, ImageCms

from app.files.cleaning.documents import clean_document
from app.files.cleaning.programs.colours import bare_profile
from app.files.cleaning.programs.photos import bare_jpeg, bare_jpeg2000
from tests.files.documents import plain, unpacked, with_photo, written
from tests.files.pictures import CANARY, photo, telling
from tests.files.test_document_photos import drawn, photo_of

SECRET = CANARY.encode()


def srgb() -> bytes:
    profile: bytes = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    return profile


def telling_profile() -> bytes:
    """Return sRGB by somebody who wrote into it who they are, in a tag and behind its colours."""
    bare = bytearray(srgb())
    count = int.from_bytes(bare[128:132], "big")
    moved = 12 * 2
    body, table = bare[132 + 12 * count :], bytearray(bare[132 : 132 + 12 * count])
    for at in range(0, len(table), 12):
        start = int.from_bytes(table[at + 4 : at + 8], "big")
        table[at + 4 : at + 8] = (start + moved).to_bytes(4, "big")
    first = 132 + 12 * count + moved + len(body)
    words = b"desc\0\0\0\0" + SECRET + b"XYZ \0\0\0\0" + SECRET
    half = len(words) // 2
    table += struct.pack(">4sII", b"mine", first + half, half)  # a tag of nobody's
    table += struct.pack(">4sII", b"lumi", first, half)  # a tag of colours that says words
    bare[128:132] = (count + 2).to_bytes(4, "big")
    whole = bytes(bare[:132]) + bytes(table) + bytes(body) + words + b"Exif\0\0" + SECRET
    whole = len(whole).to_bytes(4, "big") + whole[4:]
    return whole[:80] + SECRET[:4] + whole[84:]


def same_colours(one: bytes, other: bytes) -> bool:
    """Tell whether both profiles make the same colours of the same picture."""
    wide = Image.open(io.BytesIO(photo())).convert("RGB")
    made = [
        ImageCms.profileToProfile(
            wide, io.BytesIO(each), ImageCms.createProfile("LAB"), outputMode="LAB"
        )
        for each in (one, other)
    ]
    return all(each is not None for each in made) and made[0].tobytes() == made[1].tobytes()  # type: ignore[union-attr]


def test_a_profile_colours_as_before_and_tells_nothing() -> None:
    told = telling_profile()
    assert SECRET in told
    bare = bare_profile(told)
    assert b"CANARY" not in bare
    assert SECRET[:4] != bare[80:84]
    assert same_colours(bare, srgb())
    assert bare_profile(bare) == bare


@pytest.mark.parametrize(
    "none",
    [
        b"",
        b"Exif\0\0MM\0*" + SECRET * 20,
        srgb()[:200],
        srgb()[:128] + b"\xff\xff\xff\xff" + srgb()[132:],
        srgb()[:136] + b"\0\0\0\0" + srgb()[140:],
    ],
    ids=["nothing", "a camera's words", "cut", "too many tags", "a tag in the head"],
)
def test_what_is_no_profile_is_left_out(none: bytes) -> None:
    assert bare_profile(none) == b""
    jpeg = photo()
    packed = jpeg[:2] + segment(b"ICC_PROFILE\0\1\1" + none) + jpeg[2:]
    assert bare_jpeg(packed) == bare_jpeg(jpeg)


def segment(content: bytes, marker: int = 0xE2) -> bytes:
    return bytes((0xFF, marker)) + (len(content) + 2).to_bytes(2, "big") + content


def test_a_photo_keeps_its_colours_though_its_profile_is_in_pieces() -> None:
    told, jpeg = telling_profile(), photo()
    pieces = [told[at : at + 200] for at in range(0, len(told), 200)]
    parts = [
        segment(b"ICC_PROFILE\0" + bytes((number, len(pieces))) + piece)
        for number, piece in enumerate(pieces, 1)
    ]
    parts.reverse()  # any order will do
    raw = photo_of(clean_document(with_photo(jpeg[:2] + b"".join(parts) + jpeg[2:], "/DCTDecode")))
    assert b"CANARY" not in raw
    profile = Image.open(io.BytesIO(raw)).info["icc_profile"]
    assert same_colours(profile, srgb())
    assert drawn(raw) == drawn(jpeg)


@pytest.mark.parametrize(
    "told",
    [
        segment(b"JFIF\0\1\2\0\0\1\0\1\2\2" + SECRET + bytes(12), 0xE0),
        segment(b"Adobe\0d\0\0\0\0\1" + SECRET, 0xEE),
        segment(SECRET, 0xF3),
        segment(SECRET, 0x42),
        segment(b"Exif\0\0" + SECRET, 0xE2),
        b"\xff\xff\xff" + segment(SECRET, 0xFE),
    ],
    ids=["a small picture", "behind Adobe's", "JPG3", "reserved", "Exif as colours", "filling"],
)
def test_no_segment_of_a_photo_tells(told: bytes) -> None:
    jpeg = photo()
    packed = jpeg[:2] + told + jpeg[2:]
    raw = photo_of(clean_document(with_photo(packed, "/DCTDecode")))
    assert b"CANARY" not in raw
    assert Image.open(io.BytesIO(raw)).size == Image.open(io.BytesIO(jpeg)).size


def test_a_photo_begins_where_its_start_is_and_without_one_nothing_is_left() -> None:
    """A line end before the photo is common; without a start no reader draws it."""
    late = SECRET + b"\r\n" + photo()
    raw = photo_of(clean_document(with_photo(late, "/DCTDecode")))
    assert raw == bare_jpeg(photo())
    assert photo_of(clean_document(with_photo(SECRET * 9, "/DCTDecode"))) == b""
    cut = telling("JPEG")[:-2] + b"\xff\xe1\0"
    assert b"CANARY" not in photo_of(clean_document(with_photo(cut, "/DCTDecode")))


@pytest.mark.parametrize("method", [b"\2", b"\3"])
def test_a_jpeg_2000_is_coloured_by_a_bare_profile_or_by_a_number(method: bytes) -> None:
    def box(kind: bytes, body: bytes) -> bytes:
        return struct.pack(">I4s", len(body) + 8, kind) + body

    told = telling_profile()
    bare = bare_jpeg2000(box(b"jp2h", box(b"colr", method + b"\0\0" + told)))
    assert b"CANARY" not in bare
    assert same_colours(bare[19:], srgb())
    assert bare_jpeg2000(box(b"jp2h", box(b"colr", method + b"\0\0" + SECRET))) == box(
        b"jp2h", box(b"colr", b"\1\0\0\0\0\0\x10")
    )
    numbered = b"\1\0\0\0\0\0\x11"
    assert bare_jpeg2000(box(b"colr", numbered + SECRET)) == box(b"colr", numbered)


def with_profile(data: bytes) -> bytes:
    """Return a document whose page and whose printer's intent have a profile of their own."""
    pdf = plain()
    profiles = [Stream(pdf, data, N=3) for _ in range(2)]
    space = Array([Name.ICCBased, profiles[0]])
    pdf.pages[0].obj.Resources = Dictionary(ColorSpace=Dictionary(Cs1=space))
    intent = Dictionary(S=Name.GTS_PDFA1, OutputConditionIdentifier="sRGB")
    intent.DestOutputProfile = profiles[1]
    pdf.Root.OutputIntents = Array([intent])
    return written(pdf, compress_streams=False)


def test_the_profiles_of_a_document_itself_tell_nothing() -> None:
    for data, kept in ((telling_profile(), True), (SECRET * 20, False)):
        clean = clean_document(with_profile(data))
        with pikepdf.open(io.BytesIO(clean)) as pdf:
            page = pdf.pages[0].obj.Resources.ColorSpace.Cs1[1]
            printer = pdf.Root.OutputIntents[0].DestOutputProfile
            for each in (page, printer):
                assert b"CANARY" not in each.read_bytes()
                assert bool(each.read_bytes()) is kept
            assert page.N == 3


def filled(pdf: Pdf, **entries: Any) -> None:
    pdf.pages[0].obj.Resources = Dictionary(
        Properties=Dictionary(P=pdf.make_indirect(Dictionary(**entries)))
    )


@pytest.mark.parametrize(
    "told",
    [
        {"Type": Name.Filespec, "F": String(CANARY), "Desc": String(CANARY)},
        {"Type": Name.F, "F": String(CANARY)},
        {"F": String(CANARY), "UF": String(CANARY), "Desc": String(CANARY)},
        {"F": String(CANARY)},
        {"DOS": String(CANARY), "Desc": String(CANARY)},
        {"D": Dictionary(Type=Name.Filespec, F=String(CANARY))},
    ],
    ids=["typed", "typed as of old", "without a type", "F alone", "DOS", "within another"],
)
def test_what_names_a_file_names_none_wherever_it_stands(told: dict[str, Any]) -> None:
    pdf = plain()
    filled(pdf, **told)
    assert b"CANARY" not in unpacked(clean_document(written(pdf, compress_streams=False)))


def test_a_field_keeps_its_words_and_not_the_program_they_were_set_with() -> None:
    pdf = plain()
    rich = String(f"<body xmlns='x' xfa:APIVersion='{CANARY}'><p>Li</p></body>")
    field = Dictionary(FT=Name.Tx, T="name", V="张三", RV=rich, RC=rich, Subtype=Name.Widget, F=4)
    field.Rect, field.DA = Array([0, 0, 9, 9]), String("/Helv 0 Tf 0 g")
    field = pdf.make_indirect(field)
    pdf.pages[0].obj.Annots = Array([field])
    pdf.Root.AcroForm = Dictionary(Fields=Array([field]))
    clean = clean_document(written(pdf, compress_streams=False))
    assert b"CANARY" not in unpacked(clean)
    with pikepdf.open(io.BytesIO(clean)) as washed:
        (kept,) = washed.Root.AcroForm.Fields
        assert (str(kept.V), int(kept.F), str(kept.DA)) == ("张三", 4, "/Helv 0 Tf 0 g")


@pytest.mark.parametrize(
    ("drawing", "kept"),
    [
        (b"BT (50% off) Tj ET", b"(50% off) Tj"),
        (b"BT <2525> Tj ET % CANARY\nq Q", b"(%%) Tj"),
        (b"BT (\\(<<%) Tj ET", rb"(\(<<%) Tj"),
        (b"/P <</MCID 0/Lang(zh)>> BDC (a) Tj EMC", b"(a) Tj"),
        (b"q } Q % CANARY\n(a) Tj", b"(a) Tj"),
        (b"q ] Q % CANARY\n(a) Tj", b"(a) Tj"),
        (b"(a) Tj q << /A (CANARY)", b"(a) Tj"),
        (b"(a) Tj % CANARY\n(50% o", b"(a) Tj"),
    ],
)
def test_a_drawing_with_a_sign_that_may_tell_is_taken_and_still_draws(
    drawing: bytes, kept: bytes
) -> None:
    """Whole ones as they are, and broken ones as far as a reader would get."""
    pdf = plain()
    pdf.pages[0].obj.Contents = Stream(pdf, drawing)
    clean = clean_document(written(pdf, compress_streams=False))
    with pikepdf.open(io.BytesIO(clean)) as washed:
        content = washed.pages[0].obj.Contents.read_bytes()
    assert kept in content
    assert b"CANARY" not in content
