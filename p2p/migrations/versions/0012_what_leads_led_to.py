"""Leads that led to an opportunity

Follows: 0011
"""

import sqlalchemy as sa
from alembic import op

revision = '0012'
down_revision = '0011'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('opportunity_lead',
    sa.Column('opportunity_id', sa.Integer(), nullable=False),
    sa.Column('lead_id', sa.Integer(), nullable=False),
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.Column('hidden', sa.Boolean(), nullable=False),
    sa.ForeignKeyConstraint(['lead_id'], ['lead.id'], name=op.f('fk_opportunity_lead_lead_id')),
    sa.ForeignKeyConstraint(['opportunity_id'], ['opportunity.id'], name=op.f('fk_opportunity_lead_opportunity_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_opportunity_lead')),
    sqlite_autoincrement=True,
    sqlite_strict=True
    )
    with op.batch_alter_table('opportunity_lead', schema=None) as batch_op:
        batch_op.create_index('ix_opportunity_lead', ['opportunity_id'], unique=False)
        batch_op.create_index('uq_opportunity_lead_lead_id', ['lead_id'], unique=True, sqlite_where=sa.text('hidden = 0'), postgresql_where=sa.text('not hidden'))


def downgrade() -> None:
    op.drop_table('opportunity_lead')
