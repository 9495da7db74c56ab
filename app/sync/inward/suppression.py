"""Erasing somebody's record here, for good: no later file brings it back.

The register is the district's, and only the district can erase there. Here the mirror's row and
the product's go, what was put aside of it goes, its key is taken out of what was noted of the
source, and a keyed index of that key remains, by which later readings know to leave it out
(个人信息保护法 art. 47).
"""

from collections.abc import Sequence
from uuid import UUID

from app.database import read, write
from app.privacy import audit, vault
from app.sync.connectors.protocol import Offer
from app.sync.contract.stream import Forget, Stream
from app.sync.inward.books import open_run
from app.sync.inward.deletion import delete_keys
from app.sync.inward.drift import forget_key
from app.sync.inward.needs import Needs
from app.sync.inward.page import PageWork
from app.sync.inward.unhurried import unhurried

SUPPRESS = """
INSERT INTO sync_suppressed (source, stream, sid_index)
VALUES (%(source)s, %(stream)s, %(index)s) ON CONFLICT DO NOTHING
"""
FORGET_ROW = "DELETE FROM {mirror} WHERE source = %(source)s AND sid = %(sid)s"
FORGET_RAW = """
DELETE FROM sync_quarantine WHERE source = %(source)s AND stream = %(stream)s AND sid = %(sid)s
"""
FORGET_HELD = """
DELETE FROM sync_held_key k USING sync_hold h WHERE h.id = k.hold_id
  AND h.source = %(source)s AND h.stream = %(stream)s AND k.sid = %(sid)s
"""


def suppress(
    source: str,
    stream: Stream,
    sid: str,
    needs: Needs,
    by: UUID | None,
    reason: str,
    forgets: Sequence[Forget] = (),
) -> bool:
    """Erase a record and keep it out; tell whether it lived here.

    ``forgets``: what features do with what they keep about it, in the same transaction.

    Raises:
        Overtaken: a reading of the stream began meanwhile.
    """
    run = open_run(source, Offer(stream.name), "erasure")
    index = vault.index("sid", sid)
    names = {"source": source, "stream": stream.name, "sid": sid, "index": index}
    status = "failed"
    try:
        with unhurried():
            write(SUPPRESS, names)
            ((newest,),) = read("SELECT last_value AS batch FROM sync_batch_id_seq")
            work = PageWork.of(run, stream, needs)
            lived = delete_keys(work, [sid], newest) > 0
            write(FORGET_ROW.format(mirror=stream.mirror.name), names)
            write(FORGET_RAW, names)
            write(FORGET_HELD, names)
            forget_key(names)
            for forget in forgets:
                forget(source, stream.name, sid)
            audit(by, "sync.suppressed", "sync_stream", stream.name, index=index.hex(), why=reason)
        status = "done"
    finally:
        run.close(status, "a record was erased")
    return lived
