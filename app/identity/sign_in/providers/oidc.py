"""OpenID Connect: authorization code with PKCE (RFC 7636), discovery, keys, nonce.

The identity token is verified even though it comes by TLS from the token endpoint: signature by a
key of the provider's own set, algorithm from our list, issuer, audience, expiry, nonce.
"""

import base64
import hashlib
import hmac
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode

import jwt

from app.identity.sign_in.providers.calling import Line, is_safe
from app.identity.sign_in.providers.keys import Keys
from app.identity.sign_in.providers.protocol import NotVouched, NoWord, Shown, Visit
from app.settings.section import ConfigRefused, Section

ALGORITHMS = ["RS256", "PS256", "ES256", "ES384", "EdDSA"]
NEEDED: list[str] = ["iss", "sub", "aud", "exp", "iat", "nonce"]
LEEWAY_S = 10
DISCOVERY = "/.well-known/openid-configuration"
ENDPOINTS = ("authorization_endpoint", "token_endpoint", "jwks_uri")
KEYS = ("kind", "issuer", "client_id", "secret_env", "redirect_uri")


@dataclass(frozen=True, slots=True)
class Client:
    """Who we are at the provider, and where people come back."""

    issuer: str
    client_id: str
    redirect_uri: str
    secret: str | None = field(default=None, repr=False)


class OpenIdProvider:
    """One provider, found by its issuer."""

    visited = True

    def __init__(self, client: Client) -> None:
        """Know the issuer; it is asked when somebody first comes."""
        self._client, self._line = client, Line()
        self._places: dict[str, str] = {}
        self._keys = Keys(self._line)

    def going_to(self, visit: Visit) -> str:
        """Return the address of the provider's own page, with all that must come back."""
        challenge = hashlib.sha256(visit.verifier.encode()).digest()
        asked = {
            "response_type": "code",
            "client_id": self._client.client_id,
            "redirect_uri": self._client.redirect_uri,
            "scope": "openid",
            "state": visit.state,
            "nonce": visit.nonce,
            "code_challenge": base64.urlsafe_b64encode(challenge).decode().rstrip("="),
            "code_challenge_method": "S256",
        }
        return f"{self._discovered()['authorization_endpoint']}?{urlencode(asked)}"

    def who(self, shown: Shown) -> str:
        """Return the subject of the identity token that the code is changed for."""
        if shown.nonce_hash is None or shown.verifier is None:
            raise NotVouched
        claims = self._verified(self._identity_token(shown.code, shown.verifier))
        nonce = hashlib.sha256(str(claims["nonce"]).encode()).digest()
        if not hmac.compare_digest(nonce, shown.nonce_hash):
            raise NotVouched
        many = isinstance(claims["aud"], list) and len(claims["aud"]) > 1
        if (many or "azp" in claims) and claims.get("azp") != self._client.client_id:
            raise NotVouched
        return f"{self._client.issuer}:{claims['sub']}"

    def _identity_token(self, code: str, verifier: str) -> str:
        form = {
            "grant_type": "authorization_code",
            "code": code,
            "redirect_uri": self._client.redirect_uri,
            "client_id": self._client.client_id,
            "code_verifier": verifier,
        }
        secret = self._client.secret
        who = (self._client.client_id, secret) if secret else None
        status, content = self._line.post(self._discovered()["token_endpoint"], form, who)
        if status == 400 and isinstance(content, dict) and content.get("error") == "invalid_grant":
            raise NotVouched
        token = content.get("id_token") if status == 200 and isinstance(content, dict) else None
        if not isinstance(token, str):
            raise NoWord(f"it answers {status}")
        return token

    def _verified(self, token: str) -> dict[str, Any]:
        try:
            header = jwt.get_unverified_header(token)
            if header.get("alg") not in ALGORITHMS:
                raise NotVouched
            key = self._keys.find(self._discovered()["jwks_uri"], header.get("kid"))
            claims: dict[str, Any] = jwt.decode(
                token,
                key,
                algorithms=[header["alg"]],
                audience=self._client.client_id,
                issuer=self._client.issuer,
                leeway=LEEWAY_S,
                options={"require": NEEDED},
            )
        except (jwt.PyJWTError, ValueError, TypeError, AttributeError) as fault:
            raise NotVouched from fault
        if not isinstance(claims["sub"], str) or not 0 < len(claims["sub"]) <= 255:
            raise NotVouched
        return claims

    def _discovered(self) -> dict[str, str]:
        if not self._places:
            status, content = self._line.get(self._client.issuer + DISCOVERY)
            if status != 200 or not isinstance(content, dict):
                raise NoWord(f"it answers {status}")
            places = {name: str(content.get(name, "")) for name in ENDPOINTS}
            if content.get("issuer") != self._client.issuer or not all(
                is_safe(each) for each in places.values()
            ):
                raise NoWord("its description is not that of the issuer")
            self._places = places
        return self._places


def configured(section: Section) -> OpenIdProvider:
    """Return the provider that a section describes.

    Raises:
        ConfigRefused: a setting is missing, unknown or unsafe.
    """
    section.only(*KEYS)
    issuer, back = section.text("issuer").rstrip("/"), section.text("redirect_uri")
    if not is_safe(issuer):
        raise ConfigRefused(f"{section.title}.issuer must begin with https://")
    secret = section.secret("secret_env") if "secret_env" in section.values else None
    return OpenIdProvider(Client(issuer, section.text("client_id"), back, secret))
