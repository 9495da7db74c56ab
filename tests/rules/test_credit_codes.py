"""An organisation is known by its code, and a resident's number never passes for one."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.identity.credit_codes import ALPHABET, CreditCodeRefused, parse_credit_code

VALID = [
    "91350100M000100Y43",
    "91110000600037341L",
    "91210603MA0UT3X19Q",
    "92210681MA0UT3X19L",
    "54210603MA0UT3X19K",
    "11210600MA0UT3X19M",
    "52210600MA0UT3X19E",
]


@pytest.mark.parametrize("code", VALID)
def test_sound_codes_are_read(code: str) -> None:
    """The standard's sample, a company, a shop, a residents' committee, an office, a charity."""
    assert parse_credit_code(code) == code


@pytest.mark.parametrize(
    "typed",
    [
        "91350100m000100y43",
        " 91350100 M000100Y 43 ",
        "913501-00M000100Y4-3",
        "９１３５０１００Ｍ０００１００Ｙ４３",
    ],
)
def test_codes_are_read_as_people_write_them(typed: str) -> None:
    """Small letters, spaces, hyphens and full width make no difference."""
    assert parse_credit_code(typed) == "91350100M000100Y43"


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("91350100M000100Y44", "check_digit"),
        ("9135O100M000100Y43", "characters"),
        ("91350100M000100Y4", "length"),
        ("91350100M000100Y433", "length"),
        ("", "length"),
        ("91A50100M000100Y43", "division"),
        ("91350100M000100Y*3", "characters"),
        ("٩1350100M000100Y43", "characters"),
        ("111111111111111111", "check_digit"),
        ("362322198709086409", "organisation_code"),
    ],
)
def test_unsound_codes_are_refused(text: str, reason: str) -> None:
    """The last is a resident number whose final character fits by chance: the code within not."""
    with pytest.raises(CreditCodeRefused) as refused:
        parse_credit_code(text)
    assert refused.value.reason == reason == str(refused.value)


@given(st.sampled_from(VALID), st.integers(0, 17), st.integers(1, 30))
def test_one_wrong_character_is_always_noticed(code: str, place: int, step: int) -> None:
    """Modulo 31, a prime, finds every single slip."""
    wrong = ALPHABET[(ALPHABET.index(code[place]) + step) % 31]
    with pytest.raises(CreditCodeRefused):
        parse_credit_code(code[:place] + wrong + code[place + 1 :])


@given(st.text(max_size=20) | st.text(ALPHABET, min_size=17, max_size=18))
def test_any_text_is_read_or_refused(text: str) -> None:
    """Whatever a client sends, there is an answer, and what is read is read the same again."""
    try:
        code = parse_credit_code(text)
    except CreditCodeRefused:
        return
    assert parse_credit_code(code) == code
