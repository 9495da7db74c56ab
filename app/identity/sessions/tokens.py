"""What a phone gets of a session: an access token and the refresh token that follows it."""

from typing import Any

from app.http.tokens import LIFETIME, issue_token
from app.identity.sessions.beginning import Started

TOKENS = {"access_token": "eyJ…", "expires_in": 600, "refresh_token": "q0wq…"}
"""An example for the description."""


def tokens_of(begun: Started) -> dict[str, Any]:
    """Return the tokens of a session that has begun or goes on."""
    return {
        "access_token": issue_token(begun.account_id, begun.session_id),
        "expires_in": int(LIFETIME.total_seconds()),
        "refresh_token": begun.refresh_token,
    }
