"""What differs is read anew through the same door as ever; what is too much here is braked."""

from app.database import read
from app.sync.contract.stream import Stream
from app.sync.inward.absence import delete_or_hold
from app.sync.inward.buckets import BUCKET_SQL
from app.sync.inward.drift import note_oddity
from app.sync.inward.page import PageWork
from app.sync.inward.prepared import prepare
from app.sync.inward.reckoning import Unproven
from app.sync.inward.unhurried import unhurried
from app.sync.reconcile.look import Kind, Look
from app.sync.reconcile.sides import Side

# Neither look found them. Whatever was committed since is newer than ``batch`` and stays.
EXTRA = """
SELECT t.sid, t.ver, t.last_batch FROM {mirror} t
WHERE t.source = %(source)s AND t.deleted_at IS NULL AND t.last_batch <= %(batch)s
  AND NOT EXISTS (SELECT FROM sync_seen s WHERE s.run_id = ANY(%(looks)s) AND s.sid = t.sid)
  AND t.sid <> ALL(%(excused)s::text[]){within}
"""
WITHIN = f" AND {BUCKET_SQL} = ANY(%(buckets)s::int[])"


def read_anew(work: PageWork, side: Side, look: Look) -> None:
    """Commit, page by page, what is missing or differs; the stream's cursor stays where it is.

    Raises:
        SourceRefused, SourceAway, ColumnsMissing, Overtaken
    """
    for page in side.anew(look):
        ((batch,),) = read("SELECT nextval('sync_batch_id_seq')")
        found = prepare(work.stream, work.run.source, batch, page.read, ahead=False)
        work.commit(found, None)


def let_go(work: PageWork, side: Side, first: Look, look: Look, newest: int) -> bool:
    """Delete what is here and was not there in either look; tell whether that is held back.

    Where a source contradicts its own count, its keys prove nothing, and nothing is deleted;
    where keys were lost meanwhile, that is noted.

    Raises:
        Overtaken
    """
    if not look.counts.get(Kind.EXTRA) or not side.proves_absence(look):
        return False
    about: dict[str, object] = {
        "source": work.run.source,
        "stream": work.stream.name,
        "run": work.run.id,
        "batch": newest,
        "looks": [first.number, look.number],
        "kept": first.kept + look.kept,
        "excused": sorted(first.excused | look.excused),
    }
    if look.buckets is not None:
        about["buckets"] = sorted(look.buckets - look.contradicted - first.contradicted)
    try:
        return delete_or_hold(work, _extra_sql(work.stream, look), about)
    except Unproven as doubt:
        with unhurried():
            note_oddity(about, doubt.oddity)
        return False


def _extra_sql(stream: Stream, look: Look) -> str:
    within = "" if look.buckets is None else WITHIN
    return EXTRA.format(mirror=stream.mirror.name, within=within)
