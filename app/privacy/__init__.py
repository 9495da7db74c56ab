"""Personal data: what each column holds, how it is sealed and found, and who did what."""

from app.privacy.audit import AuditEntry, audit, audit_context
from app.privacy.columns import Pii, internal, personal, public, secret, sensitive
from app.privacy.vault import Keyring, SealBroken, Vault, vault

__all__ = [
    "AuditEntry",
    "Keyring",
    "Pii",
    "SealBroken",
    "Vault",
    "audit",
    "audit_context",
    "internal",
    "personal",
    "public",
    "secret",
    "sensitive",
    "vault",
]
