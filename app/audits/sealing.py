"""Sealing what was written meanwhile: after the deeds, so that none of them waits for a chain.

A chain inside the deed's transaction has all deeds wait for one lock: 270 a second where 3,016
were written without (measured). Any number of workers may sweep; one at a time holds a chain.
"""

from datetime import timedelta
from typing import Any

from app import clock
from app.audits.links import canonical, hung_on
from app.database import read, transaction, write
from app.privacy import vault
from app.worker import Sweep

BATCH = 1000
HEAD_EVERY = timedelta(minutes=1)

HOLD = "SELECT * FROM audit_chain WHERE chain = %(chain)s FOR UPDATE SKIP LOCKED"
CHAINS = "SELECT chain FROM audit_chain ORDER BY chain"

# Below the oldest running transaction nothing can appear any more. No transaction lives an hour:
# what is that old is final even after a restore, where transactions are counted anew.
FINAL = """
SELECT * FROM audit_entry WHERE chain = %(chain)s AND seq IS NULL
  AND (xid < pg_snapshot_xmin(pg_current_snapshot())::text::bigint
    OR at < now() - interval '1 hour')
ORDER BY id LIMIT %(batch)s
"""
SEAL = """
UPDATE audit_entry e SET seq = v.seq, hash = v.hash
FROM unnest(%(ids)s::bigint[], %(seqs)s::bigint[], %(hashes)s::bytea[]) AS v (id, seq, hash)
WHERE e.id = v.id
"""
END = "UPDATE audit_chain SET seq = %(seq)s, hash = %(hash)s, mac = %(mac)s WHERE chain = %(chain)s"
KEEP_HEAD = """
INSERT INTO audit_head (chain, seq, hash, at, mac)
SELECT %(chain)s, %(seq)s, %(hash)s, %(now)s, %(head_mac)s
WHERE NOT EXISTS (SELECT FROM audit_head WHERE chain = %(chain)s AND at > %(before)s)
ON CONFLICT DO NOTHING
"""


def seal() -> int:
    """Seal a batch of each chain; return how many chains have more."""
    return sum(_seal_chain(row.chain) for row in read(CHAINS))


def seal_all() -> None:
    """Seal all that is final by now."""
    while seal():
        pass


SEALING = Sweep("audit seal", seal, every=1.0)


def _seal_chain(name: str) -> int:
    with transaction():
        held = read(HOLD, {"chain": name})
        rows = read(FINAL, {"chain": name, "batch": BATCH}) if held else []
        if not rows:
            return 0
        chain, hashes = held[0], []
        last = bytes(chain.hash)
        for row in rows:
            last = hung_on(last, canonical(row._asdict()))
            hashes.append(last)
        seqs = list(range(chain.seq + 1, chain.seq + 1 + len(rows)))
        write(SEAL, {"ids": [row.id for row in rows], "seqs": seqs, "hashes": hashes})
        _end(chain, seqs[-1], last)
    return len(rows) == BATCH


def _end(chain: Any, seq: int, last: bytes) -> None:
    now = clock.now()
    values = {
        "chain": chain.chain,
        "seq": seq,
        "hash": last,
        "now": now,
        "before": now - HEAD_EVERY,
    }
    write(END, values | {"mac": end_mac(chain.chain, chain.base_seq, chain.base_hash, seq, last)})
    write(KEEP_HEAD, values | {"head_mac": head_mac(chain.chain, seq, last)})


def head_mac(chain: str, seq: int, last: bytes) -> bytes:
    """Return what proves that the platform wrote a head."""
    return vault.fingerprint(b"audit head|%s|%d|%s" % (chain.encode(), seq, last))


def end_mac(chain: str, base_seq: int, base_hash: bytes, seq: int, last: bytes) -> bytes:
    """Return what proves that the platform wrote where a chain begins and ends."""
    ends = b"%d|%s|%d|%s" % (base_seq, bytes(base_hash), seq, last)
    return vault.fingerprint(b"audit chain|%s|%s" % (chain.encode(), ends))
