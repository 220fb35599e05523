"""Other imported columns of leads

Follows: 0014
"""

import sqlalchemy as sa
from alembic import op
from p2p.db import Json

revision = '0015'
down_revision = '0014'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column('lead', sa.Column('imported', Json, nullable=True))


def downgrade() -> None:
    with op.batch_alter_table('lead') as batch:
        batch.drop_column('imported')
