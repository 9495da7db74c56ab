"""No resident is turned away for a sound number, and no number is ever repeated in a refusal."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.identity.numbers import (
    NumberRefused,
    check_digit,
    masked,
    parse_number,
)

TODAY = date(2026, 11, 23)
FULL_WIDTH = 0xFEE0  # from an ASCII character to its full-width form
BIRTHDAYS = st.dates(date(1900, 1, 1), TODAY)


@st.composite
def numbers(draw: st.DrawFn) -> str:
    """A sound number of anybody alive, from any address code."""
    address = draw(st.integers(100000, 999999))
    sequence = draw(st.integers(0, 999))
    first17 = f"{address}{draw(BIRTHDAYS):%Y%m%d}{sequence:03d}"
    return first17 + check_digit(first17)


@pytest.mark.parametrize(
    ("number", "born", "male"),
    [
        ("11010519491231002X", date(1949, 12, 31), False),
        ("440524188001010014", date(1880, 1, 1), True),
        ("210603199003070015", date(1990, 3, 7), True),
        ("210603199003070023", date(1990, 3, 7), False),
        ("21060319850520009X", date(1985, 5, 20), True),
        ("210602193508150041", date(1935, 8, 15), False),
        ("210681195602290037", date(1956, 2, 29), True),
        ("210624200002290064", date(2000, 2, 29), False),
        ("210604201610010053", date(2016, 10, 1), True),
        ("810000199001010019", date(1990, 1, 1), True),
        ("830000199001010020", date(1990, 1, 1), False),
    ],
)
def test_sound_numbers_are_read(number: str, born: date, male: bool) -> None:
    """The standard's samples, the old of Dandong, leap days, children and residence permits."""
    found = parse_number(number, TODAY)
    assert (found.number, found.born, found.male, found.warnings) == (number, born, male, ())


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("210603199003070010", "check_digit"),
        ("210603199002300018", "birth_date"),
        ("210603190002290015", "birth_date"),
        ("210603199013070019", "birth_date"),
        ("210603000001010010", "birth_date"),
        ("21060319900307001", "length"),
        ("", "length"),
        ("2106031990030700155", "length"),
        ("X10603199003070015", "characters"),
        ("2106031990O3070015", "characters"),
        ("21060319900307001Y", "characters"),
        ("21060390030700X", "characters"),
        ("٢١٠٦٠٣١٩٩٠٠٣٠٧٠٠١٥", "characters"),
        ("210603991340001", "birth_date"),
    ],
)
def test_unsound_numbers_are_refused(text: str, reason: str) -> None:
    """The reason is told, so that the form can help; the value is not."""
    with pytest.raises(NumberRefused) as refused:
        parse_number(text, TODAY)
    assert refused.value.reason == reason == str(refused.value)
    assert refused.value.__cause__ is None


@pytest.mark.parametrize(
    ("born", "reason"), [("20261124", "future"), ("20300101", "future"), ("18751231", "birth_date")]
)
def test_nobody_is_unborn_or_of_biblical_age(born: str, reason: str) -> None:
    """A birth tomorrow, or more than 150 years ago, is a slip of the pen."""
    first17 = f"210603{born}001"
    with pytest.raises(NumberRefused) as refused:
        parse_number(first17 + check_digit(first17), TODAY)
    assert refused.value.reason == reason


def test_a_child_born_today_has_a_number() -> None:
    """Today is not the future."""
    first17 = f"210603{TODAY:%Y%m%d}001"
    assert parse_number(first17 + check_digit(first17), TODAY).born == TODAY


@pytest.mark.parametrize(
    "text",
    [
        "11010519491231002x",
        " 110105 19491231 002X\n",
        "".join(chr(ord(character) + FULL_WIDTH) for character in "11010519491231002x"),
        "110105\u300019491231\u3000002x",
    ],
)
def test_numbers_are_read_as_people_write_them(text: str) -> None:
    """A small x, spaces and full width make no difference."""
    assert parse_number(text, TODAY).number == "11010519491231002X"


def test_the_old_form_becomes_the_new() -> None:
    """Fifteen digits gain their century and check digit, and a warning that the card is old."""
    found = parse_number("210603900307001", TODAY)
    assert found.number == "210603199003070015"
    assert found.warnings == ("legacy_15_digits",)


def test_centenarians_of_the_old_form_keep_their_century() -> None:
    """The sequences 996 to 999 were kept for people born in the century before."""
    assert parse_number("210603850307996", TODAY).born == date(1885, 3, 7)
    assert parse_number("210603850307995", TODAY).born == date(1985, 3, 7)


def test_an_unknown_address_code_only_warns() -> None:
    """Abolished counties draw no notice, an impossible province a warning: never a refusal."""
    for address, warnings in {
        "210611": (),
        "210621": (),
        "990000": (),
        "000000": ("address_code",),
        "660101": ("address_code",),
    }.items():
        first17 = f"{address}19900307001"
        assert parse_number(first17 + check_digit(first17), TODAY).warnings == warnings


def test_a_foreign_permanent_resident_has_a_number() -> None:
    """The sample of the 2023 card begins with 9 and follows the same check."""
    assert parse_number("911124198108030024", TODAY).warnings == ()


@given(numbers())
def test_every_sound_number_is_read_back(number: str) -> None:
    """Whatever the county, a number that fits its check digit is somebody's."""
    found = parse_number(number, TODAY)
    assert found.number == number
    assert f"{found.born:%Y%m%d}" == number[6:14]
    assert found.male is (int(number[16]) % 2 == 1)


@given(numbers(), st.integers(0, 16), st.integers(1, 9))
def test_one_wrong_digit_is_always_noticed(number: str, place: int, step: int) -> None:
    """ISO 7064 MOD 11-2 finds every single slip."""
    wrong = str((int(number[place]) + step) % 10)
    with pytest.raises(NumberRefused):
        parse_number(number[:place] + wrong + number[place + 1 :], TODAY)


@given(numbers(), st.integers(0, 15))
def test_two_digits_changed_about_are_always_noticed(number: str, place: int) -> None:
    """ISO 7064 MOD 11-2 finds every neighbouring pair in the wrong order."""
    swapped = number[:place] + number[place + 1] + number[place] + number[place + 2 :]
    if swapped != number:
        with pytest.raises(NumberRefused):
            parse_number(swapped, TODAY)


@given(st.text(max_size=20))
def test_any_text_is_read_or_refused(text: str) -> None:
    """Whatever a client sends, there is an answer, and what is read is read the same again."""
    try:
        found = parse_number(text, TODAY)
    except NumberRefused:
        return
    assert parse_number(found.number, TODAY).born == found.born


@given(numbers())
def test_a_number_stays_out_of_logs(number: str) -> None:
    """Neither ``repr`` nor the mask shows the birthday."""
    found = parse_number(number, TODAY)
    assert number not in repr(found)
    assert repr(found.born) not in repr(found)
    assert masked(number) == f"{number[:3]}*************{number[16:]}"


def test_a_short_text_is_masked_whole() -> None:
    """What is no number is not shown in part either."""
    assert masked("12345") == "*****"


@pytest.mark.parametrize("text", ["", "2106031990030700", "21060319900307001X", "２" * 17])
def test_a_check_digit_needs_seventeen_digits(text: str) -> None:
    """Anything else is refused rather than miscounted."""
    with pytest.raises(NumberRefused):
        check_digit(text)
