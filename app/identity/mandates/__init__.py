"""Mandates (代办): one person acts for another, in named matters, for a time, until revoked."""

from app.identity.mandates.acting import Principal, principal_for, represented_by
from app.identity.mandates.lifecycle import Power
from app.identity.mandates.refusals import MandateRefused

__all__ = ["MandateRefused", "Power", "Principal", "principal_for", "represented_by"]
