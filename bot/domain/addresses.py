"""E-mail addresses in every form in which Slack hands them over."""

import re

_MAILTO = re.compile(r"<mailto:([^|>]+)(?:\|[^>]*)?>", re.IGNORECASE)
_ADDRESS = re.compile(
    r"[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}@[A-Za-z0-9](?:[A-Za-z0-9.-]{0,252}[A-Za-z0-9])?"
)
_TRAILING = ".,;:!?'\")]}>"
LONGEST = 254
"""Characters of an address (RFC 5321, section 4.5.3.1)."""


def find_addresses(text: str) -> tuple[str, ...]:
    """Every address in a text of Slack's, in order, lower case, each once."""
    plain = _MAILTO.sub(lambda match: f" {match.group(1)} ", text)
    found = (match.group(0).rstrip(_TRAILING).lower() for match in _ADDRESS.finditer(plain))
    return tuple(dict.fromkeys(address for address in found if _is_plausible(address)))


def parse_address(word: str) -> str | None:
    """The one address that a word stands for, lower case; None where it is none, or more than one."""
    found = find_addresses(word)
    bare = _MAILTO.sub(r"\1", word.strip()).strip("<>").lower()
    return found[0] if len(found) == 1 and found[0] == bare else None


def _is_plausible(address: str) -> bool:
    local, _, domain = address.rpartition("@")
    dotted = ".." not in address and not local.startswith(".") and not local.endswith(".")
    return dotted and len(address) <= LONGEST and "." in domain
