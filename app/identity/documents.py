"""Documents that people show to prove who they are, and what can be told from their numbers alone.

Numbers of GB 11643 (resident cards, residence permits, cards of foreign permanent residents) are
checked by structure, date and check digit. Those of passports and travel permits carry no check.
"""

import re
import unicodedata
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import Literal, TypeAlias

from app.identity.numbers import OLDEST_YEARS, NumberReason, NumberRefused, parse_number


class Document(StrEnum):
    """The kinds of documents that a desk takes."""

    RESIDENT_CARD = "resident-card"  # 居民身份证
    RESIDENCE_PERMIT = "residence-permit"  # 港澳台居民居住证: 81, 82, 83
    PERMANENT_RESIDENT = "foreign-permanent-resident"  # 外国人永久居留身份证
    PASSPORT = "passport"  # 护照
    HK_MACAO_PERMIT = "hk-macao-travel-permit"  # 港澳居民来往内地通行证
    TAIWAN_PERMIT = "taiwan-travel-permit"  # 台湾居民来往大陆通行证


DocumentReason: TypeAlias = NumberReason | Literal["kind"]

PERMIT = re.compile(r"8[1-3]")
FORMS = {
    Document.PASSPORT: re.compile(r"(?=.*[0-9])[A-Z0-9]{5,12}"),
    Document.HK_MACAO_PERMIT: re.compile(r"[HM][0-9]{8}(?:[0-9]{2})?"),
    Document.TAIWAN_PERMIT: re.compile(r"[0-9]{8}|[0-9]{10}[A-Z]?"),
}
OLD_PERMANENT_RESIDENT = re.compile(r"[A-Z]{3}[0-9]{12}")  # until 2017: nation, place, birth, order


class DocumentRefused(ValueError):
    """A text is no number of such a document; ``reason`` says why and never repeats the text.

    ``kind``: it is sound, but stands on another kind of document; else as ``NumberRefused``.
    """

    def __init__(self, reason: DocumentReason) -> None:
        """Keep the reason for the caller."""
        super().__init__(reason)
        self.reason: DocumentReason = reason


@dataclass(frozen=True, slots=True)
class DocumentNumber:
    """A document's kind and number; ``born`` where the number says so.

    ``registered``: such numbers can stand in the population register.
    """

    kind: Document
    number: str = field(repr=False)
    born: date | None = field(default=None, repr=False)
    registered: bool = False
    warnings: tuple[str, ...] = ()


def parse_document(kind: Document, text: str, today: date) -> DocumentNumber:
    """Read the number of a document as people write it: spaces and full width are all right.

    Raises:
        DocumentRefused: with the ``reason``.
    """
    written = "".join(unicodedata.normalize("NFKC", text).split()).replace("-", "").upper()
    if kind in FORMS:
        if not FORMS[kind].fullmatch(written):
            raise DocumentRefused("characters" if written else "length")
        return DocumentNumber(kind, written)
    if kind is Document.PERMANENT_RESIDENT and OLD_PERMANENT_RESIDENT.fullmatch(written):
        return DocumentNumber(kind, written)
    try:
        found = parse_number(written, today)
    except NumberRefused as fault:
        raise DocumentRefused(fault.reason) from None
    if kind_of(found.number) is not kind:
        raise DocumentRefused("kind")
    return DocumentNumber(kind, found.number, found.born, True, found.warnings)


def born_by(shown: DocumentNumber, said: date | None, today: date) -> date:
    """Return when a document's holder was born: as its number says, else as is read off it.

    Raises:
        DocumentRefused: ``birth_date`` where neither says so, the two differ, or it was 150 years
            ago; ``future``.
    """
    born = shown.born or said
    if born is None or said not in (None, born) or today.year - born.year > OLDEST_YEARS:
        raise DocumentRefused("birth_date")
    if born > today:
        raise DocumentRefused("future")
    return born


def kind_of(number: str) -> Document:
    """Return on which document a sound number of 18 characters stands."""
    if PERMIT.match(number):
        return Document.RESIDENCE_PERMIT
    return Document.PERMANENT_RESIDENT if number[0] == "9" else Document.RESIDENT_CARD
