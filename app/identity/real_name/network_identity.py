"""The network identity service over HTTPS: each request signed, each voucher good once.

``POST /vouchers`` with ``{"voucher"}`` answers 200 with ``{"subject", "resident_sid"}``, of which
the second may be missing, or 404, 409, 410 or 422 for a voucher that is for nobody.
"""

from datetime import timedelta

import orjson

from app.calls.client import Client
from app.calls.endpoint import KEYS, Waits, endpoint_of
from app.calls.messages import BadAnswer, NoAnswer, Question
from app.identity.real_name.vouchers import Vouched, VoucherRefused, VouchersAway
from app.settings.section import Section

WAITS = Waits(timedelta(seconds=3), timedelta(seconds=5), timedelta(seconds=5))
FOR_NOBODY = frozenset({404, 409, 410, 422})
LONGEST_SUBJECT = 200


class HttpVoucherDesk:
    """Asks once for each voucher."""

    def __init__(self, client: Client) -> None:
        """Ask through a client."""
        self._client = client

    def redeem(self, voucher: str) -> Vouched:
        """Return whom a voucher is for."""
        body = orjson.dumps({"voucher": voucher})
        try:
            answer = self._client.ask(Question("POST", "/vouchers", None, body))
            if answer.status in FOR_NOBODY:
                raise VoucherRefused
            if answer.status != 200:
                raise VouchersAway
            content = answer.content()
        except (NoAnswer, BadAnswer) as fault:
            raise VouchersAway from fault
        subject = content.get("subject") if isinstance(content, dict) else None
        sid = content.get("resident_sid") if isinstance(content, dict) else None
        if not isinstance(subject, str) or not 0 < len(subject) <= LONGEST_SUBJECT:
            raise VouchersAway
        return Vouched(subject, sid if isinstance(sid, str) else None)


def voucher_desk(section: Section) -> HttpVoucherDesk:
    """Return the service that a section describes.

    Raises:
        ConfigRefused: the address is none or is not safe, or the key is too short.
    """
    section.only("kind", *KEYS)
    return HttpVoucherDesk(Client(endpoint_of(section, None, WAITS, WAITS), tries=1))
