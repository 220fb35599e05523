"""By which marks imported cards are recognized

Follows: 0008
"""

import sqlalchemy as sa
from alembic import op

revision = '0009'
down_revision = '0008'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('card_mark',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('uid', sa.String(length=200), nullable=False),
    sa.Column('party_id', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['party_id'], ['party.id'], name=op.f('fk_card_mark_party_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_card_mark')),
    sqlite_autoincrement=True,
    sqlite_strict=True
    )
    with op.batch_alter_table('card_mark', schema=None) as batch_op:
        batch_op.create_index('ix_card_mark_party', ['party_id'], unique=False)
        batch_op.create_index('ix_card_mark_uid', ['uid'], unique=False)


def downgrade() -> None:
    op.drop_table('card_mark')
