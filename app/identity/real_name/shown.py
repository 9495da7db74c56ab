"""A document as a clerk reads it off: its kind, its number, and when its holder was born."""

from dataclasses import replace
from datetime import date

from app import clock
from app.errors import FieldFault, Invalid, Words
from app.identity.documents import (
    Document,
    DocumentNumber,
    DocumentRefused,
    born_by,
    parse_document,
)
from app.privacy import vault


def read_document(kind: Document, text: str, born: date | None) -> tuple[DocumentNumber, date]:
    """Return the number, and when its holder was born: by the number, else as it is printed.

    Raises:
        Invalid: it is no number of such a document, or nobody with it was born on that day.
    """
    today = clock.today()
    try:
        shown = parse_document(kind, text, today)
    except DocumentRefused as fault:
        words = Words("证件号码不正确", "This is not a number of such a document")
        raise Invalid([FieldFault("/number", f"document-{fault.reason}", words)]) from None
    try:
        day = born_by(shown, born, today)
    except DocumentRefused as fault:
        words = Words("请按证件填写出生日期", "Give the day of birth as the document has it")
        raise Invalid([FieldFault("/born", f"document-{fault.reason}", words)]) from None
    return replace(shown, born=day), day


def index_of(shown: DocumentNumber) -> bytes:
    """Return what the second clerk must read off as well; of a birthday nothing else is kept."""
    birth = "" if shown.registered else f":{shown.born}"
    return vault.index("document", f"{shown.kind}:{shown.number}{birth}")
