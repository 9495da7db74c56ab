"""A one-time code on its way, of which only a keyed hash is kept."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import SmallInteger, Text
from sqlalchemy.orm import Mapped

from app.database import Model
from app.privacy import internal, personal, secret, vault


class SignInChallenge(Model):
    """A code that was sent: for one purpose, and one account if somebody was signed in."""

    __tablename__ = "sign_in_challenge"

    id: Mapped[UUID] = internal(primary_key=True)
    purpose: Mapped[str] = internal(Text)
    account_id: Mapped[UUID | None] = internal()
    phone_index: Mapped[bytes] = personal()
    code_hash: Mapped[bytes] = secret()
    tries: Mapped[int] = internal(SmallInteger, server_default="0")
    expires_at: Mapped[datetime] = internal(index=True)
    used_at: Mapped[datetime | None] = internal()


def code_hash(challenge: UUID, purpose: str, code: str) -> bytes:
    """Return the keyed hash of a code, which holds for this challenge and purpose alone."""
    return vault.index("sign-in-code", f"{challenge}:{purpose}:{code}")
