"""What a mutation is, and pieces of the exchange, as they stand there or would, to make one of."""

from collections.abc import Sequence
from dataclasses import dataclass

BEGIN = """        with unhurried(awaited=self.told):
            write(LOCK)
            reached("begun")
"""
COMMIT_IT = "        counts = work.commit(page, cursor)\n"
TOLD_EARLY = "        self._acknowledge(cursor)\n"
MOVE_IT = "            stored = self.run.move(cursor, page.rows)\n"
PUT_IT = "            put_aside(page.source, self.stream, rejects)\n"
CARRY_IT = "            counts.update(self.carry(merged, names))\n"
END = """        self.run.stored = stored
        reached("committed")
"""
KEEP = """            moved = ("rows", "gone") if merged.arrived or merged.gone else ()
            for kind in moved:
                write(f"DROP TABLE IF EXISTS kept_{kind}")
                write(f"CREATE TEMP TABLE kept_{kind} AS SELECT * FROM stage_{kind}")
"""
CARRY_LATE = """        with unhurried():
            for kind in moved:
                write(f"CREATE TEMP TABLE stage_{kind} ON COMMIT DROP AS SELECT * FROM kept_{kind}")
            self.carry(merged, names)
"""
THROWN = "DELETE FROM sync_tally WHERE source = %(source)s AND stream = %(stream)s"
UPSERT_GUARD = "WHERE (excluded.ver, excluded.hash) > (t.ver, t.hash) OR t.deleted_by = 'absence'"
TOMBSTONE_GUARD = "WHERE (excluded.ver, excluded.hash) > (t.ver, t.hash)\n"


@dataclass(frozen=True, slots=True)
class Mutation:
    """A way to break things: (file, what stands there, what to write), and who must mind.

    ``too``: the machine must find it as well, which knows of nothing in particular.
    """

    name: str
    test: str
    changes: Sequence[tuple[str, str, str]]
    too: Sequence[str] = ()

    def files(self) -> set[str]:
        """Return the files that it changes."""
        return {file for file, _, _ in self.changes}

    def tests(self) -> Sequence[str]:
        """Return all that must mind."""
        return (self.test, *self.too)
