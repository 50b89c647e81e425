"""Releases."""

import sqlalchemy as sa
from alembic import op

revision = '2026_11_28_releases'
down_revision = '2026_11_28_reminders'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('releases',
    sa.Column('id', sa.String(length=32), nullable=False),
    sa.Column('number', sa.Integer(), nullable=False),
    sa.Column('scope', sa.String(length=10), nullable=False),
    sa.Column('recipient', sa.String(length=200), nullable=False),
    sa.Column('recipient_key', sa.String(length=200), nullable=False),
    sa.Column('purpose', sa.String(length=200), nullable=False),
    sa.Column('state', sa.String(length=10), nullable=False),
    sa.Column('as_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('seen', sa.BigInteger(), nullable=False),
    sa.Column('lines', sa.Integer(), nullable=False),
    sa.Column('held', sa.Integer(), nullable=False),
    sa.Column('counts', sa.JSON(), nullable=False),
    sa.Column('seed', sa.String(length=32), nullable=False),
    sa.Column('prepared_by', sa.String(length=40), nullable=False),
    sa.Column('approved_by', sa.String(length=40), nullable=True),
    sa.Column('approved_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('released_by', sa.String(length=40), nullable=True),
    sa.Column('released_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('abandoned_by', sa.String(length=40), nullable=True),
    sa.Column('abandoned_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('abandoned_because', sa.String(length=500), nullable=True),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_releases')),
    sa.UniqueConstraint('number', name=op.f('uq_releases_number'))
    )
    with op.batch_alter_table('releases', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_releases_recipient_key'), ['recipient_key'], unique=False)
        batch_op.create_index(batch_op.f('ix_releases_state'), ['state'], unique=False)

    op.create_table('carried_debts',
    sa.Column('recipient_key', sa.String(length=200), nullable=False),
    sa.Column('debt_id', sa.String(length=32), nullable=False),
    sa.Column('release_id', sa.String(length=32), nullable=False),
    sa.Column('line', sa.Integer(), nullable=False),
    sa.Column('removed', sa.Boolean(), nullable=False),
    sa.Column('flag_ended', sa.Boolean(), server_default=sa.text('false'), nullable=False),
    sa.Column('status_digest', sa.String(length=16), nullable=False),
    sa.Column('particulars_digest', sa.String(length=16), nullable=False),
    sa.ForeignKeyConstraint(['release_id'], ['releases.id'], name=op.f('fk_carried_debts_release_id')),
    sa.PrimaryKeyConstraint('recipient_key', 'debt_id', name=op.f('pk_carried_debts'))
    )
    with op.batch_alter_table('carried_debts', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_carried_debts_debt_id'), ['debt_id'], unique=False)

    op.create_table('release_acknowledgements',
    sa.Column('id', sa.String(length=32), nullable=False),
    sa.Column('release_id', sa.String(length=32), nullable=False),
    sa.Column('filename', sa.String(length=255), nullable=False),
    sa.Column('sha256', sa.String(length=64), nullable=False),
    sa.Column('loaded', sa.Integer(), nullable=False),
    sa.Column('rejected', sa.Integer(), nullable=False),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('by', sa.String(length=40), nullable=False),
    sa.ForeignKeyConstraint(['release_id'], ['releases.id'], name=op.f('fk_release_acknowledgements_release_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_release_acknowledgements'))
    )
    with op.batch_alter_table('release_acknowledgements', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_release_acknowledgements_release_id'), ['release_id'], unique=False)

    op.create_table('release_deliveries',
    sa.Column('id', sa.String(length=32), nullable=False),
    sa.Column('release_id', sa.String(length=32), nullable=False),
    sa.Column('name', sa.String(length=40), nullable=False),
    sa.Column('endpoint', sa.String(length=40), nullable=False),
    sa.Column('attempts', sa.Integer(), nullable=False),
    sa.Column('next_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('arrived_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('given_up_at', sa.DateTime(timezone=True), nullable=True),
    sa.ForeignKeyConstraint(['release_id'], ['releases.id'], name=op.f('fk_release_deliveries_release_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_release_deliveries')),
    sa.UniqueConstraint('release_id', 'name', 'endpoint', name=op.f('uq_release_deliveries_release_id_name_endpoint'))
    )
    with op.batch_alter_table('release_deliveries', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_release_deliveries_release_id'), ['release_id'], unique=False)

    op.create_table('release_files',
    sa.Column('id', sa.String(length=32), nullable=False),
    sa.Column('release_id', sa.String(length=32), nullable=False),
    sa.Column('name', sa.String(length=40), nullable=False),
    sa.Column('rows', sa.Integer(), nullable=False),
    sa.Column('size', sa.BigInteger(), nullable=False),
    sa.Column('sha256', sa.String(length=64), nullable=False),
    sa.ForeignKeyConstraint(['release_id'], ['releases.id'], name=op.f('fk_release_files_release_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_release_files')),
    sa.UniqueConstraint('release_id', 'name', name=op.f('uq_release_files_release_id_name'))
    )
    op.create_table('release_handovers',
    sa.Column('id', sa.String(length=32), nullable=False),
    sa.Column('release_id', sa.String(length=32), nullable=False),
    sa.Column('name', sa.String(length=40), nullable=False),
    sa.Column('by', sa.String(length=40), nullable=False),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('purpose', sa.String(length=200), nullable=False),
    sa.ForeignKeyConstraint(['release_id'], ['releases.id'], name=op.f('fk_release_handovers_release_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_release_handovers'))
    )
    with op.batch_alter_table('release_handovers', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_release_handovers_release_id'), ['release_id'], unique=False)

    op.create_table('release_lines',
    sa.Column('release_id', sa.String(length=32), nullable=False),
    sa.Column('line', sa.Integer(), nullable=False),
    sa.Column('debt_id', sa.String(length=32), nullable=False),
    sa.Column('reference', sa.String(length=20), nullable=False),
    sa.Column('organisation_code', sa.String(length=20), nullable=False),
    sa.Column('change', sa.String(length=10), nullable=False),
    sa.Column('status_digest', sa.String(length=16), nullable=False),
    sa.Column('particulars_digest', sa.String(length=16), nullable=False),
    sa.Column('taken_out', sa.String(length=20), nullable=True),
    sa.Column('result', sa.String(length=10), nullable=True),
    sa.Column('reason', sa.String(length=300), nullable=True),
    sa.Column('mended_at', sa.DateTime(timezone=True), nullable=True),
    sa.ForeignKeyConstraint(['organisation_code'], ['organisations.code'], name=op.f('fk_release_lines_organisation_code')),
    sa.ForeignKeyConstraint(['release_id'], ['releases.id'], name=op.f('fk_release_lines_release_id')),
    sa.PrimaryKeyConstraint('release_id', 'line', name=op.f('pk_release_lines'))
    )
    with op.batch_alter_table('release_lines', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_release_lines_debt_id'), ['debt_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_release_lines_release_id_reference'), ['release_id', 'reference'], unique=False)

    op.create_table('release_parts',
    sa.Column('release_id', sa.String(length=32), nullable=False),
    sa.Column('first_line', sa.Integer(), nullable=False),
    sa.Column('content', sa.LargeBinary(), nullable=False),
    sa.ForeignKeyConstraint(['release_id'], ['releases.id'], name=op.f('fk_release_parts_release_id')),
    sa.PrimaryKeyConstraint('release_id', 'first_line', name=op.f('pk_release_parts'))
    )
    op.create_table('release_sample_lines',
    sa.Column('release_id', sa.String(length=32), nullable=False),
    sa.Column('line', sa.Integer(), nullable=False),
    sa.Column('correct', sa.Boolean(), nullable=True),
    sa.Column('reason', sa.String(length=20), nullable=True),
    sa.Column('judged_by', sa.String(length=40), nullable=True),
    sa.Column('judged_at', sa.DateTime(timezone=True), nullable=True),
    sa.ForeignKeyConstraint(['release_id'], ['releases.id'], name=op.f('fk_release_sample_lines_release_id')),
    sa.PrimaryKeyConstraint('release_id', 'line', name=op.f('pk_release_sample_lines'))
    )
    op.create_table('release_delivery_attempts',
    sa.Column('id', sa.String(length=32), nullable=False),
    sa.Column('delivery_id', sa.String(length=32), nullable=False),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('trouble', sa.String(length=300), nullable=False),
    sa.ForeignKeyConstraint(['delivery_id'], ['release_deliveries.id'], name=op.f('fk_release_delivery_attempts_delivery_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_release_delivery_attempts'))
    )
    with op.batch_alter_table('release_delivery_attempts', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_release_delivery_attempts_delivery_id'), ['delivery_id'], unique=False)

    op.create_table('release_file_parts',
    sa.Column('file_id', sa.String(length=32), nullable=False),
    sa.Column('number', sa.Integer(), nullable=False),
    sa.Column('content', sa.LargeBinary(), nullable=False),
    sa.ForeignKeyConstraint(['file_id'], ['release_files.id'], name=op.f('fk_release_file_parts_file_id')),
    sa.PrimaryKeyConstraint('file_id', 'number', name=op.f('pk_release_file_parts'))
    )


def downgrade() -> None:
    op.drop_table('release_file_parts')
    with op.batch_alter_table('release_delivery_attempts', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_release_delivery_attempts_delivery_id'))

    op.drop_table('release_delivery_attempts')
    op.drop_table('release_sample_lines')
    op.drop_table('release_parts')
    with op.batch_alter_table('release_lines', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_release_lines_release_id_reference'))
        batch_op.drop_index(batch_op.f('ix_release_lines_debt_id'))

    op.drop_table('release_lines')
    with op.batch_alter_table('release_handovers', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_release_handovers_release_id'))

    op.drop_table('release_handovers')
    op.drop_table('release_files')
    with op.batch_alter_table('release_deliveries', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_release_deliveries_release_id'))

    op.drop_table('release_deliveries')
    with op.batch_alter_table('release_acknowledgements', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_release_acknowledgements_release_id'))

    op.drop_table('release_acknowledgements')
    with op.batch_alter_table('carried_debts', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_carried_debts_debt_id'))

    op.drop_table('carried_debts')
    with op.batch_alter_table('releases', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_releases_state'))
        batch_op.drop_index(batch_op.f('ix_releases_recipient_key'))

    op.drop_table('releases')
