"""When a stage makes what is in it stale, how long won deals stayed, rules of advice, and what was dismissed

Follows: 0020
"""

from datetime import date
from itertools import groupby
from math import ceil
from zoneinfo import ZoneInfo

import sqlalchemy as sa
from alembic import op

from p2p.db import Instant, Json

revision = '0021'
down_revision = '0020'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column('stage', sa.Column('stale_rule', sa.String(length=10), server_default='won', nullable=False))
    op.add_column('stage', sa.Column('stale_after', sa.Integer(), server_default='14', nullable=False))
    op.create_table('stage_pace',
    sa.Column('stage_id', sa.Integer(), autoincrement=False, nullable=False),
    sa.Column('won', sa.Integer(), nullable=False),
    sa.Column('days', sa.Integer(), nullable=False),
    sa.PrimaryKeyConstraint('stage_id', name=op.f('pk_stage_pace')),
    sqlite_strict=True
    )
    op.create_table('stay',
    sa.Column('opportunity_id', sa.Integer(), autoincrement=False, nullable=False),
    sa.Column('stage_id', sa.Integer(), autoincrement=False, nullable=False),
    sa.Column('days', sa.Integer(), nullable=False),
    sa.PrimaryKeyConstraint('opportunity_id', 'stage_id', name=op.f('pk_stay')),
    sqlite_strict=True
    )
    op.create_index('ix_stay_stage', 'stay', ['stage_id', 'days'])
    op.create_table('advice_rule',
    sa.Column('rule', sa.String(length=40), nullable=False),
    sa.Column('active', sa.Boolean(), nullable=False),
    sa.Column('days', sa.Integer(), nullable=True),
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.Column('hidden', sa.Boolean(), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_advice_rule')),
    sqlite_autoincrement=True,
    sqlite_strict=True
    )
    op.create_index('uq_advice_rule_rule', 'advice_rule', ['rule'], unique=True,
                    sqlite_where=sa.text('hidden = 0'), postgresql_where=sa.text('not hidden'))
    op.create_table('dismissal',
    sa.Column('opportunity_id', sa.Integer(), nullable=False),
    sa.Column('rule', sa.String(length=40), nullable=False),
    sa.Column('situation', sa.String(length=200), nullable=False),
    sa.Column('reason', sa.String(length=300), nullable=False),
    sa.Column('by_id', sa.Integer(), nullable=True),
    sa.Column('at', Instant(), nullable=False),
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.Column('hidden', sa.Boolean(), nullable=False),
    sa.ForeignKeyConstraint(['by_id'], ['user.id'], name=op.f('fk_dismissal_by_id')),
    sa.ForeignKeyConstraint(['opportunity_id'], ['opportunity.id'], name=op.f('fk_dismissal_opportunity_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_dismissal')),
    sqlite_autoincrement=True,
    sqlite_strict=True
    )
    op.create_index('ix_dismissal_opportunity', 'dismissal', ['opportunity_id'])
    measure(op.get_bind())


def measure(connection) -> None:
    """How long those that are won already stayed in each stage, as the log tells it."""
    zone = ZoneInfo(connection.execute(sa.text('select zone from company')).scalar() or 'UTC')
    opportunity = sa.table('opportunity', sa.column('id'), sa.column('status'), sa.column('hidden'))
    change = sa.table('change', *map(sa.column, ('noun', 'record_id', 'operation_id')), sa.column('values', Json))
    operation = sa.table('operation', sa.column('id'), sa.column('at', Instant()))
    told = (
        sa.select(change.c.record_id, operation.c.at, change.c['values'])
        .join_from(opportunity, change, sa.and_(change.c.noun == 'opportunity', change.c.record_id == opportunity.c.id))
        .join(operation, operation.c.id == change.c.operation_id)
        .where(opportunity.c.status == 'won', opportunity.c.hidden.is_(sa.false()))
        .order_by(change.c.record_id, change.c.operation_id)
    )
    stays = []
    for id, happened in groupby(connection.execute(told).all(), key=lambda row: row[0]):
        days = days_by_stage([(at, {k: v[1] for k, v in (values or {}).items()}) for _, at, values in happened], zone)
        stays += [{'opportunity_id': id, 'stage_id': stage_id, 'days': spent} for stage_id, spent in days.items()]
    if not stays:
        return
    columns = ('opportunity_id', 'stage_id', 'days')
    connection.execute(sa.insert(sa.table('stay', *map(sa.column, columns))), stays)
    pace = sa.table('stage_pace', *map(sa.column, ('stage_id', 'won', 'days')))
    for stage_id in {stay['stage_id'] for stay in stays}:
        days = sorted(stay['days'] for stay in stays if stay['stage_id'] == stage_id)
        most = days[ceil(len(days) * 80 / 100) - 1]
        connection.execute(sa.insert(pace), [{'stage_id': stage_id, 'won': len(days), 'days': most}])


def days_by_stage(happened, zone) -> dict[int, int]:
    """As `opportunities.advising.staying` does it."""
    days, stage, status, wake_on, begun = {}, None, 'active', None, None
    for at, values in happened:
        first, last = (begun or at).astimezone(zone).date(), at.astimezone(zone).date()
        awake = status == 'postponed' and wake_on is not None and wake_on <= last
        if begun is not None and stage is not None and (awake or status == 'active'):
            days[stage] = days.get(stage, 0) + (last - (max(first, wake_on) if awake else first)).days
        begun, stage, status = at, values.get('stage_id', stage), values.get('status', status)
        if 'wake_on' in values:
            wake_on = date.fromisoformat(values['wake_on']) if values['wake_on'] else None
    return days


def downgrade() -> None:
    for table in ('dismissal', 'advice_rule', 'stay', 'stage_pace'):
        op.drop_table(table)
    for column in ('stale_after', 'stale_rule'):
        op.drop_column('stage', column)
