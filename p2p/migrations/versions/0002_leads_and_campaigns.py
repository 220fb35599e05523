"""Leads and campaigns

Follows: 0001
"""

import sqlalchemy as sa
from alembic import op

revision = '0002'
down_revision = '0001'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('campaign',
    sa.Column('name', sa.String(length=100), nullable=False),
    sa.Column('name_folded', sa.String(length=120), nullable=False),
    sa.Column('type_id', sa.Integer(), nullable=True),
    sa.Column('status', sa.String(length=20), nullable=False),
    sa.Column('starts_on', sa.Date(), nullable=True),
    sa.Column('ends_on', sa.Date(), nullable=True),
    sa.Column('cost', sa.BigInteger(), nullable=True),
    sa.Column('currency', sa.String(length=3), nullable=False),
    sa.Column('owner_id', sa.Integer(), nullable=True),
    sa.Column('description', sa.String(length=4000), nullable=True),
    sa.Column('archived', sa.Boolean(), nullable=False),
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.Column('hidden', sa.Boolean(), nullable=False),
    sa.CheckConstraint("status in ('planning', 'in_process', 'response', 'follow_up', 'closed', 'canceled')", name=op.f('ck_campaign_status')),
    sa.CheckConstraint('cost is null or cost >= 0', name=op.f('ck_campaign_cost')),
    sa.ForeignKeyConstraint(['owner_id'], ['user.id'], name=op.f('fk_campaign_owner_id')),
    sa.ForeignKeyConstraint(['type_id'], ['code.id'], name=op.f('fk_campaign_type_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_campaign')),
    sqlite_autoincrement=True,
    sqlite_strict=True
    )
    with op.batch_alter_table('campaign', schema=None) as batch_op:
        batch_op.create_index('ix_campaign_name', ['name_folded', 'id'], unique=False)

    op.create_table('lead',
    sa.Column('number', sa.String(length=20), nullable=False),
    sa.Column('subject', sa.String(length=100), nullable=False),
    sa.Column('subject_folded', sa.String(length=120), nullable=False),
    sa.Column('party_id', sa.Integer(), nullable=True),
    sa.Column('company_name', sa.String(length=100), nullable=True),
    sa.Column('person_name', sa.String(length=100), nullable=True),
    sa.Column('email', sa.String(length=254), nullable=True),
    sa.Column('phone', sa.String(length=40), nullable=True),
    sa.Column('email_key', sa.String(length=254), nullable=True),
    sa.Column('phone_key', sa.String(length=40), nullable=True),
    sa.Column('owner_id', sa.Integer(), nullable=True),
    sa.Column('opened_on', sa.Date(), nullable=False),
    sa.Column('opened_by_id', sa.Integer(), nullable=True),
    sa.Column('status', sa.String(length=20), nullable=False),
    sa.Column('wake_on', sa.Date(), nullable=True),
    sa.Column('type_id', sa.Integer(), nullable=True),
    sa.Column('priority_id', sa.Integer(), nullable=True),
    sa.Column('rating_id', sa.Integer(), nullable=True),
    sa.Column('source_id', sa.Integer(), nullable=True),
    sa.Column('source_party_id', sa.Integer(), nullable=True),
    sa.Column('source_user_id', sa.Integer(), nullable=True),
    sa.Column('source_note', sa.String(length=200), nullable=True),
    sa.Column('campaign_id', sa.Integer(), nullable=True),
    sa.Column('process_id', sa.Integer(), nullable=True),
    sa.Column('stage_id', sa.Integer(), nullable=True),
    sa.Column('description', sa.String(length=4000), nullable=True),
    sa.Column('reason_id', sa.Integer(), nullable=True),
    sa.Column('outcome_note', sa.String(length=4000), nullable=True),
    sa.Column('closed_on', sa.Date(), nullable=True),
    sa.Column('closed_by_id', sa.Integer(), nullable=True),
    sa.Column('converted', sa.Boolean(), nullable=False),
    sa.Column('archived', sa.Boolean(), nullable=False),
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.Column('hidden', sa.Boolean(), nullable=False),
    sa.CheckConstraint("(status = 'postponed') = (wake_on is not null)", name=op.f('ck_lead_wake_on')),
    sa.CheckConstraint("status in ('open', 'qualified', 'not_qualified', 'postponed')", name=op.f('ck_lead_status')),
    sa.ForeignKeyConstraint(['campaign_id'], ['campaign.id'], name=op.f('fk_lead_campaign_id')),
    sa.ForeignKeyConstraint(['closed_by_id'], ['user.id'], name=op.f('fk_lead_closed_by_id')),
    sa.ForeignKeyConstraint(['opened_by_id'], ['user.id'], name=op.f('fk_lead_opened_by_id')),
    sa.ForeignKeyConstraint(['owner_id'], ['user.id'], name=op.f('fk_lead_owner_id')),
    sa.ForeignKeyConstraint(['party_id'], ['party.id'], name=op.f('fk_lead_party_id')),
    sa.ForeignKeyConstraint(['priority_id'], ['code.id'], name=op.f('fk_lead_priority_id')),
    sa.ForeignKeyConstraint(['process_id'], ['process.id'], name=op.f('fk_lead_process_id')),
    sa.ForeignKeyConstraint(['rating_id'], ['code.id'], name=op.f('fk_lead_rating_id')),
    sa.ForeignKeyConstraint(['reason_id'], ['reason.id'], name=op.f('fk_lead_reason_id')),
    sa.ForeignKeyConstraint(['source_id'], ['code.id'], name=op.f('fk_lead_source_id')),
    sa.ForeignKeyConstraint(['source_party_id'], ['party.id'], name=op.f('fk_lead_source_party_id')),
    sa.ForeignKeyConstraint(['source_user_id'], ['user.id'], name=op.f('fk_lead_source_user_id')),
    sa.ForeignKeyConstraint(['stage_id'], ['stage.id'], name=op.f('fk_lead_stage_id')),
    sa.ForeignKeyConstraint(['type_id'], ['code.id'], name=op.f('fk_lead_type_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_lead')),
    sa.UniqueConstraint('number', name=op.f('uq_lead_number')),
    sqlite_autoincrement=True,
    sqlite_strict=True
    )
    with op.batch_alter_table('lead', schema=None) as batch_op:
        batch_op.create_index('ix_lead_campaign', ['campaign_id'], unique=False)
        batch_op.create_index('ix_lead_email_key', ['email_key'], unique=False)
        batch_op.create_index('ix_lead_opened', ['opened_on', 'id'], unique=False)
        batch_op.create_index('ix_lead_owner', ['owner_id', 'status', 'opened_on', 'id'], unique=False)
        batch_op.create_index('ix_lead_party', ['party_id'], unique=False)
        batch_op.create_index('ix_lead_phone_key', ['phone_key'], unique=False)
        batch_op.create_index('ix_lead_status', ['status', 'opened_on', 'id'], unique=False)
        batch_op.create_index('ix_lead_wake', ['status', 'wake_on'], unique=False)

    op.create_table('lead_contact',
    sa.Column('lead_id', sa.Integer(), nullable=False),
    sa.Column('contact_id', sa.Integer(), nullable=False),
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.Column('hidden', sa.Boolean(), nullable=False),
    sa.ForeignKeyConstraint(['contact_id'], ['contact.id'], name=op.f('fk_lead_contact_contact_id')),
    sa.ForeignKeyConstraint(['lead_id'], ['lead.id'], name=op.f('fk_lead_contact_lead_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_lead_contact')),
    sqlite_autoincrement=True,
    sqlite_strict=True
    )
    with op.batch_alter_table('lead_contact', schema=None) as batch_op:
        batch_op.create_index('ix_lead_contact_contact', ['contact_id'], unique=False)
        batch_op.create_index('uq_lead_contact_lead_id_contact_id', ['lead_id', 'contact_id'], unique=True, sqlite_where=sa.text('hidden = 0'), postgresql_where=sa.text('not hidden'))

    with op.batch_alter_table('company', schema=None) as batch_op:
        batch_op.add_column(sa.Column('qualify_needs_reason', sa.Boolean(), server_default=sa.false(), nullable=False))

    # Not in batch mode: a table with generated columns cannot be copied row by row.
    sqlite = op.get_bind().dialect.name == 'sqlite'
    campaign = sa.ForeignKey('campaign.id', name=op.f('fk_opportunity_campaign_id'))
    op.add_column('opportunity', sa.Column('campaign_id', sa.Integer(), campaign, nullable=True), inline_references=sqlite)
    op.create_index('ix_opportunity_campaign', 'opportunity', ['campaign_id'], unique=False)


