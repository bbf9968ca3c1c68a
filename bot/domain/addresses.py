"""E-mail addresses in every form in which Slack hands them over."""

import re

_MAILTO = re.compile(r"<mailto:([^|>]+)(?:\|[^>]*)?>", re.IGNORECASE)
_LOCAL = r"A-Za-z0-9.!#$%&'*+/=?^_`{|}~-"
_ADDRESS = re.compile(
    rf"(?<![\w@{_LOCAL}])[{_LOCAL}]{{1,64}}@(?>[A-Za-z0-9]+(?:[.-]+[A-Za-z0-9]+)*)(?![^\W_]|@)"
)
_MARKS = "*_~`'"
"""What Slack's markup, or a writer, puts on both sides of a word, though an address may begin with it."""

_AROUND = "<>()[]\"'“”\N{LEFT SINGLE QUOTATION MARK}\N{RIGHT SINGLE QUOTATION MARK}`*.,;:"
"""What people put around or after an address when they type it."""

LONGEST = 254
"""Characters of an address (RFC 5321, section 4.5.3.1)."""


def find_addresses(text: str) -> tuple[str, ...]:
    """Every address in a text of Slack's, in order, lower case, each once."""
    plain = _MAILTO.sub(lambda match: f" {match.group(1)} ", text)
    found = (_unwrapped(match).lower() for match in _ADDRESS.finditer(plain))
    return tuple(dict.fromkeys(address for address in found if _is_plausible(address)))


def parse_address(word: str) -> str | None:
    """The one address that a word stands for, lower case; None where it is none, or more than one."""
    found = find_addresses(word)
    bare = _MAILTO.sub(r"\1", word.strip()).strip(_AROUND).lower()
    return found[0] if len(found) == 1 and found[0].strip(_MARKS) == bare.strip(_MARKS) else None


def _unwrapped(match: re.Match[str]) -> str:
    """The address without marks that stand on both sides of it, as in `*_ada@org.com_*`."""
    after = match.string[match.end() : match.end() + len(_MARKS)]
    closing = after[: len(after) - len(after.lstrip(_MARKS))]
    return match.group(0).removeprefix(closing[::-1])


def _is_plausible(address: str) -> bool:
    local, _, domain = address.rpartition("@")
    dotted = ".." not in address and not local.startswith(".") and not local.endswith(".")
    return bool(local) and dotted and len(address) <= LONGEST and "." in domain
