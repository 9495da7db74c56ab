"""What a document hides beside its pages is in no byte of the washed one, and its page is."""

import io
from collections.abc import Callable
from typing import Any

import pikepdf
import pytest
from pikepdf import Array, Dictionary, Name, Pdf

from app.files.cleaning.documents import clean_document
from tests.files.pictures import CANARY


def built(fill: Callable[[Pdf], None]) -> bytes:
    """Return a document of one page that ``fill`` has put something into."""
    out = io.BytesIO()
    with pikepdf.new() as pdf:
        pdf.add_blank_page(page_size=(200, 200))
        fill(pdf)
        pdf.save(out, compress_streams=False)
    assert CANARY.encode() in out.getvalue()
    return out.getvalue()


def washed(content: bytes) -> Pdf:
    """Return a document washed, after a look at every byte of it."""
    clean = clean_document(content)
    pdf = pikepdf.open(io.BytesIO(clean))
    plain = io.BytesIO()
    pdf.save(
        plain, compress_streams=False, object_stream_mode=pikepdf.ObjectStreamMode.disable, qdf=True
    )
    assert b"CANARY" not in clean + plain.getvalue()
    assert len(pdf.pages) == 1
    return pdf


def action(kind: str, **entries: Any) -> Dictionary:
    return Dictionary(S=Name(f"/{kind}"), **entries)


DEEDS = {
    "launch": lambda: action("Launch", F=CANARY),
    "other document": lambda: action("GoToR", F=CANARY, D=Array([0, Name.Fit])),
    "carried document": lambda: action("GoToE", F=CANARY, D=CANARY),
    "thread": lambda: action("Thread", F=CANARY, D=0),
    "import": lambda: action("ImportData", F=CANARY),
    "submit": lambda: action("SubmitForm", F=CANARY),
    "file": lambda: action("URI", URI=f" FILE:///home/{CANARY}/x"),
    "share": lambda: action("URI", URI=f"\\\\{CANARY}\\share"),
    "unheard of": lambda: action("Unheard", F=CANARY),
}


def first(pdf: Pdf, deed: Any) -> Any:
    return deed


def after(pdf: Pdf, deed: Any) -> Any:
    return action("Named", N=Name.NextPage, Next=deed)


def among_those_after(pdf: Pdf, deed: Any) -> Any:
    harmless = action("URI", URI="https://example.org/")
    return action("Named", N=Name.NextPage, Next=pdf.make_indirect(Array([harmless, deed])))


def in_a_list_of_lists(pdf: Pdf, deed: Any) -> Any:
    return action("Named", N=Name.NextPage, Next=Array([Array([deed])]))


@pytest.mark.parametrize("deed", DEEDS)
@pytest.mark.parametrize("place", [first, after, among_those_after, in_a_list_of_lists])
@pytest.mark.parametrize("apart", [False, True], ids=["within", "apart"])
def test_an_action_that_does_more_than_lead_somewhere_goes_wherever_it_hides(
    deed: str, place: Callable[[Pdf, Any], Any], apart: bool
) -> None:
    def fill(pdf: Pdf) -> None:
        made: Any = DEEDS[deed]()
        made = place(pdf, pdf.make_indirect(made) if apart else made)
        link = Dictionary(Subtype=Name.Link, Rect=Array([0, 0, 9, 9]), A=made)
        pdf.pages[0].obj.Annots = Array([pdf.make_indirect(link)])

    with washed(built(fill)) as pdf:
        (link,) = pdf.pages[0].obj.Annots
        assert (Name.A in link) == (place is not first)
        if place is among_those_after:
            assert [str(each.URI) for each in link.A.Next] == ["https://example.org/"]


@pytest.mark.parametrize("target", ["https://example.org/", "mailto:a@example.org", "tel:12345"])
def test_links_to_the_web_and_within_the_document_stay(target: str) -> None:
    def fill(pdf: Pdf) -> None:
        pdf.docinfo[Name.Author] = CANARY
        inside = action("GoTo", D=Array([pdf.pages[0].obj, Name.Fit]))
        links = [action("URI", URI=target), inside]
        pdf.pages[0].obj.Annots = Array([Dictionary(Subtype=Name.Link, A=each) for each in links])

    with washed(built(fill)) as pdf:
        web, inside = pdf.pages[0].obj.Annots
        assert (str(web.A.URI), inside.A.S) == (target, Name.GoTo)
