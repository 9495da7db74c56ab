"""Access tokens: signed with one pinned algorithm, ten minutes, and no role or area inside.

Flask-JWT-Extended issues them. They are read by PyJWT itself, because the extension's own reader
fills in what is missing: a token without a type becomes an access token, one without an id passes.
"""

from datetime import timedelta
from functools import lru_cache
from typing import Any
from uuid import UUID

import jwt
from flask import Flask, current_app
from flask_jwt_extended import JWTManager, create_access_token

from app import clock
from app.http.refusals import TokenExpired, TokenRefused
from app.settings import Settings

LIFETIME = timedelta(minutes=10)
ISSUER = "linli"
AUDIENCE = "linli-api"
ALGORITHM = "HS256"
LEEWAY_S = 10
NEEDED: list[str] = ["exp", "iat", "nbf", "jti", "sid", "sub", "type", "iss", "aud"]
LONGEST = 2048

manager = JWTManager()


def configure_tokens(app: Flask, settings: Settings) -> None:
    """Pin what the token library leaves open."""
    app.config.update(
        JWT_SECRET_KEY=settings.jwt_key,
        JWT_ALGORITHM=ALGORITHM,
        JWT_ACCESS_TOKEN_EXPIRES=LIFETIME,
        JWT_ENCODE_ISSUER=ISSUER,
        JWT_ENCODE_AUDIENCE=AUDIENCE,
    )
    manager.init_app(app)


def issue_token(account_id: UUID, session_id: UUID) -> str:
    """Return an access token for a session; it says who, never what they may do."""
    token: str = create_access_token(str(account_id), additional_claims={"sid": str(session_id)})
    return token


def read_token(header: str) -> tuple[UUID, UUID]:
    """Return (account, session) from an ``Authorization`` header.

    Raises:
        TokenExpired: the token was good and has run out.
        TokenRefused: anything else is wrong with it.
    """
    scheme, _, token = header.partition(" ")
    if scheme.lower() != "bearer" or not token or len(token) > LONGEST:  # RFC 9110 11.1: any case
        raise TokenRefused
    try:
        account, session, expires = _verified(token, current_app.config["JWT_SECRET_KEY"])
    except jwt.ExpiredSignatureError as fault:
        raise TokenExpired from fault
    except (jwt.PyJWTError, ValueError, TypeError, AttributeError, OverflowError) as fault:
        raise TokenRefused from fault
    if expires + LEEWAY_S <= clock.now().timestamp():
        raise TokenExpired
    return account, session


@lru_cache(maxsize=4096)
def _verified(token: str, key: bytes) -> tuple[UUID, UUID, float]:
    """Return (account, session, expiry) of a good token.

    The answer for the same bytes and key never changes but for the expiry, which the caller
    checks, so it is remembered; a refusal is not. Whether the session still stands is read from
    the database on every request.
    """
    claims: dict[str, Any] = jwt.decode(
        token,
        key,
        algorithms=[ALGORITHM],
        issuer=ISSUER,
        audience=AUDIENCE,
        leeway=LEEWAY_S,
        options={"require": NEEDED},
    )
    if claims["type"] != "access":
        raise ValueError("type")
    return UUID(claims["sub"]), UUID(claims["sid"]), float(claims["exp"])
