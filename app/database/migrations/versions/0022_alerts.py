"""Alerts: each CAP message as it was published."""

import sqlalchemy as sa
from alembic import op

revision = "0022"
down_revision = "0021"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('cap_alert',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('identifier', sa.Text(), nullable=False),
    sa.Column('notice_id', sa.Uuid(), nullable=False),
    sa.Column('root_id', sa.Uuid(), nullable=False),
    sa.Column('kind', sa.Text(), nullable=False),
    sa.Column('sender', sa.Text(), nullable=False),
    sa.Column('sent', sa.DateTime(timezone=True), nullable=False),
    sa.Column('refers_to', sa.Text(), nullable=True),
    sa.Column('expires_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('xml', sa.LargeBinary(), nullable=True),
    sa.Column('refusal', sa.Text(), nullable=True),
    sa.Column('parked_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('due_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('tries', sa.SmallInteger(), server_default='0', nullable=False),
    sa.Column('lease_until', sa.DateTime(timezone=True), nullable=True),
    sa.Column('fence', sa.Integer(), server_default='0', nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_cap_alert')),
    sa.UniqueConstraint('identifier', name=op.f('uq_cap_alert_identifier'))
    )
    op.create_index('ix_cap_alert_due', 'cap_alert', ['due_at'], unique=False, postgresql_where='due_at IS NOT NULL')
    op.create_index('ix_cap_alert_root', 'cap_alert', ['root_id', 'id'], unique=False)
    op.create_index('uq_cap_alert_step', 'cap_alert', ['notice_id', 'kind'], unique=True)


def downgrade() -> None:
    op.drop_index('uq_cap_alert_step', table_name='cap_alert')
    op.drop_index('ix_cap_alert_root', table_name='cap_alert')
    op.drop_index('ix_cap_alert_due', table_name='cap_alert', postgresql_where='due_at IS NOT NULL')
    op.drop_table('cap_alert')