def downgrade() -> None:
    op.drop_index('ix_opportunity_campaign', table_name='opportunity')
    op.drop_column('opportunity', 'campaign_id')

    with op.batch_alter_table('company', schema=None) as batch_op:
        batch_op.drop_column('qualify_needs_reason')

    with op.batch_alter_table('lead_contact', schema=None) as batch_op:
        batch_op.drop_index('uq_lead_contact_lead_id_contact_id', sqlite_where=sa.text('hidden = 0'), postgresql_where=sa.text('not hidden'))
        batch_op.drop_index('ix_lead_contact_contact')

    op.drop_table('lead_contact')
    with op.batch_alter_table('lead', schema=None) as batch_op:
        batch_op.drop_index('ix_lead_wake')
        batch_op.drop_index('ix_lead_status')
        batch_op.drop_index('ix_lead_phone_key')
        batch_op.drop_index('ix_lead_party')
        batch_op.drop_index('ix_lead_owner')
        batch_op.drop_index('ix_lead_opened')
        batch_op.drop_index('ix_lead_email_key')
        batch_op.drop_index('ix_lead_campaign')

    op.drop_table('lead')
    with op.batch_alter_table('campaign', schema=None) as batch_op:
        batch_op.drop_index('ix_campaign_name')

    op.drop_table('campaign')
