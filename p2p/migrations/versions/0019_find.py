"""The index of Find

Follows: 0018. Filled with what records say by now.
"""

import sqlalchemy as sa
from alembic import op

from p2p.search.words import all_words, figures_of, whole

revision = '0019'
down_revision = '0018'
branch_labels = None
depends_on = None

PLAIN = {"sqlite_strict": True, "sqlite_with_rowid": False}
CHUNK = 500
#: Number of the kind, its table, title, number, texts, key of a phone, the party whose channels count, joins.
KINDS = (
    (1, 'opportunity', 't.subject', 't.number', ('p.name', 't.description', 't.outcome_note'), None, None, ('p', 't.party_id')),
    (2, 'lead', 't.subject', 't.number', ('p.name', 't.company_name', 't.person_name', 't.email', 't.email_key', 't.description', 't.outcome_note', 't.source_note'), 't.phone_key', None, ('p', 't.party_id')),
    (3, 'contact', 'n.name', None, ('p.name', 't.job_title', 't.department', 't.notes', '(select name from code where code.id = t.function_id)'), None, 't.person_id', ('n', 't.person_id'), ('p', 't.party_id')),
    (4, 'party', 't.name', None, ('t.notes',), None, 't.id'),
    (5, 'customer', 'p.name', 't.number', (), None, None, ('p', 't.party_id')),
    (6, 'prospect', 'p.name', 't.number', (), None, None, ('p', 't.party_id')),
    (7, 'competitor', 'p.name', None, ('t.description', 't.strengths', 't.prices', 't.notes'), None, None, ('p', 't.party_id')),
    (8, 'campaign', 't.name', None, ('t.description',), None, None),
    (9, 'activity', 't.purpose', None, ('t.notes', 't.location'), None, None),
    (10, 'attachment', 't.name', None, ('t.note',), None, None),
    (11, 'meeting', 't.name', None, ('t.attending',), None, None),
)
#: Number of the kind → the table of what it is made of, the column that points at it, texts of that.
PARTS = {1: ('opportunity_competitor', 'opportunity_id', 'note, null'), 11: ('meeting_point', 'meeting_id', 'decision, note')}


def upgrade() -> None:
    op.create_table('found_text',
    sa.Column('noun', sa.Integer(), autoincrement=False, nullable=False),
    sa.Column('record_id', sa.Integer(), autoincrement=False, nullable=False),
    sa.Column('words', sa.Text(), nullable=False),
    sa.PrimaryKeyConstraint('noun', 'record_id', name=op.f('pk_found_text')),
    **PLAIN
    )
    op.create_table('found_word',
    sa.Column('noun', sa.Integer(), autoincrement=False, nullable=False),
    sa.Column('word', sa.String(length=60).with_variant(sa.String(length=60, collation='C'), 'postgresql'), nullable=False),
    sa.Column('place', sa.Integer(), autoincrement=False, nullable=False),
    sa.PrimaryKeyConstraint('noun', 'word', 'place', name=op.f('pk_found_word')),
    **PLAIN
    )
    op.create_index('ix_opportunity_contact_contact', 'opportunity_contact', ['contact_id'])
    for kind in KINDS:
        _fill(*kind)


def _fill(noun, table, title, number, texts, phone, reached, *joins) -> None:
    connection = op.get_bind()
    told = ', '.join((title, number or 'null', phone or 'null', reached or 'null', *texts))
    joined = ' '.join(f'left join party {name} on {name}.id = {column}' for name, column in joins)
    rows = sa.text(f'select t.id, {told} from "{table}" t {joined} where t.id > :last and t.hidden = :no order by t.id limit {CHUNK}').bindparams(sa.bindparam('no', type_=sa.Boolean()))
    last = 0
    while found := connection.execute(rows, {"last": last, "no": False}).all():
        last = found[-1][0]
        channels = _channels([row[4] for row in found if row[4] is not None])
        parts = _parts(noun, [row[0] for row in found])
        text_rows, word_rows = [], []
        for id, called, code, key, party, *said in found:
            words = all_words((called, code, *said)) | whole(called) | whole(code) | figures_of(key) | channels.get(party, set()) | parts.get(id, set())
            text_rows.append({"noun": noun, "record_id": id, "words": "\n" + "".join(f"{word}\n" for word in sorted(words))})
            word_rows += [{"noun": noun, "word": word, "place": -id} for word in sorted(words)]
        op.bulk_insert(sa.table('found_text', *map(sa.column, ('noun', 'record_id', 'words'))), text_rows)
        op.bulk_insert(sa.table('found_word', *map(sa.column, ('noun', 'word', 'place'))), word_rows)


def _parts(noun, ids):
    """Record → the words of what it is made of."""
    found: dict[int, set[str]] = {}
    if noun in PARTS:
        table, own, texts = PARTS[noun]
        rows = sa.text(f'select {own}, {texts} from {table} where {own} in :ids and hidden = :no')
        rows = rows.bindparams(sa.bindparam('ids', expanding=True), sa.bindparam('no', type_=sa.Boolean()))
        for id, *said in op.get_bind().execute(rows, {"ids": ids, "no": False}):
            found.setdefault(id, set()).update(all_words(said))
    return found


def _channels(parties):
    """Party → the words of all ways to reach it."""
    found: dict[int, set[str]] = {}
    if parties:
        rows = sa.text("select party_id, kind, value, key, street, postal_code, city from channel where party_id in :ids and hidden = :no")
        rows = rows.bindparams(sa.bindparam('ids', expanding=True), sa.bindparam('no', type_=sa.Boolean()))
        for party, kind, value, key, *place in op.get_bind().execute(rows, {"ids": sorted(set(parties)), "no": False}):
            words = figures_of(key) if kind == 'phone' and key else all_words((key or value,) if kind == 'website' else (value, key, *place))
            found.setdefault(party, set()).update(words)
    return found


def downgrade() -> None:
    op.drop_index('ix_opportunity_contact_contact', 'opportunity_contact')
    op.drop_table('found_word')
    op.drop_table('found_text')
