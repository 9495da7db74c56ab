"""What changed in a worker's list, how many requests a cell shows, and exact places in order."""

import sqlalchemy as sa
from alembic import op

from app.database.xids import Xid8

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None

OPEN = "('filed', 'dispatched', 'signed', 'claimed', 'waiting', 'objected')"
SPOT = (
    "(cube(ARRAY[cos(radians(lat)) * cos(radians(lng)), "
    "cos(radians(lat)) * sin(radians(lng)), sin(radians(lat))]))"
)

CHANGED = f"""
CREATE FUNCTION service_request_changed() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  was_open boolean := TG_OP <> 'INSERT' AND OLD.state IN {OPEN};
  is_open boolean := TG_OP <> 'DELETE' AND NEW.state IN {OPEN};
  was_shown boolean := was_open AND NOT OLD.confidential;
  is_shown boolean := is_open AND NOT NEW.confidential;
  old_unit text;
  new_unit text;
BEGIN
  IF NOT was_open AND NOT is_open THEN
    RETURN NULL;
  END IF;
  IF was_open THEN
    old_unit := CASE OLD.handled_by WHEN 'grid' THEN 'g:' || OLD.grid_code
                ELSE 'd:' || OLD.department_code END;
  END IF;
  IF is_open THEN
    new_unit := CASE NEW.handled_by WHEN 'grid' THEN 'g:' || NEW.grid_code
                ELSE 'd:' || NEW.department_code END;
  END IF;
  IF new_unit IS NOT NULL THEN
    INSERT INTO request_change VALUES (new_unit, pg_current_xact_id(), NEW.id, now())
    ON CONFLICT DO NOTHING;
  END IF;
  IF old_unit IS NOT NULL AND old_unit IS DISTINCT FROM new_unit THEN
    INSERT INTO request_change VALUES (old_unit, pg_current_xact_id(), OLD.id, now())
    ON CONFLICT DO NOTHING;
  END IF;
  IF was_shown AND is_shown AND OLD.matter_code = NEW.matter_code
     AND OLD.lng = NEW.lng AND OLD.lat = NEW.lat THEN
    RETURN NULL;
  END IF;
  IF was_shown THEN
    INSERT INTO request_cell_change (xid, at, x, y, matter_code, delta)
    VALUES (pg_current_xact_id(), now(), round(OLD.lng::numeric * 1000),
            round(OLD.lat::numeric * 1000), OLD.matter_code, -1);
  END IF;
  IF is_shown THEN
    INSERT INTO request_cell_change (xid, at, x, y, matter_code, delta)
    VALUES (pg_current_xact_id(), now(), round(NEW.lng::numeric * 1000),
            round(NEW.lat::numeric * 1000), NEW.matter_code, 1);
  END IF;
  RETURN NULL;
END $$
"""

WATCH = """
CREATE TRIGGER service_request_changed AFTER INSERT OR UPDATE OR DELETE ON service_request
FOR EACH ROW EXECUTE FUNCTION service_request_changed()
"""

COUNT = f"""
INSERT INTO request_cell (x, y, matter_code, n)
SELECT round(lng::numeric * 1000), round(lat::numeric * 1000), matter_code, count(*)
FROM service_request WHERE state IN {OPEN} AND NOT confidential GROUP BY 1, 2, 3
"""


def upgrade() -> None:
    op.create_table(
        "request_change",
        sa.Column("unit", sa.Text(), nullable=False),
        sa.Column("xid", Xid8(), nullable=False),
        sa.Column("request_id", sa.Uuid(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("unit", "xid", "request_id", name=op.f("pk_request_change")),
    )
    op.create_index(
        "ix_request_change_at", "request_change", ["at"], unique=False, postgresql_using="brin"
    )
    op.create_table(
        "request_cell",
        sa.Column("x", sa.Integer(), nullable=False),
        sa.Column("y", sa.Integer(), nullable=False),
        sa.Column("matter_code", sa.Text(), nullable=False),
        sa.Column("n", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("x", "y", "matter_code", name=op.f("pk_request_cell")),
    )
    op.create_table(
        "request_cell_change",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column("xid", Xid8(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("x", sa.Integer(), nullable=False),
        sa.Column("y", sa.Integer(), nullable=False),
        sa.Column("matter_code", sa.Text(), nullable=False),
        sa.Column("delta", sa.SmallInteger(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_request_cell_change")),
    )
    op.create_index("ix_request_cell_change_xid", "request_cell_change", ["xid"], unique=False)
    op.execute(COUNT)
    op.execute(CHANGED)
    op.execute(WATCH)
    op.execute(
        "CREATE INDEX ix_service_request_open_spot ON service_request"
        f" USING gist ({SPOT}) WHERE state IN {OPEN}"
    )


def downgrade() -> None:
    op.drop_index("ix_service_request_open_spot", table_name="service_request")
    op.execute("DROP TRIGGER service_request_changed ON service_request")
    op.execute("DROP FUNCTION service_request_changed()")
    op.drop_index("ix_request_cell_change_xid", table_name="request_cell_change")
    op.drop_table("request_cell_change")
    op.drop_table("request_cell")
    op.drop_index("ix_request_change_at", table_name="request_change", postgresql_using="brin")
    op.drop_table("request_change")
