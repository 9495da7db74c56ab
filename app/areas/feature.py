"""Areas, as handed to the factory."""

from app.areas.models import (
    Area,
    AreaDivision,
    AreaPolygon,
    AreaSuccession,
    CalendarDay,
    Division,
)
from app.areas.routes import POLICY, areas
from app.areas.sync import STREAMS
from app.feature import Feature

MODELS = (Division, Area, AreaDivision, AreaSuccession, AreaPolygon, CalendarDay)

FEATURE = Feature("areas", MODELS, blueprints=(areas,), policy=POLICY, streams=STREAMS)
