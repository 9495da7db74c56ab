"""Service requests, as handed to the factory."""

from app.feature import Feature
from community.requests.clock.sweeps import RECKONING
from community.requests.commands import ended_areas, requests_commands
from community.requests.declining import routes as declining
from community.requests.declining.models import Decline
from community.requests.filing import following_routes as following
from community.requests.filing import routes as filing
from community.requests.filing.models import Follow
from community.requests.handling import deciding_routes as deciding
from community.requests.handling import routes as handling
from community.requests.handling.models import Extension, Objection
from community.requests.holdings import EXCUSED, HOLDINGS, KEPT, leave, person_of
from community.requests.merging import routes as merging
from community.requests.models import Rating, RequestEvent, ServiceRequest
from community.requests.moving.sweeps import AREA_CHANGES
from community.requests.near import routes as near
from community.requests.near.models import RequestCell, RequestCellChange, RequestChange
from community.requests.near.policy import POLICY as NEAR_POLICY
from community.requests.near.sweeps import CELLS
from community.requests.photos import routes as photos
from community.requests.photos.policy import POLICY as PHOTOS_POLICY
from community.requests.policy import POLICY
from community.requests.rating import routes as rating
from community.requests.rating.models import Visit
from community.requests.reading import routes as reading
from community.requests.supervision import routes as supervision
from community.requests.supervision.models import ClimbedRung
from community.requests.supervision.sweeps import LADDER
from community.requests.together import routes as together
from community.requests.together.models import Task

ROOMS = (
    near,
    photos,
    reading,
    filing,
    handling,
    deciding,
    declining,
    rating,
    following,
    together,
    merging,
    supervision,
)
(BLUEPRINT,) = {room.requests for room in ROOMS}  # each room lays its routes on the one

MODELS = (
    ServiceRequest,
    RequestEvent,
    Rating,
    RequestChange,
    RequestCell,
    RequestCellChange,
    Follow,
    Objection,
    Extension,
    Decline,
    Task,
    Visit,
    ClimbedRung,
)

FEATURE = Feature(
    "requests",
    MODELS,
    blueprints=(BLUEPRINT,),
    policy={**POLICY, **NEAR_POLICY, **PHOTOS_POLICY},
    sweeps=(AREA_CHANGES, CELLS, RECKONING, LADDER),
    commands=(ended_areas, requests_commands),
    holdings=HOLDINGS,
    closings=(leave,),
    kept=KEPT,
    excused=EXCUSED,
    persons={"request": person_of},
)
