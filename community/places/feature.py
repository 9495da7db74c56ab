"""Service points, as handed to the factory."""

from app.feature import Feature
from community.places.models import PointMatter, ServicePoint
from community.places.routes import POLICY, points
from community.places.sync import STREAMS

FEATURE = Feature(
    "places", (ServicePoint, PointMatter), blueprints=(points,), policy=POLICY, streams=STREAMS
)
