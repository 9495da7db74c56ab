"""What a document hides beside its pages is in no byte of the washed one, and its page is."""

import io
from collections.abc import Callable
from typing import Any

import pikepdf
import pytest
from pikepdf import Array, Dictionary, Name, Pdf, Stream

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
        plain,
        compress_streams=False,
        stream_decode_level=pikepdf.StreamDecodeLevel.generalized,
        object_stream_mode=pikepdf.ObjectStreamMode.disable,
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


@pytest.mark.parametrize("apart", [False, True], ids=["within", "apart"])
@pytest.mark.parametrize(
    "name",
    [
        *("Perms", "DSS", "Threads", "SpiderInfo", "Legal", "PieceInfo"),
        *("URI", "IDS", "URLS", "Creator"),
    ],
)
def test_what_a_catalogue_tells_beside_the_pages_goes(name: str, apart: bool) -> None:
    def fill(pdf: Pdf) -> None:
        told: Any = Dictionary(Told=CANARY)
        pdf.Root[f"/{name}"] = pdf.make_indirect(told) if apart else told

    with washed(built(fill)) as pdf:
        assert f"/{name}" not in pdf.Root


@pytest.mark.parametrize("name", ["PieceInfo", "Metadata"])
def test_private_data_go_from_pages_forms_and_fonts_too(name: str) -> None:
    def fill(pdf: Pdf) -> None:
        told = pdf.make_indirect(Stream(pdf, CANARY.encode()))
        form = Stream(pdf, b"q Q", Type=Name.XObject, Subtype=Name.Form, BBox=Array([0, 0, 9, 9]))
        font = Dictionary(Type=Name.Font, Subtype=Name.Type1, BaseFont=Name.Helvetica)
        page = pdf.pages[0].obj
        for each in (form, font, page):
            each[f"/{name}"] = told
        page.Resources = Dictionary(XObject=Dictionary(Form=form), Font=Dictionary(F1=font))

    with washed(built(fill)) as pdf:
        resources = pdf.pages[0].obj.Resources
        assert resources.XObject.Form.read_bytes() == b"q Q"
        assert resources.Font.F1.BaseFont == Name.Helvetica


@pytest.mark.parametrize("apart", [False, True], ids=["within", "apart"])
def test_a_layer_keeps_its_name_and_tells_neither_maker_nor_user(apart: bool) -> None:
    def fill(pdf: Pdf) -> None:
        usage: Any = Dictionary(
            CreatorInfo=Dictionary(Creator=CANARY, Subtype=Name.Artwork),
            User=Dictionary(Type=Name.Ind, Name=CANARY),
            Print=Dictionary(PrintState=Name.ON),
        )
        usage = pdf.make_indirect(usage) if apart else usage
        layer = pdf.make_indirect(Dictionary(Type=Name.OCG, Name="图层", Usage=usage))
        settings = Dictionary(Creator=CANARY, Order=Array([layer]))
        pdf.Root.OCProperties = Dictionary(OCGs=Array([layer]), D=settings)

    with washed(built(fill)) as pdf:
        (layer,) = pdf.Root.OCProperties.OCGs
        assert (str(layer.Name), list(layer.Usage.keys())) == ("图层", ["/Print"])


@pytest.mark.parametrize("kind", ["Redact", "Text", "FreeText", "Highlight", "Projection", "Link"])
def test_a_remark_keeps_its_words_and_not_its_author(kind: str) -> None:
    def fill(pdf: Pdf) -> None:
        remark = Dictionary(Subtype=Name(f"/{kind}"), Rect=Array([0, 0, 9, 9]))
        remark.T, remark.Contents, remark.OverlayText = CANARY, "见附件", "已删除"
        pdf.pages[0].obj.Annots = Array([pdf.make_indirect(remark)])

    with washed(built(fill)) as pdf:
        (remark,) = pdf.pages[0].obj.Annots
        assert Name.T not in remark
        assert (str(remark.Contents), str(remark.OverlayText)) == ("见附件", "已删除")


def test_a_thread_of_articles_goes_with_its_beads() -> None:
    def fill(pdf: Pdf) -> None:
        thread = pdf.make_indirect(Dictionary(Type=Name.Thread, I=Dictionary(Author=CANARY)))
        pdf.pages[0].obj.B = Array([pdf.make_indirect(Dictionary(Type=Name.Bead, T=thread))])

    with washed(built(fill)) as pdf:
        assert Name.B not in pdf.pages[0].obj


def test_a_trailer_keeps_nothing_of_its_own() -> None:
    def fill(pdf: Pdf) -> None:
        pdf.trailer.DocChecksum = Name(f"/{CANARY}")
        pdf.trailer.Told = pdf.make_indirect(Dictionary(Told=CANARY))
        pdf.trailer.ID = Array([pikepdf.String(CANARY), pikepdf.String(CANARY)])

    content = built(fill)
    with pikepdf.open(io.BytesIO(content)) as raw:
        first = bytes(raw.trailer.ID[0])
    with washed(content) as pdf:
        assert set(pdf.trailer.keys()) <= {"/Root", "/Size", "/ID"}
        assert bytes(pdf.trailer.ID[0]) != first


def form(**entries: Any) -> Callable[[Pdf], None]:
    """Return what draws a form with some entries of its own."""

    def fill(pdf: Pdf) -> None:
        drawn = Stream(pdf, b"q Q", Type=Name.XObject, Subtype=Name.Form, BBox=Array([0, 0, 9, 9]))
        for name, value in entries.items():
            drawn[f"/{name}"] = value
        pdf.pages[0].obj.Resources = Dictionary(XObject=Dictionary(X=pdf.make_indirect(drawn)))

    return fill


