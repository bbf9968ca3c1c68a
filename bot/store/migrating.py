"""Brings the tables up to date by Alembic, whose revisions travel inside the package."""

from contextlib import AbstractContextManager, nullcontext
from importlib.resources import as_file, files
from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy import Connection, Engine, inspect
from sqlalchemy.exc import DBAPIError

from bot.errors import BadSettings
from bot.store.postgres import MIGRATION, take_turns
from bot.store.sqlite import without_references

if TYPE_CHECKING:
    from alembic.config import Config


def upgraded(engine: Engine) -> None:
    """Raises: BadSettings where the database cannot be used."""
    try:
        with _unhindered(engine), engine.begin() as connection:
            take_turns(connection, MIGRATION)
            if not _is_current(connection):
                _upgrade(connection)
    except DBAPIError as error:
        where = engine.url.render_as_string(hide_password=True)
        raise BadSettings(f"The database {where} cannot be used: {_first_line(error)}") from error


def newest() -> str:
    """The revision that the tables are brought to. The names of the files begin with theirs."""
    names = (each.name for each in (files("bot.store") / "migrations" / "versions").iterdir())
    return max(name.partition("_")[0] for name in names if name.endswith(".py"))


def _is_current(connection: Connection) -> bool:
    if not inspect(connection).has_table("alembic_version"):
        return False
    return connection.exec_driver_sql("SELECT version_num FROM alembic_version").scalar() == newest()


def _upgrade(connection: Connection) -> None:
    from alembic import command  # noqa: PLC0415 - a command line on current tables need not wait for it
    from alembic.util import CommandError  # noqa: PLC0415 - as above

    try:
        with as_file(files("bot.store") / "migrations") as revisions:
            command.upgrade(configured(connection, revisions), "head")
    except CommandError as error:
        raise BadSettings(
            "The database was made by a newer version of syncbot. Install that version, or restore a backup."
        ) from error


def _unhindered(engine: Engine) -> AbstractContextManager[None]:
    return without_references(engine) if engine.dialect.name == "sqlite" else nullcontext()


def configured(connection: Connection, revisions: Path) -> "Config":
    from alembic.config import Config  # noqa: PLC0415 - as above

    config = Config(attributes={"connection": connection})
    config.set_main_option("script_location", str(revisions).replace("%", "%%"))
    config.set_main_option("path_separator", "os")
    return config


def _first_line(error: DBAPIError) -> str:
    return str(error.orig).strip().partition("\n")[0]
