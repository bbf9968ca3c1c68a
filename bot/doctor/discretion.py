"""Keeps secrets out of what is told, should a service ever repeat one."""

import json
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from typing import Final

from bot.doctor.findings import Finding

HIDDEN: Final = "…"
_SHORTEST: Final = 6
"""Characters. To hide every occurrence of less would make the rest unreadable, and protect nothing."""

_TOKENS: Final = re.compile(
    r"xox[a-z]-[\w-]+|xapp-[\w-]+|whsec_[\w+/=]+|ya29\.[\w.-]+|eyJ[\w-]+\.[\w-]+(\.[\w-]*)?"
    r"|-----BEGIN [A-Z ]*PRIVATE KEY-----.*?(-----END [A-Z ]*PRIVATE KEY-----|\Z)",
    re.DOTALL,
)
"""As Slack, Standard Webhooks, Google and Microsoft make them, and PEM."""


@dataclass(frozen=True, slots=True)
class Discretion:
    """`secrets` are hidden wherever they stand, and whatever looks like a token."""

    secrets: frozenset[str] = frozenset()

    def of(self, finding: Finding) -> Finding:
        verdict = finding.verdict
        told = replace(
            verdict,
            text=self.hidden(verdict.text),
            remedy=self.hidden(verdict.remedy),
            notes=tuple(map(self.hidden, verdict.notes)),
        )
        return replace(finding, verdict=told)

    def hidden(self, text: str) -> str:
        for secret in sorted(self.secrets, key=len, reverse=True):
            text = text.replace(secret, HIDDEN)
        return _TOKENS.sub(HIDDEN, text)


def discretion(texts: Iterable[str]) -> Discretion:
    """`texts` are secrets as they are kept: passwords, PEM, key files."""
    pieces = (piece for text in texts for piece in _pieces(text))
    return Discretion(frozenset(piece for piece in pieces if len(piece) >= _SHORTEST))


def _pieces(text: str) -> Iterator[str]:
    """Each line of a key by itself; of a key file, the private key alone, since the rest may be told."""
    for line in _private(text).splitlines():
        if not line.startswith("-----"):
            yield line.strip()


def _private(text: str) -> str:
    if not text.lstrip().startswith("{"):
        return text
    try:
        return str(json.loads(text).get("private_key") or "")
    except ValueError:
        return text
