"""Saved views of the board, and which one opens first

Follows: 0021
"""

import sqlalchemy as sa
from alembic import op

revision = '0022'
down_revision = '0021'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('board_view',
    sa.Column('name', sa.String(length=60), nullable=False),
    sa.Column('owner_id', sa.Integer(), nullable=True),
    sa.Column('shared', sa.Boolean(), nullable=False),
    sa.Column('query', sa.String(length=2000), nullable=False),
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.Column('hidden', sa.Boolean(), nullable=False),
    sa.ForeignKeyConstraint(['owner_id'], ['user.id'], name=op.f('fk_board_view_owner_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_board_view')),
    sqlite_autoincrement=True,
    sqlite_strict=True
    )
    op.create_index('ix_board_view_owner', 'board_view', ['owner_id'])
    op.add_column('user', sa.Column('board_view_id', sa.Integer(), nullable=True))


def downgrade() -> None:
    op.drop_column('user', 'board_view_id')
    op.drop_table('board_view')
