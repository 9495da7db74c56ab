"""Ages are counted in full years, as the law counts them."""

from datetime import date

import pytest

from app.identity.numbers import NumberRefused, age_on

TODAY = date(2026, 11, 23)


@pytest.mark.parametrize(
    ("born", "day", "age"),
    [
        (date(2012, 11, 23), TODAY, 14),
        (date(2012, 11, 24), TODAY, 13),
        (date(1935, 8, 15), TODAY, 91),
        (date(2012, 2, 29), date(2026, 2, 28), 13),
        (date(2012, 2, 29), date(2026, 3, 1), 14),
        (date(2012, 2, 29), date(2024, 2, 29), 12),
        (TODAY, TODAY, 0),
    ],
)
def test_age_is_in_full_years(born: date, day: date, age: int) -> None:
    """A child is under 14 (个人信息保护法 31) until the very birthday."""
    assert age_on(born, day) == age


def test_nobody_has_an_age_before_birth() -> None:
    """Asking is a fault, not minus one."""
    with pytest.raises(NumberRefused):
        age_on(TODAY, date(2026, 11, 22))
