"""The access token: kept for all workers, renewed by one of them at a time.

WeChat gives few a day, and a new one ends the old one. Whoever is to renew it holds a lease, not
a transaction, while WeChat is asked; the others wait for it.
"""

import time
from datetime import timedelta

import orjson

from app import clock
from app.database import apart
from app.privacy import vault
from notices.channels.line import Line, LineFault

EARLY = timedelta(minutes=5)
PATIENCE_SECONDS = 10.0

KEPT = "SELECT token_sealed, expires_at FROM wechat_token WHERE app = %(app)s"
LEASE = """
INSERT INTO wechat_token AS t (app, renewing_until) VALUES (%(app)s, now() + interval '15 seconds')
ON CONFLICT (app) DO UPDATE SET renewing_until = excluded.renewing_until
  WHERE t.renewing_until IS NULL OR t.renewing_until < now() RETURNING 1
"""
STORE = """
UPDATE wechat_token SET token_sealed = %(token)s, expires_at = %(expires)s, renewing_until = NULL
WHERE app = %(app)s
"""
GIVE_UP = "UPDATE wechat_token SET renewing_until = NULL WHERE app = %(app)s"


class TokenRefused(Exception):
    """WeChat gives no token: the app's id or secret is wrong, or this address is not allowed."""

    def __init__(self, code: int) -> None:
        super().__init__(str(code))
        self.code = code


class Tokens:
    """The access token of one app."""

    def __init__(self, line: Line, url: str, app: str, secret: str) -> None:
        self._line, self._url, self._app, self._secret = line, url, app, secret

    def token(self, spent: str | None = None) -> str:
        """Return a token that holds; ``spent`` is one that WeChat has just refused.

        Raises:
            LineFault: WeChat, or the worker that asks it, does not answer.
            TokenRefused: WeChat gives none.
        """
        until = time.monotonic() + PATIENCE_SECONDS
        while True:
            found = self._kept()
            if found is not None and found != spent:
                return found
            if apart(LEASE, {"app": self._app}):
                return self._renewed_unless_another(spent)
            if time.monotonic() > until:
                raise LineFault("timeout")
            time.sleep(0.1)

    def _renewed_unless_another(self, spent: str | None) -> str:
        found = self._kept()  # somebody may have renewed it just before the lease was ours
        if found is not None and found != spent:
            apart(GIVE_UP, {"app": self._app})
            return found
        return self._renewed()

    def _kept(self) -> str | None:
        rows = apart(KEPT, {"app": self._app})
        if not rows or rows[0].token_sealed is None or rows[0].expires_at < clock.now() + EARLY:
            return None
        return vault.open("wechat.token", self._app, bytes(rows[0].token_sealed))

    def _renewed(self) -> str:
        asked = {
            "grant_type": "client_credential",
            "appid": self._app,
            "secret": self._secret,
            "force_refresh": False,
        }
        try:
            url = f"{self._url}/cgi-bin/stable_token"
            reply = self._line.post(url, orjson.dumps(asked), {"Content-Type": "application/json"})
            answer = answer_of(reply.body)
        except LineFault:
            apart(GIVE_UP, {"app": self._app})
            raise
        token = answer.get("access_token")
        if not isinstance(token, str):
            apart(GIVE_UP, {"app": self._app})
            raise TokenRefused(code_of(answer))
        lives = answer.get("expires_in")
        expires = clock.now() + timedelta(seconds=lives if isinstance(lives, int) else 7200)
        sealed = vault.seal("wechat.token", self._app, token)
        apart(STORE, {"app": self._app, "token": sealed, "expires": expires})
        return token


def answer_of(body: bytes) -> dict[str, object]:
    """Return a JSON answer.

    Raises:
        LineFault: it is none; WeChat's own servers always answer in JSON.
    """
    try:
        answer = orjson.loads(body)
    except orjson.JSONDecodeError as fault:
        raise LineFault("unreadable") from fault
    if not isinstance(answer, dict):
        raise LineFault("unreadable")
    return answer


def code_of(answer: dict[str, object]) -> int:
    """Return ``errcode``; 0 where there is none."""
    code = answer.get("errcode", 0)
    return code if isinstance(code, int) else -1
