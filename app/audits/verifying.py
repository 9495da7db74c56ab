"""Walking the chains from end to end, and saying where the trail is not what was sealed."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from app.audits.links import canonical, hung_on
from app.audits.sealing import end_mac, head_mac
from app.database import read, transaction, write

BATCH = 5000

ISOLATED = "SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY"
CHAINS = "SELECT * FROM audit_chain ORDER BY chain"
SEALED = """
SELECT * FROM audit_entry WHERE chain = %(chain)s AND seq > %(after)s
ORDER BY seq LIMIT %(batch)s
"""
HEADS = "SELECT * FROM audit_head WHERE chain = %(chain)s AND seq > %(base)s ORDER BY seq"
STRAY = """
SELECT id, chain FROM audit_entry e
WHERE (seq IS NULL AND at < now() - interval '1 day')
   OR NOT EXISTS (SELECT FROM audit_chain c WHERE c.chain = e.chain)
   OR EXISTS (SELECT FROM audit_chain c WHERE c.chain = e.chain
        AND (e.seq <= c.base_seq AND e.at > now() - c.keep OR e.seq > c.seq))
ORDER BY id LIMIT 100
"""


@dataclass(frozen=True, slots=True)
class Finding:
    """Something that is not as it was sealed: which chain, at which place, and what."""

    chain: str
    seq: int
    what: str


@dataclass(frozen=True, slots=True)
class Head:
    """The end of a chain at some moment, as it was exported."""

    chain: str
    seq: int
    hash: str
    mac: str


def verify(kept: list[Head] | None = None) -> list[Finding]:
    """Return every break of the trail, and none if it is whole.

    ``kept`` are heads that were copied away: the trail must still pass through them.
    """
    with transaction():  # one view of entries, chains and heads
        write(ISOLATED)
        found = [each for chain in read(CHAINS) for each in _walk(chain, kept or [])]
        found += [Finding(row.chain, row.id, "stray-entry") for row in read(STRAY)]
        known = {row.chain for row in read(CHAINS)}
    found += [Finding(h.chain, h.seq, "chain-missing") for h in kept or [] if h.chain not in known]
    return found


def heads() -> list[Head]:
    """Return where each chain ends now."""
    return [
        Head(c.chain, c.seq, bytes(c.hash).hex(), head_mac(c.chain, c.seq, bytes(c.hash)).hex())
        for c in read(CHAINS)
        if c.seq
    ]


def _walk(chain: Any, kept: list[Head]) -> Iterator[Finding]:
    name, base, end = chain.chain, bytes(chain.base_hash), bytes(chain.hash)
    if (chain.seq or chain.mac) and chain.mac != end_mac(
        name, chain.base_seq, base, chain.seq, end
    ):
        yield Finding(name, chain.seq, "end-forged")
    passed = _expected(chain, kept)
    seq, last = chain.base_seq, base
    while rows := read(SEALED, {"chain": name, "after": seq, "batch": BATCH}):
        for row in rows:
            if row.seq != seq + 1:
                yield Finding(name, seq + 1, "entries-missing")
                last = b""  # what hangs on a missing entry is judged by its own successor
            seq = row.seq
            want = hung_on(last, canonical(row._asdict())) if last else bytes(row.hash)
            if want != row.hash:
                yield Finding(name, seq, "entry-changed")
            last = bytes(row.hash)
            if any(last != each for each in passed.pop(seq, ())):
                yield Finding(name, seq, "head-differs")
    if (seq, last) != (chain.seq, end):
        yield Finding(name, seq, "end-differs")
    yield from (Finding(name, each, "head-beyond") for each in sorted(passed))


def _expected(chain: Any, kept: list[Head]) -> dict[int, list[bytes]]:
    """Return what hash the chain must have where: at its own heads, and at those copied away."""
    expected: dict[int, list[bytes]] = {}
    for row in read(HEADS, {"chain": chain.chain, "base": chain.base_seq}):
        genuine = row.mac == head_mac(chain.chain, row.seq, bytes(row.hash))
        expected.setdefault(row.seq, []).append(bytes(row.hash) if genuine else b"forged")
    for head in kept:
        if head.chain == chain.chain and head.seq > chain.base_seq:
            genuine = head.mac == head_mac(head.chain, head.seq, bytes.fromhex(head.hash)).hex()
            found = bytes.fromhex(head.hash) if genuine else b"forged"
            expected.setdefault(head.seq, []).append(found)
    return expected
