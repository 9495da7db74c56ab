"""A desk takes each kind of document, and notices when a number stands on another kind."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.identity.documents import Document, DocumentRefused, parse_document
from app.identity.numbers import check_digit

TODAY = date(2026, 11, 23)
FOREIGNER = "91561019880808123"
FOREIGNER += check_digit(FOREIGNER)


@pytest.mark.parametrize(
    ("kind", "written", "number", "born"),
    [
        (Document.RESIDENT_CARD, "21060319850520009x", "21060319850520009X", date(1985, 5, 20)),
        (
            Document.RESIDENT_CARD,
            "２１０６０３ 19900307 0015",
            "210603199003070015",
            date(1990, 3, 7),
        ),
        (Document.RESIDENT_CARD, "110105491231002", "11010519491231002X", date(1949, 12, 31)),
        (Document.RESIDENCE_PERMIT, "810000199001010019", "810000199001010019", date(1990, 1, 1)),
        (Document.RESIDENCE_PERMIT, "830000199001010020", "830000199001010020", date(1990, 1, 1)),
        (Document.PERMANENT_RESIDENT, FOREIGNER, FOREIGNER, date(1988, 8, 8)),
        (Document.PERMANENT_RESIDENT, "usa 110188080812", "USA110188080812", None),
        (Document.PASSPORT, "e12345678", "E12345678", None),
        (Document.PASSPORT, "C01X00T47", "C01X00T47", None),
        (Document.HK_MACAO_PERMIT, "H12345678", "H12345678", None),
        (Document.HK_MACAO_PERMIT, "m1234567801", "M1234567801", None),
        (Document.TAIWAN_PERMIT, "12345678", "12345678", None),
        (
            Document.TAIWAN_PERMIT,
            "0012345678b",
            "0012345678B",
            None,
        ),
    ],
)
def test_each_kind_is_read_as_people_write_it(
    kind: Document, written: str, number: str, born: date | None
) -> None:
    found = parse_document(kind, written, TODAY)
    assert (found.kind, found.number, found.born) == (kind, number, born)
    assert found.registered == (born is not None)


@pytest.mark.parametrize(
    ("kind", "written", "reason"),
    [
        (Document.RESIDENT_CARD, "810000199001010019", "kind"),
        (Document.RESIDENT_CARD, FOREIGNER, "kind"),
        (Document.RESIDENCE_PERMIT, "210603199003070015", "kind"),
        (Document.PERMANENT_RESIDENT, "210603199003070015", "kind"),
        (Document.RESIDENT_CARD, "210603199003070010", "check_digit"),
        (Document.RESIDENCE_PERMIT, "810000199002300018", "birth_date"),
        (Document.RESIDENT_CARD, "21060319900307001", "length"),
        (Document.RESIDENT_CARD, "E12345678", "length"),
        (Document.PASSPORT, "ABCDEFGH", "characters"),
        (Document.PASSPORT, "E1", "characters"),
        (Document.PASSPORT, "护照12345", "characters"),
        (Document.PASSPORT, " ", "length"),
        (Document.HK_MACAO_PERMIT, "A12345678", "characters"),
        (Document.TAIWAN_PERMIT, "1234567", "characters"),
    ],
)
def test_what_cannot_be_such_a_number_is_refused_without_its_value(
    kind: Document, written: str, reason: str
) -> None:
    with pytest.raises(DocumentRefused) as refused:
        parse_document(kind, written, TODAY)
    assert refused.value.reason == reason
    assert written.strip() not in str(refused.value) or not written.strip()


def test_an_odd_address_code_only_warns() -> None:
    first17 = "77060319900307001"
    found = parse_document(Document.RESIDENT_CARD, first17 + check_digit(first17), TODAY)
    assert found.warnings == ("address_code",)


@given(st.sampled_from(Document), st.text(max_size=40))
def test_any_text_is_read_or_refused(kind: Document, text: str) -> None:
    try:
        found = parse_document(kind, text, TODAY)
    except DocumentRefused:
        return
    assert found.number.isascii()
    assert found.number not in repr(found)
