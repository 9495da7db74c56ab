"""What the district answers to a question that was let in."""

import hashlib
import json
import re
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, TypeAlias
from urllib.parse import parse_qs

from sample.district.books import Books
from sample.district.faults import Faults
from sample.district.outcomes import KeyReused, Outcomes
from sample.district.records import Records
from sample.district.signatures import Heard

LARGEST_PAGE = 10_000
MOST_SIDS = 5000

Query: TypeAlias = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Reply:
    """A status, JSON, and headers beside the usual; ``cut``: the connection ends instead."""

    status: int
    content: Any = None
    headers: Mapping[str, str] = field(default_factory=dict)
    cut: bool = False


class Desk:
    """Answers by the books."""

    def __init__(self, books: Books) -> None:
        """Open the books."""
        self._records, self._faults, self._outcomes = Records(books), Faults(books), Outcomes(books)
        self._lock = threading.Lock()
        self._last_page: dict[str, dict[str, Any]] = {}

    def answer(self, heard: Heard) -> Reply:
        """Answer; what is not understood is refused with 400 and a code."""
        path, _, text = heard.target.partition("?")
        query = {name: values[-1] for name, values in parse_qs(text).items()}
        if (heard.method, path) == ("GET", "/streams"):
            return Reply(200, self._streams())
        if (heard.method, path) == ("POST", "/outcomes"):
            return self._outcome(heard)
        match = re.fullmatch(r"/streams/([a-z][a-z0-9_]*)/(records|digest|keys|fetch)", path)
        if not match or match[1] not in self._records.streams():
            return Reply(404, {"code": "not-found"})
        known: dict[tuple[str, str], Callable[[str, Query, Heard], Reply]] = {
            ("GET", "records"): self._page,
            ("GET", "digest"): self._digest,
            ("GET", "keys"): self._keys,
            ("POST", "fetch"): self._fetch,
        }
        if (heard.method, match[2]) not in known:
            return Reply(405, {"code": "method"})
        try:
            return known[heard.method, match[2]](match[1], query, heard)
        except (ValueError, KeyError, TypeError):
            return Reply(400, {"code": "question"})

    def _streams(self) -> dict[str, Any]:
        return {
            "streams": [
                {
                    "stream": name,
                    "rows": self._counted(self._records.live(name)),
                    "complete": False,
                    "digest": None,
                }
                for name in self._records.streams()
            ]
        }

    def _page(self, stream: str, query: Query, heard: Heard) -> Reply:
        limit = max(1, min(int(query.get("limit", "1000")), LARGEST_PAGE))
        since, after = int(query.get("since", "0")), query.get("after", "")
        page = self._wrong_page(stream, after, limit, heard) or self._right_page(
            stream, since, after, limit
        )
        if self._faults.take("unordered-page", heard.target):
            page = page | {"records": page["records"][::-1]}
        with self._lock:
            self._last_page[stream] = page
        # a tag of this page alone, as web frameworks make them: it says nothing of what follows
        text = json.dumps([page["records"], page["more"]])
        tag = f'"{hashlib.sha256(text.encode()).hexdigest()[:32]}"'
        if heard.headers.get("if-none-match") == tag:
            return Reply(304, headers={"ETag": tag})
        return Reply(200, page, {"ETag": tag})

    def _right_page(self, stream: str, since: int, after: str, limit: int) -> dict[str, Any]:
        found = self._records.after(stream, since, after, limit + 1)
        # counted where a reading begins; in the midst of it that would cost more than the page
        rows = None if after else self._counted(self._records.count_after(stream, since, after))
        return {"records": found[:limit], "more": len(found) > limit, "rows": rows}

    def _wrong_page(
        self, stream: str, after: str, limit: int, heard: Heard
    ) -> dict[str, Any] | None:
        with self._lock:
            last = self._last_page.get(stream)
        if after and last and self._faults.take("duplicate-page", heard.target):
            return last
        if self._faults.take("endless-page", heard.target):
            return self._right_page(stream, 0, "", limit) | {"more": True}
        if self._faults.take("empty-page", heard.target):
            return {"records": [], "more": True, "rows": None}
        return None

    def _digest(self, stream: str, _query: Query, heard: Heard) -> Reply:
        buckets = self._records.buckets(stream)
        if buckets and self._faults.take("wrong-digest", heard.target):
            bucket, (count, total) = next(iter(buckets.items()))
            buckets[bucket] = (count, total + 1)
        return Reply(200, {"buckets": {str(b): [n, str(s)] for b, (n, s) in buckets.items()}})

    def _keys(self, stream: str, query: Query, _heard: Heard) -> Reply:
        limit = max(1, min(int(query.get("limit", "1000")), LARGEST_PAGE))
        buckets = [int(bucket) for bucket in query["buckets"].split(",")]
        found = self._records.keys(stream, buckets, query.get("after", ""), limit + 1)
        return Reply(200, {"keys": found[:limit], "more": len(found) > limit})

    def _fetch(self, stream: str, _query: Query, heard: Heard) -> Reply:
        sids = json.loads(heard.body)["sids"]
        if not isinstance(sids, list) or len(sids) > MOST_SIDS:
            return Reply(400, {"code": "question"})
        return Reply(200, {"records": self._records.named(stream, [str(sid) for sid in sids])})

    def _outcome(self, heard: Heard) -> Reply:
        key = heard.headers.get("idempotency-key", "")
        if not key or len(key) > 200:
            return Reply(400, {"code": "idempotency-key"})
        if fault := self._faults.take("decline", heard.target):
            return Reply(fault.get("status", 422), {"code": fault.get("code", "unknown-matter")})
        try:
            json.loads(heard.body)
            receipt, new = self._outcomes.take(key, heard.body)
        except ValueError:
            return Reply(400, {"code": "not-json"})
        except KeyReused:
            return Reply(409, {"code": "key-reused"})
        cut = self._faults.take("cut-after-accept", heard.target) is not None
        if self._faults.take("no-receipt", heard.target):
            return Reply(201, {})
        return Reply(201 if new else 200, {"receipt": receipt}, cut=cut)

    def _counted(self, count: int) -> int:
        fault = self._faults.take("wrong-count")
        return count + int(fault.get("by", 1)) if fault else count
