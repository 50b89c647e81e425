"""The demo's own database: its settings, whether it is whole, half loaded or not the demo's at all, and clearing it."""

from collections.abc import Collection
from enum import Enum, auto
from pathlib import Path
from tempfile import TemporaryFile

from pydantic import Field, field_validator
from pydantic_settings import SettingsConfigDict

from app.accounts import service as accounts
from app.accounts.access import COMMAND_LINE, Actor
from app.audit.models import AuditAction
from app.audit.service import record
from app.core import migrating
from app.core.db import Database, Session, errors_in_words
from app.core.errors import Refused
from app.debts.comparing import compare_waiting
from app.demo import partnership
from app.demo.accounts import LAST, MANAGER, TEAM, add_officers, add_those_who_sign_in, officer
from app.demo.doubts import raise_some
from app.demo.reminded import remind_some
from app.demo.trusts import FIRST, chosen
from app.organisations import service as organisations
from app.periods.calendar import Period
from app.secret_files import SECRET
from app.settings import Environment, Settings
from app.submissions import obligations


class DemoSettings(Settings):
    """The same environment variables, with the demo's own database where none is named."""

    model_config = SettingsConfigDict(title=Settings.__name__)

    database_url: str = Field("sqlite:///data/demo.db", repr=False, json_schema_extra=SECRET)
    environment: Environment = Environment.DEMO
    contact: str = "service.desk@demo.example"

    @field_validator("environment")
    @classmethod
    def _not_in_production(cls, found: Environment) -> Environment:
        if found is Environment.PRODUCTION:
            raise Refused("The demo does not run in production. Unset DEBTOR_RETURNS_ENVIRONMENT and try again.")
        return found


def settings(port: int) -> Settings:
    """What the demo runs with. Raises Refused in production."""
    found = DemoSettings()
    if "base_url" in found.model_fields_set:
        return found
    return found.model_copy(update={"base_url": f"http://127.0.0.1:{port}"})


class Stage(Enum):
    """How far a database is filled."""

    EMPTY = auto()
    HALF = auto()
    WHOLE = auto()
    FOREIGN = auto()


def stage(database: Database) -> Stage:
    with errors_in_words():
        if not migrating.current(database):
            return Stage.EMPTY
    migrating.upgrade(database)
    with database.reading() as db:
        if organisations.is_empty(db):
            return Stage.EMPTY
        if not accounts.has_account(db, officer(FIRST)):
            return Stage.FOREIGN
        return Stage.WHOLE if accounts.has_account(db, LAST) else Stage.HALF


def clear(database: Database) -> None:
    """Takes everything out of a database of the demo. Raises Refused for any other."""
    found = stage(database)
    if found is Stage.FOREIGN:
        raise Refused("This database holds something other than the demo, so nothing was changed. Name another one "
                      "with DEBTOR_RETURNS_DATABASE_URL, for example sqlite:///data/demo.db.")  # fmt: skip
    if found is not Stage.EMPTY:
        migrating.downgrade(database, "base")


def prepare(database: Database, trusts: int, first: Period) -> dict[str, Actor]:
    """Fills an empty database with organisations, who owes returns, and an officer for each, in one transaction."""
    migrating.upgrade(database)
    with database.writing() as db:
        loaded = organisations.load_shipped(db, COMMAND_LINE)
        record(db, COMMAND_LINE, AuditAction.ORGANISATIONS_IMPORTED, "organisations", "shipped", rows=loaded)
        codes = chosen(default := obligations.default_set(db), _others(db, default), trusts)
        obligations.set_obligation(db, COMMAND_LINE, codes, first)
        return add_officers(db, codes)


def finish(database: Database, codes: list[str]) -> None:
    """Compares the people of the year, and adds those who can sign in, managers, doubts and reminders, when it is whole."""
    compare_waiting(database)
    with database.writing() as db:
        add_those_who_sign_in(db, codes)
        partnership.settle(db, codes)
        team = accounts.user_by_email(db, TEAM)
        assert team is not None
        raise_some(db, accounts.actor_for_user(db, team), FIRST)
        manager = accounts.user_by_email(db, MANAGER)
        assert manager is not None
        remind_some(db, accounts.actor_for_user(db, manager))


def may_be_written(database_url: str) -> None:
    """Raises Refused when the database would be a file, and it or its folder cannot be written."""
    if not database_url.startswith("sqlite:///"):
        return
    file = Path(database_url.removeprefix("sqlite:///"))
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        with TemporaryFile(dir=file.parent):
            pass
        if file.exists():
            with file.open("r+b"):
                pass
    except OSError as error:
        why = (error.strerror or "it cannot be used").lower()
        raise Refused(f"The demo keeps its data in {file}, which cannot be written: {why}. Start it in another folder, "
                      "or name another database with DEBTOR_RETURNS_DATABASE_URL.") from error  # fmt: skip


def _others(db: Session, default: Collection[str]) -> list[str]:
    """Open organisations outside the default set, for a demo with more trusts."""
    found = (organisations.organisation(db, code) for code in sorted(organisations.names(db).keys() - set(default)))
    return [one.code for one in found if one is not None and one.close_date is None]
