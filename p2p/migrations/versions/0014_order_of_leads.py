"""Indexes by which leads are counted, and put in order of rating, priority and owner

Follows: 0013
"""

import sqlalchemy as sa
from alembic import op

revision = '0014'
down_revision = '0013'
branch_labels = None
depends_on = None

READ = ['opened_on', 'id', 'status', 'wake_on']
RANKED = ('rating', 'priority', 'owner')


def upgrade() -> None:
    op.drop_index('ix_lead_opened', 'lead')
    op.create_index('ix_lead_opened', 'lead', [*READ, 'hidden', 'archived'])
    for name in RANKED:
        op.create_index(
            f'ix_lead_by_{name}',
            'lead',
            [f'{name}_id', 'id', 'status', 'wake_on'],
            sqlite_where=sa.text('hidden is 0 and archived is 0'),
            postgresql_where=sa.text('hidden is false and archived is false'),
        )


def downgrade() -> None:
    for name in RANKED:
        op.drop_index(f'ix_lead_by_{name}', 'lead')
    op.drop_index('ix_lead_opened', 'lead')
    op.create_index('ix_lead_opened', 'lead', READ)
