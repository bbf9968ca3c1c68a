"""A Google Workspace connection: its key, its delegation, and one of its users."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from http import HTTPStatus
from typing import Final, Literal

import aiohttp
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.serialization import load_pem_private_key
from pydantic import BaseModel, ConfigDict, ValidationError, field_validator

from bot.doctor.course import Check, Course
from bot.doctor.findings import Verdict, failed, fine, skipped, wrong
from bot.domain.connections import GoogleWorkspace
from bot.engine.fault import Fault
from bot.engine.gmail import SCOPES, Gmail
from bot.engine.gmail.failures import Refusal
from bot.engine.secrets import secret

_TIMEOUT: Final = aiohttp.ClientTimeout(total=20)


class _KeyFile(BaseModel):
    """https://cloud.google.com/iam/docs/keys-create-delete . No error repeats what is in it."""

    model_config = ConfigDict(hide_input_in_errors=True)

    type: Literal["service_account"]
    client_email: str
    client_id: str = ""
    private_key: str

    @field_validator("private_key")
    @classmethod
    def _is_key(cls, pem: str) -> str:
        try:
            load_pem_private_key(pem.encode(), password=None)
        except (ValueError, TypeError, UnsupportedAlgorithm):
            raise ValueError("no private key as PEM") from None
        return pem


@dataclass(frozen=True, slots=True)
class GoogleCheckup:
    """`gmail` opens the client. `sample` is a user whom a policy syncs to; `url` that of Gmail's API."""

    connection: GoogleWorkspace
    gmail: Callable[[], Gmail]
    http: aiohttp.ClientSession
    url: str
    sample: str | None

    @property
    def course(self) -> Course:
        checks = (
            Check("key", lambda: asyncio.to_thread(self._key), is_ground=True),
            Check("token", self._token, is_ground=True),
            Check("mailbox", self._profile),
        )
        return Course(f"Google Workspace {self.connection.name}", checks)

    def _key(self) -> Verdict:
        """Raises BadSettings where it cannot be read."""
        try:
            key = self._read()
        except ValidationError as error:
            first = error.errors(include_input=False, include_url=False)[0]
            place = ".".join(map(str, first["loc"]))
            return wrong(
                f"{self.connection.key} is no key file of a service account{f' ({place})' if place else ''}.",
                "Make a new key of the kind JSON, and keep the file as it comes.",
            )
        return fine(f"{self.connection.key} is the key of {key.client_email}{_numbered(key)}.")

    def _read(self) -> _KeyFile:
        return _KeyFile.model_validate_json(secret(self.connection.key))

    async def _token(self) -> Verdict:
        if self.sample is None:
            return skipped("No mailbox is synced by this connection yet, so there is nobody to speak for.")
        try:
            await self.gmail().token(self.sample)
        except Fault as fault:
            remedy = await asyncio.to_thread(self._delegation) if fault.cause.code == "dest_scope" else ""
            return failed(fault, remedy)
        return fine(f"Google gives a token for {self.sample}.")

    def _delegation(self) -> str:
        return (
            f"In the Google Admin console, under *Manage Domain Wide Delegation*, the client"
            f"{_numbered(self._read()) or ' ID of the service account'} needs the scope {' '.join(SCOPES)}. "
            "It takes effect after minutes, at the latest after a day."
        )

    async def _profile(self) -> Verdict:
        """https://developers.google.com/workspace/gmail/api/reference/rest/v1/users/getProfile"""
        user = self.sample or ""
        url = f"{self.url.rstrip('/')}/gmail/v1/users/me/profile?fields=emailAddress"
        headers = {"Authorization": f"Bearer {await self.gmail().token(user)}"}
        try:
            async with self.http.get(url, headers=headers, timeout=_TIMEOUT, allow_redirects=False) as answer:
                body = await answer.read()
        except (TimeoutError, aiohttp.ClientError, OSError) as error:
            return failed(Fault("network", f"Gmail cannot be reached ({type(error).__name__})"))
        if answer.status == HTTPStatus.OK:
            return fine(f"Gmail opens the mailbox of {user}; other users were not tried.")
        fault = Refusal(answer.status, answer.headers, body).fault()
        return failed(Fault(fault.cause.code, f"{user}: {fault.sentence}"))


def _numbered(key: _KeyFile) -> str:
    return f" (client ID {key.client_id})" if key.client_id else ""