def drawing(content: bytes) -> Callable[[Pdf], None]:
    def fill(pdf: Pdf) -> None:
        pdf.pages[0].obj.Contents = pdf.make_indirect(Stream(pdf, content))

    return fill


def root(**entries: Any) -> Callable[[Pdf], None]:
    def fill(pdf: Pdf) -> None:
        for name, value in entries.items():
            pdf.Root[f"/{name}"] = value

    return fill


def remark(**entries: Any) -> Callable[[Pdf], None]:
    def fill(pdf: Pdf) -> None:
        made = Dictionary(Subtype=Name.Text, Rect=Array([0, 0, 9, 9]), Contents="x")
        for name, value in entries.items():
            made[f"/{name}"] = value
        pdf.pages[0].obj.Annots = Array([pdf.make_indirect(made)])

    return fill


def signed(inherited: bool) -> Callable[[Pdf], None]:
    """Return a field that was signed; the kind may stand with the field over it."""

    def fill(pdf: Pdf) -> None:
        seal = Dictionary(Type=Name.Sig, Name=CANARY, Contents=CANARY, ByteRange=Array([0, 1]))
        field = pdf.make_indirect(Dictionary(T="s", V=pdf.make_indirect(seal)))
        if not inherited:
            field.FT = Name.Sig
            pdf.Root.AcroForm = Dictionary(Fields=Array([field]))
            return
        over = pdf.make_indirect(Dictionary(FT=Name.Sig, T="all", Kids=Array([field])))
        field.Parent = over
        pdf.Root.AcroForm = Dictionary(Fields=Array([over]))

    return fill


def structure(pdf: Pdf) -> None:
    told = Dictionary(O=Name.UserProperties, P=Array([Dictionary(N="Author", V=CANARY)]))
    part = pdf.make_indirect(Dictionary(S=Name.P, A=told))
    pdf.Root.StructTreeRoot = pdf.make_indirect(Dictionary(Type=Name.StructTreeRoot, K=part))


INTENT = Dictionary(S=Name.GTS_PDFX, Info=CANARY, OutputConditionIdentifier="x")
WANTED = Dictionary(FT=Name.Sig, T="s", SV=Dictionary(Reasons=Array([CANARY])))
HIDDEN = {
    "the picture's file": form(OPI=Dictionary({"/2.0": Dictionary(Type=Name.OPI, F=CANARY)})),
    "a form of another document": form(Ref=Dictionary(F=CANARY, Page=0)),
    "bytes in another file": form(F=CANARY),
    "a remark in a drawing": drawing(b"%" + CANARY.encode() + b"\nq Q"),
    "a mark in a drawing": drawing(b"/Span <</Author (" + CANARY.encode() + b")>> BDC q Q EMC"),
    "a point in a drawing": drawing(b"/P <</MCID 0/By (" + CANARY.encode() + b")>> DP q Q"),
    "a remark's own name": remark(NM=CANARY),
    "a remark's rich text": remark(RC=f"<body xfa:author='{CANARY}'/>"),
    "a remark's entry that nobody knows": remark(Author=CANARY),
    "a catalogue's entry that nobody knows": root(ABC_Private=Dictionary(Told=CANARY)),
    "whoever meant the colours": root(OutputIntents=Array([INTENT])),
    "hidden pages": root(Names=Dictionary(Templates=Dictionary(Names=Array([CANARY, 1])))),
    "properties of a structure": structure,
    "what a signature was to say": root(AcroForm=Dictionary(Fields=Array([WANTED]))),
    "a signature": signed(inherited=False),
    "a signature of a field below": signed(inherited=True),
}


@pytest.mark.parametrize("fill", HIDDEN.values(), ids=HIDDEN.keys())
def test_what_no_reader_sees_goes(fill: Callable[[Pdf], None]) -> None:
    with washed(built(fill)) as pdf:
        assert pdf.pages[0].MediaBox


def test_a_drawing_in_pieces_is_read_as_one() -> None:
    """A step may begin in one piece and end in the next; none of it is lost with a remark."""

    def fill(pdf: Pdf) -> None:
        pieces = (b"q 1 0 0 % " + CANARY.encode() + b"\n1 5", b"6 cm 0 0 9 9 re f Q")
        pdf.pages[0].obj.Contents = Array([pdf.make_indirect(Stream(pdf, p)) for p in pieces])

    with washed(built(fill)) as pdf:
        steps = pikepdf.parse_content_stream(pdf.pages[0])
        assert [str(each.operator) for each in steps] == ["q", "cm", "re", "f", "Q"]
        assert [int(number) for number in steps[1].operands] == [1, 0, 0, 1, 5, 6]


def test_a_mark_without_anything_is_no_fault() -> None:
    with washed(built(drawing(b"%" + CANARY.encode() + b"\nBDC EMC q Q"))) as pdf:
        steps = pikepdf.parse_content_stream(pdf.pages[0])
        assert [str(each.operator) for each in steps] == ["BDC", "EMC", "q", "Q"]


def test_a_mark_keeps_what_helps_a_reader() -> None:
    """Its number in the structure, and the text that is read aloud for a drawing."""
    marked = b"/Span <</MCID 3/ActualText (word)/By (" + CANARY.encode() + b")>> BDC q Q EMC"
    with washed(built(drawing(marked))) as pdf:
        (begun, *_) = pikepdf.parse_content_stream(pdf.pages[0])
        assert set(begun.operands[1].keys()) == {"/MCID", "/ActualText"}
