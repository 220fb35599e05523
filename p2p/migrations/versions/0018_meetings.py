"""Meetings

Follows: 0017
"""

import sqlalchemy as sa
from alembic import op
from p2p.db import Instant
from p2p.db import Json

revision = '0018'
down_revision = '0017'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('meeting',
    sa.Column('name', sa.String(length=100), nullable=False),
    sa.Column('held_on', sa.Date(), nullable=False),
    sa.Column('led_by_id', sa.Integer(), nullable=True),
    sa.Column('attending', sa.String(length=500), nullable=True),
    sa.Column('status', sa.String(length=10), nullable=False),
    sa.Column('began_at', Instant(), nullable=False),
    sa.Column('ended_at', Instant(), nullable=True),
    sa.Column('asked', sa.String(length=4000), nullable=False),
    sa.Column('whole', sa.Boolean(), nullable=False),
    sa.Column('agenda', Json, nullable=False),
    sa.Column('since_id', sa.Integer(), nullable=True),
    sa.Column('previous_id', sa.Integer(), nullable=True),
    sa.Column('after_id', sa.Integer(), nullable=False),
    sa.Column('until_id', sa.Integer(), nullable=True),
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.Column('hidden', sa.Boolean(), nullable=False),
    sa.CheckConstraint("status in ('running', 'ended')", name=op.f('ck_meeting_status')),
    sa.ForeignKeyConstraint(['led_by_id'], ['user.id'], name=op.f('fk_meeting_led_by_id')),
    sa.ForeignKeyConstraint(['previous_id'], ['meeting.id'], name=op.f('fk_meeting_previous_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_meeting')),
    sqlite_autoincrement=True,
    sqlite_strict=True
    )
    with op.batch_alter_table('meeting', schema=None) as batch_op:
        batch_op.create_index('ix_meeting_asked', ['asked', 'until_id'], unique=False)
        batch_op.create_index('ix_meeting_held', ['held_on', 'id'], unique=False)

    op.create_table('meeting_point',
    sa.Column('meeting_id', sa.Integer(), nullable=False),
    sa.Column('opportunity_id', sa.Integer(), nullable=False),
    sa.Column('reasons', Json, nullable=False),
    sa.Column('decision', sa.String(length=2000), nullable=True),
    sa.Column('note', sa.String(length=4000), nullable=True),
    sa.Column('step', sa.String(length=100), nullable=True),
    sa.Column('step_on', sa.Date(), nullable=True),
    sa.Column('activity_id', sa.Integer(), nullable=True),
    sa.Column('stage_id', sa.Integer(), nullable=False),
    sa.Column('probability', sa.Integer(), nullable=False),
    sa.Column('decide_by', sa.Date(), nullable=True),
    sa.Column('revenue', sa.BigInteger(), nullable=True),
    sa.Column('currency', sa.String(length=3), nullable=False),
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.Column('hidden', sa.Boolean(), nullable=False),
    sa.ForeignKeyConstraint(['activity_id'], ['activity.id'], name=op.f('fk_meeting_point_activity_id')),
    sa.ForeignKeyConstraint(['meeting_id'], ['meeting.id'], name=op.f('fk_meeting_point_meeting_id')),
    sa.ForeignKeyConstraint(['opportunity_id'], ['opportunity.id'], name=op.f('fk_meeting_point_opportunity_id')),
    sa.ForeignKeyConstraint(['stage_id'], ['stage.id'], name=op.f('fk_meeting_point_stage_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_meeting_point')),
    sqlite_autoincrement=True,
    sqlite_strict=True
    )
    with op.batch_alter_table('meeting_point', schema=None) as batch_op:
        batch_op.create_index('ix_meeting_point_opportunity', ['opportunity_id', 'id'], unique=False)
        batch_op.create_index('uq_meeting_point_meeting_id_opportunity_id', ['meeting_id', 'opportunity_id'], unique=True, sqlite_where=sa.text('hidden = 0'), postgresql_where=sa.text('not hidden'))



def downgrade() -> None:
    with op.batch_alter_table('meeting_point', schema=None) as batch_op:
        batch_op.drop_index('uq_meeting_point_meeting_id_opportunity_id', sqlite_where=sa.text('hidden = 0'), postgresql_where=sa.text('not hidden'))
        batch_op.drop_index('ix_meeting_point_opportunity')

    op.drop_table('meeting_point')
    with op.batch_alter_table('meeting', schema=None) as batch_op:
        batch_op.drop_index('ix_meeting_held')
        batch_op.drop_index('ix_meeting_asked')

    op.drop_table('meeting')
