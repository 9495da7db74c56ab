"""Removing whole stretches from the beginning of a chain, once the law's time is over.

The base moves to the last entry that goes, and only then may entries below it go: the trigger of
the table refuses every other removal, and the chain stays verifiable from its base on.
"""

from app.audits.sealing import end_mac
from app.database import read, transaction, write
from app.worker import Sweep

BATCH = 2000

CHAINS = "SELECT chain FROM audit_chain ORDER BY chain"
HOLD = "SELECT * FROM audit_chain WHERE chain = %(chain)s FOR UPDATE SKIP LOCKED"

# The stretch ends before the first entry that is still to be kept.
OVER = """
SELECT e.seq, e.hash FROM (
  SELECT seq, hash, at FROM audit_entry
  WHERE chain = %(chain)s AND seq > %(base)s ORDER BY seq LIMIT %(batch)s) e
WHERE e.at < now() - %(keep)s::interval AND NOT EXISTS (
  SELECT FROM audit_entry k WHERE k.chain = %(chain)s AND k.seq > %(base)s AND k.seq <= e.seq
    AND k.at >= now() - %(keep)s::interval)
ORDER BY e.seq DESC LIMIT 1
"""
MOVE = """
UPDATE audit_chain SET base_seq = %(seq)s, base_hash = %(hash)s, mac = %(mac)s
WHERE chain = %(chain)s
"""
REMOVE = "DELETE FROM audit_entry WHERE chain = %(chain)s AND seq <= %(seq)s RETURNING 1"
HEADS = "DELETE FROM audit_head WHERE chain = %(chain)s AND seq <= %(seq)s"


def expire() -> int:
    """Remove one stretch of each chain; return how many chains may have more."""
    return sum(_expire_chain(row.chain) for row in read(CHAINS))


EXPIRY = Sweep("audit expiry", expire, every=3600.0)


def _expire_chain(name: str) -> int:
    with transaction():
        held = read(HOLD, {"chain": name})
        if not held:
            return 0
        chain = held[0]
        about = {"chain": name, "base": chain.base_seq, "keep": chain.keep, "batch": BATCH}
        over = read(OVER, about)
        if not over:
            return 0
        seq, last = over[0].seq, bytes(over[0].hash)
        mac = end_mac(name, seq, last, chain.seq, bytes(chain.hash))
        write(MOVE, {"chain": name, "seq": seq, "hash": last, "mac": mac})
        write(HEADS, {"chain": name, "seq": seq})
        return len(write(REMOVE, {"chain": name, "seq": seq})) == BATCH
