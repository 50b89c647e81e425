"""First tables."""

import sqlalchemy as sa
from alembic import op

revision = "2026_11_22_first_tables"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "audit_events",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("actor", sa.String(length=40), nullable=False),
        sa.Column("action", sa.String(length=40), nullable=False),
        sa.Column("outcome", sa.String(length=20), nullable=False),
        sa.Column("organisation_code", sa.String(length=20), nullable=True),
        sa.Column("subject_type", sa.String(length=30), nullable=False),
        sa.Column("subject_id", sa.String(length=40), nullable=False),
        sa.Column("detail", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_audit_events")),
    )
    with op.batch_alter_table("audit_events", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_audit_events_at"), ["at"], unique=False)
        batch_op.create_index(
            batch_op.f("ix_audit_events_subject_type_subject_id"), ["subject_type", "subject_id"], unique=False
        )

    op.create_table(
        "debtors",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("joined_into", sa.String(length=32), nullable=True),
        sa.ForeignKeyConstraint(["joined_into"], ["debtors.id"], name=op.f("fk_debtors_joined_into")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_debtors")),
    )
    with op.batch_alter_table("debtors", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_debtors_joined_into"), ["joined_into"], unique=False)

    op.create_table(
        "organisations",
        sa.Column("code", sa.String(length=20), nullable=False),
        sa.Column("ods_code", sa.String(length=20), nullable=True),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("nation", sa.String(length=40), nullable=False),
        sa.Column("region", sa.String(length=80), nullable=False),
        sa.Column("organisation_type", sa.String(length=80), nullable=False),
        sa.Column("postcode", sa.String(length=12), nullable=True),
        sa.Column("icb_code", sa.String(length=20), nullable=True),
        sa.Column("icb_name", sa.String(length=200), nullable=True),
        sa.Column("acute_provider", sa.Boolean(), nullable=False),
        sa.Column("open_date", sa.Date(), nullable=True),
        sa.Column("close_date", sa.Date(), nullable=True),
        sa.Column("successor_code", sa.String(length=20), nullable=True),
        sa.Column("successor_from", sa.Date(), nullable=True),
        sa.ForeignKeyConstraint(
            ["successor_code"], ["organisations.code"], name=op.f("fk_organisations_successor_code")
        ),
        sa.PrimaryKeyConstraint("code", name=op.f("pk_organisations")),
    )
    with op.batch_alter_table("organisations", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_organisations_successor_code"), ["successor_code"], unique=False)

    op.create_table(
        "users",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("email", sa.String(length=254), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("password_hash", sa.String(length=200), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("disabled_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_users")),
        sa.UniqueConstraint("email", name=op.f("uq_users_email")),
    )
    op.create_table(
        "api_tokens",
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("user_id", sa.String(length=32), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("revoked_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_api_tokens_user_id")),
        sa.PrimaryKeyConstraint("digest", name=op.f("pk_api_tokens")),
    )
    with op.batch_alter_table("api_tokens", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_api_tokens_user_id"), ["user_id"], unique=False)

    op.create_table(
        "due_dates",
        sa.Column("period", sa.String(length=7), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("reason", sa.String(length=500), nullable=False),
        sa.Column("set_by", sa.String(length=32), nullable=True),
        sa.Column("set_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["set_by"], ["users.id"], name=op.f("fk_due_dates_set_by")),
        sa.PrimaryKeyConstraint("period", name=op.f("pk_due_dates")),
    )
    op.create_table(
        "excusals",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("organisation_code", sa.String(length=20), nullable=False),
        sa.Column("period", sa.String(length=7), nullable=False),
        sa.Column("reason", sa.String(length=500), nullable=False),
        sa.Column("excused_by", sa.String(length=40), nullable=False),
        sa.Column("excused_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["organisation_code"], ["organisations.code"], name=op.f("fk_excusals_organisation_code")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_excusals")),
        sa.UniqueConstraint("organisation_code", "period", name=op.f("uq_excusals_organisation_code_period")),
    )
    op.create_table(
        "obligations",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("organisation_code", sa.String(length=20), nullable=False),
        sa.Column("from_period", sa.String(length=7), nullable=False),
        sa.Column("to_period", sa.String(length=7), nullable=True),
        sa.Column("set_by", sa.String(length=40), nullable=False),
        sa.Column("set_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["organisation_code"], ["organisations.code"], name=op.f("fk_obligations_organisation_code")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_obligations")),
    )
    with op.batch_alter_table("obligations", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_obligations_organisation_code"), ["organisation_code"], unique=False)

    op.create_table(
        "refused_uploads",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("organisation_code", sa.String(length=20), nullable=False),
        sa.Column("period", sa.String(length=7), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("actor", sa.String(length=40), nullable=False),
        sa.Column("code", sa.String(length=4), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["organisation_code"], ["organisations.code"], name=op.f("fk_refused_uploads_organisation_code")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_refused_uploads")),
    )
    with op.batch_alter_table("refused_uploads", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_refused_uploads_organisation_code_period"), ["organisation_code", "period"], unique=False
        )

    op.create_table(
        "returns",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("reference", sa.String(length=40), nullable=True),
        sa.Column("organisation_code", sa.String(length=20), nullable=False),
        sa.Column("period", sa.String(length=7), nullable=False),
        sa.Column("lifecycle", sa.String(length=10), nullable=False),
        sa.Column("outcome", sa.String(length=24), nullable=False),
        sa.Column("qualifies", sa.Boolean(), nullable=False),
        sa.Column("submitted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("submitted_by", sa.String(length=32), nullable=True),
        sa.Column("declaring_officer", sa.String(length=120), nullable=True),
        sa.Column("checked_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("checked_by", sa.String(length=40), nullable=True),
        sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("withdrawn_reason", sa.String(length=500), nullable=True),
        sa.Column("superseded_by", sa.String(length=32), nullable=True),
        sa.Column("filename", sa.String(length=255), nullable=True),
        sa.Column("sha256", sa.String(length=64), nullable=True),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("ruleset", sa.String(length=60), nullable=False),
        sa.Column("reporting_day", sa.Date(), nullable=False),
        sa.Column("prefilled_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("last_event_id", sa.Integer(), nullable=False),
        sa.Column("read", sa.Integer(), nullable=False),
        sa.Column("blank", sa.Integer(), nullable=False),
        sa.Column("accepted", sa.Integer(), nullable=False),
        sa.Column("new", sa.Integer(), nullable=False),
        sa.Column("changed", sa.Integer(), nullable=False),
        sa.Column("unchanged", sa.Integer(), nullable=False),
        sa.Column("rejected", sa.Integer(), nullable=False),
        sa.Column("warnings", sa.Integer(), nullable=False),
        sa.Column("confirmed", sa.Integer(), nullable=False),
        sa.Column("not_confirmed", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["organisation_code"], ["organisations.code"], name=op.f("fk_returns_organisation_code")
        ),
        sa.ForeignKeyConstraint(["submitted_by"], ["users.id"], name=op.f("fk_returns_submitted_by")),
        sa.ForeignKeyConstraint(["superseded_by"], ["returns.id"], name=op.f("fk_returns_superseded_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_returns")),
        sa.UniqueConstraint("reference", name=op.f("uq_returns_reference")),
    )
    with op.batch_alter_table("returns", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_returns_organisation_code_period"), ["organisation_code", "period"], unique=False
        )
        batch_op.create_index(batch_op.f("ix_returns_period"), ["period"], unique=False)
        batch_op.create_index(batch_op.f("ix_returns_sha256"), ["sha256"], unique=False)

    op.create_table(
        "role_grants",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("user_id", sa.String(length=32), nullable=False),
        sa.Column("role", sa.String(length=20), nullable=False),
        sa.Column("organisation_code", sa.String(length=20), nullable=True),
        sa.Column("nation", sa.String(length=40), nullable=True),
        sa.Column("granted_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["organisation_code"], ["organisations.code"], name=op.f("fk_role_grants_organisation_code")
        ),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_role_grants_user_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_role_grants")),
        sa.UniqueConstraint(
            "user_id", "role", "organisation_code", name=op.f("uq_role_grants_user_id_role_organisation_code")
        ),
    )
    with op.batch_alter_table("role_grants", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_role_grants_organisation_code"), ["organisation_code"], unique=False)

    op.create_table(
        "debts",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("reference", sa.String(length=20), nullable=False),
        sa.Column("organisation_code", sa.String(length=20), nullable=False),
        sa.Column("debtor_id", sa.String(length=32), nullable=False),
        sa.Column("invoice_number", sa.String(length=40), nullable=False),
        sa.Column("invoice_fold", sa.String(length=40), nullable=False),
        sa.Column("invoice_date", sa.Date(), nullable=False),
        sa.Column("invoice_amount", sa.BigInteger(), nullable=False),
        sa.Column("amount_outstanding", sa.BigInteger(), nullable=False),
        sa.Column("status", sa.String(length=12), nullable=False),
        sa.Column("status_date", sa.Date(), nullable=True),
        sa.Column("family_name", sa.String(length=80), nullable=False),
        sa.Column("given_names", sa.String(length=80), nullable=False),
        sa.Column("other_names", sa.String(length=160), nullable=True),
        sa.Column("date_of_birth", sa.Date(), nullable=True),
        sa.Column("sex", sa.String(length=12), nullable=True),
        sa.Column("nationality", sa.String(length=3), nullable=True),
        sa.Column("passport_number", sa.String(length=20), nullable=True),
        sa.Column("home_office_reference", sa.String(length=30), nullable=True),
        sa.Column("ni_number", sa.String(length=20), nullable=True),
        sa.Column("uk_address", sa.String(length=250), nullable=True),
        sa.Column("uk_postcode", sa.String(length=12), nullable=True),
        sa.Column("overseas_address", sa.String(length=250), nullable=True),
        sa.Column("site", sa.String(length=80), nullable=True),
        sa.Column("patient_informed", sa.String(length=3), nullable=True),
        sa.Column("your_reference", sa.String(length=60), nullable=True),
        sa.Column("name_match", sa.String(length=24), nullable=True),
        sa.Column("passport_match", sa.String(length=24), nullable=True),
        sa.Column("below_threshold", sa.Boolean(), nullable=False),
        sa.Column("held", sa.Boolean(), nullable=False),
        sa.Column("withdrawal_reason", sa.String(length=20), nullable=True),
        sa.Column("report_undone", sa.Boolean(), nullable=False),
        sa.Column("as_at", sa.Date(), nullable=False),
        sa.Column("particulars_on", sa.Date(), nullable=False),
        sa.Column("confirmed_on", sa.Date(), nullable=False),
        sa.Column("status_from", sa.String(length=12), nullable=True),
        sa.Column("status_period", sa.String(length=7), nullable=True),
        sa.Column("first_reported_on", sa.Date(), nullable=False),
        sa.Column("first_return_id", sa.String(length=32), nullable=True),
        sa.Column("return_id", sa.String(length=32), nullable=True),
        sa.Column("return_row", sa.Integer(), nullable=True),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["debtor_id"], ["debtors.id"], name=op.f("fk_debts_debtor_id")),
        sa.ForeignKeyConstraint(["first_return_id"], ["returns.id"], name=op.f("fk_debts_first_return_id")),
        sa.ForeignKeyConstraint(["organisation_code"], ["organisations.code"], name=op.f("fk_debts_organisation_code")),
        sa.ForeignKeyConstraint(["return_id"], ["returns.id"], name=op.f("fk_debts_return_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_debts")),
        sa.UniqueConstraint("reference", name=op.f("uq_debts_reference")),
    )
    with op.batch_alter_table("debts", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_debts_changed_at"), ["changed_at"], unique=False)
        batch_op.create_index(batch_op.f("ix_debts_debtor_id"), ["debtor_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_debts_name_match"), ["name_match"], unique=False)
        batch_op.create_index(
            batch_op.f("ix_debts_organisation_code_invoice_fold"), ["organisation_code", "invoice_fold"], unique=False
        )
        batch_op.create_index(batch_op.f("ix_debts_passport_match"), ["passport_match"], unique=False)
        batch_op.create_index(batch_op.f("ix_debts_return_id"), ["return_id"], unique=False)
        batch_op.create_index(
            "uq_debts_organisation_code_invoice_number",
            ["organisation_code", "invoice_number"],
            unique=True,
            sqlite_where=sa.text("status <> 'withdrawn'"),
            postgresql_where=sa.text("status <> 'withdrawn'"),
        )

    op.create_table(
        "open_rows",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("organisation_code", sa.String(length=20), nullable=False),
        sa.Column("period", sa.String(length=7), nullable=False),
        sa.Column("return_id", sa.String(length=32), nullable=False),
        sa.Column("row", sa.Integer(), nullable=False),
        sa.Column("invoice_number", sa.String(length=40), nullable=True),
        sa.Column("origin", sa.String(length=16), nullable=False),
        sa.Column("findings", sa.JSON(), nullable=False),
        sa.Column("cells", sa.JSON(), nullable=False),
        sa.Column("answers", sa.JSON(), nullable=False),
        sa.Column("has_answers", sa.Boolean(), nullable=False),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_on", sa.Date(), nullable=False),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("closed_by", sa.String(length=40), nullable=True),
        sa.Column("closed_reason", sa.String(length=500), nullable=True),
        sa.Column("closed_by_return", sa.String(length=32), nullable=True),
        sa.ForeignKeyConstraint(["closed_by_return"], ["returns.id"], name=op.f("fk_open_rows_closed_by_return")),
        sa.ForeignKeyConstraint(
            ["organisation_code"], ["organisations.code"], name=op.f("fk_open_rows_organisation_code")
        ),
        sa.ForeignKeyConstraint(["return_id"], ["returns.id"], name=op.f("fk_open_rows_return_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_open_rows")),
    )
    with op.batch_alter_table("open_rows", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_open_rows_closed_by_return"), ["closed_by_return"], unique=False)
        batch_op.create_index(batch_op.f("ix_open_rows_invoice_number"), ["invoice_number"], unique=False)
        batch_op.create_index(
            batch_op.f("ix_open_rows_organisation_code_closed_at"), ["organisation_code", "closed_at"], unique=False
        )
        batch_op.create_index(batch_op.f("ix_open_rows_return_id"), ["return_id"], unique=False)

    op.create_table(
        "return_parts",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("return_id", sa.String(length=32), nullable=False),
        sa.Column("part", sa.String(length=10), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(["return_id"], ["returns.id"], name=op.f("fk_return_parts_return_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_return_parts")),
        sa.UniqueConstraint("return_id", "part", name=op.f("uq_return_parts_return_id_part")),
    )
    op.create_table(
        "rule_counts",
        sa.Column("return_id", sa.String(length=32), nullable=False),
        sa.Column("code", sa.String(length=4), nullable=False),
        sa.Column("rows", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["return_id"], ["returns.id"], name=op.f("fk_rule_counts_return_id")),
        sa.PrimaryKeyConstraint("return_id", "code", name=op.f("pk_rule_counts")),
    )
    op.create_table(
        "debt_events",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("debt_id", sa.String(length=32), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("actor", sa.String(length=40), nullable=False),
        sa.Column("kind", sa.String(length=12), nullable=False),
        sa.Column("status_from", sa.String(length=12), nullable=True),
        sa.Column("status", sa.String(length=12), nullable=True),
        sa.Column("status_date", sa.Date(), nullable=True),
        sa.Column("amount_outstanding", sa.BigInteger(), nullable=True),
        sa.Column("as_at", sa.Date(), nullable=False),
        sa.Column("reason", sa.String(length=20), nullable=True),
        sa.Column("particulars", sa.JSON(none_as_null=True), nullable=True),
        sa.Column("return_id", sa.String(length=32), nullable=True),
        sa.Column("return_row", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["debt_id"], ["debts.id"], name=op.f("fk_debt_events_debt_id")),
        sa.ForeignKeyConstraint(["return_id"], ["returns.id"], name=op.f("fk_debt_events_return_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_debt_events")),
    )
    with op.batch_alter_table("debt_events", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_debt_events_debt_id"), ["debt_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_debt_events_return_id"), ["return_id"], unique=False)


def downgrade() -> None:
    with op.batch_alter_table("debt_events", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_debt_events_return_id"))
        batch_op.drop_index(batch_op.f("ix_debt_events_debt_id"))

    op.drop_table("debt_events")
    op.drop_table("rule_counts")
    op.drop_table("return_parts")
    with op.batch_alter_table("open_rows", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_open_rows_return_id"))
        batch_op.drop_index(batch_op.f("ix_open_rows_organisation_code_closed_at"))
        batch_op.drop_index(batch_op.f("ix_open_rows_invoice_number"))
        batch_op.drop_index(batch_op.f("ix_open_rows_closed_by_return"))

    op.drop_table("open_rows")
    with op.batch_alter_table("debts", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_debts_organisation_code_invoice_number",
            sqlite_where=sa.text("status <> 'withdrawn'"),
            postgresql_where=sa.text("status <> 'withdrawn'"),
        )
        batch_op.drop_index(batch_op.f("ix_debts_return_id"))
        batch_op.drop_index(batch_op.f("ix_debts_passport_match"))
        batch_op.drop_index(batch_op.f("ix_debts_organisation_code_invoice_fold"))
        batch_op.drop_index(batch_op.f("ix_debts_name_match"))
        batch_op.drop_index(batch_op.f("ix_debts_debtor_id"))
        batch_op.drop_index(batch_op.f("ix_debts_changed_at"))

    op.drop_table("debts")
    with op.batch_alter_table("role_grants", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_role_grants_organisation_code"))

    op.drop_table("role_grants")
    with op.batch_alter_table("returns", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_returns_sha256"))
        batch_op.drop_index(batch_op.f("ix_returns_period"))
        batch_op.drop_index(batch_op.f("ix_returns_organisation_code_period"))

    op.drop_table("returns")
    with op.batch_alter_table("refused_uploads", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_refused_uploads_organisation_code_period"))

    op.drop_table("refused_uploads")
    with op.batch_alter_table("obligations", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_obligations_organisation_code"))

    op.drop_table("obligations")
    op.drop_table("excusals")
    op.drop_table("due_dates")
    with op.batch_alter_table("api_tokens", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_api_tokens_user_id"))

    op.drop_table("api_tokens")
    op.drop_table("users")
    with op.batch_alter_table("organisations", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_organisations_successor_code"))

    op.drop_table("organisations")
    with op.batch_alter_table("debtors", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_debtors_joined_into"))

    op.drop_table("debtors")
    with op.batch_alter_table("audit_events", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_audit_events_subject_type_subject_id"))
        batch_op.drop_index(batch_op.f("ix_audit_events_at"))

    op.drop_table("audit_events")
