"""What a browser gave us, judged before it is kept: a push service we know, and usable keys."""

from collections.abc import Sequence

from cryptography.hazmat.primitives.asymmetric import ec

from notices.channels.line import UrlRefused, checked_url
from notices.channels.push.vapid import unb64

KNOWN_HOSTS = (
    "fcm.googleapis.com",
    "updates.push.services.mozilla.com",
    ".push.services.mozilla.com",
    ".notify.windows.com",
    ".push.apple.com",
)
"""The push services of the browsers there are; a name that begins with a dot stands for its hosts.

We send where a stranger tells us to: without this list, anywhere.
"""


def is_known(host: str, known: Sequence[str]) -> bool:
    """Tell whether a host is one of a push service."""
    return any(host.endswith(name) if name.startswith(".") else host == name for name in known)


def checked_endpoint(url: str, known: Sequence[str], *, plain: bool = False) -> str:
    """Return the endpoint as it is.

    Raises:
        UrlRefused: it is not one of a push service we know.
    """
    host = checked_url(url, plain=plain).hostname or ""
    if not is_known(host, known):
        raise UrlRefused("unknown-push-service")
    return url


def are_usable(p256dh: str, auth: str) -> bool:
    """Tell whether the keys are a point of P-256 and 16 bytes (RFC 8291, 2.1 and 3.2)."""
    try:
        ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), unb64(p256dh))
        return len(unb64(auth)) == 16
    except ValueError:
        return False
