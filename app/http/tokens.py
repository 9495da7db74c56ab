"""Access tokens: signed with one pinned algorithm, ten minutes, and no role or area inside."""

from datetime import timedelta
from typing import Any
from uuid import UUID

from flask import Flask
from flask_jwt_extended import JWTManager, create_access_token, decode_token
from flask_jwt_extended.exceptions import JWTExtendedException
from jwt import ExpiredSignatureError, PyJWTError

from app.http.refusals import TokenExpired, TokenRefused
from app.settings import Settings

LIFETIME = timedelta(minutes=10)
ISSUER = "linli"
AUDIENCE = "linli-api"
NEEDED = ("exp", "iat", "jti", "sid", "sub", "type")
LONGEST = 2048

manager = JWTManager()


def configure_tokens(app: Flask, settings: Settings) -> None:
    """Pin what the token library leaves open."""
    app.config.update(
        JWT_SECRET_KEY=settings.jwt_key,
        JWT_ALGORITHM="HS256",
        JWT_DECODE_ALGORITHMS=["HS256"],
        JWT_ACCESS_TOKEN_EXPIRES=LIFETIME,
        JWT_ENCODE_ISSUER=ISSUER,
        JWT_DECODE_ISSUER=ISSUER,
        JWT_ENCODE_AUDIENCE=AUDIENCE,
        JWT_DECODE_AUDIENCE=AUDIENCE,
        JWT_DECODE_LEEWAY=10,
        JWT_TOKEN_LOCATION=["headers"],
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
        claims: dict[str, Any] = decode_token(token)
        if any(name not in claims for name in NEEDED) or claims["type"] != "access":
            raise TokenRefused
        return UUID(claims["sub"]), UUID(claims["sid"])
    except ExpiredSignatureError as fault:
        raise TokenExpired from fault
    except (PyJWTError, JWTExtendedException, ValueError, TypeError, AttributeError) as fault:
        raise TokenRefused from fault
