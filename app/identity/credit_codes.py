"""Unified social credit codes of organisations (GB 32100-2015).

Eighteen characters: registering department (1), kind of organisation (2), division (3-8),
organisation code of GB 11714 with its own check character (9-17), check character (18). Both
check characters are tested: with the last alone, one resident number in 31 would pass for a code.
"""

import re
import unicodedata
from typing import Literal, TypeAlias

CodeReason: TypeAlias = Literal[
    "length", "characters", "division", "organisation_code", "check_digit"
]

ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"  # without I, O, S, V and Z
WEIGHTS = tuple(3**position % 31 for position in range(17))
ORGANISATION_WEIGHTS = (3, 7, 9, 10, 5, 8, 4, 2)
ORGANISATION_CHECKS = "0123456789X"
LETTERS_FROM = ord("A") - 10  # GB 11714 counts A as 10 and skips no letter


class CreditCodeRefused(ValueError):
    """A text is no unified social credit code; ``reason`` says what is wrong.

    ``length``: not 18 characters. ``characters``: one that the standard does not use, such as the
    letter O. ``division``: positions 3-8 are not digits. ``check_digit``: position 18 does not
    fit the others. ``organisation_code``: position 17 does not fit 9-16.
    """

    def __init__(self, reason: CodeReason) -> None:
        """Keep the reason for the caller."""
        super().__init__(reason)
        self.reason: CodeReason = reason


def parse_credit_code(text: str) -> str:
    """Return the 18 characters of a code as people write it, in capitals.

    Spaces, hyphens, full width and small letters are all right. Department and kind are not
    looked up, since departments may add kinds.

    Raises:
        CreditCodeRefused: with the ``reason`` of the first fault found.
    """
    code = re.sub(r"[\s-]", "", unicodedata.normalize("NFKC", text)).upper()
    if len(code) != 18:
        raise CreditCodeRefused("length")
    if not set(code) <= set(ALPHABET):
        raise CreditCodeRefused("characters")
    if not code[2:8].isdigit():
        raise CreditCodeRefused("division")
    if _check(code[:17]) != code[17]:
        raise CreditCodeRefused("check_digit")
    if _organisation_check(code[8:16]) != code[16]:
        raise CreditCodeRefused("organisation_code")
    return code


def _check(first17: str) -> str:
    """Return the character that completes a code (GB 32100-2015, powers of 3 modulo 31)."""
    total = sum(
        ALPHABET.index(character) * weight
        for character, weight in zip(first17, WEIGHTS, strict=True)
    )
    return ALPHABET[-total % 31]


def _organisation_check(first8: str) -> str:
    """Return the character that completes an organisation code (GB 11714, modulo 11)."""
    total = sum(
        (int(character) if character.isdigit() else ord(character) - LETTERS_FROM) * weight
        for character, weight in zip(first8, ORGANISATION_WEIGHTS, strict=True)
    )
    return ORGANISATION_CHECKS[-total % 11]
