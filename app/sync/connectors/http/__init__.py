"""A source that is a web service: docs/exchange/http.md says what it must answer."""

from app.sync.connectors.http.connector import HttpConnector, configured

__all__ = ["HttpConnector", "configured"]
