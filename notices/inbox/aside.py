"""What somebody has put aside: what they were shown, and nothing that is meant for them only since.

Beside the number stands who the reader was then: the places, the reader's bits at each, and the
matters of which the reader held cases. A notice is put aside if it is not newer than the number
and was meant for that reader; an emergency never is. Who has moved, grown old or taken a post since
finds what stands there unread. Where nothing is said of then, because it was put aside before this
was kept, all up to the number counts.

Putting aside anew replaces who the reader was: the inbox is shown newest first, so that what came
into it below the number has been shown by then. A number below what is put aside and still stands
in the inbox was not the highest that was shown: it is late, and says nothing new.
"""

from notices.audience.people import People
from notices.audience.reading import ME, MEANT, READER, STANDING

THEN = """
st AS MATERIALIZED (
  SELECT coalesce(s.read_upto, 0) AS upto, s.places, s.people, s.matters, EXISTS (
    SELECT FROM matter_holder mh
    WHERE mh.account_id = asked.me AND mh.matter_code <> ALL(s.matters)) AS holds_more
  FROM asked LEFT JOIN inbox_state s ON s.account_id = asked.me),
bounds (place, people, since) AS MATERIALIZED (
  SELECT k.place, k.people, CASE WHEN st.places IS NULL
    OR (k.people & ~coalesce(st.people[array_position(st.places, k.place)], 0) = 0
        AND NOT (k.people & 1 <> 0 AND st.holds_more)) THEN st.upto ELSE 0 END
  FROM st, keys k),
was (place, people, matters) AS MATERIALIZED (
  SELECT w.place, w.people, st.matters FROM st, unnest(st.places, st.people) AS w(place, people))
"""
"""CTEs after ``READER``: ``st.upto`` is the number; ``bounds`` are the keys, each with the number
up to which all that is meant there is put aside: the same one, or 0 where the reader is more than
then. ``was`` are the keys of then."""

SHOWN = f"""
EXISTS (
  SELECT FROM was w
  JOIN (SELECT * FROM notice_target UNION ALL SELECT * FROM notice_target_past) p
    ON p.place = w.place AND p.seq = {{seq}}
  WHERE p.people & w.people <> 0 OR (p.people & {int(People.HOLDERS)} <> 0 AND w.people & 1 <> 0
    AND p.matters && w.matters))
"""  # noqa: S608  constants of ours
"""SQL: the notice of a number was meant for the reader of then; at whichever place it was."""

PUT_ASIDE = f"""
WITH {READER}, own AS (
  SELECT max(t.seq) AS upto FROM keys k CROSS JOIN LATERAL (
    SELECT t.seq FROM notice_target t
    WHERE t.place = k.place AND t.seq <= %(upto)s::bigint AND {STANDING} {MEANT}
    ORDER BY t.seq DESC LIMIT 1) t),
here AS (SELECT place, bit_or(people) AS people FROM keys GROUP BY place)
INSERT INTO inbox_state AS s (account_id, read_upto, places, people, matters)
SELECT {ME}, own.upto, ARRAY(SELECT place FROM here ORDER BY place),
  ARRAY(SELECT people FROM here ORDER BY place),
  ARRAY(SELECT DISTINCT matter_code FROM matter_holder WHERE account_id = {ME} ORDER BY 1)
FROM own WHERE own.upto IS NOT NULL
ON CONFLICT (account_id) DO UPDATE
SET read_upto = greatest(s.read_upto, excluded.read_upto), places = excluded.places,
  people = excluded.people, matters = excluded.matters
WHERE s.read_upto < excluded.read_upto OR (
  (s.places, s.people, s.matters)
    IS DISTINCT FROM (excluded.places, excluded.people, excluded.matters)
  AND NOT EXISTS (
    SELECT FROM keys k JOIN notice_target t ON t.place = k.place
    WHERE t.seq > excluded.read_upto AND t.seq <= s.read_upto AND {STANDING} {MEANT}))
RETURNING 1
"""  # noqa: S608  constants of ours
