"""Asks the other side, and bounds what that may cost: time, tries, memory.

A question is asked again when the line broke or the other side said that it is not able now; each
try is signed anew. Redirects are never followed: a signature covers the path that was asked.
"""

import logging
import secrets
import ssl
import time
from datetime import timedelta
from urllib.parse import urlencode

import urllib3
from urllib3.exceptions import HTTPError, InvalidHeader, MaxRetryError, SSLError
from urllib3.response import BaseHTTPResponse

from app.calls.endpoint import Endpoint
from app.calls.messages import Answer, BadAnswer, NoAnswer, Question, TooLarge
from app.calls.signing import Asked, signed

TRIES = 6
BACKOFF_SECONDS = 0.5
LONGEST_BACKOFF_SECONDS = 30
NOT_NOW = frozenset({408, 425, 429, *range(500, 600)}) - {501, 505, 506, 508, 510}
"""Answers after which the same question may be answered later; the others of 5xx are for good."""
BLOCK = 2**16
BEGUN = 2**16
CONNECTIONS = 8  # kept open, as many as there are lanes of the outbox, and to spare

# At DEBUG it writes whole addresses, and those hold the keys of records.
logging.getLogger("urllib3").setLevel(logging.INFO)


class Client:
    """Asks one endpoint; threads may share it, and each has a connection of its own then."""

    def __init__(self, endpoint: Endpoint, tries: int = TRIES) -> None:
        """Make ready to ask each question up to ``tries`` times."""
        self._endpoint = endpoint
        self._retry = urllib3.Retry(
            total=tries - 1,
            allowed_methods=None,
            backoff_factor=BACKOFF_SECONDS,
            backoff_max=LONGEST_BACKOFF_SECONDS,
            backoff_jitter=BACKOFF_SECONDS,
        )
        self._pool = _pool(endpoint)

    def ask(self, question: Question) -> Answer:
        """Return an answer of any status that is neither a redirect nor "not now".

        Raises:
            NoAnswer: not within the tries and the patience there are, or it asks to wait longer.
            BadAnswer: CERTIFICATE_REFUSED, ANSWER_TOO_LARGE, REDIRECTED.
        """
        deadline = time.monotonic() + self._endpoint.waits.patience.total_seconds()
        retry = self._retry
        while True:
            try:
                answer = self._once(question, deadline)
                if answer.status not in NOT_NOW:
                    return _usable(answer)
                fault = NoAnswer(f"it answers {answer.status}", self._asked_wait(answer))
            except HTTPError as broken:
                fault = _fault(broken)
            retry = self._wait(retry, question, fault, deadline)

    def _once(self, question: Question, deadline: float) -> Answer:
        asked = Asked(
            question.method,
            self._endpoint.authority,
            self._endpoint.path + question.path,
            urlencode(question.query or {}),
            question.body,
        )
        now = int(time.time())
        headers = {
            "Accept": "application/json",
            "Accept-Encoding": "identity",
            "Host": asked.authority,
            **({"Content-Type": "application/json"} if question.body else {}),
            **(question.headers or {}),
            **signed(asked, self._endpoint.key, now, secrets.token_urlsafe(18)),
        }
        response = self._pool.urlopen(
            asked.method,
            f"{asked.path}?{asked.query}" if asked.query else asked.path,
            body=question.body or None,
            headers=headers,
            timeout=self._timeout(deadline),
            retries=False,
            redirect=False,
            preload_content=False,
        )
        try:
            body = self._body(response, deadline)
        except BaseException:
            response.close()
            raise
        response.release_conn()
        return Answer(response.status, _headers(response), body)

    def _body(self, response: BaseHTTPResponse, deadline: float) -> bytes:
        """Return the whole body: never more than is allowed, never a part of it."""
        if response.headers.get("Content-Encoding", "identity") != "identity":
            raise BadAnswer("ENCODING_UNASKED", "the answer is compressed, which nobody asked for")
        body = bytearray()
        while block := response.read1(BLOCK):
            body += block
            if len(body) > self._endpoint.largest:
                megabytes = self._endpoint.largest // 2**20
                raise TooLarge(f"an answer is larger than {megabytes} MB", bytes(body[:BEGUN]))
            if time.monotonic() > deadline:
                raise urllib3.exceptions.TimeoutError
        return bytes(body)

    def _timeout(self, deadline: float) -> urllib3.Timeout:
        left = max(deadline - time.monotonic(), 0.1)
        waits = self._endpoint.waits
        return urllib3.Timeout(
            connect=min(waits.connect.total_seconds(), left),
            read=min(waits.answer.total_seconds(), left),
        )

    def _asked_wait(self, answer: Answer) -> timedelta | None:
        if not (text := answer.headers.get("retry-after")):
            return None
        try:
            return timedelta(seconds=self._retry.parse_retry_after(text))
        except InvalidHeader:
            return None

    def _wait(
        self, retry: urllib3.Retry, question: Question, fault: NoAnswer, deadline: float
    ) -> urllib3.Retry:
        """Wait as long as asked for or as is polite; give up where that is no use."""
        try:
            retry = retry.increment(question.method, error=HTTPError())
        except MaxRetryError:
            raise fault from None
        wait = fault.after.total_seconds() if fault.after else retry.get_backoff_time()
        if time.monotonic() + wait >= deadline:
            raise fault
        time.sleep(wait)
        return retry


def _pool(endpoint: Endpoint) -> urllib3.HTTPConnectionPool:
    if not endpoint.secure:
        return urllib3.HTTPConnectionPool(endpoint.host, endpoint.port, maxsize=CONNECTIONS)
    return urllib3.HTTPSConnectionPool(
        endpoint.host,
        endpoint.port,
        maxsize=CONNECTIONS,
        cert_reqs=ssl.CERT_REQUIRED,
        ca_certs=str(endpoint.ca_file) if endpoint.ca_file else None,
        ssl_minimum_version=ssl.TLSVersion.TLSv1_2,
    )


def _fault(broken: HTTPError) -> NoAnswer:
    """Return what is worth another try, and refuse a stranger at once."""
    if isinstance(broken, SSLError) and isinstance(broken.args[0], ssl.CertificateError):
        words = "its certificate is not vouched for by an authority that we know"
        raise BadAnswer("CERTIFICATE_REFUSED", words) from None
    return NoAnswer(f"the line failed: {type(broken).__name__}")


def _headers(response: BaseHTTPResponse) -> dict[str, str]:
    return {name.lower(): value for name, value in response.headers.items()}


def _usable(answer: Answer) -> Answer:
    if 300 <= answer.status < 400 and answer.status != 304:
        raise BadAnswer("REDIRECTED", "it sends us elsewhere, and we go nowhere we were not told")
    return answer
