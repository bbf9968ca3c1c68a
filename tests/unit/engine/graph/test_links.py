"""Which links are followed, and how addresses are made."""

import pytest

from bot.engine.graph.links import Links, path

GRAPH = Links("https://graph.microsoft.com/v1.0")


@pytest.mark.parametrize(
    "link",
    [
        "https://graph.microsoft.com/v1.0/users('1')/mailFolders('A%3D')/messages/delta?$skiptoken=a%2Bb+c",
        "https://GRAPH.microsoft.com/v1.0/users/1/mailFolders/delta?$deltatoken=x",
        "https://graph.microsoft.com:443/v1.0/users/1",
    ],
)
def test_a_link_below_ours_is_followed_to_the_letter(link: str) -> None:
    followed = GRAPH.followed(link)
    assert followed is not None
    assert str(followed).partition("/v1.0/")[2] == link.partition("/v1.0/")[2]


@pytest.mark.parametrize(
    "link",
    [
        "http://graph.microsoft.com/v1.0/users/1",
        "https://graph.microsoft.com.evil.example/v1.0/users/1",
        "https://evil.example/v1.0/users/1",
        "https://graph.microsoft.com:8443/v1.0/users/1",
        "https://me:secret@graph.microsoft.com/v1.0/users/1",
        "https://graph.microsoft.com@evil.example/v1.0/users/1",
        "https://graph.microsoft.com/beta/users/1",
        "https://graph.microsoft.com/v1.0",
        "https://graph.microsoft.com/v1.01/users/1",
        "https://graph.microsoft.com/v1.0/../beta/users/1",
        "https://graph.microsoft.com/v1.0/%2e%2e/beta/users/1",
        "//graph.microsoft.com/v1.0/users/1",
        "/v1.0/users/1",
        "https://[",
        "https://graph.microsoft.com:99999999/v1.0/users/1",
        "",
    ],
)
def test_a_link_that_leads_elsewhere_is_not_followed(link: str) -> None:
    assert GRAPH.followed(link) is None


def test_what_is_put_into_a_path_stays_in_its_place() -> None:
    made = path("users", "a/b?c#EXT#@d.example", "messages", "x=&$y", "$value", query="$select=id")
    assert made == "/users/a%2Fb%3Fc%23EXT%23@d.example/messages/x=%26$y/$value?$select=id"
    assert str(GRAPH.to(made)) == f"https://graph.microsoft.com/v1.0{made}"


@pytest.mark.parametrize(
    ("base", "scope"),
    [
        ("https://graph.microsoft.com/v1.0", "https://graph.microsoft.com/.default"),
        ("https://graph.microsoft.us/v1.0/", "https://graph.microsoft.us/.default"),
        ("http://127.0.0.1:8080/v1.0", "https://graph.microsoft.com/.default"),
    ],
)
def test_a_token_is_for_the_graph_of_its_cloud(base: str, scope: str) -> None:
    """https://learn.microsoft.com/graph/deployments"""
    assert Links(base).scope == scope
