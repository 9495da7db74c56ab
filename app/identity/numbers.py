"""What stands on an identity card: the number (GB 11643-1999) and the name.

Structure, date of birth and check digit decide whether a number is sound. Its address code never
does: it names the place of first registration, often a county abolished since, and validators
that look it up turn real residents away.
"""

import re
import unicodedata
from dataclasses import dataclass, field
from datetime import date
from typing import Literal, TypeAlias

NumberReason: TypeAlias = Literal["length", "characters", "birth_date", "check_digit", "future"]
NameReason: TypeAlias = Literal["empty", "too_long", "control_character"]

WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
CHECK_DIGITS = "10X98765432"  # by the weighted sum modulo 11 (ISO 7064 MOD 11-2)
OLDEST_YEARS = 150  # a birth longer ago is a slip of the pen

# GB/T 2260 provinces. 81, 82 and 83 open residence permits for people from Hong Kong, Macao and
# Taiwan; 9 opens the number of a foreign permanent resident (2023 card).
KNOWN_PROVINCE = re.compile(r"1[1-5]|2[1-3]|3[1-7]|4[1-6]|5[0-4]|6[1-5]|71|8[1-3]|9")

# Numbers of 15 digits have no century. The sequences 996 to 999 were kept for people who were
# past a hundred when numbers began, in the 1980s.
CENTENARIANS = frozenset({"996", "997", "998", "999"})

UNKNOWN_PROVINCE = "address_code"
LEGACY = "legacy_15_digits"

LONGEST_NAME = 100  # characters; the longest names of residents have some fifty
FORBIDDEN_IN_NAMES = frozenset({"Cc", "Cf", "Cs", "Zl", "Zp"})  # Unicode categories
# Names of several parts are written with a middle dot, for which keyboards offer all of these. A
# full stop stands for it only between two characters that are not ASCII: "J. Smith" keeps its own.
MIDDLE_DOT = "\u00b7"
DOT_VARIANTS = re.compile(
    r"\s*[\u00b7\u2022\u2027\u2219\u22c5\u30fb]\s*|(?<=[^\x00-\x7f])\s?\.\s?(?=[^\x00-\x7f])"
)


class NumberRefused(ValueError):
    """A text is no resident number; ``reason`` says what is wrong. The text is never repeated.

    ``length``: neither 18 characters nor 15. ``characters``: not digits, with X at the end at
    most. ``birth_date``: no such day, or more than 150 years ago. ``check_digit``: the last
    character does not fit the others, as after a slip of the pen. ``future``: not born yet.
    """

    def __init__(self, reason: NumberReason) -> None:
        """Keep the reason for the caller."""
        super().__init__(reason)
        self.reason: NumberReason = reason


class NameRefused(ValueError):
    """A text is no name: ``reason`` is ``empty``, ``too_long`` or ``control_character``."""

    def __init__(self, reason: NameReason) -> None:
        """Keep the reason for the caller."""
        super().__init__(reason)
        self.reason: NameReason = reason


@dataclass(frozen=True, slots=True)
class ResidentNumber:
    """A sound resident number of 18 characters and what it says.

    ``warnings`` are for a person to look at and never a ground to refuse: ``address_code`` (it
    begins with no known province) and ``legacy_15_digits`` (it was written in the old form). The
    number and the birthday stay out of ``repr``, and so out of logs.
    """

    number: str = field(repr=False)
    born: date = field(repr=False)
    male: bool
    warnings: tuple[str, ...]


def parse_number(text: str, today: date) -> ResidentNumber:
    """Read a resident number as people write it: spaces, full width and a small x are all right.

    A number of 15 digits is returned in its form of 18. ``today`` is the day in Shanghai.

    Raises:
        NumberRefused: with the ``reason`` of the first fault found.
    """
    written = "".join(unicodedata.normalize("NFKC", text).split()).upper()
    if len(written) not in (15, 18):
        raise NumberRefused("length")
    if not re.fullmatch(r"[0-9]{15}|[0-9]{17}[0-9X]", written):
        raise NumberRefused("characters")
    number = written if len(written) == 18 else _lengthened(written)
    born = _birthday(number[6:14])
    if today.year - born.year > OLDEST_YEARS:
        raise NumberRefused("birth_date")
    if check_digit(number[:17]) != number[17]:
        raise NumberRefused("check_digit")
    if born > today:
        raise NumberRefused("future")
    return ResidentNumber(
        number=number,
        born=born,
        male=int(number[16]) % 2 == 1,
        warnings=_warnings(written),
    )


def check_digit(first17: str) -> str:
    """Return the character, 0-9 or X, that completes 17 digits (ISO 7064 MOD 11-2).

    Raises:
        NumberRefused: ``characters``, if they are not 17 digits.
    """
    if not re.fullmatch(r"[0-9]{17}", first17):
        raise NumberRefused("characters")
    total = sum(int(digit) * weight for digit, weight in zip(first17, WEIGHTS, strict=True))
    return CHECK_DIGITS[total % 11]


def age_on(born: date, day: date) -> int:
    """Return the full years (周岁) lived by ``day``.

    Who was born on 29 February grows older on 1 March of a common year.

    Raises:
        NumberRefused: ``future``, if ``day`` is before the birth.
    """
    if day < born:
        raise NumberRefused("future")
    before_birthday = (day.month, day.day) < (born.month, born.day)
    return day.year - born.year - before_birthday


def masked(number: str) -> str:
    """Return a number fit to show: the first 3 and last 2 characters, stars between."""
    if len(number) < 15:
        return "*" * len(number)
    return number[:3] + "*" * (len(number) - 5) + number[-2:]


def normal_name(text: str) -> str:
    """Return a person's name as it is kept and compared.

    Width is normalised (NFKC), outer spaces go, inner ones become one, and whatever dot parts
    the name (. • ・ ‧) becomes the middle dot · without spaces. Rare characters stay as they are.

    Raises:
        NameRefused: nothing is left, it has over 100 characters, or it holds a control character
            (line breaks, NUL, invisible marks, half of a surrogate pair).
    """
    name = unicodedata.normalize("NFKC", text)
    if any(unicodedata.category(character) in FORBIDDEN_IN_NAMES for character in name):
        raise NameRefused("control_character")
    name = DOT_VARIANTS.sub(MIDDLE_DOT, " ".join(name.split()))
    if not name.strip(MIDDLE_DOT):
        raise NameRefused("empty")
    if len(name) > LONGEST_NAME:
        raise NameRefused("too_long")
    return name


def _lengthened(legacy: str) -> str:
    century = "18" if legacy[12:] in CENTENARIANS else "19"
    first17 = legacy[:6] + century + legacy[6:]
    return first17 + check_digit(first17)


def _birthday(digits: str) -> date:
    try:
        return date(int(digits[:4]), int(digits[4:6]), int(digits[6:]))
    except ValueError:
        raise NumberRefused("birth_date") from None  # the cause would repeat the number


def _warnings(written: str) -> tuple[str, ...]:
    found = [] if KNOWN_PROVINCE.match(written) else [UNKNOWN_PROVINCE]
    if len(written) == 15:
        found.append(LEGACY)
    return tuple(found)
