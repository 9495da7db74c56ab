"""Service requests, as handed to the factory."""

from app.feature import Feature
from community.requests.commands import ended_areas, requests_commands
from community.requests.filing import routes as filing
from community.requests.handling import routes as handling
from community.requests.models import Rating, RequestEvent, ServiceRequest
from community.requests.moving.sweeps import AREA_CHANGES
from community.requests.near import routes as near
from community.requests.near.models import RequestCell, RequestCellChange, RequestChange
from community.requests.near.policy import POLICY as NEAR_POLICY
from community.requests.near.sweeps import CELLS
from community.requests.policy import POLICY
from community.requests.rating import routes as rating
from community.requests.reading import routes as reading

ROOMS = (near, reading, filing, handling, rating)
(BLUEPRINT,) = {room.requests for room in ROOMS}  # each room lays its routes on the one

MODELS = (
    ServiceRequest,
    RequestEvent,
    Rating,
    RequestChange,
    RequestCell,
    RequestCellChange,
)

FEATURE = Feature(
    "requests",
    MODELS,
    blueprints=(BLUEPRINT,),
    policy={**POLICY, **NEAR_POLICY},
    sweeps=(AREA_CHANGES, CELLS),
    commands=(ended_areas, requests_commands),
)
