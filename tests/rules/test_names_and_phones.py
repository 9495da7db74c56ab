"""Names and phones are kept in one form, however they were typed."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.identity.numbers import NameRefused, normal_name
from app.sms.phones import PhoneRefused, masked_phone, parse_phone


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("张三", "张三"),
        ("  张三\u3000", "张三"),
        ("欧阳 \u3000 娜娜", "欧阳 娜娜"),
        ("John Smith", "John Smith"),
        ("J. R. Smith", "J. R. Smith"),
        ("𠮷田䶮", "𠮷田䶮"),
        ("㛃", "㛃"),
        *(
            (f"买买提{dot}艾力", "买买提\u00b7艾力")
            for dot in ("·", ".", "•", "・", "‧", "･", "．", "∙", " · ", " . ", "・ ")
        ),
    ],
)
def test_a_name_has_one_form(typed: str, kept: str) -> None:
    """Width, spaces and the eight middle dots of keyboards do not make two people of one."""
    assert normal_name(typed) == kept == normal_name(kept)


def test_the_longest_names_fit() -> None:
    """Names of several parts run past fifty characters."""
    name = "\u00b7".join(["阿卜杜热合曼"] * 9)
    assert len(name) > 60
    assert normal_name(name) == name


@pytest.mark.parametrize(
    ("typed", "reason"),
    [
        ("", "empty"),
        (" \u3000 ", "empty"),
        ("·", "empty"),
        ("张" * 101, "too_long"),
        ("张\x00三", "control_character"),
        ("张\n三", "control_character"),
        ("张三\u200b", "control_character"),
        ("\u202e张三", "control_character"),
        ("张\ud842", "control_character"),
        ("张\u2028三", "control_character"),
    ],
)
def test_what_is_no_name_is_refused(typed: str, reason: str) -> None:
    """Nothing invisible gets into a name, and nothing of the text into the refusal."""
    with pytest.raises(NameRefused) as refused:
        normal_name(typed)
    assert refused.value.reason == reason == str(refused.value)


@given(st.text(st.characters(codec="utf-8") | st.sampled_from("·.•・‧ 张三AB"), max_size=30))
def test_a_kept_name_is_kept_again(text: str) -> None:
    """Normalising twice is normalising once, and the database can store the result."""
    try:
        name = normal_name(text)
    except NameRefused:
        return
    assert normal_name(name) == name
    assert "\x00" not in name
    name.encode()


@pytest.mark.parametrize(
    "typed",
    [
        "13841512345",
        "138 4151 2345",
        "138-4151-2345",
        "+86 138 4151 2345",
        "+8613841512345",
        "0086-13841512345",
        "１３８４１５１２３４５",
        "＋８６ １３８－４１５１－２３４５",
        "138\u20114151\u20132345",
        " 13841512345\n",
    ],
)
def test_a_phone_has_one_form(typed: str) -> None:
    """However it is grouped, a mobile number is its eleven digits."""
    assert parse_phone(typed) == "13841512345"


@pytest.mark.parametrize(
    ("typed", "reason"),
    [
        ("", "not_mobile"),
        ("12841512345", "not_mobile"),
        ("1384151234", "not_mobile"),
        ("138415123456", "not_mobile"),
        ("0415-3141234", "not_mobile"),
        ("+1 202 555 0100", "not_mobile"),
        ("+85291234567", "not_mobile"),
        ("+86+8613841512345", "not_mobile"),
        ("1384151234O", "characters"),
        ("(138)41512345", "characters"),
        ("١٣٨٤١٥١٢٣٤٥", "characters"),
        ("13841512345\x00", "characters"),
    ],
)
def test_what_is_no_mobile_is_refused(typed: str, reason: str) -> None:
    """Landlines, other countries and slips are told apart from stray characters."""
    with pytest.raises(PhoneRefused) as refused:
        parse_phone(typed)
    assert refused.value.reason == reason == str(refused.value)


def test_a_masked_phone_shows_five_digits() -> None:
    """Enough for its owner to know it, too little for anyone to ring."""
    assert masked_phone("13841512345") == "138******45"
    assert masked_phone("12345") == "*****"


@given(st.text(max_size=20))
def test_any_text_is_a_phone_or_refused(text: str) -> None:
    """What is read is read the same again."""
    try:
        phone = parse_phone(text)
    except PhoneRefused:
        return
    assert parse_phone(f"+86{phone}") == phone
