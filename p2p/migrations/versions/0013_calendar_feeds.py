"""Calendar feeds

Follows: 0012
"""

import sqlalchemy as sa
from alembic import op
from p2p.db import Instant

revision = '0013'
down_revision = '0012'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('calendar_feed',
    sa.Column('user_id', sa.Integer(), nullable=False),
    sa.Column('token_digest', sa.String(length=64), nullable=False),
    sa.Column('made_at', Instant(), nullable=False),
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.Column('hidden', sa.Boolean(), nullable=False),
    sa.ForeignKeyConstraint(['user_id'], ['user.id'], name=op.f('fk_calendar_feed_user_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_calendar_feed')),
    sa.UniqueConstraint('token_digest', name=op.f('uq_calendar_feed_token_digest')),
    sqlite_autoincrement=True,
    sqlite_strict=True
    )
    op.create_index('ix_calendar_feed_user', 'calendar_feed', ['user_id'])


def downgrade() -> None:
    op.drop_table('calendar_feed')
