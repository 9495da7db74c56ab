"""Turning keys, as handed to the factory."""

from app.feature import Feature
from app.turning.models import KeyTurn

FEATURE = Feature("turning", (KeyTurn,))
