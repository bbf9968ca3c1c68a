"""Which database a URL names, and whether it can be one of ours."""

from pathlib import Path

from sqlalchemy import URL, make_url
from sqlalchemy.exc import ArgumentError

from bot.errors import BadSettings

_EXAMPLES = "Use sqlite:///path/to/syncbot.db or postgresql://user@host/database."
_DRIVERS = {
    "sqlite": "sqlite+pysqlite",
    "sqlite+pysqlite": "sqlite+pysqlite",
    "postgres": "postgresql+psycopg",
    "postgresql": "postgresql+psycopg",
    "postgresql+psycopg": "postgresql+psycopg",
}


def parsed(text: str) -> URL:
    """The URL with the driver that we bring.

    Raises:
        BadSettings: it is none of ours, or its directory is missing.
    """
    try:
        url = make_url(text)
    except (ArgumentError, ValueError) as error:
        raise BadSettings(f"The database URL cannot be read. {_EXAMPLES}") from error
    if url.drivername not in _DRIVERS:
        raise BadSettings(f"syncbot does not work with {url.drivername} databases. {_EXAMPLES}")
    url = url.set(drivername=_DRIVERS[url.drivername])
    if url.get_backend_name() == "sqlite":
        _check_file(url)
    return url


def _check_file(url: URL) -> None:
    if not url.database or url.database == ":memory:":
        raise BadSettings(f"The SQLite database needs a file, so that it outlives the process. {_EXAMPLES}")
    folder = Path(url.database).parent
    if not folder.is_dir():
        raise BadSettings(f"The folder of the database, {folder}, does not exist. Create it first.")
    if Path(url.database).is_dir():
        raise BadSettings(f"The database {url.database} is a folder. Name a file in it.")
