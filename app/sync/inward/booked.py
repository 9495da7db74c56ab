"""The books of a stream as everybody is shown them, in SQL alone: the web asks for them, too."""

LIMB = 30
"""Sums are kept in so many bits a number."""

# Of each tally, a row a bucket; a limb weighs so much more than the one before it.
TALLIED = """
SELECT t.source, t.stream, (u.place - 1)::int AS bucket, u.n,
  u.v0 + u.v1 * {limb}::numeric AS versions,
  u.c0 + {limb}::numeric * (u.c1 + {limb}::numeric * (u.c2 + {limb}::numeric
    * (u.c3 + {limb}::numeric * u.c4))) AS content
FROM sync_tally t, unnest(t.n, t.versions[1:1], t.versions[2:2], t.content[1:1], t.content[2:2],
  t.content[3:3], t.content[4:4], t.content[5:5])
  WITH ORDINALITY AS u(n, v0, v1, c0, c1, c2, c3, c4, place)
""".format(limb=1 << LIMB)
BOOKED = f"""
SELECT bucket, sum(n)::bigint AS n, sum(versions) AS versions, sum(content) AS content FROM (
  SELECT source, stream, bucket::int, n, versions, content FROM sync_bucket
  UNION ALL {TALLIED}) each
WHERE source = %(source)s AND stream = %(stream)s GROUP BY bucket
"""
"""The books of a stream: its buckets, with what is still kept beside them."""

LAST_READING = """
LEFT JOIN LATERAL (SELECT status, message, started_at, rows_in, rows_expected FROM sync_run
  WHERE sync_run.source = {of}.source AND sync_run.stream = {of}.stream AND kind = 'reading'
  ORDER BY id DESC LIMIT 1) r ON true
"""
"""Joins to each stream of ``of``, as ``r``, how it was last read; not what else took it over."""
