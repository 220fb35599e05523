"""Several ways to reach a party, and what is known of a contact

Follows: 0006. What parties hold becomes their primary channels.
"""

import sqlalchemy as sa
from alembic import op
from babel import Locale

from p2p.parties import keys

revision = '0007'
down_revision = '0006'
branch_labels = None
depends_on = None

PURPOSES = ["Work", "Mobile", "Home", "Invoice", "Delivery", "Other"]
STRICT = {"sqlite_strict": True, "sqlite_autoincrement": True}
ADDRESS = ("street", "postal_code", "city", "country")


def upgrade() -> None:
    op.create_table('channel',
    sa.Column('party_id', sa.Integer(), nullable=False),
    sa.Column('kind', sa.String(length=10), nullable=False),
    sa.Column('purpose_id', sa.Integer(), nullable=True),
    sa.Column('value', sa.String(length=254), nullable=True),
    sa.Column('key', sa.String(length=400), nullable=True),
    sa.Column('street', sa.String(length=200), nullable=True),
    sa.Column('postal_code', sa.String(length=20), nullable=True),
    sa.Column('city', sa.String(length=100), nullable=True),
    sa.Column('region', sa.String(length=100), nullable=True),
    sa.Column('country', sa.String(length=60), nullable=True),
    sa.Column('is_primary', sa.Boolean(), nullable=False),
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.Column('hidden', sa.Boolean(), nullable=False),
    sa.CheckConstraint("kind in ('phone', 'email', 'website', 'address')", name=op.f('ck_channel_kind')),
    sa.ForeignKeyConstraint(['party_id'], ['party.id'], name=op.f('fk_channel_party_id')),
    sa.ForeignKeyConstraint(['purpose_id'], ['code.id'], name=op.f('fk_channel_purpose_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_channel')),
    **STRICT
    )
    with op.batch_alter_table('channel', schema=None) as batch_op:
        batch_op.create_index('ix_channel_key', ['kind', 'key'], unique=False)
        batch_op.create_index('ix_channel_party', ['party_id', 'kind'], unique=False)
        batch_op.create_index('uq_channel_party_id_kind', ['party_id', 'kind'], unique=True, sqlite_where=sa.text('is_primary = 1 and hidden = 0'), postgresql_where=sa.text('is_primary and not hidden'))
    if op.get_bind().dialect.name == 'postgresql':
        for name, short in (('phone', 40), ('website', 200)):
            op.alter_column('party', name, type_=sa.String(254), existing_type=sa.String(short))
    _contacts()
    _ship_purposes()
    _make_channels()


def _contacts() -> None:
    with op.batch_alter_table('contact', schema=None, table_kwargs=STRICT) as batch_op:
        batch_op.add_column(sa.Column('department', sa.String(length=100), nullable=True))
        batch_op.add_column(sa.Column('reports_to_id', sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column('vip', sa.Boolean(), nullable=True))
        batch_op.add_column(sa.Column('consent', sa.String(length=10), nullable=True))
        batch_op.add_column(sa.Column('consent_on', sa.Date(), nullable=True))
        batch_op.add_column(sa.Column('inactive', sa.Boolean(), nullable=True))
    contact = sa.table('contact', sa.column('vip', sa.Boolean), sa.column('inactive', sa.Boolean), sa.column('consent', sa.String))
    op.execute(contact.update().values(vip=False, inactive=False, consent='unasked'))
    with op.batch_alter_table('contact', schema=None, table_kwargs=STRICT) as batch_op:
        batch_op.alter_column('vip', existing_type=sa.Boolean(), nullable=False)
        batch_op.alter_column('consent', existing_type=sa.String(length=10), nullable=False)
        batch_op.alter_column('inactive', existing_type=sa.Boolean(), nullable=False)
        batch_op.create_check_constraint(op.f('ck_contact_consent'), "consent in ('unasked', 'yes', 'no')")
        batch_op.create_foreign_key(op.f('fk_contact_reports_to_id'), 'contact', ['reports_to_id'], ['id'])
        batch_op.create_index('ix_contact_reports_to', ['reports_to_id'], unique=False)


def _ship_purposes() -> None:
    """Where p2p is set up already; a new database gets them with everything else that ships."""
    company = op.get_bind().execute(sa.text("select 1 from company")).first()
    code = sa.table('code', *(sa.column(name) for name in ('list_name', 'name', 'position', 'version')), sa.column('retired', sa.Boolean), sa.column('hidden', sa.Boolean))
    rows = [
        {"list_name": "channel_purpose", "name": name, "position": position, "retired": False, "version": 1, "hidden": False}
        for position, name in enumerate(PURPOSES, 1)
    ]
    if company:
        op.bulk_insert(code, rows)


def _make_channels() -> None:
    """One primary channel for everything a party holds, taken back or not, so that redoing finds it again."""
    connection = op.get_bind()
    told = connection.execute(sa.text("select locale from company")).first()
    region = Locale.parse(told.locale).territory if told else None
    names = ("party_id", "kind", "value", "key", *ADDRESS, "version")
    channel = sa.table('channel', *map(sa.column, names), sa.column('is_primary', sa.Boolean), sa.column('hidden', sa.Boolean))
    last = 0
    while True:
        parties = connection.execute(sa.text(
            "select id, phone, email, website, street, postal_code, city, country from party where id > :last order by id limit 500"
        ), {"last": last}).all()
        if not parties:
            return
        last = parties[-1].id
        rows = [row for party in parties for row in _channels_of(party, region)]
        if rows:
            op.bulk_insert(channel, rows)


def _channels_of(party, region):
    found = [("phone", party.phone, keys.phone_key(party.phone, region))]
    found += [("email", party.email, keys.mailbox(party.email)), ("website", party.website, keys.site_key(party.website))]
    shared = {"party_id": party.id, "version": 1, "is_primary": True, "hidden": False}
    for kind, value, key in found:
        if value:
            yield shared | {"kind": kind, "value": value, "key": key} | dict.fromkeys(ADDRESS)
    place = {name: getattr(party, name) for name in ADDRESS}
    if any(place.values()):
        yield shared | {"kind": "address", "value": None, "key": None} | place


def downgrade() -> None:
    with op.batch_alter_table('contact', schema=None, table_kwargs=STRICT) as batch_op:
        batch_op.drop_index('ix_contact_reports_to')
        batch_op.drop_constraint(op.f('fk_contact_reports_to_id'), type_='foreignkey')
        batch_op.drop_constraint(op.f('ck_contact_consent'), type_='check')
        for name in ('inactive', 'consent_on', 'consent', 'vip', 'reports_to_id', 'department'):
            batch_op.drop_column(name)
    if op.get_bind().dialect.name == 'postgresql':
        for name, short in (('phone', 40), ('website', 200)):
            op.alter_column('party', name, type_=sa.String(short), existing_type=sa.String(254))
    op.drop_table('channel')
    op.execute(sa.text("delete from code where list_name = 'channel_purpose'"))
