"""Service requests, as handed to the factory."""

from app.feature import Feature
from community.requests.commands import ended_areas, requests_commands
from community.requests.filing import routes as filing
from community.requests.handling import routes as handling
from community.requests.models import Rating, RequestEvent, ServiceRequest
from community.requests.moving.sweeps import AREA_CHANGES
from community.requests.policy import POLICY
from community.requests.rating import routes as rating
from community.requests.reading import routes as reading

ROOMS = (reading, filing, handling, rating)
(BLUEPRINT,) = {room.requests for room in ROOMS}  # each room lays its routes on the one

MODELS = (ServiceRequest, RequestEvent, Rating)

FEATURE = Feature(
    "requests",
    MODELS,
    blueprints=(BLUEPRINT,),
    policy=POLICY,
    sweeps=(AREA_CHANGES,),
    commands=(ended_areas, requests_commands),
)
