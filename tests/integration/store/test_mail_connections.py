"""Connections go into the database and come back, without any secret."""

from datetime import date
from typing import Any

import pytest
from sqlalchemy import insert

from bot.domain.connections import Connection, GoogleWorkspace, Keeper, Microsoft365, SecretRef
from bot.errors import BadSettings
from bot.store import Database, SqlConnections
from bot.store.connection_rows import connection_of, connection_settings
from bot.store.engine_tables import connection
from tests.integration.store.words import at

SECRET, FILE = SecretRef(Keeper.ENV, "SYNCBOT_SECRET"), SecretRef(Keeper.FILE, "keys/a:b.pem")
KNOWN: list[Connection] = [
    Microsoft365("m365", "tenant", "client", secret=SECRET),
    Microsoft365("m365", "tenant", "client", certificate=FILE),
    GoogleWorkspace("google", FILE),
    Microsoft365("m365", "tenant", "client", secret=SECRET, secret_expires=date(2027, 1, 31)),
    GoogleWorkspace("google", FILE, date(2028, 2, 29)),
]


@pytest.mark.parametrize("known", KNOWN)
async def test_a_connection_comes_back_as_it_was(database: Database, known: Connection) -> None:
    row = {"name": known.name, "settings": connection_settings(known), "updated_at": at(0)}
    await database.write(lambda c: c.execute(insert(connection), row))
    assert await SqlConnections(database).connection(known.name) == known
    assert await SqlConnections(database).all() == (known,)


async def test_a_connection_that_a_newer_version_wrote_hides_no_other(database: Database) -> None:
    rows = [
        {"name": "a", "settings": {"kind": "newer"}, "updated_at": at(0)},
        {"name": "google", "settings": connection_settings(KNOWN[2]), "updated_at": at(0)},
    ]
    await database.write(lambda c: c.execute(insert(connection), rows))
    assert await SqlConnections(database).all() == (KNOWN[2],)


async def test_a_connection_that_is_not_there_is_none(database: Database) -> None:
    assert await SqlConnections(database).connection("nobody") is None


def test_settings_say_where_a_secret_is_and_what_kind_of_connection_it_is() -> None:
    assert connection_settings(KNOWN[0]) == {
        "kind": "microsoft365",
        "tenant_id": "tenant",
        "client_id": "client",
        "secret": "env:SYNCBOT_SECRET",
        "certificate": None,
    }
    assert connection_settings(KNOWN[2]) == {"kind": "google_workspace", "key": "file:keys/a:b.pem"}


@pytest.mark.parametrize(
    "settings",
    [
        {},
        {"kind": "imap"},
        {"kind": "google_workspace", "key": "plain text"},
        {"kind": "google_workspace", "key": "env:"},
        {"kind": "google_workspace", "key": "env:X", "more": 1},
        {"kind": "microsoft365", "tenant_id": "t", "client_id": "c", "secret": 1, "certificate": None},
    ],
)
def test_settings_that_cannot_be_read_name_the_connection(settings: dict[str, Any]) -> None:
    with pytest.raises(BadSettings, match="The stored connection old cannot be read"):
        connection_of("old", settings)
