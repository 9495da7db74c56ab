"""Standard Webhooks: three headers, HMAC-SHA-256 over id, time and body, several signatures."""

import base64
import hmac
import secrets
from collections.abc import Sequence
from datetime import datetime

PREFIX = "whsec_"
SECRET_BYTES = 32


def new_secret() -> str:
    """Return a fresh secret, as the receiver's library wants it."""
    return PREFIX + base64.b64encode(secrets.token_bytes(SECRET_BYTES)).decode()


def signed_headers(
    message_id: str, now: datetime, body: bytes, keys: Sequence[str]
) -> dict[str, str]:
    """Return the headers of one message, with a signature for each secret that holds."""
    moment = str(int(now.timestamp()))
    content = f"{message_id}.{moment}.".encode() + body
    signatures = [
        base64.b64encode(hmac.digest(base64.b64decode(key.removeprefix(PREFIX)), content, "sha256"))
        for key in keys
    ]
    return {
        "Content-Type": "application/json",
        "webhook-id": message_id,
        "webhook-timestamp": moment,
        "webhook-signature": " ".join(f"v1,{each.decode()}" for each in signatures),
    }
