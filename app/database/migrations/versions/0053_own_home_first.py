"""One's own home is let pass before it is asked whose else it is, which is dear.

An inbox is read by whoever lives at home: the wall's question of who represents whom cost more than
the notices.
"""

from alembic import op

from app.database.migrations.rows import asked_once

revision = "0053"
down_revision = "0052"
branch_labels = None
depends_on = None

BEFORE = "linli_sees_all() OR linli_is_staff()"
OWN = "sid = (SELECT r.household_sid FROM resident r WHERE r.id = linli_resident())"


def upgrade() -> None:
    _reach(f"{BEFORE} OR {OWN} OR linli_home(sid)")


def downgrade() -> None:
    _reach(f"{BEFORE} OR linli_home(sid)")


def _reach(condition: str) -> None:
    op.execute(f"ALTER POLICY reach ON household USING ({asked_once(condition)})")
