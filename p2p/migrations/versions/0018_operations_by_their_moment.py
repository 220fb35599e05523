"""An index that finds the operation with which a day ended

Follows: 0017
"""

from alembic import op

revision = '0018'
down_revision = '0017'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index('ix_operation_at', 'operation', ['at', 'id'])


def downgrade() -> None:
    op.drop_index('ix_operation_at', 'operation')
