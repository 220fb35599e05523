"""An index that finds the operation with which a day ended

Follows: 0019
"""

from alembic import op

revision = '0020'
down_revision = '0019'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index('ix_operation_at', 'operation', ['at', 'id'])


def downgrade() -> None:
    op.drop_index('ix_operation_at', 'operation')
