"""Ways to break the exchange that some test must mind, each as what to write instead of what."""

from tests.exchange.crash.pieces import (
    BEGIN,
    CARRY_IT,
    CARRY_LATE,
    COMMIT_IT,
    END,
    KEEP,
    MOVE_IT,
    PUT_IT,
    THROWN,
    TOLD_EARLY,
    TOMBSTONE_GUARD,
    UPSERT_GUARD,
    Mutation,
)

INWARD = "app/sync/inward/"
PAGE, JUDGING, REPLACING = f"{INWARD}page.py", f"{INWARD}judging.py", f"{INWARD}replacing.py"
BOOKS, MERGE, ABSENCE = f"{INWARD}books.py", f"{INWARD}merge.py", f"{INWARD}absence.py"

ENGINE, TALLY = f"{INWARD}engine.py", f"{INWARD}tally.py"

CALM = "test_points.py::test_a_calm_reading_leaves_what_the_source_says"
STRUCK = "test_points.py::test_a_reading_struck_at_any_point_ends_as_if_it_had_not_been"
OVERTAKEN = "test_two_workers.py::test_who_was_overtaken_writes_nothing_more"
MACHINE = "test_machine.py::test_it_comes_out_right_whatever_happens"
NEWS_LATE = "test_two_workers.py::test_who_reads_from_an_old_place_writes_nothing"


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
        (MACHINE,),
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
        (MACHINE,),
    ),
    Mutation(
        "the fence is ignored",
        OVERTAKEN,
        [(BOOKS, "fence = %(fence)s\n  AND cursor = %(old)s", "cursor = %(old)s")],
        (MACHINE,),
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
        (MACHINE,),
    ),
    Mutation(
        "what is no record is put aside by itself",
        STRUCK,
        [
            (
                PAGE,
                BEGIN,
                "        with unhurried():\n"
                "            put_aside(page.source, self.stream, page.rejects)\n" + BEGIN,
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
        "a name that changed stays as it was in the product",
        CALM,
        [
            (
                f"{INWARD}projection.py",
                "if name not in self.key]",
                'if name not in self.key and not name.endswith("_sealed")]',
            )
        ],
    ),
    Mutation(
        "a member of staff gets somebody's account",
        CALM,
        [
            (
                "app/identity/sync.py",
                '"(SELECT a.id FROM account a WHERE a.phone_index = s.phone_index)",',
                '"(SELECT a.id FROM account a ORDER BY a.id LIMIT 1)",',
            )
        ],
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
