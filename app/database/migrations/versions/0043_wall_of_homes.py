"""Whoever heads a household sees the minors in it; enterprises stand behind the wall as well.

Notices for guardians are meant for the heads of households with minors, which their own sight must tell.
"""

from alembic import op

from app.database.migrations.rows import asked_once, guard_rows, release_rows

revision = "0043"
down_revision = "0042"
branch_labels = None
depends_on = None

# Asked of oneself: the policy lets one's own row pass before it comes to ask this again.
HEADED = """
CREATE FUNCTION linli_headed_by(person uuid) RETURNS text
LANGUAGE sql STABLE PARALLEL SAFE AS $$
  SELECT household_sid FROM resident WHERE id = person AND relation IN ('head', 'spouse')
$$
"""
BEFORE = "linli_sees_all() OR linli_is_staff() OR id = linli_resident()"
MINORS = (
    "relation = 'child' AND age_class IN ('child', 'minor')"
    " AND household_sid = (SELECT linli_headed_by(linli_resident()))"
)


MINE = (
    "contact_account_id = linli_account() OR representative_index ="
    " (SELECT r.id_number_index FROM resident r WHERE r.id = linli_resident())"
)


def upgrade() -> None:
    guard_rows("enterprise", MINE, staff=True)
    op.execute(HEADED)
    _reach(f"{BEFORE} OR {MINORS} OR linli_tied(id)")


def downgrade() -> None:
    _reach(f"{BEFORE} OR linli_tied(id)")
    op.execute("DROP FUNCTION linli_headed_by(uuid)")
    release_rows("enterprise")


def _reach(condition: str) -> None:
    op.execute(f"ALTER POLICY reach ON resident USING ({asked_once(condition)})")
