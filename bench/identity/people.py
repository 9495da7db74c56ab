"""Who signs in: made-up numbers, each kind with a range of its own. Nothing of the product here."""

PASSWORD = "春江水暖鸭先知"
PASSWORDS = 20
CODE = "042117"


def number(kind: int, n: int) -> str:
    """Return a number: 1 is known, 2 is not, 3 has a password, 4 signs in, 5 is a resident's."""
    return f"19{kind}{n:08d}"
