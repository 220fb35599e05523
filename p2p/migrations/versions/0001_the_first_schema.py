"""The first schema

Follows: nothing.
"""

import sqlalchemy as sa
from alembic import op
from p2p.db import Instant
from p2p.db import Json

revision = '0001'
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('code',
    sa.Column('list_name', sa.String(length=40), nullable=False),
    sa.Column('name', sa.String(length=100), nullable=False),
    sa.Column('position', sa.Integer(), nullable=False),
    sa.Column('retired', sa.Boolean(), nullable=False),
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.Column('hidden', sa.Boolean(), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_code')),
    sqlite_autoincrement=True,
    sqlite_strict=True
    )
    with op.batch_alter_table('code', schema=None) as batch_op:
        batch_op.create_index('ix_code_list', ['list_name', 'position'], unique=False)

    op.create_table('company',
    sa.Column('name', sa.String(length=100), nullable=False),
    sa.Column('currency', sa.String(length=3), nullable=False),
    sa.Column('zone', sa.String(length=50), nullable=False),
    sa.Column('locale', sa.String(length=20), nullable=False),
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.Column('hidden', sa.Boolean(), nullable=False),
    sa.CheckConstraint('id = 1', name=op.f('ck_company_single')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_company')),
    sqlite_strict=True
    )
    op.create_table('currency',
    sa.Column('rate_millionths', sa.Integer(), nullable=False),
    sa.Column('name', sa.String(length=100), nullable=False),
    sa.Column('position', sa.Integer(), nullable=False),
    sa.Column('retired', sa.Boolean(), nullable=False),
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.Column('hidden', sa.Boolean(), nullable=False),
    sa.CheckConstraint('rate_millionths > 0', name=op.f('ck_currency_rate')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_currency')),
    sqlite_autoincrement=True,
    sqlite_strict=True
    )
    op.create_table('guess',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('key', sa.String(length=300), nullable=False),
    sa.Column('at', Instant(), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_guess')),
    sqlite_autoincrement=True,
    sqlite_strict=True
    )
    with op.batch_alter_table('guess', schema=None) as batch_op:
        batch_op.create_index('ix_guess_key', ['key', 'at'], unique=False)

    op.create_table('history_head',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('operation_id', sa.Integer(), nullable=False),
    sa.Column('digest', sa.Text(), nullable=False),
    sa.CheckConstraint('id = 1', name=op.f('ck_history_head_single')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_history_head')),
    sqlite_strict=True
    )
    op.create_table('party',
    sa.Column('kind', sa.String(length=20), nullable=False),
    sa.Column('name', sa.String(length=100), nullable=False),
    sa.Column('name_folded', sa.String(length=120), nullable=False),
    sa.Column('phone', sa.String(length=40), nullable=True),
    sa.Column('email', sa.String(length=254), nullable=True),
    sa.Column('website', sa.String(length=200), nullable=True),
    sa.Column('street', sa.String(length=200), nullable=True),
    sa.Column('postal_code', sa.String(length=20), nullable=True),
    sa.Column('city', sa.String(length=100), nullable=True),
    sa.Column('country', sa.String(length=60), nullable=True),
    sa.Column('notes', sa.String(length=4000), nullable=True),
    sa.Column('archived', sa.Boolean(), nullable=False),
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.Column('hidden', sa.Boolean(), nullable=False),
    sa.CheckConstraint("kind in ('organization', 'person')", name=op.f('ck_party_kind')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_party')),
    sqlite_autoincrement=True,
    sqlite_strict=True
    )
    with op.batch_alter_table('party', schema=None) as batch_op:
        batch_op.create_index('ix_party_name', ['name_folded', 'id'], unique=False)

    op.create_table('probability',
    sa.Column('percent', sa.Integer(), nullable=False),
    sa.Column('name', sa.String(length=100), nullable=False),
    sa.Column('position', sa.Integer(), nullable=False),
    sa.Column('retired', sa.Boolean(), nullable=False),
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.Column('hidden', sa.Boolean(), nullable=False),
    sa.CheckConstraint('percent between 0 and 100', name=op.f('ck_probability_percent')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_probability')),
    sqlite_autoincrement=True,
    sqlite_strict=True
    )
    op.create_table('process',
    sa.Column('name', sa.String(length=100), nullable=False),
    sa.Column('position', sa.Integer(), nullable=False),
    sa.Column('retired', sa.Boolean(), nullable=False),
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.Column('hidden', sa.Boolean(), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_process')),
    sqlite_autoincrement=True,
    sqlite_strict=True
    )
    op.create_table('prognosis_band',
    sa.Column('from_days', sa.Integer(), nullable=False),
    sa.Column('to_days', sa.Integer(), nullable=True),
    sa.Column('name', sa.String(length=100), nullable=False),
    sa.Column('position', sa.Integer(), nullable=False),
    sa.Column('retired', sa.Boolean(), nullable=False),
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.Column('hidden', sa.Boolean(), nullable=False),
    sa.CheckConstraint('from_days >= 0 and (to_days is null or to_days >= from_days)', name=op.f('ck_prognosis_band_days')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_prognosis_band')),
    sqlite_autoincrement=True,
    sqlite_strict=True
    )
    op.create_table('reason',
    sa.Column('outcome', sa.String(length=20), nullable=False),
    sa.Column('for_leads', sa.Boolean(), nullable=False),
    sa.Column('for_opportunities', sa.Boolean(), nullable=False),
    sa.Column('for_quotations', sa.Boolean(), nullable=False),
    sa.Column('needs_note', sa.Boolean(), nullable=False),
    sa.Column('imports_only', sa.Boolean(), nullable=False),
    sa.Column('name', sa.String(length=100), nullable=False),
    sa.Column('position', sa.Integer(), nullable=False),
    sa.Column('retired', sa.Boolean(), nullable=False),
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.Column('hidden', sa.Boolean(), nullable=False),
    sa.CheckConstraint("outcome in ('qualified', 'disqualified', 'won', 'lost', 'canceled')", name=op.f('ck_reason_outcome')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_reason')),
    sqlite_autoincrement=True,
    sqlite_strict=True
    )
    with op.batch_alter_table('reason', schema=None) as batch_op:
        batch_op.create_index('ix_reason_outcome', ['outcome', 'position'], unique=False)

    op.create_table('sequence',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('kind', sa.String(length=20), nullable=False),
    sa.Column('year', sa.Integer(), nullable=False),
    sa.Column('last', sa.Integer(), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_sequence')),
    sa.UniqueConstraint('kind', 'year', name=op.f('uq_sequence_kind_year')),
    sqlite_autoincrement=True,
    sqlite_strict=True
    )
    op.create_table('stage_total',
    sa.Column('stage_id', sa.Integer(), autoincrement=False, nullable=False),
    sa.Column('owner_id', sa.Integer(), autoincrement=False, nullable=False),
    sa.Column('count', sa.Integer(), nullable=False),
    sa.Column('revenue', sa.BigInteger(), nullable=False),
    sa.Column('weighted', sa.BigInteger(), nullable=False),
    sa.PrimaryKeyConstraint('stage_id', 'owner_id', name=op.f('pk_stage_total')),
    sqlite_strict=True
    )
    op.create_table('user',
    sa.Column('email', sa.String(length=254), nullable=False),
    sa.Column('email_folded', sa.String(length=254), nullable=False),
    sa.Column('name', sa.String(length=100), nullable=False),
    sa.Column('role', sa.String(length=20), nullable=False),
    sa.Column('active', sa.Boolean(), nullable=False),
    sa.Column('theme', sa.String(length=5), nullable=False),
    sa.Column('password_hash', sa.String(length=200), nullable=True),
    sa.Column('password_set_at', Instant(), nullable=True),
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.Column('hidden', sa.Boolean(), nullable=False),
    sa.CheckConstraint("role in ('viewer', 'representative', 'manager', 'administrator')", name=op.f('ck_user_role')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_user')),
    sqlite_autoincrement=True,
    sqlite_strict=True
    )
    with op.batch_alter_table('user', schema=None) as batch_op:
        batch_op.create_index('uq_user_email_folded', ['email_folded'], unique=True, sqlite_where=sa.text('hidden = 0'), postgresql_where=sa.text('not hidden'))

    op.create_table('activity',
    sa.Column('subject_noun', sa.String(length=40), nullable=False),
    sa.Column('subject_id', sa.Integer(), nullable=False),
    sa.Column('category', sa.String(length=20), nullable=False),
    sa.Column('type_id', sa.Integer(), nullable=True),
    sa.Column('purpose', sa.String(length=100), nullable=False),
    sa.Column('notes', sa.String(length=4000), nullable=True),
    sa.Column('due_on', sa.Date(), nullable=False),
    sa.Column('starts', sa.String(length=5), nullable=True),
    sa.Column('ends', sa.String(length=5), nullable=True),
    sa.Column('location', sa.String(length=100), nullable=True),
    sa.Column('responsible_id', sa.Integer(), nullable=True),
    sa.Column('status', sa.String(length=10), nullable=False),
    sa.Column('done_at', Instant(), nullable=True),
    sa.Column('done_by_id', sa.Integer(), nullable=True),
    sa.Column('archived', sa.Boolean(), nullable=False),
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.Column('hidden', sa.Boolean(), nullable=False),
    sa.CheckConstraint("category in ('appointment', 'task', 'action', 'event')", name=op.f('ck_activity_category')),
    sa.CheckConstraint("status in ('open', 'done')", name=op.f('ck_activity_status')),
    sa.ForeignKeyConstraint(['done_by_id'], ['user.id'], name=op.f('fk_activity_done_by_id')),
    sa.ForeignKeyConstraint(['responsible_id'], ['user.id'], name=op.f('fk_activity_responsible_id')),
    sa.ForeignKeyConstraint(['type_id'], ['code.id'], name=op.f('fk_activity_type_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_activity')),
    sqlite_autoincrement=True,
    sqlite_strict=True
    )
    with op.batch_alter_table('activity', schema=None) as batch_op:
        batch_op.create_index('ix_activity_responsible', ['responsible_id', 'status', 'due_on'], unique=False)
        batch_op.create_index('ix_activity_subject', ['subject_noun', 'subject_id', 'status', 'due_on'], unique=False)

    op.create_table('competitor',
    sa.Column('party_id', sa.Integer(), nullable=False),
    sa.Column('description', sa.String(length=200), nullable=True),
    sa.Column('strengths', sa.String(length=4000), nullable=True),
    sa.Column('prices', sa.String(length=4000), nullable=True),
    sa.Column('notes', sa.String(length=4000), nullable=True),
    sa.Column('archived', sa.Boolean(), nullable=False),
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.Column('hidden', sa.Boolean(), nullable=False),
    sa.ForeignKeyConstraint(['party_id'], ['party.id'], name=op.f('fk_competitor_party_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_competitor')),
    sqlite_autoincrement=True,
    sqlite_strict=True
    )
    with op.batch_alter_table('competitor', schema=None) as batch_op:
        batch_op.create_index('uq_competitor_party_id', ['party_id'], unique=True, sqlite_where=sa.text('hidden = 0'), postgresql_where=sa.text('not hidden'))

    op.create_table('contact',
    sa.Column('person_id', sa.Integer(), nullable=False),
    sa.Column('party_id', sa.Integer(), nullable=False),
    sa.Column('job_title', sa.String(length=100), nullable=True),
    sa.Column('function_id', sa.Integer(), nullable=True),
    sa.Column('decision_role_id', sa.Integer(), nullable=True),
    sa.Column('loyalty_id', sa.Integer(), nullable=True),
    sa.Column('notes', sa.String(length=4000), nullable=True),
    sa.Column('archived', sa.Boolean(), nullable=False),
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.Column('hidden', sa.Boolean(), nullable=False),
    sa.ForeignKeyConstraint(['decision_role_id'], ['code.id'], name=op.f('fk_contact_decision_role_id')),
    sa.ForeignKeyConstraint(['function_id'], ['code.id'], name=op.f('fk_contact_function_id')),
    sa.ForeignKeyConstraint(['loyalty_id'], ['code.id'], name=op.f('fk_contact_loyalty_id')),
    sa.ForeignKeyConstraint(['party_id'], ['party.id'], name=op.f('fk_contact_party_id')),
    sa.ForeignKeyConstraint(['person_id'], ['party.id'], name=op.f('fk_contact_person_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_contact')),
    sqlite_autoincrement=True,
    sqlite_strict=True
    )
    with op.batch_alter_table('contact', schema=None) as batch_op:
        batch_op.create_index('ix_contact_party', ['party_id'], unique=False)
        batch_op.create_index('ix_contact_person', ['person_id'], unique=False)

    op.create_table('customer',
    sa.Column('party_id', sa.Integer(), nullable=False),
    sa.Column('number', sa.String(length=20), nullable=False),
    sa.Column('since', sa.Date(), nullable=False),
    sa.Column('archived', sa.Boolean(), nullable=False),
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.Column('hidden', sa.Boolean(), nullable=False),
    sa.ForeignKeyConstraint(['party_id'], ['party.id'], name=op.f('fk_customer_party_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_customer')),
    sa.UniqueConstraint('number', name=op.f('uq_customer_number')),
    sqlite_autoincrement=True,
    sqlite_strict=True
    )
    with op.batch_alter_table('customer', schema=None) as batch_op:
        batch_op.create_index('uq_customer_party_id', ['party_id'], unique=True, sqlite_where=sa.text('hidden = 0'), postgresql_where=sa.text('not hidden'))

    op.create_table('one_time_link',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('token_digest', sa.String(length=64), nullable=False),
    sa.Column('user_id', sa.Integer(), nullable=False),
    sa.Column('expires_at', Instant(), nullable=False),
    sa.Column('used_at', Instant(), nullable=True),
    sa.ForeignKeyConstraint(['user_id'], ['user.id'], name=op.f('fk_one_time_link_user_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_one_time_link')),
    sa.UniqueConstraint('token_digest', name=op.f('uq_one_time_link_token_digest')),
    sqlite_autoincrement=True,
    sqlite_strict=True
    )
    op.create_table('operation',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('verb', sa.String(length=80), nullable=False),
    sa.Column('by_id', sa.Integer(), nullable=True),
    sa.Column('at', Instant(), nullable=False),
    sa.Column('undoes_id', sa.Integer(), nullable=True),
    sa.Column('digest', sa.String(length=64), nullable=False),
    sa.ForeignKeyConstraint(['by_id'], ['user.id'], name=op.f('fk_operation_by_id')),
    sa.ForeignKeyConstraint(['undoes_id'], ['operation.id'], name=op.f('fk_operation_undoes_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_operation')),
    sqlite_autoincrement=True,
    sqlite_strict=True
    )
    with op.batch_alter_table('operation', schema=None) as batch_op:
        batch_op.create_index('ix_operation_by', ['by_id', 'id'], unique=False)
        batch_op.create_index('ix_operation_undoes', ['undoes_id'], unique=False)

    op.create_table('sign_in',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('token_digest', sa.String(length=64), nullable=False),
    sa.Column('user_id', sa.Integer(), nullable=False),
    sa.Column('started_at', Instant(), nullable=False),
    sa.Column('seen_at', Instant(), nullable=False),
    sa.Column('agent', sa.String(length=200), nullable=False),
    sa.ForeignKeyConstraint(['user_id'], ['user.id'], name=op.f('fk_sign_in_user_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_sign_in')),
    sa.UniqueConstraint('token_digest', name=op.f('uq_sign_in_token_digest')),
    sqlite_autoincrement=True,
    sqlite_strict=True
    )
    with op.batch_alter_table('sign_in', schema=None) as batch_op:
        batch_op.create_index('ix_sign_in_user', ['user_id'], unique=False)

    op.create_table('spent_key',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('key', sa.String(length=80), nullable=False),
    sa.Column('user_id', sa.Integer(), nullable=False),
    sa.Column('body', sa.String(length=64), nullable=False),
    sa.Column('location', sa.String(length=500), nullable=False),
    sa.Column('at', Instant(), nullable=False),
    sa.ForeignKeyConstraint(['user_id'], ['user.id'], name=op.f('fk_spent_key_user_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_spent_key')),
    sa.UniqueConstraint('key', name=op.f('uq_spent_key_key')),
    sqlite_autoincrement=True,
    sqlite_strict=True
    )
    op.create_table('stage',
    sa.Column('process_id', sa.Integer(), nullable=False),
    sa.Column('probability', sa.Integer(), nullable=False),
    sa.Column('name', sa.String(length=100), nullable=False),
    sa.Column('position', sa.Integer(), nullable=False),
    sa.Column('retired', sa.Boolean(), nullable=False),
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.Column('hidden', sa.Boolean(), nullable=False),
    sa.CheckConstraint('probability between 1 and 99', name=op.f('ck_stage_probability')),
    sa.ForeignKeyConstraint(['process_id'], ['process.id'], name=op.f('fk_stage_process_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_stage')),
    sqlite_autoincrement=True,
    sqlite_strict=True
    )
    op.create_table('change',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('operation_id', sa.Integer(), nullable=False),
    sa.Column('noun', sa.String(length=40), nullable=False),
    sa.Column('record_id', sa.Integer(), nullable=False),
    sa.Column('about_noun', sa.String(length=40), nullable=False),
    sa.Column('about_id', sa.Integer(), nullable=False),
    sa.Column('kind', sa.String(length=10), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.Column('values', Json, nullable=True),
    sa.Column('salt', sa.String(length=32), nullable=True),
    sa.Column('digest', sa.String(length=64), nullable=False),
    sa.CheckConstraint("kind in ('created', 'changed')", name=op.f('ck_change_kind')),
    sa.ForeignKeyConstraint(['operation_id'], ['operation.id'], name=op.f('fk_change_operation_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_change')),
    sqlite_autoincrement=True,
    sqlite_strict=True
    )
    with op.batch_alter_table('change', schema=None) as batch_op:
        batch_op.create_index('ix_change_about', ['about_noun', 'about_id', 'id'], unique=False)
        batch_op.create_index('ix_change_operation', ['operation_id'], unique=False)
        batch_op.create_index('ix_change_record', ['noun', 'record_id', 'id'], unique=False)

    op.create_table('import_run',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('kind', sa.String(length=40), nullable=False),
    sa.Column('file_name', sa.String(length=200), nullable=False),
    sa.Column('kept_as', sa.String(length=60), nullable=True),
    sa.Column('digest', sa.String(length=64), nullable=False),
    sa.Column('mapping', Json, nullable=False),
    sa.Column('dialect', Json, nullable=False),
    sa.Column('status', sa.String(length=20), nullable=False),
    sa.Column('total', sa.Integer(), nullable=False),
    sa.Column('found', Json, nullable=False),
    sa.Column('counts', Json, nullable=False),
    sa.Column('problems', Json, nullable=False),
    sa.Column('message', sa.String(length=1000), nullable=True),
    sa.Column('by_id', sa.Integer(), nullable=True),
    sa.Column('started_at', Instant(), nullable=False),
    sa.Column('finished_at', Instant(), nullable=True),
    sa.Column('operation_id', sa.Integer(), nullable=True),
    sa.CheckConstraint("status in ('uploaded', 'checking', 'ready', 'writing', 'done', 'failed', 'cancelled')", name=op.f('ck_import_run_status')),
    sa.ForeignKeyConstraint(['by_id'], ['user.id'], name=op.f('fk_import_run_by_id')),
    sa.ForeignKeyConstraint(['operation_id'], ['operation.id'], name=op.f('fk_import_run_operation_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_import_run')),
    sqlite_autoincrement=True,
    sqlite_strict=True
    )
    with op.batch_alter_table('import_run', schema=None) as batch_op:
        batch_op.create_index('ix_import_run_digest', ['digest'], unique=False)
        batch_op.create_index('ix_import_run_status', ['status'], unique=False)

    op.create_table('opportunity',
    sa.Column('number', sa.String(length=20), nullable=False),
    sa.Column('subject', sa.String(length=100), nullable=False),
    sa.Column('subject_folded', sa.String(length=120), nullable=False),
    sa.Column('party_id', sa.Integer(), nullable=False),
    sa.Column('owner_id', sa.Integer(), nullable=True),
    sa.Column('opened_on', sa.Date(), nullable=False),
    sa.Column('opened_by_id', sa.Integer(), nullable=True),
    sa.Column('status', sa.String(length=20), nullable=False),
    sa.Column('wake_on', sa.Date(), nullable=True),
    sa.Column('stage_id', sa.Integer(), nullable=False),
    sa.Column('probability', sa.Integer(), nullable=False),
    sa.Column('probability_manual', sa.Boolean(), nullable=False),
    sa.Column('prognosis_id', sa.Integer(), nullable=True),
    sa.Column('prognosis_given_on', sa.Date(), nullable=True),
    sa.Column('window_from', sa.Date(), nullable=True),
    sa.Column('window_to', sa.Date(), nullable=True),
    sa.Column('decide_by', sa.Date(), nullable=True),
    sa.Column('revenue', sa.BigInteger(), nullable=True),
    sa.Column('currency', sa.String(length=3), nullable=False),
    sa.Column('rate_millionths', sa.Integer(), nullable=False),
    sa.Column('revenue_company', sa.BigInteger(), nullable=True),
    sa.Column('source_id', sa.Integer(), nullable=True),
    sa.Column('product_id', sa.Integer(), nullable=True),
    sa.Column('description', sa.String(length=4000), nullable=True),
    sa.Column('reason_id', sa.Integer(), nullable=True),
    sa.Column('outcome_note', sa.String(length=4000), nullable=True),
    sa.Column('price_gap', sa.BigInteger(), nullable=True),
    sa.Column('closed_on', sa.Date(), nullable=True),
    sa.Column('closed_by_id', sa.Integer(), nullable=True),
    sa.Column('imported', Json, nullable=True),
    sa.Column('live', sa.Boolean(), sa.Computed("status = 'active' and not hidden and not archived", persisted=True), nullable=False),
    sa.Column('order_day', sa.Date(), sa.Computed("coalesce(decide_by, '9999-12-31')", persisted=True), nullable=False),
    sa.Column('weighted', sa.BigInteger(), sa.Computed('coalesce(revenue_company, 0) * probability', persisted=True), nullable=False),
    sa.Column('order_weight', sa.BigInteger(), sa.Computed('-coalesce(revenue_company, 0) * probability', persisted=True), nullable=False),
    sa.Column('archived', sa.Boolean(), nullable=False),
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.Column('hidden', sa.Boolean(), nullable=False),
    sa.CheckConstraint("(status = 'postponed') = (wake_on is not null)", name=op.f('ck_opportunity_wake_on')),
    sa.CheckConstraint("status in ('active', 'postponed', 'won', 'lost', 'canceled')", name=op.f('ck_opportunity_status')),
    sa.CheckConstraint('probability between 0 and 100', name=op.f('ck_opportunity_probability')),
    sa.CheckConstraint('revenue is null or revenue >= 0', name=op.f('ck_opportunity_revenue')),
    sa.ForeignKeyConstraint(['closed_by_id'], ['user.id'], name=op.f('fk_opportunity_closed_by_id')),
    sa.ForeignKeyConstraint(['opened_by_id'], ['user.id'], name=op.f('fk_opportunity_opened_by_id')),
    sa.ForeignKeyConstraint(['owner_id'], ['user.id'], name=op.f('fk_opportunity_owner_id')),
    sa.ForeignKeyConstraint(['party_id'], ['party.id'], name=op.f('fk_opportunity_party_id')),
    sa.ForeignKeyConstraint(['product_id'], ['code.id'], name=op.f('fk_opportunity_product_id')),
    sa.ForeignKeyConstraint(['prognosis_id'], ['prognosis_band.id'], name=op.f('fk_opportunity_prognosis_id')),
    sa.ForeignKeyConstraint(['reason_id'], ['reason.id'], name=op.f('fk_opportunity_reason_id')),
    sa.ForeignKeyConstraint(['source_id'], ['code.id'], name=op.f('fk_opportunity_source_id')),
    sa.ForeignKeyConstraint(['stage_id'], ['stage.id'], name=op.f('fk_opportunity_stage_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_opportunity')),
    sa.UniqueConstraint('number', name=op.f('uq_opportunity_number')),
    sqlite_autoincrement=True,
    sqlite_strict=True
    )
    with op.batch_alter_table('opportunity', schema=None) as batch_op:
        batch_op.create_index('ix_opportunity_board', ['live', 'stage_id', 'order_day', 'order_weight', 'number'], unique=False)
        batch_op.create_index('ix_opportunity_order', ['order_day', 'order_weight', 'number'], unique=False)
        batch_op.create_index('ix_opportunity_owner', ['owner_id', 'live', 'stage_id', 'order_day', 'order_weight', 'number'], unique=False)
        batch_op.create_index('ix_opportunity_party', ['party_id', 'live', 'stage_id', 'order_day', 'order_weight', 'number'], unique=False)
        batch_op.create_index('ix_opportunity_put_away', ['status', 'hidden', 'archived', 'owner_id', 'wake_on'], unique=False)
        batch_op.create_index('ix_opportunity_wake', ['status', 'wake_on'], unique=False)

    op.create_table('prospect',
    sa.Column('party_id', sa.Integer(), nullable=False),
    sa.Column('number', sa.String(length=20), nullable=False),
    sa.Column('type_id', sa.Integer(), nullable=False),
    sa.Column('currency', sa.String(length=3), nullable=False),
    sa.Column('status_id', sa.Integer(), nullable=True),
    sa.Column('segment_id', sa.Integer(), nullable=True),
    sa.Column('line_of_business_id', sa.Integer(), nullable=True),
    sa.Column('district_id', sa.Integer(), nullable=True),
    sa.Column('responsible_id', sa.Integer(), nullable=True),
    sa.Column('converted_at', Instant(), nullable=True),
    sa.Column('converted_by_id', sa.Integer(), nullable=True),
    sa.Column('customer_id', sa.Integer(), nullable=True),
    sa.Column('archived', sa.Boolean(), nullable=False),
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.Column('hidden', sa.Boolean(), nullable=False),
    sa.ForeignKeyConstraint(['converted_by_id'], ['user.id'], name=op.f('fk_prospect_converted_by_id')),
    sa.ForeignKeyConstraint(['customer_id'], ['customer.id'], name=op.f('fk_prospect_customer_id')),
    sa.ForeignKeyConstraint(['district_id'], ['code.id'], name=op.f('fk_prospect_district_id')),
    sa.ForeignKeyConstraint(['line_of_business_id'], ['code.id'], name=op.f('fk_prospect_line_of_business_id')),
    sa.ForeignKeyConstraint(['party_id'], ['party.id'], name=op.f('fk_prospect_party_id')),
    sa.ForeignKeyConstraint(['responsible_id'], ['user.id'], name=op.f('fk_prospect_responsible_id')),
    sa.ForeignKeyConstraint(['segment_id'], ['code.id'], name=op.f('fk_prospect_segment_id')),
    sa.ForeignKeyConstraint(['status_id'], ['code.id'], name=op.f('fk_prospect_status_id')),
    sa.ForeignKeyConstraint(['type_id'], ['code.id'], name=op.f('fk_prospect_type_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_prospect')),
    sa.UniqueConstraint('number', name=op.f('uq_prospect_number')),
    sqlite_autoincrement=True,
    sqlite_strict=True
    )
    with op.batch_alter_table('prospect', schema=None) as batch_op:
        batch_op.create_index('uq_prospect_party_id', ['party_id'], unique=True, sqlite_where=sa.text('hidden = 0'), postgresql_where=sa.text('not hidden'))

    op.create_table('opportunity_competitor',
    sa.Column('opportunity_id', sa.Integer(), nullable=False),
    sa.Column('competitor_id', sa.Integer(), nullable=False),
    sa.Column('price', sa.BigInteger(), nullable=True),
    sa.Column('threat_id', sa.Integer(), nullable=True),
    sa.Column('note', sa.String(length=1000), nullable=True),
    sa.Column('winner', sa.Boolean(), nullable=False),
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.Column('hidden', sa.Boolean(), nullable=False),
    sa.ForeignKeyConstraint(['competitor_id'], ['competitor.id'], name=op.f('fk_opportunity_competitor_competitor_id')),
    sa.ForeignKeyConstraint(['opportunity_id'], ['opportunity.id'], name=op.f('fk_opportunity_competitor_opportunity_id')),
    sa.ForeignKeyConstraint(['threat_id'], ['code.id'], name=op.f('fk_opportunity_competitor_threat_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_opportunity_competitor')),
    sqlite_autoincrement=True,
    sqlite_strict=True
    )
    with op.batch_alter_table('opportunity_competitor', schema=None) as batch_op:
        batch_op.create_index('ix_opportunity_competitor', ['opportunity_id'], unique=False)
        batch_op.create_index('ix_opportunity_competitor_competitor', ['competitor_id'], unique=False)

    op.create_table('opportunity_contact',
    sa.Column('opportunity_id', sa.Integer(), nullable=False),
    sa.Column('contact_id', sa.Integer(), nullable=False),
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.Column('hidden', sa.Boolean(), nullable=False),
    sa.ForeignKeyConstraint(['contact_id'], ['contact.id'], name=op.f('fk_opportunity_contact_contact_id')),
    sa.ForeignKeyConstraint(['opportunity_id'], ['opportunity.id'], name=op.f('fk_opportunity_contact_opportunity_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_opportunity_contact')),
    sqlite_autoincrement=True,
    sqlite_strict=True
    )
    with op.batch_alter_table('opportunity_contact', schema=None) as batch_op:
        batch_op.create_index('ix_opportunity_contact', ['opportunity_id'], unique=False)

    op.create_table('opportunity_member',
    sa.Column('opportunity_id', sa.Integer(), nullable=False),
    sa.Column('user_id', sa.Integer(), nullable=False),
    sa.Column('role_id', sa.Integer(), nullable=True),
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.Column('hidden', sa.Boolean(), nullable=False),
    sa.ForeignKeyConstraint(['opportunity_id'], ['opportunity.id'], name=op.f('fk_opportunity_member_opportunity_id')),
    sa.ForeignKeyConstraint(['role_id'], ['code.id'], name=op.f('fk_opportunity_member_role_id')),
    sa.ForeignKeyConstraint(['user_id'], ['user.id'], name=op.f('fk_opportunity_member_user_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_opportunity_member')),
    sqlite_autoincrement=True,
    sqlite_strict=True
    )
    with op.batch_alter_table('opportunity_member', schema=None) as batch_op:
        batch_op.create_index('ix_opportunity_member', ['opportunity_id'], unique=False)
    op.execute("insert into history_head (id, operation_id, digest) values (1, 0, '')")


def downgrade() -> None:
    with op.batch_alter_table('opportunity_member', schema=None) as batch_op:
        batch_op.drop_index('ix_opportunity_member')

    op.drop_table('opportunity_member')
    with op.batch_alter_table('opportunity_contact', schema=None) as batch_op:
        batch_op.drop_index('ix_opportunity_contact')

    op.drop_table('opportunity_contact')
    with op.batch_alter_table('opportunity_competitor', schema=None) as batch_op:
        batch_op.drop_index('ix_opportunity_competitor_competitor')
        batch_op.drop_index('ix_opportunity_competitor')

    op.drop_table('opportunity_competitor')
    with op.batch_alter_table('prospect', schema=None) as batch_op:
        batch_op.drop_index('uq_prospect_party_id', sqlite_where=sa.text('hidden = 0'), postgresql_where=sa.text('not hidden'))

    op.drop_table('prospect')
    with op.batch_alter_table('opportunity', schema=None) as batch_op:
        batch_op.drop_index('ix_opportunity_wake')
        batch_op.drop_index('ix_opportunity_put_away')
        batch_op.drop_index('ix_opportunity_party')
        batch_op.drop_index('ix_opportunity_owner')
        batch_op.drop_index('ix_opportunity_order')
        batch_op.drop_index('ix_opportunity_board')

    op.drop_table('opportunity')
    with op.batch_alter_table('import_run', schema=None) as batch_op:
        batch_op.drop_index('ix_import_run_status')
        batch_op.drop_index('ix_import_run_digest')

    op.drop_table('import_run')
    with op.batch_alter_table('change', schema=None) as batch_op:
        batch_op.drop_index('ix_change_record')
        batch_op.drop_index('ix_change_operation')
        batch_op.drop_index('ix_change_about')

    op.drop_table('change')
    op.drop_table('stage')
    op.drop_table('spent_key')
    with op.batch_alter_table('sign_in', schema=None) as batch_op:
        batch_op.drop_index('ix_sign_in_user')

    op.drop_table('sign_in')
    with op.batch_alter_table('operation', schema=None) as batch_op:
        batch_op.drop_index('ix_operation_undoes')
        batch_op.drop_index('ix_operation_by')

    op.drop_table('operation')
    op.drop_table('one_time_link')
    with op.batch_alter_table('customer', schema=None) as batch_op:
        batch_op.drop_index('uq_customer_party_id', sqlite_where=sa.text('hidden = 0'), postgresql_where=sa.text('not hidden'))

    op.drop_table('customer')
    with op.batch_alter_table('contact', schema=None) as batch_op:
        batch_op.drop_index('ix_contact_person')
        batch_op.drop_index('ix_contact_party')

    op.drop_table('contact')
    with op.batch_alter_table('competitor', schema=None) as batch_op:
        batch_op.drop_index('uq_competitor_party_id', sqlite_where=sa.text('hidden = 0'), postgresql_where=sa.text('not hidden'))

    op.drop_table('competitor')
    with op.batch_alter_table('activity', schema=None) as batch_op:
        batch_op.drop_index('ix_activity_subject')
        batch_op.drop_index('ix_activity_responsible')

    op.drop_table('activity')
    with op.batch_alter_table('user', schema=None) as batch_op:
        batch_op.drop_index('uq_user_email_folded', sqlite_where=sa.text('hidden = 0'), postgresql_where=sa.text('not hidden'))

    op.drop_table('user')
    op.drop_table('stage_total')
    op.drop_table('sequence')
    with op.batch_alter_table('reason', schema=None) as batch_op:
        batch_op.drop_index('ix_reason_outcome')

    op.drop_table('reason')
    op.drop_table('prognosis_band')
    op.drop_table('process')
    op.drop_table('probability')
    with op.batch_alter_table('party', schema=None) as batch_op:
        batch_op.drop_index('ix_party_name')

    op.drop_table('party')
    op.drop_table('history_head')
    with op.batch_alter_table('guess', schema=None) as batch_op:
        batch_op.drop_index('ix_guess_key')

    op.drop_table('guess')
    op.drop_table('currency')
    op.drop_table('company')
    with op.batch_alter_table('code', schema=None) as batch_op:
        batch_op.drop_index('ix_code_list')

    op.drop_table('code')
