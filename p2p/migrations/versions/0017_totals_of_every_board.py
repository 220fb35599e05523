"""Next step and last activity on the opportunity, since when it is in its stage, and totals of every kind of column

Follows: 0016
"""

import sqlalchemy as sa
from alembic import op

from p2p.db import Instant

revision = '0017'
down_revision = '0016'
branch_labels = None
depends_on = None

LONG_AGO = '1970-01-01T00:00:00.000000+00:00'
NEVER = '9999-12-31'
ORDER = ['order_day', 'order_weight', 'number']
INDEXES = {
    'ix_opportunity_prognosis': ['live', 'prognosis_id', *ORDER],
    'ix_opportunity_month': ['live', *ORDER],
    'ix_opportunity_pipeline': ['owner_id', 'live', *ORDER],
    'ix_opportunity_quiet': ['live', 'stage_id', 'stage_entered_at', 'touched_at', 'next_on'],
}
OPEN = (
    "from activity where subject_noun = 'opportunity' and subject_id = opportunity.id and status = 'open' "
    'and not hidden and not archived order by due_on, id limit 1'
)
DONE = (
    "select max(done_at) from activity where subject_noun = 'opportunity' and subject_id = opportunity.id "
    "and status = 'done' and not hidden"
)
#: The last change that put it where it stands; what the log does not know came there when it was opened.
ENTERED = (
    'select operation.at from change join operation on operation.id = change.operation_id '
    "where change.noun = 'opportunity' and change.record_id = opportunity.id and ({}) "
    'order by change.operation_id desc limit 1'
)
MOVED = {
    'sqlite': """change.kind = 'created' or json_type(change."values", '$.stage_id') is not null""",
    'postgresql': """change.kind = 'created' or jsonb_exists(change."values", 'stage_id')""",
}
OPENED = {'sqlite': "opened_on || 'T00:00:00.000000+00:00'", 'postgresql': 'opened_on::timestamptz'}
MONTH = {
    'sqlite': 'cast(substr(decide_by, 1, 4) as integer) * 100 + cast(substr(decide_by, 6, 2) as integer)',
    'postgresql': 'cast(extract(year from decide_by) * 100 + extract(month from decide_by) as integer)',
}


def upgrade() -> None:
    connection = op.get_bind()
    dialect = connection.dialect.name
    op.add_column('opportunity', sa.Column('stage_entered_at', Instant(), server_default=LONG_AGO, nullable=False))
    op.add_column('opportunity', sa.Column('next_id', sa.Integer(), nullable=True))
    op.add_column('opportunity', sa.Column('next_on', sa.Date(), nullable=True))
    op.add_column('opportunity', sa.Column('touched_at', Instant(), nullable=True))
    entered = f'coalesce(({ENTERED.format(MOVED[dialect])}), {OPENED[dialect]})'
    for assigned in (
        f'stage_entered_at = {entered}',
        f'next_id = (select id {OPEN}), next_on = (select due_on {OPEN}), touched_at = ({DONE})',
    ):
        connection.exec_driver_sql(f'update opportunity set {assigned}')
    for name, columns in INDEXES.items():
        op.create_index(name, 'opportunity', columns)
    op.drop_table('stage_total')
    op.create_table('column_total',
    sa.Column('kind', sa.String(length=10), nullable=False),
    sa.Column('whose', sa.Integer(), autoincrement=False, nullable=False),
    sa.Column('process_id', sa.Integer(), autoincrement=False, nullable=False),
    sa.Column('value', sa.Integer(), autoincrement=False, nullable=False),
    sa.Column('next_on', sa.Date(), nullable=False),
    sa.Column('count', sa.Integer(), nullable=False),
    sa.Column('revenue', sa.BigInteger(), nullable=False),
    sa.Column('weighted', sa.BigInteger(), nullable=False),
    sa.PrimaryKeyConstraint('kind', 'whose', 'process_id', 'value', 'next_on', name=op.f('pk_column_total')),
    sqlite_strict=True
    )
    owner, month = 'coalesce(owner_id, 0)', f'coalesce({MONTH[dialect]}, 0)'
    values = {'stage': 'stage_id', 'prognosis': 'coalesce(prognosis_id, 0)', 'month': month}
    kinds = [(kind, whose, value) for kind, value in values.items() for whose in ('-1', owner)]
    for kind, whose, value in (*kinds, ('owner', '-1', owner)):
        connection.exec_driver_sql(
            'insert into column_total (kind, process_id, whose, value, next_on, count, revenue, weighted) '
            f"select '{kind}', process_id, {whose}, {value}, coalesce(next_on, '{NEVER}'), count(*), "
            'sum(coalesce(revenue_company, 0)), sum(weighted) '
            'from opportunity join stage on stage.id = opportunity.stage_id where live group by 2, 3, 4, 5'
        )


def downgrade() -> None:
    op.drop_table('column_total')
    op.create_table('stage_total',
    sa.Column('stage_id', sa.Integer(), autoincrement=False, nullable=False),
    sa.Column('owner_id', sa.Integer(), autoincrement=False, nullable=False),
    sa.Column('count', sa.Integer(), nullable=False),
    sa.Column('revenue', sa.BigInteger(), nullable=False),
    sa.Column('weighted', sa.BigInteger(), nullable=False),
    sa.PrimaryKeyConstraint('stage_id', 'owner_id', name=op.f('pk_stage_total')),
    sqlite_strict=True
    )
    op.get_bind().exec_driver_sql(
        'insert into stage_total (stage_id, owner_id, count, revenue, weighted) '
        'select stage_id, coalesce(owner_id, 0), count(*), sum(coalesce(revenue_company, 0)), sum(weighted) '
        'from opportunity where live group by 1, 2'
    )
    for name in INDEXES:
        op.drop_index(name, 'opportunity')
    for name in ('touched_at', 'next_on', 'next_id', 'stage_entered_at'):
        op.drop_column('opportunity', name)
