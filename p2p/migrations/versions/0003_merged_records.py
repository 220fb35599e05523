"""Records that became one

Follows: 0002
"""

import sqlalchemy as sa
from alembic import op

revision = '0003'
down_revision = '0002'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('merger',
    sa.Column('subject_noun', sa.String(length=40), nullable=False),
    sa.Column('subject_id', sa.Integer(), nullable=False),
    sa.Column('gone_id', sa.Integer(), nullable=False),
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.Column('hidden', sa.Boolean(), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_merger')),
    sqlite_autoincrement=True,
    sqlite_strict=True
    )
    with op.batch_alter_table('merger', schema=None) as batch_op:
        batch_op.create_index('ix_merger_gone', ['subject_noun', 'gone_id'], unique=False)
        batch_op.create_index('ix_merger_subject', ['subject_noun', 'subject_id'], unique=False)


def downgrade() -> None:
    op.drop_table('merger')
