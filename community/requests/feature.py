"""Service requests, as handed to the factory."""

from app.feature import Feature
from community.requests.commands import ended_areas
from community.requests.models import Rating, RequestEvent, ServiceRequest
from community.requests.policy import POLICY
from community.requests.routes import requests
from community.requests.sweeps import AREA_CHANGES

MODELS = (ServiceRequest, RequestEvent, Rating)

FEATURE = Feature(
    "requests",
    MODELS,
    blueprints=(requests,),
    policy=POLICY,
    sweeps=(AREA_CHANGES,),
    commands=(ended_areas,),
)
