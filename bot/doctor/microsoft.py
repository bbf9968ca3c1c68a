"""A Microsoft 365 connection: its credentials, what its token allows, and one of its mailboxes."""

import asyncio
import base64
import binascii
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from http import HTTPStatus
from typing import Final

import aiohttp
from pydantic import BaseModel, Field, ValidationError

from bot.doctor.certificate import certificate
from bot.doctor.course import Check, Course
from bot.doctor.findings import Verdict, failed, fine, skipped, wrong
from bot.domain.connections import Microsoft365
from bot.engine.fault import CursorLost, Fault
from bot.engine.graph import Graph
from bot.engine.graph.faults import classify
from bot.engine.graph.links import Links, path
from bot.engine.secrets import secret
from bot.ports import Clock

SETUP: Final = "docs/how-to/engine-setup.md"
_NEEDED: Final = "Mail.Read"
_TIMEOUT: Final = aiohttp.ClientTimeout(total=20)
_NUMBER: Final = re.compile(r"AADSTS(\d+)")
_REMEDIES: Final[Mapping[str, str]] = {
    "7000215": "The secret is another one: copy the *value* of the client secret, not its id.",
    "7000222": "The client secret has expired: make a new one in Microsoft Entra, or better a certificate.",
    "7000112": "The app is disabled: enable it under *Enterprise applications* in Microsoft Entra.",
    "7000229": "The app has no service principal in this tenant: open it there, or grant it once.",
    "700016": "Check `client_id`, and that the app is registered in this tenant.",
    "700024": "The clock is wrong where syncbot runs: see the checks of the clock.",
    "700027": "Upload this very certificate under *Certificates & secrets* in Microsoft Entra.",
    "90002": "Check `tenant_id`: it is the *Directory (tenant) ID*, or a domain of the tenant.",
    "900023": "Check `tenant_id`: it is the *Directory (tenant) ID*, or a domain of the tenant.",
    "53003": "A Conditional Access policy blocks the app: except it, or the place where syncbot runs.",
}
"""https://learn.microsoft.com/entra/identity-platform/reference-error-codes : for people to look up, and not
for programs to go by. So they choose the words of the remedy, and nothing else."""

_MAILBOX_REMEDIES: Final[Mapping[str, str]] = {
    "source_forbidden": (
        "Put the person into the group directly, and check by `Test-ServicePrincipalAuthorization` "
        f"({SETUP}, step 2). Changes take up to two hours."
    ),
}


class _Claims(BaseModel):
    roles: tuple[str, ...] = Field(default=())


@dataclass(frozen=True, slots=True)
class MicrosoftCheckup:
    """`graph` gives the same client each time. `sample` is a mailbox that it syncs; `url` that of Graph."""

    connection: Microsoft365
    graph: Callable[[], Graph]
    http: aiohttp.ClientSession
    url: str
    sample: str | None
    clock: Clock

    @property
    def course(self) -> Course:
        kept = "certificate" if self.connection.certificate else "secret"
        checks = (
            Check(kept, lambda: asyncio.to_thread(self._credential), is_ground=True),
            Check("token", self._token, is_ground=True),
            Check("permissions", self._permissions),
            Check("mailbox", self._mailbox),
        )
        return Course(f"Microsoft 365 {self.connection.name}", checks)

    def _credential(self) -> Verdict:
        """Raises BadSettings where it cannot be read."""
        connection = self.connection
        if connection.certificate:
            return certificate(secret(connection.certificate), str(connection.certificate), self.clock.now())
        if connection.secret:
            secret(connection.secret)
            return fine(f"{connection.secret} can be read.", "When it expires, only Microsoft Entra shows.")
        return wrong("The connection has neither a secret nor a certificate.", "Apply tenant.yaml with one.")

    async def _token(self) -> Verdict:
        try:
            await self.graph().token()
        except Fault as fault:
            number = _NUMBER.search(fault.sentence)
            return failed(fault, _REMEDIES.get(number[1], "") if number else "")
        return fine(f"Microsoft Entra gives a token for the app {self.connection.client_id}.")

    async def _permissions(self) -> Verdict:
        """Without any role Exchange decides mailbox by mailbox (RBAC for Applications), which no token shows.

        A token of Graph is not meant to be read by others, so nothing depends on it:
        https://learn.microsoft.com/entra/identity-platform/access-tokens
        https://learn.microsoft.com/exchange/permissions-exo/application-rbac
        """
        roles = _roles(await self.graph().token())
        if roles is None:
            return skipped("The token cannot be read, which is Microsoft's right.")
        return _judged(roles)

    async def _mailbox(self) -> Verdict:
        """The smallest answer that needs the right to read mail."""
        if self.sample is None:
            return skipped("No mailbox is synced by this connection yet.")
        links = Links(self.url)
        url = links.to(path("users", self.sample, "mailFolders", "inbox", query="$select=id"))
        headers = {"Authorization": f"Bearer {await self.graph().token()}"}
        try:
            async with self.http.get(url, headers=headers, timeout=_TIMEOUT, allow_redirects=False) as answer:
                body = await answer.read()
        except (TimeoutError, aiohttp.ClientError, OSError) as error:
            return failed(Fault("network", f"Microsoft Graph cannot be reached ({type(error).__name__})"))
        if answer.status == HTTPStatus.OK:
            return fine(
                f"The inbox of {self.sample} can be read.",
                "That others are out of reach was not tested: `Test-ServicePrincipalAuthorization` shows it.",
            )
        return self._refused(classify(answer.status, body, answer.headers))

    def _refused(self, fault: Fault | CursorLost) -> Verdict:
        if isinstance(fault, CursorLost):
            return wrong(f"The inbox of {self.sample} cannot be read: {fault.sentence}.")
        told = Fault(fault.cause.code, f"{self.sample}: {fault.sentence}")
        return failed(told, _MAILBOX_REMEDIES.get(fault.cause.code, ""))


def _roles(token: str) -> tuple[str, ...] | None:
    """Of a JWT, whose signature is not ours to verify; None for anything else."""
    try:
        _, claims, _ = token.split(".")
        text = base64.urlsafe_b64decode(claims + "=" * (-len(claims) % 4))
        return _Claims.model_validate_json(text).roles
    except (ValueError, binascii.Error, ValidationError):
        return None


def _judged(roles: tuple[str, ...]) -> Verdict:
    if not roles:
        return fine("None for the whole tenant: Exchange decides which mailboxes may be read.")
    notes = [
        f"{', '.join(roles)}: consented for the whole tenant, which opens every mailbox ({SETUP}, step 1)."
    ]
    more = [role for role in roles if role != _NEEDED]
    if more:
        notes.append(f"More than is needed: {', '.join(more)}. Remove it under *API permissions*.")
    return fine(f"The token has {len(roles)} of the tenant's.", *notes)
