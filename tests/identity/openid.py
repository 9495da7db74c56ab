"""An OpenID provider on this machine, which keeps the rules until it is told not to."""

import base64
import hashlib
import hmac
import json
import secrets
import time
from typing import Any
from urllib.parse import parse_qs, urlsplit

import jwt
from cryptography.hazmat.primitives.asymmetric import rsa

from tests.loopback import Answer, Heard, Loopback, Reply

CLIENT_ID, SECRET = "linli", "a secret of the provider's"


class OpenId:
    """``subject`` is who is at its page; ``spoil`` changes claims, ``header`` the token's head."""

    def __init__(self) -> None:
        self.key = rsa.generate_private_key(65537, 2048)
        self.kid = "first"
        self.line: Loopback
        self.subject = "somebody"
        self.spoil: dict[str, Any] = {}
        self.sign_with: Any = None
        self.algorithm = "RS256"
        self.kid_shown: str | None = None
        self.issued: dict[str, dict[str, str]] = {}

    def turn_keys(self) -> None:
        """Sign with a new key from now on."""
        self.key, self.kid = rsa.generate_private_key(65537, 2048), secrets.token_hex(4)

    def page(self, go_to: str) -> tuple[str, str]:
        """Do what somebody does at the page; return code and state as they come back."""
        asked = {name: values[0] for name, values in parse_qs(urlsplit(go_to).query).items()}
        assert asked["response_type"] == "code"
        assert asked["code_challenge_method"] == "S256"
        code = secrets.token_urlsafe(16)
        self.issued[code] = asked
        return code, asked["state"]

    def answer(self, heard: Heard) -> Answer:
        path = urlsplit(heard.path).path
        if path == "/.well-known/openid-configuration":
            return Reply(200, self._description())
        if path == "/keys":
            public = json.loads(jwt.algorithms.RSAAlgorithm.to_jwk(self.key.public_key()))
            return Reply(200, {"keys": [public | {"kid": self.kid, "use": "sig"}]})
        return self._token(heard)

    def _description(self) -> dict[str, str]:
        url = self.line.url
        return {
            "issuer": url,
            "authorization_endpoint": f"{url}/authorize",
            "token_endpoint": f"{url}/token",
            "jwks_uri": f"{url}/keys",
        }

    def _token(self, heard: Heard) -> Answer:
        pair = base64.b64decode(heard.headers.get("authorization", " ").split()[-1]).decode()
        form = {name: values[0] for name, values in parse_qs(heard.body.decode()).items()}
        asked = self.issued.pop(form["code"], None)
        challenge = hashlib.sha256(form["code_verifier"].encode()).digest()
        shown = base64.urlsafe_b64encode(challenge).decode().rstrip("=")
        if pair != f"{CLIENT_ID}:{SECRET.replace(' ', '%20').replace(chr(39), '%27')}":
            return Reply(401, {"error": "invalid_client"})
        if not asked or asked["code_challenge"] != shown:
            return Reply(400, {"error": "invalid_grant"})
        return Reply(
            200, {"id_token": self._identity_token(asked["nonce"]), "token_type": "Bearer"}
        )

    def _identity_token(self, nonce: str) -> str:
        now = int(time.time())
        claims: dict[str, Any] = {
            "iss": self.line.url,
            "sub": self.subject,
            "aud": CLIENT_ID,
            "iat": now,
            "exp": now + 300,
            "nonce": nonce,
        } | self.spoil
        claims = {name: value for name, value in claims.items() if value is not None}
        headers = {"kid": self.kid_shown or self.kid}
        if self.algorithm == "HS256":  # PyJWT would not sign so: a thief's own tools do
            return _with_a_shared_word(claims, headers, self.sign_with)
        key: Any = "" if self.algorithm == "none" else self.sign_with or self.key
        return jwt.encode(claims, key, algorithm=self.algorithm, headers=headers)


def _with_a_shared_word(claims: dict[str, Any], headers: dict[str, str], key: bytes) -> str:
    parts = [{"alg": "HS256", "typ": "JWT", **headers}, claims]
    signed = ".".join(_encoded(json.dumps(part).encode()) for part in parts)
    return f"{signed}.{_encoded(hmac.digest(key, signed.encode(), 'sha256'))}"


def _encoded(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).decode().rstrip("=")
