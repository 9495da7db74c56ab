"""What a source says of its records without sending them, and those it sends when named."""

import hashlib
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from functools import partial
from itertools import islice
from typing import Any

import orjson

from app.calls.messages import Answer, BadAnswer, Question, TooLarge
from app.sync.connectors.http.columns import records_of, rows_of
from app.sync.connectors.http.giants import set_aside
from app.sync.connectors.protocol import Page, SourceRefused

BUCKETS = 4096
BUCKETS_A_QUESTION = 500  # an address stays well under 8 kB
KEYS_A_PAGE = 5000
SIDS_A_QUESTION = 1000
LARGEST_SUM = 2**60 * 10**12  # a million million records, each of the greatest number

Ask = Callable[[Question], Answer]


def bucket_of(sid: str) -> int:
    """Return the bucket in which a record is counted."""
    return int(hashlib.md5(sid.encode(), usedforsecurity=False).hexdigest()[:3], 16)


def digest_of(ask: Ask, path: str) -> Mapping[int, tuple[int, int]]:
    """Return count and sum of each bucket that holds something.

    Raises:
        SourceRefused: NOT_COUNTED, DIGEST_UNREADABLE.
    """
    answer = ask(Question("GET", f"{path}/digest"))
    if answer.status in (404, 405, 501):
        raise SourceRefused("NOT_COUNTED", "the source does not say what it has")
    buckets: Any = _content(answer).get("buckets")
    try:
        found = {_number(name): (_count(n), _number(total)) for name, (n, total) in buckets.items()}
    except (AttributeError, TypeError, ValueError):
        # its words would repeat what was sent
        raise SourceRefused("DIGEST_UNREADABLE", "the digest is not one of buckets") from None
    if any(bucket >= BUCKETS or total > LARGEST_SUM for bucket, (_, total) in found.items()):
        raise SourceRefused("DIGEST_UNREADABLE", "the digest has a bucket or sum out of bounds")
    return {bucket: counted for bucket, counted in found.items() if counted[0]}


def keys_of(ask: Ask, path: str, buckets: Collection[int]) -> Iterator[Sequence[tuple[str, int]]]:
    """Yield (sid, ver) of the live records of these buckets, page by page.

    Raises:
        SourceRefused: KEYS_UNREADABLE, BUCKET_WRONG, CURSOR_BACKWARDS.
    """
    rest = iter(sorted(set(buckets)))
    while some := list(islice(rest, BUCKETS_A_QUESTION)):
        yield from _keys_of_some(ask, path, some)


def fetched(ask: Ask, path: str, sids: Sequence[str]) -> Iterator[Page]:
    """Yield the records of these keys as they are now; their pages have no cursor."""
    rest = iter(sids)
    while some := list(islice(rest, SIDS_A_QUESTION)):
        yield from _fetched(ask, path, some)


def _fetched(ask: Ask, path: str, sids: Sequence[str]) -> Iterator[Page]:
    """Yield some records; those that are too large to come together one by one."""
    try:
        answer = ask(Question("POST", f"{path}/fetch", body=orjson.dumps({"sids": sids})))
    except TooLarge:
        if len(sids) == 1:
            yield Page(partial(set_aside, sids[0], "larger than an answer may be"), {})
            return
        half = len(sids) // 2
        for some in (sids[:half], sids[half:]):
            yield from _fetched(ask, path, some)
        return
    if records_of(_content(answer)):
        yield Page(partial(rows_of, answer.body), {})


def _keys_of_some(
    ask: Ask, path: str, buckets: Sequence[int]
) -> Iterator[Sequence[tuple[str, int]]]:
    names, wanted = ",".join(map(str, buckets)), frozenset(buckets)
    after, met, more = "", {""}, True
    while more:
        query: dict[str, str | int] = {"buckets": names, "after": after, "limit": KEYS_A_PAGE}
        content = _content(ask(Question("GET", f"{path}/keys", query)))
        page, more = _keys(content.get("keys")), content.get("more") is True
        if any(bucket_of(sid) not in wanted for sid, _ in page):
            words = "it sends keys of other buckets: is a bucket MD5 of the key in UTF-8?"
            raise SourceRefused("BUCKET_WRONG", words)
        after = page[-1][0] if page else ""
        if more and after in met:
            raise SourceRefused("CURSOR_BACKWARDS", "its list of keys does not come to an end")
        met.add(after)
        if page:
            yield page


def _keys(pairs: Any) -> list[tuple[str, int]]:
    try:
        page = [(sid, ver) for sid, ver in pairs]
    except (TypeError, ValueError):
        page = [("", 0)]
    if any(not isinstance(sid, str) or not sid or type(ver) is not int for sid, ver in page):
        raise SourceRefused("KEYS_UNREADABLE", "the keys are not pairs of a text and a number")
    return page


def _content(answer: Answer) -> dict[str, Any]:
    content = answer.content() if answer.status == 200 else None
    if not isinstance(content, dict):
        words = f"it answers {answer.status} to what it should know"
        raise BadAnswer("ANSWER_UNEXPECTED", words)
    return content


def _count(number: Any) -> int:
    if type(number) is not int or number < 0:
        raise TypeError
    return number


def _number(text: Any) -> int:
    if not (isinstance(text, str) and text.isascii() and text.isdigit()):
        raise TypeError
    return int(text)
