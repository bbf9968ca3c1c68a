"""Addresses below the one of Graph: those that we make, and those that its answers tell us to follow."""

from typing import Final
from urllib.parse import quote

from yarl import URL

_PUBLIC: Final = "https://graph.microsoft.com"
_DOTS: Final = frozenset({".", ".."})


class Links:
    """`base` is an address such as https://graph.microsoft.com/v1.0."""

    def __init__(self, base: str) -> None:
        self._base = URL(base.rstrip("/"))
        self._prefix = str(self._base)
        self._below = self._base.raw_path.rstrip("/")

    @property
    def scope(self) -> str:
        """What a token is asked for: all that the app was granted at this Graph.

        National clouds have a Graph of their own; one without TLS stands in for the public one.
        https://learn.microsoft.com/graph/deployments
        """
        return f"{self._base.origin() if self._base.scheme == 'https' else _PUBLIC}/.default"

    def to(self, path: str) -> URL:
        """`path` begins with a slash, and its parts are quoted. One with a query is taken apart again."""
        if "?" in path:
            return URL(self._prefix + path, encoded=True)
        return self._base.with_path(self._below + path, encoded=True)

    def followed(self, link: str) -> URL | None:
        """The address to follow; None for one that is not below ours, which must not see our token."""
        try:
            url = URL(link, encoded=True)
            return url if self._is_ours(url) else None
        except ValueError:
            return None

    def _is_ours(self, url: URL) -> bool:
        below = url.raw_path.startswith(f"{self._base.raw_path.rstrip('/')}/")
        return _place(url) == _place(self._base) and below and _DOTS.isdisjoint(url.path.split("/"))


def _place(url: URL) -> tuple[object, ...]:
    return url.scheme, url.raw_user, url.raw_password, (url.host or "").casefold(), url.port


def path(*parts: str, query: str = "") -> str:
    """A path of `parts`, each of them quoted, so that none can leave its place.

    What a part of a path may hold unquoted by RFC 3986, 3.3, and ids do hold, is left as it is: where nothing
    is to be quoted, nothing is looked at character by character.
    """
    return "".join([f"/{quote(part, safe='@$=')}" for part in parts]) + (f"?{query}" if query else "")
