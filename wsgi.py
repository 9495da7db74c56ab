"""The roof: the only module that names the features."""

import os

from flask import Flask

from app.database import check_role, check_server, engine_of
from app.factory import assemble
from app.settings import Settings, from_environment
from community.catalogue.feature import FEATURE as CATALOGUE
from community.places.feature import FEATURE as PLACES
from community.requests.feature import FEATURE as REQUESTS
from community.rules.feature import FEATURE as RULES
from notices.delivery.feature import FEATURE as DELIVERY
from notices.feature import FEATURE as NOTICES
from notices.feeds.feature import FEATURE as FEEDS
from notices.live.feature import FEATURE as LIVE

FEATURES = (CATALOGUE, RULES, PLACES, REQUESTS, NOTICES, DELIVERY, FEEDS, LIVE)


def create_app() -> Flask:
    """Return the application that the environment describes, without asking its database."""
    return assemble(from_environment(os.environ), FEATURES)


def __getattr__(name: str) -> Flask:
    """Build ``app`` on first use, refusing a database that may forget what it acknowledged."""
    if name != "app":
        raise AttributeError(name)
    app = create_app()
    settings: Settings = app.extensions["linli.settings"]
    check_server(engine_of(settings.owner_url))
    if settings.in_production and not settings.knows_owner:  # who prepares makes the role first
        check_role(engine_of(settings.database_url))
    globals()["app"] = app
    return app
