"""The district as a web service: its feed of records, and what it says of them."""

import re
import time
from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import timedelta
from email.utils import parsedate_to_datetime
from typing import Any

from app.calls.client import Client
from app.calls.endpoint import KEYS, Waits, endpoint_of
from app.calls.messages import Answer, BadAnswer, NoAnswer, Question
from app.settings.section import ConfigRefused
from app.sync.connectors.config import SourceConfig
from app.sync.connectors.http.counting import digest_of, fetched, keys_of
from app.sync.connectors.http.feed import read_pages
from app.sync.connectors.protocol import Cursor, Offer, Page, SourceAway, SourceRefused

STREAM = re.compile(r"[a-z][a-z0-9_]{0,62}")
MOST_STREAMS = 1000
OVERLAP = timedelta(minutes=10)
USUAL = Waits(timedelta(seconds=5), timedelta(seconds=30), timedelta(minutes=2))
LONGEST = Waits(timedelta(minutes=1), timedelta(minutes=5), timedelta(minutes=10))
CLOCKS_APART_SECONDS = 60
CODES = {401: "NOT_ADMITTED", 403: "NOT_ADMITTED", 404: "NOT_FOUND"}
WORDS = {
    "NOT_ADMITTED": "it does not accept our key or signature; are the clocks right?",
    "NOT_FOUND": "it does not know what was asked for; is the url right?",
    "QUESTION_REFUSED": "it refuses a question that it should understand",
}


class HttpConnector:
    """Reads a district's exchange over HTTP; nothing of the source is kept between calls."""

    def __init__(
        self, source: str, client: Client, overlap: timedelta, overlaps: Mapping[str, timedelta]
    ) -> None:
        """Read through a client, going back by an overlap, or by a stream's own."""
        self._source, self._client = source, client
        self._overlap, self._overlaps = overlap, overlaps

    @property
    def source(self) -> str:
        """The name under which its records are kept."""
        return self._source

    def check(self) -> Sequence[str]:
        """Return what is wrong with the source and its settings, in sentences."""
        try:
            with _as_of_a_source():
                answer = self._ask(Question("GET", "/streams"))
                names = {offer.stream for offer in _offers(answer)}
        except (SourceAway, SourceRefused) as fault:
            return [str(fault)]
        found = [f"it has no stream {name}" for name in self._overlaps if name not in names]
        if (apart := _clocks_apart(answer)) > CLOCKS_APART_SECONDS:
            found.append(f"its clock and ours are {apart:.0f} seconds apart")
        return found

    def offers(self) -> Sequence[Offer]:
        """Return the streams in the source's own order; each is read on from its cursor.

        Its count is of all that lives there, not of this reading, so it is not handed on.
        """
        with _as_of_a_source():
            return _offers(self._ask(Question("GET", "/streams")))

    def pages(self, stream: str, cursor: Cursor, size: int) -> Iterator[Page]:
        """Yield the pages after ``cursor``, beginning some way back; none if nothing changed."""
        overlap = self._overlaps.get(stream, self._overlap)
        path = f"{_path(stream)}/records"
        with _as_of_a_source():
            yield from read_pages(self._ask, path, cursor, size, overlap)

    def acknowledge(self, stream: str, cursor: Cursor) -> None:
        """Tell the source nothing: it keeps no books about us."""

    def digest(self, stream: str) -> Mapping[int, tuple[int, int]]:
        """Return for each bucket that is not empty how many records live in it, and their sum."""
        with _as_of_a_source():
            return digest_of(self._ask_any, _path(stream))

    def keys(self, stream: str, buckets: Collection[int]) -> Iterator[Sequence[tuple[str, int]]]:
        """Yield (sid, ver) of the live records of these buckets, some thousand at a time."""
        with _as_of_a_source():
            yield from keys_of(self._ask, _path(stream), buckets)

    def fetch(self, stream: str, sids: Sequence[str]) -> Iterator[Page]:
        """Yield the records of these keys anew; those that are gone are left out."""
        with _as_of_a_source():
            yield from fetched(self._ask, _path(stream), sids)

    def _ask_any(self, question: Question) -> Answer:
        answer = self._client.ask(question)
        if answer.status in (401, 403):
            raise SourceRefused("NOT_ADMITTED", WORDS["NOT_ADMITTED"])
        return answer

    def _ask(self, question: Question) -> Answer:
        answer = self._client.ask(question)
        if answer.status >= 400:
            code = CODES.get(answer.status, "QUESTION_REFUSED")
            raise SourceRefused(code, f"{WORDS[code]} ({answer.status})")
        return answer


def configured(config: SourceConfig) -> HttpConnector:
    """Return the connector that a file describes; the table is ``[http]``.

    Raises:
        ConfigRefused: a setting is missing, unknown, out of bounds or unsafe.
    """
    config.options.only(*KEYS, "overlap")
    for name, section in config.streams.items():
        section.only("overlap")
        if not STREAM.fullmatch(name):
            raise ConfigRefused(f"{section.title} is not the name of a stream")
    overlap = config.options.period("overlap", OVERLAP)
    return HttpConnector(
        config.source,
        Client(endpoint_of(config.options, config.folder, USUAL, LONGEST)),
        overlap,
        {name: section.period("overlap", overlap) for name, section in config.streams.items()},
    )


@contextmanager
def _as_of_a_source() -> Iterator[None]:
    """Say what the line met in the words of a source; the cause would hold its address."""
    try:
        yield
    except NoAnswer as fault:
        raise SourceAway(str(fault)) from None
    except BadAnswer as fault:
        raise SourceRefused(fault.code, fault.words) from None


def _path(stream: str) -> str:
    if not STREAM.fullmatch(stream):
        raise SourceRefused("STREAM_UNKNOWN", "the stream asked for cannot be one of a source")
    return f"/streams/{stream}"


def _offers(answer: Answer) -> list[Offer]:
    content: Any = answer.content()
    try:
        names = [each["stream"] for each in content["streams"]]
    except (TypeError, KeyError):
        raise SourceRefused("STREAMS_UNREADABLE", "its list of streams is not one") from None
    odd = [name for name in names if not isinstance(name, str) or not STREAM.fullmatch(name)]
    if odd or len(names) > MOST_STREAMS or len(set(names)) != len(names):
        raise SourceRefused("STREAMS_UNREADABLE", "its list of streams holds what cannot be one")
    return [Offer(name, told=False) for name in names]


def _clocks_apart(answer: Answer) -> float:
    try:
        theirs = parsedate_to_datetime(answer.headers.get("date", ""))
    except ValueError:
        return 0
    return abs(theirs.timestamp() - time.time())
