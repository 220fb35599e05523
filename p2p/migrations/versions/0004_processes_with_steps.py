"""Processes of two kinds, with steps in their stages

Follows: 0003
"""

import sqlalchemy as sa
from alembic import op

revision = '0004'
down_revision = '0003'
branch_labels = None
depends_on = None

#: What rebuilding a table on SQLite would drop without a word.
KEPT = {'sqlite_strict': True, 'sqlite_autoincrement': True}
OF_A_STEP = sa.text('step_id is not null')


def upgrade() -> None:
    op.create_table('step',
    sa.Column('stage_id', sa.Integer(), nullable=False),
    sa.Column('category', sa.String(length=20), nullable=False),
    sa.Column('type_id', sa.Integer(), nullable=True),
    sa.Column('required', sa.Boolean(), nullable=False),
    sa.Column('starts_after', sa.Integer(), nullable=False),
    sa.Column('ends_after', sa.Integer(), nullable=False),
    sa.Column('responsible_id', sa.Integer(), nullable=True),
    sa.Column('role_id', sa.Integer(), nullable=True),
    sa.Column('name', sa.String(length=100), nullable=False),
    sa.Column('position', sa.Integer(), nullable=False),
    sa.Column('retired', sa.Boolean(), nullable=False),
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.Column('hidden', sa.Boolean(), nullable=False),
    sa.CheckConstraint("category in ('appointment', 'task', 'action', 'event')", name=op.f('ck_step_category')),
    sa.CheckConstraint('responsible_id is null or role_id is null', name=op.f('ck_step_one_in_charge')),
    sa.CheckConstraint('starts_after >= 0 and ends_after >= starts_after', name=op.f('ck_step_days')),
    sa.ForeignKeyConstraint(['responsible_id'], ['user.id'], name=op.f('fk_step_responsible_id')),
    sa.ForeignKeyConstraint(['role_id'], ['code.id'], name=op.f('fk_step_role_id')),
    sa.ForeignKeyConstraint(['stage_id'], ['stage.id'], name=op.f('fk_step_stage_id')),
    sa.ForeignKeyConstraint(['type_id'], ['code.id'], name=op.f('fk_step_type_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_step')),
    sqlite_autoincrement=True,
    sqlite_strict=True
    )
    op.create_index('ix_step_stage', 'step', ['stage_id', 'position'])

    # Not in batch mode: a million rows need not be copied for a column that is empty.
    sqlite = op.get_bind().dialect.name == 'sqlite'
    step = sa.ForeignKey('step.id', name=op.f('fk_activity_step_id'))
    op.add_column('activity', sa.Column('step_id', sa.Integer(), step, nullable=True), inline_references=sqlite)
    op.create_index('ix_activity_step_id', 'activity', ['step_id'], sqlite_where=OF_A_STEP, postgresql_where=OF_A_STEP)

    with op.batch_alter_table('process', table_kwargs=KEPT) as batch_op:
        batch_op.add_column(sa.Column('kind', sa.String(length=20), nullable=False, server_default='sales'))
        batch_op.add_column(sa.Column('enforced', sa.Boolean(), nullable=False, server_default=sa.false()))
        batch_op.add_column(sa.Column('edition', sa.Integer(), nullable=False, server_default='1'))
        batch_op.add_column(sa.Column('follows_id', sa.Integer(), nullable=True))
    with op.batch_alter_table('process', table_kwargs=KEPT) as batch_op:
        for name in ('kind', 'enforced', 'edition'):
            batch_op.alter_column(name, server_default=None)
        batch_op.create_check_constraint(op.f('ck_process_kind'), "kind in ('sales', 'qualification')")
        batch_op.create_foreign_key(op.f('fk_process_follows_id'), 'process', ['follows_id'], ['id'])

    with op.batch_alter_table('stage', table_kwargs=KEPT) as batch_op:
        batch_op.alter_column('probability', existing_type=sa.Integer(), nullable=True)


def downgrade() -> None:
    of_leads = "(select id from process where kind = 'qualification')"
    op.execute(f"update lead set process_id = null, stage_id = null where process_id in {of_leads}")
    op.execute("update activity set step_id = null where step_id is not null")
    op.execute("delete from step")
    op.execute(f"delete from stage where process_id in {of_leads}")
    op.execute(f"update process set follows_id = null where id in {of_leads}")
    op.execute("delete from process where kind = 'qualification'")
    with op.batch_alter_table('stage', table_kwargs=KEPT) as batch_op:
        batch_op.alter_column('probability', existing_type=sa.Integer(), nullable=False)

    with op.batch_alter_table('process', table_kwargs=KEPT) as batch_op:
        batch_op.drop_constraint(op.f('fk_process_follows_id'), type_='foreignkey')
        batch_op.drop_constraint(op.f('ck_process_kind'), type_='check')
        for name in ('follows_id', 'edition', 'enforced', 'kind'):
            batch_op.drop_column(name)

    # In batch mode: a later rebuild may have moved the reference from the column to the table.
    with op.batch_alter_table('activity', table_kwargs=KEPT) as batch_op:
        batch_op.drop_index('ix_activity_step_id')
        batch_op.drop_column('step_id')

    op.drop_index('ix_step_stage', 'step')
    op.drop_table('step')
