"""The rules, as handed to the factory."""

from app.feature import Feature
from community.rules.models import (
    Capacity,
    DispatchRule,
    DutyClause,
    MatterLimit,
    NotAccepted,
    RatingReason,
    SupervisionRung,
)
from community.rules.routes import POLICY, rules
from community.rules.sync import STREAMS

MODELS = (
    MatterLimit,
    DutyClause,
    DispatchRule,
    NotAccepted,
    SupervisionRung,
    Capacity,
    RatingReason,
)

FEATURE = Feature("rules", MODELS, blueprints=(rules,), policy=POLICY, streams=STREAMS)
