"""What the lists of leads are read from: whether a lead was worked on, names as they are searched for, indexes

Follows: 0010
"""

import sqlalchemy as sa
from alembic import op

from p2p.parties.models import fold

revision = '0011'
down_revision = '0010'
branch_labels = None
depends_on = None

HERE, THERE = 'hidden is 0 and archived is 0', 'hidden is false and archived is false'
NOT_CLOSED = "status in ('open', 'postponed')"
NEW = "status in ('postponed', 'open')"
READ = ['opened_on', 'id', 'status', 'wake_on']
LEAD = sa.table('lead', *(sa.column(name) for name in ('id', 'company_name', 'person_name', 'company_folded', 'person_folded')))


def upgrade() -> None:
    for name in ('ix_lead_status', 'ix_lead_opened', 'ix_lead_owner', 'ix_lead_wake'):
        op.drop_index(name, 'lead')
    op.add_column('lead', sa.Column('company_folded', sa.String(length=120), nullable=True))
    op.add_column('lead', sa.Column('person_folded', sa.String(length=120), nullable=True))
    op.add_column('lead', sa.Column('worked', sa.Boolean(), server_default=sa.false(), nullable=False))
    _fill()
    op.create_index('ix_lead_opened', 'lead', READ)
    partial('ix_lead_active', READ, f' and {NOT_CLOSED}')
    partial('ix_lead_new', READ, f' and {NEW} and worked is 0', f' and {NEW} and worked is false')
    partial('ix_lead_owner', ['owner_id', *READ])
    partial('ix_lead_wake', ['wake_on'], ' and wake_on is not null')


def partial(name: str, columns: list[str], also: str = '', also_there: str | None = None) -> None:
    there = THERE + (also if also_there is None else also_there)
    op.create_index(name, 'lead', columns, sqlite_where=sa.text(HERE + also), postgresql_where=sa.text(there))


def _fill() -> None:
    connection = op.get_bind()
    for id, company, person in connection.execute(sa.select(LEAD.c.id, LEAD.c.company_name, LEAD.c.person_name)).all():
        folded = {'company_folded': fold(company) if company else None, 'person_folded': fold(person) if person else None}
        connection.execute(sa.update(LEAD).where(LEAD.c.id == id).values(folded))
    connection.execute(
        sa.text(
            "update lead set worked = not worked where exists (select 1 from activity where subject_noun = 'lead' "
            "and subject_id = lead.id and status = 'done' and not hidden)"
        )
    )


def downgrade() -> None:
    for name in ('ix_lead_opened', 'ix_lead_active', 'ix_lead_new', 'ix_lead_owner', 'ix_lead_wake'):
        op.drop_index(name, 'lead')
    for name in ('worked', 'person_folded', 'company_folded'):
        op.drop_column('lead', name)
    op.create_index('ix_lead_status', 'lead', ['status', 'opened_on', 'id'])
    op.create_index('ix_lead_opened', 'lead', ['opened_on', 'id'])
    op.create_index('ix_lead_owner', 'lead', ['owner_id', 'status', 'opened_on', 'id'])
    op.create_index('ix_lead_wake', 'lead', ['status', 'wake_on'])
