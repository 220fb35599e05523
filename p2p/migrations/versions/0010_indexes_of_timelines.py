"""Indexes that timelines are read from

Follows: 0009
"""

from alembic import op

revision = '0010'
down_revision = '0009'
branch_labels = None
depends_on = None


def upgrade() -> None:
    # Not in batch mode, which would copy the log: indexes come and go by themselves on both databases.
    op.drop_index('ix_change_about', 'change')
    op.create_index('ix_change_about', 'change', ['about_noun', 'about_id', 'operation_id', 'noun'])
    op.drop_index('ix_change_record', 'change')
    op.create_index('ix_change_record', 'change', ['noun', 'record_id', 'operation_id'])
    for table in ('competitor', 'customer', 'prospect'):
        op.create_index(f'ix_{table}_party', table, ['party_id'])


def downgrade() -> None:
    for table in ('competitor', 'customer', 'prospect'):
        op.drop_index(f'ix_{table}_party', table)
    op.drop_index('ix_change_about', 'change')
    op.create_index('ix_change_about', 'change', ['about_noun', 'about_id', 'id'])
    op.drop_index('ix_change_record', 'change')
    op.create_index('ix_change_record', 'change', ['noun', 'record_id', 'id'])
