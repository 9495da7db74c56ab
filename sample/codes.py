"""Numbers with check digits: citizens' (GB 11643) and credit codes (GB 32100, GB 11714)."""

from array import array
from datetime import date

_CITIZEN_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_CREDIT_ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"
_CREDIT_WEIGHTS = tuple(pow(3, place, 31) for place in range(17))
_ORGANISATION_WEIGHTS = (3, 7, 9, 10, 5, 8, 4, 2)

_TODAY_COUNTIES = ("210602", "210603", "210604", "210681", "210682", "210624", "210102")
_FORMER_COUNTIES = ("210621", "210622", "210623")
_FORMER_UNTIL = 1985
"""Only people born before this year get the codes of counties that ended in 1992-93."""

_FIRST_BIRTHDAY = date(1900, 1, 1).toordinal()
_DAYS = 150 * 366
_PAIRS = 499  # sequences 001 to 998, an odd one for a man and an even one for a woman


def citizen_check(first17: str) -> str:
    """Return the check character of a GB 11643 number: a digit or X (ISO 7064 MOD 11-2)."""
    total = sum(
        int(digit) * weight for digit, weight in zip(first17, _CITIZEN_WEIGHTS, strict=True)
    )
    return "10X98765432"[total % 11]


def credit_check(first17: str) -> str:
    """Return the check character of a GB 32100 unified social credit code."""
    total = sum(
        _CREDIT_ALPHABET.index(sign) * weight
        for sign, weight in zip(first17, _CREDIT_WEIGHTS, strict=True)
    )
    return _CREDIT_ALPHABET[-total % 31]


def organisation_check(first8: str) -> str:
    """Return the check character of a GB 11714 organisation code; letters count A=10 to Z=35."""
    total = sum(
        int(sign, 36) * weight for sign, weight in zip(first8, _ORGANISATION_WEIGHTS, strict=True)
    )
    return "0123456789X"[-total % 11]


def credit_code(division: str, body: str, kind: str = "11") -> str:
    """Return a credit code from a 6-digit division and 8-sign body; kind 11 is a state organ."""
    first17 = f"{kind}{division}{body}{organisation_check(body)}"
    return first17 + credit_check(first17)


class BirthRegister:
    """Gives out citizens' numbers so that none is given twice, in memory that does not grow.

    It keeps one counter per day of birth and sex. A day has room for 3,493 people of each sex.
    """

    def __init__(self) -> None:
        """Begin with nobody born."""
        self._born = array("H", bytes(2 * 2 * _DAYS))

    def issue(self, born: date, *, male: bool) -> str:
        """Return a new valid number for a birthday from 1900 on; digit 17 is odd for men.

        Raises ValueError when the day is full.
        """
        day = born.toordinal() - _FIRST_BIRTHDAY
        slot = 2 * day + male
        before = self._born[slot]
        self._born[slot] += 1
        counties: tuple[str, ...] = _TODAY_COUNTIES
        if born.year < _FORMER_UNTIL:
            counties = _TODAY_COUNTIES + _FORMER_COUNTIES
        turn, place = divmod(before, len(counties))
        if turn >= _PAIRS:
            raise ValueError(f"no numbers are left for {born}")
        sequence = 2 * ((turn * 7 + day * 31) % _PAIRS) + (1 if male else 2)
        first17 = f"{counties[(place + day) % len(counties)]}{born:%Y%m%d}{sequence:03}"
        return first17 + citizen_check(first17)
