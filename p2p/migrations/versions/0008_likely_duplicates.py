"""Likely duplicates

Follows: 0007
"""

import sqlalchemy as sa
from alembic import op
from p2p.db import Instant
from p2p.db import Json

revision = '0008'
down_revision = '0007'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('distinction',
    sa.Column('subject_noun', sa.String(length=40), nullable=False),
    sa.Column('subject_id', sa.Integer(), nullable=False),
    sa.Column('other_id', sa.Integer(), nullable=False),
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.Column('hidden', sa.Boolean(), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_distinction')),
    sqlite_autoincrement=True,
    sqlite_strict=True
    )
    with op.batch_alter_table('distinction', schema=None) as batch_op:
        batch_op.create_index('uq_distinction_subject_noun_subject_id_other_id', ['subject_noun', 'subject_id', 'other_id'], unique=True, sqlite_where=sa.text('hidden = 0'), postgresql_where=sa.text('not hidden'))

    op.create_table('duplicate_pair',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('noun', sa.String(length=40), nullable=False),
    sa.Column('left_id', sa.Integer(), nullable=False),
    sa.Column('right_id', sa.Integer(), nullable=False),
    sa.Column('score', sa.Integer(), nullable=False),
    sa.Column('reasons', Json, nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_duplicate_pair')),
    sqlite_autoincrement=True,
    sqlite_strict=True
    )
    with op.batch_alter_table('duplicate_pair', schema=None) as batch_op:
        batch_op.create_index('ix_duplicate_pair_noun', ['noun', 'id'], unique=False)

    op.create_table('duplicate_search',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('noun', sa.String(length=40), nullable=False),
    sa.Column('status', sa.String(length=20), nullable=False),
    sa.Column('started_at', Instant(), nullable=False),
    sa.Column('finished_at', Instant(), nullable=True),
    sa.Column('compared', sa.Integer(), nullable=False),
    sa.Column('found', sa.Integer(), nullable=False),
    sa.Column('message', sa.String(length=200), nullable=True),
    sa.Column('by_id', sa.Integer(), nullable=True),
    sa.CheckConstraint("status in ('searching', 'done', 'failed')", name=op.f('ck_duplicate_search_status')),
    sa.ForeignKeyConstraint(['by_id'], ['user.id'], name=op.f('fk_duplicate_search_by_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_duplicate_search')),
    sqlite_autoincrement=True,
    sqlite_strict=True
    )


def downgrade() -> None:
    op.drop_table('duplicate_search')
    with op.batch_alter_table('duplicate_pair', schema=None) as batch_op:
        batch_op.drop_index('ix_duplicate_pair_noun')

    op.drop_table('duplicate_pair')
    with op.batch_alter_table('distinction', schema=None) as batch_op:
        batch_op.drop_index('uq_distinction_subject_noun_subject_id_other_id', sqlite_where=sa.text('hidden = 0'), postgresql_where=sa.text('not hidden'))

    op.drop_table('distinction')
