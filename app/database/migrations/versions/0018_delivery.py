"""Delivery: campaigns, chunks and retries, and the addresses of its channels."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from app.database.migrations.rows import guard_rows, release_rows

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None

GUARDED = ("push_subscription", "wechat_link")


def upgrade() -> None:
    op.create_table('delivery_campaign',
    sa.Column('id', sa.BigInteger(), sa.Identity(always=True), nullable=False),
    sa.Column('notice_id', sa.Uuid(), nullable=False),
    sa.Column('channel', sa.Text(), nullable=False),
    sa.Column('lane', sa.Text(), nullable=False),
    sa.Column('made_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('finished_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('due_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('tries', sa.SmallInteger(), server_default='0', nullable=False),
    sa.Column('lease_until', sa.DateTime(timezone=True), nullable=True),
    sa.Column('fence', sa.Integer(), server_default='0', nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_delivery_campaign'))
    )
    op.create_index('ix_delivery_campaign_due', 'delivery_campaign', ['lane', 'due_at'], unique=False, postgresql_where='due_at IS NOT NULL')
    op.create_index(op.f('ix_delivery_campaign_finished_at'), 'delivery_campaign', ['finished_at'], unique=False)
    op.create_index('ix_delivery_campaign_open', 'delivery_campaign', ['id'], unique=False, postgresql_where='finished_at IS NULL')
    op.create_index('uq_delivery_campaign_notice', 'delivery_campaign', ['notice_id', 'channel'], unique=True)
    op.create_table('delivery_chunk',
    sa.Column('id', sa.BigInteger(), sa.Identity(always=True), nullable=False),
    sa.Column('campaign_id', sa.BigInteger(), nullable=False),
    sa.Column('channel', sa.Text(), nullable=False),
    sa.Column('lane', sa.Text(), nullable=False),
    sa.Column('low', sa.Uuid(), nullable=False),
    sa.Column('high', sa.Uuid(), nullable=False),
    sa.Column('done_upto', sa.Uuid(), nullable=False),
    sa.Column('stalls', sa.SmallInteger(), server_default='0', nullable=False),
    sa.Column('delivered', sa.Integer(), server_default='0', nullable=False),
    sa.Column('failed', sa.Integer(), server_default='0', nullable=False),
    sa.Column('tally', postgresql.JSONB(astext_type=sa.Text()), nullable=True),
    sa.Column('state', sa.Text(), server_default='open', nullable=False),
    sa.Column('refusal', sa.Text(), nullable=True),
    sa.Column('parked_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('due_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('tries', sa.SmallInteger(), server_default='0', nullable=False),
    sa.Column('lease_until', sa.DateTime(timezone=True), nullable=True),
    sa.Column('fence', sa.Integer(), server_default='0', nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_delivery_chunk'))
    )
    op.create_index(op.f('ix_delivery_chunk_campaign_id'), 'delivery_chunk', ['campaign_id'], unique=False)
    op.create_index('ix_delivery_chunk_due', 'delivery_chunk', ['lane', 'channel', 'due_at'], unique=False, postgresql_where='due_at IS NOT NULL')
    op.create_index('ix_delivery_chunk_tally', 'delivery_chunk', ['id'], unique=False, postgresql_where='tally IS NOT NULL AND due_at IS NULL')
    op.create_table('delivery_retry',
    sa.Column('id', sa.BigInteger(), sa.Identity(always=True), nullable=False),
    sa.Column('campaign_id', sa.BigInteger(), nullable=False),
    sa.Column('channel', sa.Text(), nullable=False),
    sa.Column('lane', sa.Text(), nullable=False),
    sa.Column('address_id', sa.Uuid(), nullable=False),
    sa.Column('reason', sa.Text(), nullable=False),
    sa.Column('made_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('refusal', sa.Text(), nullable=True),
    sa.Column('parked_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('due_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('tries', sa.SmallInteger(), server_default='0', nullable=False),
    sa.Column('lease_until', sa.DateTime(timezone=True), nullable=True),
    sa.Column('fence', sa.Integer(), server_default='0', nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_delivery_retry'))
    )
    op.create_index('ix_delivery_retry_dead', 'delivery_retry', ['parked_at'], unique=False, postgresql_where='parked_at IS NOT NULL')
    op.create_index('ix_delivery_retry_due', 'delivery_retry', ['lane', 'channel', 'due_at'], unique=False, postgresql_where='due_at IS NOT NULL')
    op.create_index(op.f('ix_delivery_retry_made_at'), 'delivery_retry', ['made_at'], unique=False)
    op.create_index('uq_delivery_retry_address', 'delivery_retry', ['campaign_id', 'address_id'], unique=True)
    op.create_table('push_subscription',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('account_id', sa.Uuid(), nullable=False),
    sa.Column('endpoint_index', sa.LargeBinary(), nullable=False),
    sa.Column('endpoint_sealed', sa.LargeBinary(), nullable=False),
    sa.Column('keys_sealed', sa.LargeBinary(), nullable=False),
    sa.Column('device_sealed', sa.LargeBinary(), nullable=False),
    sa.Column('made_at', sa.DateTime(timezone=True), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_push_subscription')),
    sa.UniqueConstraint('endpoint_index', name=op.f('uq_push_subscription_endpoint_index'))
    )
    op.create_index('ix_push_subscription_account', 'push_subscription', ['account_id', 'id'], unique=False)
    op.create_table('text_ledger',
    sa.Column('reference', sa.Uuid(), nullable=False),
    sa.Column('notice_id', sa.Uuid(), nullable=False),
    sa.Column('phone_index', sa.LargeBinary(), nullable=False),
    sa.Column('state', sa.Text(), nullable=False),
    sa.Column('made_at', sa.DateTime(timezone=True), nullable=False),
    sa.PrimaryKeyConstraint('reference', name=op.f('pk_text_ledger'))
    )
    op.create_index('ix_text_ledger_made_at', 'text_ledger', ['made_at'], unique=False, postgresql_using='brin')
    op.create_index('uq_text_ledger_phone', 'text_ledger', ['notice_id', 'phone_index'], unique=True)
    op.create_table('webhook_endpoint',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('area_code', sa.Text(), nullable=False),
    sa.Column('name', sa.Text(), nullable=False),
    sa.Column('url_sealed', sa.LargeBinary(), nullable=False),
    sa.Column('secret_sealed', sa.LargeBinary(), nullable=False),
    sa.Column('old_secret_sealed', sa.LargeBinary(), nullable=True),
    sa.Column('old_until', sa.DateTime(timezone=True), nullable=True),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.Column('made_by', sa.Uuid(), nullable=False),
    sa.Column('made_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('stopped_at', sa.DateTime(timezone=True), nullable=True),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_webhook_endpoint'))
    )
    op.create_index(op.f('ix_webhook_endpoint_area_code'), 'webhook_endpoint', ['area_code'], unique=False)
    op.create_table('wechat_link',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('account_id', sa.Uuid(), nullable=False),
    sa.Column('code_sealed', sa.LargeBinary(), nullable=True),
    sa.Column('openid_sealed', sa.LargeBinary(), nullable=True),
    sa.Column('made_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('refusal', sa.Text(), nullable=True),
    sa.Column('parked_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('due_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('tries', sa.SmallInteger(), server_default='0', nullable=False),
    sa.Column('lease_until', sa.DateTime(timezone=True), nullable=True),
    sa.Column('fence', sa.Integer(), server_default='0', nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_wechat_link')),
    sa.UniqueConstraint('account_id', name=op.f('uq_wechat_link_account_id'))
    )
    op.create_index('ix_wechat_link_due', 'wechat_link', ['due_at'], unique=False, postgresql_where='due_at IS NOT NULL')
    op.create_table('wechat_token',
    sa.Column('app', sa.Text(), nullable=False),
    sa.Column('token_sealed', sa.LargeBinary(), nullable=True),
    sa.Column('expires_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('renewing_until', sa.DateTime(timezone=True), nullable=True),
    sa.PrimaryKeyConstraint('app', name=op.f('pk_wechat_token'))
    )

    for table in GUARDED:
        guard_rows(table, "account_id = linli_account()")


def downgrade() -> None:
    for table in GUARDED:
        release_rows(table)
    op.drop_table('wechat_token')
    op.drop_index('ix_wechat_link_due', table_name='wechat_link', postgresql_where='due_at IS NOT NULL')
    op.drop_table('wechat_link')
    op.drop_index(op.f('ix_webhook_endpoint_area_code'), table_name='webhook_endpoint')
    op.drop_table('webhook_endpoint')
    op.drop_index('uq_text_ledger_phone', table_name='text_ledger')
    op.drop_index('ix_text_ledger_made_at', table_name='text_ledger', postgresql_using='brin')
    op.drop_table('text_ledger')
    op.drop_index('ix_push_subscription_account', table_name='push_subscription')
    op.drop_table('push_subscription')
    op.drop_index('uq_delivery_retry_address', table_name='delivery_retry')
    op.drop_index(op.f('ix_delivery_retry_made_at'), table_name='delivery_retry')
    op.drop_index('ix_delivery_retry_due', table_name='delivery_retry', postgresql_where='due_at IS NOT NULL')
    op.drop_index('ix_delivery_retry_dead', table_name='delivery_retry', postgresql_where='parked_at IS NOT NULL')
    op.drop_table('delivery_retry')
    op.drop_index('ix_delivery_chunk_tally', table_name='delivery_chunk', postgresql_where='tally IS NOT NULL AND due_at IS NULL')
    op.drop_index('ix_delivery_chunk_due', table_name='delivery_chunk', postgresql_where='due_at IS NOT NULL')
    op.drop_index(op.f('ix_delivery_chunk_campaign_id'), table_name='delivery_chunk')
    op.drop_table('delivery_chunk')
    op.drop_index('uq_delivery_campaign_notice', table_name='delivery_campaign')
    op.drop_index('ix_delivery_campaign_open', table_name='delivery_campaign', postgresql_where='finished_at IS NULL')
    op.drop_index(op.f('ix_delivery_campaign_finished_at'), table_name='delivery_campaign')
    op.drop_index('ix_delivery_campaign_due', table_name='delivery_campaign', postgresql_where='due_at IS NOT NULL')
    op.drop_table('delivery_campaign')
