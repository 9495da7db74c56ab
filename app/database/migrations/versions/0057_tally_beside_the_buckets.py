"""What large pages add to the buckets is kept in a row a stream, and added to them at the end.

A page of a first load rewrote all 4,096 buckets of its stream. What is kept is not compressed: it
is written anew with each page, and sums of hashes do not get smaller.
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0057"
down_revision = "0056"
branch_labels = None
depends_on = None

NUMBERS = ("n", "versions", "content")
LIMB = f"{1 << 30}::numeric"
SETTLED = f"""
INSERT INTO sync_bucket AS b (source, stream, bucket, n, versions, content)
SELECT t.source, t.stream, (u.place - 1)::int, u.n, u.v0 + {LIMB} * u.v1,
  u.c0 + {LIMB} * (u.c1 + {LIMB} * (u.c2 + {LIMB} * (u.c3 + {LIMB} * u.c4)))
FROM sync_tally t, unnest(t.n, t.versions[1:1], t.versions[2:2], t.content[1:1], t.content[2:2],
  t.content[3:3], t.content[4:4], t.content[5:5])
  WITH ORDINALITY AS u(n, v0, v1, c0, c1, c2, c3, c4, place)
ON CONFLICT (source, stream, bucket) DO UPDATE SET n = b.n + excluded.n,
  versions = b.versions + excluded.versions, content = b.content + excluded.content
"""  # noqa: S608  constants of ours


def upgrade() -> None:
    op.create_table(
        "sync_tally",
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("stream", sa.Text(), nullable=False),
        sa.Column("batch", sa.BigInteger(), nullable=False),
        sa.Column("n", postgresql.ARRAY(sa.BigInteger()), nullable=False),
        sa.Column("versions", postgresql.ARRAY(sa.BigInteger(), dimensions=2), nullable=False),
        sa.Column("content", postgresql.ARRAY(sa.BigInteger(), dimensions=2), nullable=False),
        sa.PrimaryKeyConstraint("source", "stream", name=op.f("pk_sync_tally")),
    )
    for name in NUMBERS:
        op.execute(f"ALTER TABLE sync_tally ALTER COLUMN {name} SET STORAGE EXTERNAL")


def downgrade() -> None:
    op.execute(SETTLED)
    op.drop_table("sync_tally")
