"""Records that wait for others: kept in the mirror, shown to the product when all is there.

A household may come before its address, a resident before the household. Nothing is refused or
lost for that: the record is marked with what it waits for, and comes home in the transaction that
brings what was missing. What already counts goes on counting as it was until then, and is there for
those who need it: a household whose new address is unknown still has its people.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from app.database import read, write
from app.sync.contract.stream import Need, Stream

MARK = "UPDATE stage_rows s SET waits_for = {unmet} WHERE {unmet} IS NOT NULL"
SET_WAITING = """
UPDATE {mirror} t SET waits_for = s.waits_for FROM stage_rows s
WHERE t.source = s.source AND t.sid = s.sid AND s.waits_for IS NOT NULL
"""
STILL_WAITING = """
WITH left_out AS (DELETE FROM stage_rows WHERE waits_for IS NOT NULL RETURNING 1)
SELECT count(*)::int AS n FROM left_out
"""
COME_HOME = """
WITH home AS (
  UPDATE {mirror} s SET waits_for = NULL
  WHERE s.waits_for IS NOT NULL AND s.deleted_at IS NULL AND ({called}) AND {unmet} IS NULL
  RETURNING s.*)
INSERT INTO {stage} SELECT * FROM home
"""


@dataclass(frozen=True, slots=True)
class Needs:
    """Which streams wait for which."""

    streams: Mapping[str, Stream]

    def concern(self, stream: Stream) -> bool:
        """Tell whether anything waits for records of the stream, or they for anything."""
        called = (need.stream for waiting in self.streams.values() for need in waiting.needs)
        return bool(stream.needs) or stream.name in called

    def hold_back(self, stream: Stream) -> int:
        """Take out of ``stage_rows`` what must wait, and mark it in the mirror."""
        if not stream.needs:
            return 0
        write(MARK.format(unmet=self._unmet(stream)))
        write(SET_WAITING.format(mirror=stream.mirror.name))
        ((waiting,),) = write(STILL_WAITING)
        return int(waiting)

    def bring_home(self, stream: Stream, stage: str = "stage_rows") -> int:
        """Project what waited for the records in ``stage``, and what waited for those in turn.

        Returns how many came home. ``stage_rows`` is used for each stream in turn, and is not what
        it was afterwards.
        """
        came, calling = 0, []
        for waiting in self.streams.values():
            calls = [need for need in waiting.needs if need.stream == stream.name]
            if calls and waiting is not stream and self._any_waiting(waiting):
                calling.append((waiting, calls))
        if calling and stage == "stage_rows":  # the first to come home takes that name
            write("ALTER TABLE stage_rows RENAME TO stage_arrived")
            stage = "stage_arrived"
        for waiting, calls in calling:
            came += self._bring(waiting, calls, stage)
        return came

    def _bring(self, waiting: Stream, calls: Sequence[Need], stage: str) -> int:
        own = f"home_{waiting.name}"
        write(f"CREATE TEMP TABLE IF NOT EXISTS {own} (LIKE {waiting.mirror.name}) ON COMMIT DROP")
        write(f"TRUNCATE {own}")
        called = " OR ".join(
            f"s.{need.field} IN (SELECT {need.to} FROM {stage}"
            f"{'' if need.to != 'sid' else ' c WHERE c.source = s.source'})"
            for need in calls
        )
        unmet = self._unmet(waiting)
        write(COME_HOME.format(mirror=waiting.mirror.name, called=called, unmet=unmet, stage=own))
        ((came,),) = read(f"SELECT count(*)::int FROM {own}")
        if not came:
            return 0
        if waiting.project:
            write("DROP TABLE IF EXISTS pg_temp.stage_rows")
            write(f"CREATE TEMP TABLE stage_rows ON COMMIT DROP AS SELECT * FROM {own}")
            waiting.project.arrived()
        return int(came) + self.bring_home(waiting, own)

    def _any_waiting(self, stream: Stream) -> bool:
        sql = f"SELECT FROM {stream.mirror.name} WHERE waits_for IS NOT NULL LIMIT 1"
        return bool(read(sql))

    def _unmet(self, stream: Stream) -> str:
        """Return SQL over ``s`` for the first need that is not met, or NULL.

        A source's own key is looked for among its own records, a code wherever it came from.
        """
        cases = []
        for need in stream.needs:
            other = self.streams[need.stream]
            same_source = " AND n.source = s.source" if need.to == "sid" else ""
            counts = "n.waits_for IS NULL"
            if other.project:
                counts = f"({counts} OR {other.project.shown('n')})"
            there = (
                f"SELECT FROM {other.mirror.name} n WHERE n.{need.to} = s.{need.field}{same_source}"
                f" AND n.deleted_at IS NULL AND {counts}"
            )
            cases.append(
                f"WHEN s.{need.field} IS NOT NULL AND NOT EXISTS ({there}) THEN '{need.field}'"
            )
        return f"CASE {' '.join(cases)} END"
