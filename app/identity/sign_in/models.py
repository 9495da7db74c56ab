"""What stands between a phone and a session."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import SmallInteger
from sqlalchemy.orm import Mapped

from app.database import Model
from app.privacy import internal, personal, secret


class SignInChallenge(Model):
    """A one-time code on its way: hashed, ten minutes, five tries, single use."""

    __tablename__ = "sign_in_challenge"

    id: Mapped[UUID] = internal(primary_key=True)
    phone_index: Mapped[bytes] = personal()
    code_hash: Mapped[bytes] = secret()
    tries: Mapped[int] = internal(SmallInteger, server_default="0")
    expires_at: Mapped[datetime] = internal(index=True)
    used_at: Mapped[datetime | None] = internal()
