"""Ways to break the exchange that some test must mind, each as what to write instead of what."""

from collections.abc import Sequence
from dataclasses import dataclass

INWARD = "app/sync/inward/"
PAGE, JUDGING, REPLACING = f"{INWARD}page.py", f"{INWARD}judging.py", f"{INWARD}replacing.py"
BOOKS, MERGE, ABSENCE = f"{INWARD}books.py", f"{INWARD}merge.py", f"{INWARD}absence.py"

ENGINE, TALLY = f"{INWARD}engine.py", f"{INWARD}tally.py"

CALM = "test_points.py::test_a_calm_reading_leaves_what_the_source_says"
STRUCK = "test_points.py::test_a_reading_struck_at_any_point_ends_as_if_it_had_not_been"
OVERTAKEN = "test_two_workers.py::test_who_was_overtaken_writes_nothing_more"
MACHINE = "test_machine.py::test_it_comes_out_right_whatever_happens"
NEWS_LATE = "test_two_workers.py::test_who_reads_from_an_old_place_writes_nothing"

BEGIN = """        with unhurried(awaited=self.told):
            write(LOCK)
            reached("begun")
"""
COMMIT_IT = "        counts = work.commit(page, cursor)\n"
TOLD_EARLY = "        self._acknowledge(cursor)\n"
MOVE_IT = "            stored = self.run.move(cursor, page.rows)\n"
PUT_IT = "            put_aside(page.source, self.stream.name, rejects)\n"
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
    """A way to break things: (file, what stands there, what to write), and who must mind."""

    name: str
    test: str
    changes: Sequence[tuple[str, str, str]]

    def files(self) -> set[str]:
        """Return the files that it changes."""
        return {file for file, _, _ in self.changes}


MUTATIONS = (
    Mutation(
        "the checkpoint is moved before the data, by itself",
        STRUCK,
        [
            (
                PAGE,
                BEGIN,
                "        with unhurried():\n"
                + MOVE_IT
                + "        self.run.stored = stored\n"
                + BEGIN,
            ),
            (PAGE, MOVE_IT + '            reached("moved")\n', '            reached("moved")\n'),
        ],
    ),
    Mutation(
        "the source is told before the page is committed",
        CALM,
        [(ENGINE, COMMIT_IT, TOLD_EARLY + COMMIT_IT)],
    ),
    Mutation(
        "a reading that goes on leaves its last page untold",
        STRUCK,
        [(ENGINE, "if run.broken and cursor:", "if False:")],
    ),
    Mutation(
        "an older version overwrites a newer one",
        CALM,
        [
            (JUDGING, "WHEN t.sid IS NOT NULL AND (n.ver, n.hash) < (t.ver, t.hash)", "WHEN false"),
            (REPLACING, UPSERT_GUARD, "WHERE true"),
            (REPLACING, TOMBSTONE_GUARD, "WHERE true\n"),
        ],
    ),
    Mutation(
        "the fence is ignored",
        OVERTAKEN,
        [(BOOKS, "fence = %(fence)s\n  AND cursor = %(old)s", "cursor = %(old)s")],
    ),
    Mutation(
        "the place of the checkpoint is ignored",
        NEWS_LATE,
        [(BOOKS, "\n  AND cursor = %(old)s::jsonb RETURNING", " RETURNING")],
    ),
    Mutation(
        "repeats within a page are not made distinct",
        CALM,
        [(JUDGING, 'place="1" if page.distinct else NEWEST', 'place="1"')],
    ),
    Mutation(
        "what is no record is put aside by itself",
        STRUCK,
        [
            (
                PAGE,
                BEGIN,
                "        with unhurried():\n"
                "            put_aside(page.source, self.stream.name, page.rejects)\n" + BEGIN,
            ),
            (PAGE, PUT_IT, ""),
        ],
    ),
    Mutation(
        "the product is told after the commit, by itself",
        STRUCK,
        [(PAGE, CARRY_IT, KEEP), (PAGE, END, END + CARRY_LATE)],
    ),
    Mutation(
        "buckets forget what an update replaced",
        CALM,
        [(MERGE, 'row.verdict in ("updated", "deleted") and', 'row.verdict == "deleted" and')],
    ),
    Mutation(
        "what a dead reading left of its large pages is thrown away",
        STRUCK,
        [
            (
                TALLY,
                "            settle(**self._names)\n",
                f"            write({THROWN!r}, self._names)\n",
            )
        ],
    ),
    Mutation(
        "large pages are never added to the buckets",
        CALM,
        [(ENGINE, "        work.settle()\n", "")],
    ),
    Mutation(
        "absence from a doubtful list deletes",
        CALM,
        [(ABSENCE, "if doubt := doubt_of(offer, again):", "if doubt := None:")],
    ),
    Mutation(
        "many deletions do not wait for anybody's word",
        CALM,
        [(ABSENCE, "missing > max(FEW, SHARE * live):", "missing < 0:")],
    ),
    Mutation(
        "nobody comes home",
        CALM,
        [(PAGE, "home = self.needs.bring_home(self.stream)", "home = 0")],
    ),
    Mutation(
        "somebody erased comes back",
        CALM,
        [(JUDGING, "if not suppressed:", "if True:")],
    ),
    Mutation(
        "a deletion does not win over content of its version",
        CALM,
        [("app/sync/contract/records.py", 'GONE = b"\\xff" * 16', 'GONE = b"\\x00" * 16')],
    ),
    Mutation(
        "the exchange writes over what is the platform's own",
        MACHINE,
        [
            (
                "app/identity/sync.py",
                '"relation": "s.relation",\n',
                '"relation": "s.relation",\n            "age_class": "NULL",\n',
            )
        ],
    ),
    Mutation(
        "a correction is written into the record",
        MACHINE,
        [
            (
                "app/corrections/service.py",
                "        _write(actor, key, stream, found, field, about)\n",
                "        _write(actor, key, stream, found, field, about)\n"
                '        write(f"UPDATE resident SET {field} = %(it)s WHERE sid = %(sid)s",\n'
                '            {"it": value, "sid": found.sid})\n',
            )
        ],
    ),
)
