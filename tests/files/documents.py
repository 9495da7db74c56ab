"""Documents as offices and attackers write them."""

import io
from typing import Any

import pikepdf
from pikepdf import Array, Dictionary, Name, Pdf, Stream

from app.files.cleaning.documents import clean_document
from tests.files.pictures import CANARY, telling


def _script() -> Dictionary:
    return Dictionary(S=Name.JavaScript, JS=f"app.alert('{CANARY}')")


def document(pages: int = 1, **options: Any) -> bytes:
    """Return a plain document with so many empty pages."""
    pdf = plain(pages)
    return written(pdf, **options)


def plain(pages: int = 1) -> Pdf:
    """Return so many empty pages, to be drawn on."""
    pdf = Pdf.new()
    for _ in range(pages):
        pdf.add_blank_page(page_size=(200, 200))
    return pdf


def written(pdf: Pdf, **options: Any) -> bytes:
    """Return the bytes of a document, the same at every time."""
    out = io.BytesIO()
    pdf.save(out, **{"deterministic_id": True, **options})
    return out.getvalue()


def talkative() -> bytes:
    """Return a document that tells of its maker and acts in every way that we know."""
    pdf = plain()
    pdf.docinfo[Name.Author] = CANARY
    pdf.docinfo[Name.Producer] = CANARY
    pdf.Root.Metadata = Stream(pdf, f"<x:xmpmeta>{CANARY}</x:xmpmeta>".encode())
    pdf.Root.OpenAction = pdf.make_indirect(_script())
    pdf.Root.AA = Dictionary(WC=pdf.make_indirect(_script()))
    pdf.Root.PieceInfo = Dictionary(Word=Dictionary(Private=CANARY))
    pdf.attachments[f"{CANARY}.txt"] = CANARY.encode()
    pdf.Root.Names.JavaScript = Dictionary(Names=Array(["x", pdf.make_indirect(_script())]))
    pdf.Root.AcroForm = Dictionary(XFA=Stream(pdf, CANARY.encode()), Fields=Array([_seal(pdf)]))
    page = pdf.pages[0]
    page.obj.LastModified = CANARY
    page.obj.AA = Dictionary(O=_script())
    page.obj.Annots = Array(
        [
            pdf.make_indirect(Dictionary(Subtype=Name.Text, T=CANARY, M=CANARY, Contents="见附件")),
            pdf.make_indirect(_link(pdf, _script())),
            pdf.make_indirect(_link(pdf, Dictionary(S=Name.URI, URI="https://example.org/"))),
            pdf.make_indirect(_link(pdf, Dictionary(S=Name.Launch, F=CANARY))),
            pdf.make_indirect(Dictionary(Subtype=Name.FileAttachment, Contents=CANARY)),
        ]
    )
    page.obj.Resources = Dictionary(XObject=Dictionary(Photo=_photo(pdf)))
    page.Contents = Stream(pdf, b"q 100 0 0 100 0 0 cm /Photo Do Q")
    return written(pdf, compress_streams=False, object_stream_mode=pikepdf.ObjectStreamMode.disable)


def _link(pdf: Pdf, action: Dictionary) -> Dictionary:
    return Dictionary(Subtype=Name.Link, Rect=Array([0, 0, 9, 9]), A=action)


def _seal(pdf: Pdf) -> Any:
    seal = Dictionary(FT=Name.Sig, T="seal", V=Dictionary(Type=Name.Sig, Name=CANARY, M=CANARY))
    return pdf.make_indirect(seal)


def _photo(pdf: Pdf) -> Stream:
    photo = Stream(pdf, b"")
    photo.write(telling("JPEG"), filter=Name.DCTDecode)
    photo.Type, photo.Subtype = Name.XObject, Name.Image
    photo.Width, photo.Height, photo.BitsPerComponent = 640, 480, 8
    photo.ColorSpace = Name.DeviceRGB
    return photo


def with_photo(data: bytes, *filters: str, **entries: Any) -> bytes:
    """Return a document with a photo on its page, which these filters unpack in turn."""
    pdf = plain()
    photo = Stream(pdf, data)
    photo.Type, photo.Subtype = Name.XObject, Name.Image
    photo.Width, photo.Height, photo.BitsPerComponent = 640, 480, 8
    photo.ColorSpace = Name.DeviceRGB
    photo.Filter = Array([Name(each) for each in filters])
    for name, value in entries.items():
        photo[f"/{name}"] = value
    page = pdf.pages[0]
    page.obj.Resources = Dictionary(XObject=Dictionary(Photo=photo))
    page.Contents = Stream(pdf, b"q 100 0 0 100 0 0 cm /Photo Do Q")
    return written(pdf, compress_streams=False)


def updated(content: bytes) -> bytes:
    """Return a document with an older state of it behind a newer one, as editors append them."""
    return content + f"% {CANARY}\nstartxref\n0\n%%EOF\n".encode()


def locked() -> bytes:
    """Return a document that asks for a password."""
    return document(encryption=pikepdf.Encryption(owner="a", user="b"), deterministic_id=False)


def nested(depth: int) -> bytes:
    """Return a document of lists within lists."""
    body = b"[" * depth + b"]" * depth
    return document().replace(b"/Type /Catalog", b"/Type /Catalog /Dests " + body)


PDF = clean_document(clean_document(document()))
"""A document that is kept as it is, because it is clean."""


def unpacked(content: bytes) -> bytes:
    """Return a document with nothing packed, in which a canary can be seen."""
    out = io.BytesIO()
    with pikepdf.open(io.BytesIO(content)) as pdf:
        pdf.save(
            out,
            compress_streams=False,
            stream_decode_level=pikepdf.StreamDecodeLevel.generalized,
            object_stream_mode=pikepdf.ObjectStreamMode.disable,
        )
    return out.getvalue()
