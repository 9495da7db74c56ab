"""The audit trail, as handed to the factory."""

from app.audits.commands import audit_group
from app.audits.expiring import EXPIRY
from app.audits.models import AuditChain, AuditHead
from app.audits.routes import POLICY, audits
from app.audits.sealing import SEALING
from app.feature import Feature
from app.privacy import AuditEntry

FEATURE = Feature(
    "audits",
    (AuditEntry, AuditChain, AuditHead),
    blueprints=(audits,),
    policy=POLICY,
    sweeps=(SEALING, EXPIRY),
    commands=(audit_group,),
)
