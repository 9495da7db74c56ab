"""One-time codes by time (TOTP, RFC 6238) as apps make them: SHA-1, 30 seconds, 6 digits."""

import base64
import hmac
import os
import re
import secrets
import unicodedata

from cryptography.hazmat.primitives.hashes import SHA1
from cryptography.hazmat.primitives.twofactor.totp import TOTP

STEP_S = 30
SECRET_BYTES = 20
DRIFT = 1
"""How many steps the phone's clock may be off: RFC 6238, 5.2 recommends one."""

RECOVERY_CODES = 10
RECOVERY_ALPHABET = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"  # nothing that reads as something else
RECOVERY_LENGTH = 12
SIX_DIGITS = re.compile(r"[0-9]{6}")


def new_secret() -> bytes:
    """Return a fresh secret of 160 bits (RFC 4226, 4, R6)."""
    return os.urandom(SECRET_BYTES)


def in_letters(secret: bytes) -> str:
    """Return the secret as it is typed into an app (base32)."""
    return base64.b32encode(secret).decode()


def address_of(secret: bytes, who: str) -> str:
    """Return the ``otpauth:`` address that an app reads from a picture."""
    return _totp(secret).get_provisioning_uri(who, "Linli")


def code_at(secret: bytes, seconds: float) -> str:
    """Return the code of a moment, in seconds since 1970."""
    return _totp(secret).generate(int(seconds)).decode()


def step_of(secret: bytes, code: str, seconds: float) -> int | None:
    """Return the step whose code this is, of those around a moment; every one is compared."""
    now = int(seconds) // STEP_S
    found = None
    for step in range(now - DRIFT, now + DRIFT + 1):
        if step >= 0 and hmac.compare_digest(code_at(secret, step * STEP_S), code):
            found = step
    return found


def normal_code(text: str) -> str:
    """Return a code as it is checked and as it is stored: width, spaces, hyphens and case go."""
    written = unicodedata.normalize("NFKC", text)
    return re.sub(r"[\s\-\u2010-\u2015\u2212]", "", written).upper()


def new_recovery_codes() -> list[str]:
    """Return fresh recovery codes of some 59 bits each, in groups of four."""
    return [_grouped(_drawn()) for _ in range(RECOVERY_CODES)]


def is_timed(code: str) -> bool:
    """Tell whether a normalised code has the form that an authenticator shows."""
    return SIX_DIGITS.fullmatch(code) is not None


def _drawn() -> str:
    return "".join(secrets.choice(RECOVERY_ALPHABET) for _ in range(RECOVERY_LENGTH))


def _grouped(code: str) -> str:
    return "-".join(code[at : at + 4] for at in range(0, len(code), 4))


def _totp(secret: bytes) -> TOTP:
    return TOTP(secret, 6, SHA1(), STEP_S)  # noqa: S303  HMAC-SHA-1 is what the apps know
