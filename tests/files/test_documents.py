"""What is left of a document is its pages; what is no document, or too much of one, is refused."""

import io

import pikepdf
import pytest
from pikepdf import Name
from PIL import Image

from app.files.cleaning import apart
from app.files.cleaning.documents import clean_document
from app.files.refusals import DocumentRefused
from tests.files.documents import document, locked, nested, talkative, unpacked, updated
from tests.files.pictures import CANARY


def reason(content: bytes) -> object:
    with pytest.raises(DocumentRefused) as refused:
        clean_document(content)
    return refused.value.facts["reason"]


def test_nothing_is_left_of_what_a_document_tells_or_does() -> None:
    raw = talkative()
    assert unpacked(raw).count(CANARY.encode()) > 15
    clean = unpacked(clean_document(raw))
    assert b"CANARY" not in clean
    for word in (b"JavaScript", b"/Launch", b"/OpenAction", b"/EmbeddedFile", b"xmpmeta", b"/XFA"):
        assert word not in clean


def test_its_pages_links_remarks_and_photos_stay() -> None:
    with pikepdf.open(io.BytesIO(clean_document(talkative()))) as pdf:
        (page,) = pdf.pages
        kinds = [str(each.Subtype) for each in page.obj.Annots]
        assert kinds == ["/Text", "/Link", "/Link", "/Link"]
        assert str(page.obj.Annots[0].Contents) == "见附件"
        assert [str(each.A.URI) for each in page.obj.Annots if Name.A in each] == [
            "https://example.org/"
        ]
        assert page.Contents.read_bytes().split()[-2] == b"Do"
        raw = page.obj.Resources.XObject.Photo.read_raw_bytes()
    picture = Image.open(io.BytesIO(raw))
    assert (picture.size, picture.getexif()) == ((640, 480), Image.Exif())
    assert picture.convert("RGB").getpixel((600, 400)) == pytest.approx((20, 20, 220), abs=6)


def test_the_same_document_is_washed_to_the_same_bytes_and_is_clean_then() -> None:
    clean = clean_document(talkative())
    assert clean == clean_document(talkative())
    again = clean_document(clean)
    assert clean_document(again) == again
    assert len(again) == len(clean)


def test_what_was_appended_goes() -> None:
    assert b"CANARY" not in clean_document(updated(document()))


def test_a_document_that_only_its_owner_may_change_is_taken() -> None:
    permitted = document(encryption=pikepdf.Encryption(owner="a", user=""), deterministic_id=False)
    with pikepdf.open(io.BytesIO(clean_document(permitted))) as pdf:
        assert not pdf.is_encrypted


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        (locked(), "locked"),
        (b"%PDF-1.7\nno document at all\n%%EOF\n", "broken"),
        (document(pages=0), "broken"),
        (document(pages=2001), "pages"),
        (nested(200), "heavy"),
    ],
    ids=["locked", "noise", "empty", "long", "deep"],
)
def test_what_is_too_much_or_broken_is_refused_by_name(content: bytes, expected: str) -> None:
    assert reason(content) == expected


def test_a_washer_that_runs_away_is_stopped(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(apart, "WALL_S", 0.001)
    assert reason(document()) == "heavy"
