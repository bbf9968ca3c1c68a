"""Brings the tables up to date by Alembic, whose revisions travel inside the package."""

from contextlib import AbstractContextManager, nullcontext
from importlib.resources import as_file, files
from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.util import CommandError
from sqlalchemy import Connection, Engine
from sqlalchemy.exc import DBAPIError

from bot.errors import BadSettings
from bot.store.postgres import MIGRATION, take_turns
from bot.store.sqlite import without_references


def upgraded(engine: Engine) -> None:
    """Raises: BadSettings where the database cannot be used."""
    try:
        with (
            as_file(files("bot.store") / "migrations") as revisions,
            _unhindered(engine),
            engine.begin() as connection,
        ):
            take_turns(connection, MIGRATION)
            command.upgrade(configured(connection, revisions), "head")
    except DBAPIError as error:
        where = engine.url.render_as_string(hide_password=True)
        raise BadSettings(f"The database {where} cannot be used: {_first_line(error)}") from error
    except CommandError as error:
        raise BadSettings(
            "The database was made by a newer version of syncbot. Install that version, or restore a backup."
        ) from error


def _unhindered(engine: Engine) -> AbstractContextManager[None]:
    return without_references(engine) if engine.dialect.name == "sqlite" else nullcontext()


def configured(connection: Connection, revisions: Path) -> Config:
    config = Config(attributes={"connection": connection})
    config.set_main_option("script_location", str(revisions).replace("%", "%%"))
    config.set_main_option("path_separator", "os")
    return config


def _first_line(error: DBAPIError) -> str:
    return str(error.orig).strip().partition("\n")[0]
