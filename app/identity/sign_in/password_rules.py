"""Which passwords are taken: long enough, and none that everybody tries first.

No rules of composition, no expiry (NIST SP 800-63B-4, OWASP ASVS 6.2): they make passwords worse.
"""

import itertools
import pkgutil
import unicodedata
from functools import lru_cache

from app.errors import FieldFault, Invalid, Words

SHORTEST, LONGEST = 8, 256  # bytes of UTF-8 after NFC
HERE = frozenset(
    {
        *("woaini1314", "woaini520", "woaini521", "5201314520", "woaiwojia", "woaini123"),
        *("88888888", "66666666", "12345678a", "a12345678", "asd123456", "wang1234"),
        *("linli123", "linli1234", "linli12345", "dandong123", "dandong415"),
    }
)
"""What people here use and a list of the world's passwords does not have."""


def checked_password(text: str) -> str:
    """Return a password as it is hashed: in NFC, nothing trimmed.

    Raises:
        Invalid: it is too short or too long, or one of those that are tried first.
    """
    password = normal_password(text)
    if not SHORTEST <= len(password.encode()) <= LONGEST:
        words = Words("密码长度应为 8 至 256 字节", "A password has 8 to 256 bytes")
        raise Invalid([FieldFault("/password", "length", words)])
    folded = unicodedata.normalize("NFKC", password).casefold().strip()
    if folded in HERE or folded in _common() or len(set(folded)) <= 2 or _is_run(folded):
        words = Words("该密码过于常见,请更换", "This password is one of those tried first")
        raise Invalid([FieldFault("/password", "too-common", words)])
    return password


def normal_password(text: str) -> str:
    """Return a password in NFC, so that the same word typed on two keyboards is one."""
    return unicodedata.normalize("NFC", text)


def _is_run(text: str) -> bool:
    """Tell whether each character follows the one before, up or down: 12345678, hgfedcba."""
    steps = {ord(after) - ord(before) for before, after in itertools.pairwise(text)}
    return steps in ({1}, {-1})


@lru_cache(maxsize=1)
def _common() -> frozenset[str]:
    """Return the commonest passwords of leaks; loaded when somebody first sets one."""
    lists = pkgutil.resolve_name("zxcvbn.frequency_lists:FREQUENCY_LISTS")
    return frozenset(word for word in lists["passwords"] if len(word) >= SHORTEST)
