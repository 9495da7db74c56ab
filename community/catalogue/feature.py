"""The catalogue, as handed to the factory."""

from app.feature import Feature
from community.catalogue.models import Matter
from community.catalogue.routes import POLICY, matters
from community.catalogue.sync import STREAMS

FEATURE = Feature("catalogue", (Matter,), blueprints=(matters,), policy=POLICY, streams=STREAMS)
