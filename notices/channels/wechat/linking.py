"""A resident links their WeChat: a code of WeChat's, exchanged by the worker for an openid."""

from datetime import timedelta
from typing import Any
from urllib.parse import urlencode

import uuid_utils.compat as uuids

from app import clock
from app.database import read, transaction, write
from app.errors import NotFound
from app.policy import Actor
from app.privacy import audit, vault
from app.worker import claim, deal_with_each, finish, park, retry, wake
from notices.channels.line import Line, LineFault
from notices.channels.wechat.models import WeChatLink
from notices.channels.wechat.tokens import answer_of, code_of

LEASE = timedelta(seconds=30)
CODE_LIVES = timedelta(minutes=5)

PUT = """
INSERT INTO wechat_link (id, account_id, code_sealed, made_at, due_at)
VALUES (%(id)s, %(me)s, %(code)s, %(now)s, %(now)s)
"""
MINE = """
SELECT id, made_at, openid_sealed IS NOT NULL AS linked, refusal FROM wechat_link
WHERE account_id = %(me)s
"""
REMOVE = "DELETE FROM wechat_link WHERE account_id = %(me)s RETURNING 1"


def link(actor: Actor, code: str) -> None:
    """Link the WeChat that a code stands for, instead of what was linked before."""
    key = uuids.uuid7()
    with transaction() as session:
        write(REMOVE, {"me": actor.account_id})
        sealed = vault.seal("wechat.code", key, code, actor.account_id)
        write(PUT, {"id": key, "me": actor.account_id, "code": sealed, "now": clock.now()})
        audit(actor.account_id, "wechat-link", "wechat_link", key)
        wake(session, "wechat")


def mine(actor: Actor) -> dict[str, Any]:
    """Return how the actor's link stands: waiting, linked or refused.

    Raises:
        NotFound: there is none.
    """
    found = read(MINE, {"me": actor.account_id})
    if not found:
        raise NotFound
    row = found[0]
    state = "linked" if row.linked else "refused" if row.refusal else "waiting"
    return {"state": state, "made_at": row.made_at}


def unlink(actor: Actor) -> None:
    """Send nothing to the actor's WeChat any more.

    Raises:
        NotFound: there is no link.
    """
    with transaction():
        if not write(REMOVE, {"me": actor.account_id}):
            raise NotFound
        audit(actor.account_id, "wechat-unlink", "account", actor.account_id)


def exchange_codes(line: Line, url: str, app: str, secret: str) -> int:
    """Exchange waiting codes for openids; return how many were taken."""
    taken = claim(WeChatLink, limit=10, lease=LEASE)

    def exchange(each: WeChatLink) -> None:
        if each.made_at < clock.now() - CODE_LIVES:
            park(each, "code-expired", code_sealed=None)
            return
        code = vault.open("wechat.code", each.id, bytes(each.code_sealed or b""))
        asked = {"appid": app, "secret": secret, "code": code, "grant_type": "authorization_code"}
        try:
            answer = answer_of(line.get(f"{url}/sns/oauth2/access_token?{urlencode(asked)}").body)
        except LineFault:
            retry(each)
            return
        openid = answer.get("openid")
        if isinstance(openid, str) and openid:
            sealed = vault.seal("wechat.openid", each.id, openid, each.account_id)
            finish(each, openid_sealed=sealed, code_sealed=None)
        elif code_of(answer) == -1:
            retry(each)
        else:
            park(each, f"wechat-{code_of(answer)}", code_sealed=None)

    return deal_with_each(taken, exchange)
