"""Migrations of a version that is yet to come, for a database that is ahead of this one."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from app.core import migrating, schema
from app.core.db import Database

REVISION = "2099_01_01_newer"
EXPANDS = '''"""A newer version expands: a table, columns that the older one does not know, an index."""

import sqlalchemy as sa
from alembic import op

revision = "{revision}"
down_revision = "{head}"
{more}

def upgrade() -> None:
    op.create_table(
        "letters",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("debt_id", sa.String(length=32), nullable=False),
        sa.ForeignKeyConstraint(["debt_id"], ["debts.id"], name=op.f("fk_letters_debt_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_letters")),
    )
    op.add_column("debts", sa.Column("letter_on", sa.Date(), nullable=True))
    op.add_column("returns", sa.Column("weight", sa.Integer(), server_default="0", nullable=False))
    op.add_column("users", sa.Column("title", sa.String(length=20), server_default="", nullable=False))


def downgrade() -> None:
    op.drop_index("ix_debts_letter_on", "debts", if_exists=True)
    op.drop_column("users", "title")
    op.drop_column("returns", "weight")
    op.drop_column("debts", "letter_on")
    op.drop_table("letters")
'''
INDEX = 'beside = {"ix_debts_letter_on": "debts (letter_on)"}'


@contextmanager
def steps(folder: Path, text: str = "") -> Iterator[None]:
    """The migrations of this version and one more, until the end."""
    shutil.copytree(migrating.MIGRATIONS, folder / "migrations", ignore=shutil.ignore_patterns("__pycache__"))
    (folder / "migrations" / "versions" / f"{REVISION}.py").write_text(text)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(migrating, "MIGRATIONS", folder / "migrations")
        yield


def expanding(*more: str) -> str:
    return EXPANDS.format(revision=REVISION, head=schema.head(), more="\n".join(more))


def migrate(database: Database, folder: Path, *more: str) -> None:
    """What the newer version's `migrate` does, while this version still serves."""
    with steps(folder, expanding(*more)):
        migrating.upgrade(database)
