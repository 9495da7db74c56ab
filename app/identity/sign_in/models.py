"""Other ways of being let in than a code: a password, or somebody who vouches for a person."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import PrimaryKeyConstraint, Text, UniqueConstraint
from sqlalchemy.orm import Mapped

from app.database import Model
from app.privacy import internal, personal, secret


class AccountPassword(Model):
    """The hash (argon2id) of an account's password, if it has one."""

    __tablename__ = "account_password"

    account_id: Mapped[UUID] = internal(primary_key=True)
    hash: Mapped[bytes] = secret()
    set_at: Mapped[datetime] = internal()


class ProviderLink(Model):
    """Somebody at a provider, and the account that they are here. One of each provider."""

    __tablename__ = "provider_link"
    __table_args__ = (
        PrimaryKeyConstraint("provider", "subject_index"),
        UniqueConstraint("account_id", "provider"),
    )

    provider: Mapped[str] = internal(Text)
    subject_index: Mapped[bytes] = personal()
    account_id: Mapped[UUID] = internal()
    linked_at: Mapped[datetime] = internal()


class ProviderVisit(Model):
    """Somebody who was sent to a provider: what must come back with them, and only once."""

    __tablename__ = "provider_visit"

    id: Mapped[UUID] = internal(primary_key=True)
    provider: Mapped[str] = internal(Text)
    state_hash: Mapped[bytes] = secret(unique=True)
    nonce_hash: Mapped[bytes] = secret()
    verifier_sealed: Mapped[bytes] = secret()
    expires_at: Mapped[datetime] = internal(index=True)
    used_at: Mapped[datetime | None] = internal()


class ProviderArrival(Model):
    """Somebody whom a provider knows and no account does: waits for the code of a phone."""

    __tablename__ = "provider_arrival"

    id: Mapped[UUID] = internal(primary_key=True)
    provider: Mapped[str] = internal(Text)
    subject_index: Mapped[bytes] = personal()
    expires_at: Mapped[datetime] = internal(index=True)
    used_at: Mapped[datetime | None] = internal()
