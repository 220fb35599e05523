"""Indexes that put the activities of a day in order, too

Follows: 0015
"""

from alembic import op

revision = '0016'
down_revision = '0015'
branch_labels = None
depends_on = None

BEFORE = {'ix_activity_responsible': ['responsible_id', 'status', 'due_on'], 'ix_activity_status': ['status', 'due_on']}


def upgrade() -> None:
    for name, columns in BEFORE.items():
        op.drop_index(name, 'activity')
        op.create_index(name, 'activity', [*columns, 'starts', 'id'])


def downgrade() -> None:
    for name, columns in BEFORE.items():
        op.drop_index(name, 'activity')
        op.create_index(name, 'activity', columns)
