"""A path is understood in every form that Microsoft writes it."""

import pytest

from bot.sandbox.graph.paths import Target, target


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("/users/u", Target("user", "u")),
        ("/users('u')", Target("user", "u")),
        ("/users/u/mailFolders", Target("folders", "u")),
        ("/users/u/mailfolders/Inbox", Target("folder", "u", "Inbox")),
        ("/users/u/mailFolders('f')", Target("folder", "u", "f")),
        ("/users/u/mailFolders/delta", Target("folder-delta", "u")),
        ("/users/u/mailFolders/microsoft.graph.delta()", Target("folder-delta", "u")),
        ("/users/u/mailFolders/f/messages/delta", Target("delta", "u", "f")),
        ("/users('u')/mailfolders('f')/messages/delta", Target("delta", "u", "f")),
        ("/users/u/messages/m", Target("message", "u", "", "m")),
        ("/users/u/messages/m/$value", Target("value", "u", "", "m")),
        ("/Users/" + "u/Messages('m')/$VALUE", Target("value", "u", "", "m")),
        ("/users/u/mailFolders/f/messages/m/$value", Target("folder-value", "u", "f", "m")),
        ("/users/a(b)/messages/m", Target("message", "a(b)", "", "m")),
    ],
)
def test_what_is_served_is_recognised(path: str, expected: Target) -> None:
    assert target(path) == expected


@pytest.mark.parametrize(
    "path",
    [
        "/",
        "/users",
        "/me/messages/m",
        "/users/u/messages",
        "/users/u/messages/delta",
        "/users/u/messages/m/attachments",
        "/users/u/mailFolders/f/messages",
        "/users/u/mailFolders/f/childFolders",
        "/mailFolders/inbox",
    ],
)
def test_what_is_not_served_has_no_kind(path: str) -> None:
    assert not target(path).kind
