"""Mobile phone numbers of the Chinese mainland."""

import re
import unicodedata
from typing import Literal, TypeAlias

PhoneReason: TypeAlias = Literal["characters", "not_mobile"]

# Spaces, and every dash that stands for a hyphen after NFKC.
SEPARATORS = re.compile(r"[\s\-\u2010-\u2015\u2212]")
COUNTRY_CODE = re.compile(r"^(?:\+86|0086)")
MOBILE = re.compile(r"1[3-9][0-9]{9}")


class PhoneRefused(ValueError):
    """A text is no mobile number of the mainland. The text is never repeated.

    ``reason`` is ``characters`` (something that is no digit) or ``not_mobile`` (not the 11 digits
    of a mobile number: a landline, another country, a digit missing).
    """

    def __init__(self, reason: PhoneReason) -> None:
        """Keep the reason for the caller."""
        super().__init__(reason)
        self.reason: PhoneReason = reason


def parse_phone(text: str) -> str:
    """Return the 11 digits of a mobile number as people write it.

    Spaces, hyphens, full width and a leading +86 or 0086 are all right.

    Raises:
        PhoneRefused: with the ``reason``.
    """
    written = SEPARATORS.sub("", unicodedata.normalize("NFKC", text))
    digits = COUNTRY_CODE.sub("", written)
    if not re.fullmatch(r"\+?[0-9]*", digits):
        raise PhoneRefused("characters")
    if not MOBILE.fullmatch(digits):
        raise PhoneRefused("not_mobile")
    return digits


def masked_phone(phone: str) -> str:
    """Return a phone fit to show: the first 3 and last 2 digits, stars between."""
    if len(phone) < 11:
        return "*" * len(phone)
    return phone[:3] + "*" * (len(phone) - 5) + phone[-2:]
