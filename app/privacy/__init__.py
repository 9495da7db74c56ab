"""Personal data: what each column holds, how it is sealed and found, and who did what."""

from app.privacy.audit import (
    DEEDS,
    SHARING,
    AuditEntry,
    audit,
    audit_acting,
    audit_apart,
    audit_context,
    audit_covering,
)
from app.privacy.columns import Pii, internal, personal, public, secret, sensitive
from app.privacy.holdings import Excused, Holding, Kept, Subject
from app.privacy.keys import KeyDestroyed, KeyRing, Keyring, SealBroken
from app.privacy.subjects import SubjectKey, forget_subject_keys
from app.privacy.told import told_to_district
from app.privacy.vault import Vault, vault

__all__ = [
    "DEEDS",
    "SHARING",
    "AuditEntry",
    "Excused",
    "Holding",
    "Kept",
    "KeyDestroyed",
    "KeyRing",
    "Keyring",
    "Pii",
    "SealBroken",
    "Subject",
    "SubjectKey",
    "Vault",
    "audit",
    "audit_acting",
    "audit_apart",
    "audit_context",
    "audit_covering",
    "forget_subject_keys",
    "internal",
    "personal",
    "public",
    "secret",
    "sensitive",
    "told_to_district",
    "vault",
]
