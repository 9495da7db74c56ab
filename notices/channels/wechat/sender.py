"""The channel: a template message to each WeChat; what its error codes mean for us is a table."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import orjson

from app import clock
from app.database import transaction, write
from app.privacy import vault
from notices.channels.choice import WECHAT
from notices.channels.line import Line, LineFault
from notices.channels.people import Reachable, page_of, those_of
from notices.channels.protocol import DELIVERED, Batch, Message, Outcome, Recipient, Span, Verdict
from notices.channels.verdicts import send_each, verdict_on
from notices.channels.wechat.tokens import TokenRefused, Tokens, answer_of, code_of

TOKEN_SPENT = frozenset({40001, 40014, 42001})
ALREADY_SENT = frozenset({45065, 40241})
NOT_SUBSCRIBED = frozenset({43004, 43101})  # not 40003: to a wrong app everybody is unknown
SPENT = Outcome(Verdict.AWAY, "token-spent")
DAILY_QUOTA, MINUTE_QUOTA, BUSY = 45009, 45011, -1

LINKED = Reachable(
    walk="""
    SELECT account_id AS key FROM wechat_link
    WHERE account_id > %(after)s AND account_id <= %(high)s ORDER BY account_id
    OFFSET %(last)s LIMIT 1
    """,
    shown="""
    SELECT who.*, w.id AS address, w.openid_sealed FROM ({who}) who
    JOIN wechat_link w ON w.account_id = who.key AND w.openid_sealed IS NOT NULL ORDER BY who.key
    """,
    channel=WECHAT,
    also=""" AND EXISTS (SELECT FROM wechat_link w WHERE w.account_id = ac.id
      AND w.openid_sealed IS NOT NULL)""",
)
THEIRS = "SELECT account_id FROM wechat_link WHERE id = ANY(%(ids)s)"
FORGET = "DELETE FROM wechat_link WHERE id = %(id)s"


def tomorrow(now: datetime) -> datetime:
    """Return a little after midnight in Shanghai, when WeChat counts anew."""
    day = now.astimezone(clock.SHANGHAI) + timedelta(days=1)
    return day.replace(hour=0, minute=10, second=0, microsecond=0)


def meaning_of(code: int, now: datetime) -> Outcome:
    """Return what an ``errcode`` of template messages means for one recipient."""
    if code == 0 or code in ALREADY_SENT:
        return DELIVERED
    if code in NOT_SUBSCRIBED:
        return Outcome(Verdict.GONE, "not-subscribed")
    if code == DAILY_QUOTA:
        return Outcome(Verdict.PUT_OFF, "daily-quota", until=tomorrow(now))
    if code == MINUTE_QUOTA:
        return Outcome(Verdict.LATER, "minute-quota", after=timedelta(minutes=1))
    if code in TOKEN_SPENT:
        return SPENT
    if code == BUSY:
        return Outcome(Verdict.AWAY, "busy")
    return Outcome(Verdict.REFUSED, f"wechat-{code}")


@dataclass(frozen=True, slots=True)
class WeChat:
    """Sends one template of one app; ``public_url`` is where a notice can be read."""

    line: Line
    tokens: Tokens
    url: str
    template: str
    public_url: str
    name: str = WECHAT
    page: int = 100

    def recipients(self, message: Message, span: Span) -> Batch:
        """Return those of a page whom the notice is for and who linked their WeChat."""
        rows, upto = page_of(LINKED, message, span)
        return Batch([_recipient(row) for row in rows], upto)

    def again(self, message: Message, addresses: Sequence[UUID]) -> Sequence[Recipient]:
        """Return those of the links that still stand, of people who are still meant."""
        return [_recipient(row) for row in those_of(LINKED, message, THEIRS, addresses)]

    def send(self, message: Message, batch: Sequence[Recipient]) -> Sequence[Outcome]:
        """Send to each; who does not follow the account any more is forgotten."""
        try:
            token = self.tokens.token() if batch else ""
        except TokenRefused as fault:
            return [Outcome(Verdict.AWAY, f"wechat-{fault.code}")] * len(batch)
        except LineFault as fault:
            return [Outcome(Verdict.AWAY, fault.code)] * len(batch)

        def opened(who: Recipient) -> str:
            return vault.open("wechat.openid", who.address, who.to)

        vault.subjects.fetch(who.key for who in batch)
        outcomes = send_each(batch, opened, lambda openid: self._one(message, openid, token))
        if SPENT in outcomes:
            late = [who for who, was in zip(batch, outcomes, strict=True) if was == SPENT]
            again = iter(self._with_new_token(message, late, token, opened))
            outcomes = [next(again) if was == SPENT else was for was in outcomes]
        for who, outcome in zip(batch, outcomes, strict=True):
            if outcome.verdict is Verdict.GONE:
                with transaction():
                    write(FORGET, {"id": who.address})
        return outcomes

    def _with_new_token(
        self,
        message: Message,
        batch: Sequence[Recipient],
        spent: str,
        opened: Callable[[Recipient], str],
    ) -> list[Outcome]:
        try:
            token = self.tokens.token(spent)
        except (TokenRefused, LineFault):
            return [SPENT] * len(batch)
        return send_each(batch, opened, lambda openid: self._one(message, openid, token))

    def _one(self, message: Message, openid: str, token: str) -> Outcome:
        now = clock.now()
        reply = self.line.post(
            f"{self.url}/cgi-bin/message/template/send?access_token={token}",
            orjson.dumps(self._content(message, openid)),
            {"Content-Type": "application/json"},
        )
        if reply.status != 200:
            return verdict_on(reply, now)
        return meaning_of(code_of(answer_of(reply.body)), now)

    def _content(self, message: Message, openid: str) -> dict[str, Any]:
        title = f"【紧急】{message.headline}" if message.emergency else message.headline
        when = message.published_at.astimezone(clock.SHANGHAI).strftime("%Y-%m-%d %H:%M")
        return {
            "touser": openid,
            "template_id": self.template,
            "url": f"{self.public_url}/n/{message.root_id}",
            # WeChat drops a repeat of it to one person. Templates name it so; ``clientmsgid`` is
            # what mass messages call theirs.
            "client_msg_id": message.notice_id.hex,
            "data": {
                "thing1": {"value": title[:20]},
                "time2": {"value": when},
                "thing3": {"value": message.summary[:20] or title[:20]},
            },
        }


def _recipient(row: Any) -> Recipient:
    to = bytes(row.openid_sealed)
    return Recipient(row.key, row.address, row.area, to, row.wait_until, row.held)
