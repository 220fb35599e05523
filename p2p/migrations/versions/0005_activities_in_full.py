"""Activities in full

Follows: 0004
"""

import sqlalchemy as sa
from alembic import op
from p2p.db import Instant

revision = '0005'
down_revision = '0004'
branch_labels = None
depends_on = None

# A rebuild keeps neither by itself.
KEPT = {'sqlite_strict': True, 'sqlite_autoincrement': True}
REMINDED = sa.text('remind_at is not null')


def upgrade() -> None:
    with op.batch_alter_table('activity', schema=None, table_kwargs=KEPT) as batch_op:
        batch_op.add_column(sa.Column('phase_id', sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column('all_day', sa.Boolean(), nullable=False, server_default=sa.false()))
        batch_op.add_column(sa.Column('priority', sa.String(length=10), nullable=False, server_default='normal'))
        batch_op.add_column(sa.Column('direction', sa.String(length=10), nullable=True))
        batch_op.add_column(sa.Column('outcome_id', sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column('remind', sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column('remind_at', Instant(), nullable=True))
    # What is there has its value now; what comes gets it from the model.
    with op.batch_alter_table('activity', schema=None, table_kwargs=KEPT) as batch_op:
        batch_op.alter_column('all_day', existing_type=sa.Boolean(), existing_nullable=False, server_default=None)
        batch_op.alter_column('priority', existing_type=sa.String(10), existing_nullable=False, server_default=None)
        batch_op.create_check_constraint(op.f('ck_activity_priority'), "priority in ('low', 'normal', 'high')")
        batch_op.create_check_constraint(op.f('ck_activity_direction'), "direction in ('incoming', 'outgoing')")
        batch_op.create_foreign_key(batch_op.f('fk_activity_outcome_id'), 'code', ['outcome_id'], ['id'])
        batch_op.create_foreign_key(batch_op.f('fk_activity_phase_id'), 'code', ['phase_id'], ['id'])
        batch_op.create_index('ix_activity_day', ['due_on'], unique=False)
        batch_op.create_index('ix_activity_person', ['responsible_id', 'due_on'], unique=False)
        batch_op.create_index('ix_activity_responsible_id_remind_at', ['responsible_id', 'remind_at'], unique=False, sqlite_where=REMINDED, postgresql_where=REMINDED)
        batch_op.create_index('ix_activity_status', ['status', 'due_on'], unique=False)

    op.create_table('activity_attendee',
    sa.Column('activity_id', sa.Integer(), nullable=False),
    sa.Column('user_id', sa.Integer(), nullable=True),
    sa.Column('contact_id', sa.Integer(), nullable=True),
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.Column('hidden', sa.Boolean(), nullable=False),
    sa.CheckConstraint('(user_id is null) <> (contact_id is null)', name=op.f('ck_activity_attendee_who')),
    sa.ForeignKeyConstraint(['activity_id'], ['activity.id'], name=op.f('fk_activity_attendee_activity_id')),
    sa.ForeignKeyConstraint(['contact_id'], ['contact.id'], name=op.f('fk_activity_attendee_contact_id')),
    sa.ForeignKeyConstraint(['user_id'], ['user.id'], name=op.f('fk_activity_attendee_user_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_activity_attendee')),
    sqlite_autoincrement=True,
    sqlite_strict=True
    )
    with op.batch_alter_table('activity_attendee', schema=None) as batch_op:
        batch_op.create_index('ix_activity_attendee_activity', ['activity_id'], unique=False)
        batch_op.create_index('ix_activity_attendee_contact', ['contact_id'], unique=False)
        batch_op.create_index('ix_activity_attendee_user', ['user_id'], unique=False)


def downgrade() -> None:
    op.drop_table('activity_attendee')
    with op.batch_alter_table('activity', schema=None, table_kwargs=KEPT) as batch_op:
        for name in ('status', 'person', 'day'):
            batch_op.drop_index(f'ix_activity_{name}')
        batch_op.drop_index('ix_activity_responsible_id_remind_at', sqlite_where=REMINDED, postgresql_where=REMINDED)
        batch_op.drop_constraint(batch_op.f('fk_activity_phase_id'), type_='foreignkey')
        batch_op.drop_constraint(batch_op.f('fk_activity_outcome_id'), type_='foreignkey')
        batch_op.drop_constraint(op.f('ck_activity_priority'), type_='check')
        batch_op.drop_constraint(op.f('ck_activity_direction'), type_='check')
        for name in ('remind_at', 'remind', 'outcome_id', 'direction', 'priority', 'all_day', 'phase_id'):
            batch_op.drop_column(name)
