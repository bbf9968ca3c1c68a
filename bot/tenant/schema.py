"""The keys of a tenant file. The reference is docs/reference/tenant.md."""

import re
from datetime import date
from pathlib import Path
from typing import Annotated, Any, Literal, TypeAlias

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, PlainValidator
from pydantic import ValidationInfo as Info

from bot.domain.addresses import parse_address
from bot.domain.connections import Connection, GoogleWorkspace, Keeper, Microsoft365, SecretRef
from bot.domain.mail import DeletedItems, Junk, MailRules, Removals
from bot.domain.values import Frequency, Unit
from bot.tenant.wanted import StoredSettings, WantedPolicy
from bot.wire.text import clean_text, is_clean

LONGEST_NAME = 100
MOST_UNITS = 1000
"""As in events (bot.wire.data), so that a policy can be told of in one."""

_GUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.IGNORECASE)
_DOMAIN = re.compile(r"[a-z0-9-]{1,63}(\.[a-z0-9-]{1,63})+", re.IGNORECASE)
_VARIABLE = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
_DAY = re.compile(r"([0-9]{4})-([0-9]{2})-([0-9]{2})")
_EVERY = re.compile(r"([0-9]{1,4}) +(hour|day|week)s?")


class Invalid(ValueError):
    """A rule of ours. The sentence follows the name of the key, and never repeats the value."""


def _text(value: str) -> str:
    if not is_clean(value):
        raise Invalid("must be one line without control characters, and without blanks at its ends")
    return value


def _guid(value: str) -> str:
    if not _GUID.fullmatch(value):
        raise Invalid("must be an id such as 11111111-2222-3333-4444-555555555555")
    return value.lower()


def _directory(value: str) -> str:
    if not (_GUID.fullmatch(value) or _DOMAIN.fullmatch(value)):
        raise Invalid("must be the directory's id, or one of its domains such as contoso.onmicrosoft.com")
    return value.lower()


def _address(value: object) -> str:
    address = parse_address(value) if isinstance(value, str) else None
    if address is None:
        raise Invalid("must be one e-mail address, such as ana@contoso.com")
    return address


def _frequency(value: object) -> Frequency:
    found = _EVERY.fullmatch(value.strip()) if isinstance(value, str) else None
    if found is None or not 1 <= int(found[1]) <= MOST_UNITS:
        raise Invalid("must be a number of hours, days or weeks, such as `6 hours`")
    return Frequency(int(found[1]), Unit(found[2]))


def _reference(value: object, info: Info) -> SecretRef:
    keeper, _, name = value.strip().partition(":") if isinstance(value, str) else ("", "", "")
    if keeper == Keeper.ENV and _VARIABLE.fullmatch(name):
        return SecretRef(Keeper.ENV, name)
    if keeper == Keeper.FILE and name.strip() and is_clean(name):
        return SecretRef(Keeper.FILE, str(_absolute(name, info)))
    raise Invalid("must say where the secret is: `env:NAME` or `file:PATH`; it may not stand here itself")


def _day(value: object) -> date:
    found = _DAY.fullmatch(value.strip()) if isinstance(value, str) else None
    try:
        return date(*map(int, found.groups() if found else ()))
    except (TypeError, ValueError):
        raise Invalid("must be a day such as `2027-01-31`") from None


def _absolute(name: str, info: Info) -> Path:
    """Relative to the tenant file's folder, which is the context of the validation."""
    folder = info.context or Path()
    return Path(folder, name).resolve()


def _slack_id(kinds: str, words: str) -> AfterValidator:
    pattern = re.compile(f"[{kinds}][A-Z0-9]+")

    def checked(value: str) -> str:
        if not pattern.fullmatch(value):
            raise Invalid(f"must be the id of {words}")
        return value

    return AfterValidator(checked)


def _each_once(ids: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(ids))


Name = Annotated[str, Field(pattern=r"^[A-Za-z0-9][A-Za-z0-9._-]*$", max_length=LONGEST_NAME)]
Line = Annotated[str, Field(min_length=1, max_length=200), AfterValidator(_text)]
Address = Annotated[str, PlainValidator(_address)]
Secret = Annotated[SecretRef, PlainValidator(_reference)]
Day = Annotated[date, PlainValidator(_day)]
Every = Annotated[Frequency, PlainValidator(_frequency)]
Member = Annotated[str, _slack_id("UWS", "a user (U… or W…) or of a user group (S…)")]
Members = Annotated[tuple[Member, ...], AfterValidator(_each_once)]
Channel = Annotated[str, _slack_id("CG", "a channel (C… or G…)")]


class Part(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, hide_input_in_errors=True)


class Microsoft365Part(Part):
    kind: Literal["microsoft365"]
    tenant_id: Annotated[str, AfterValidator(_directory)]
    client_id: Annotated[str, AfterValidator(_guid)]
    certificate: Secret | None = None
    secret: Secret | None = None
    secret_expires: Day | None = None

    def value(self, name: str) -> Connection:
        return Microsoft365(
            name, self.tenant_id, self.client_id, self.secret, self.certificate, self.secret_expires
        )

    @property
    def lacks(self) -> str | None:
        """Why it does not make a connection."""
        if self.certificate and self.secret:
            return "has a certificate and a secret; give one of them, best the certificate"
        if self.certificate and self.secret_expires:
            return "has a certificate, which tells itself when it expires; remove `secret_expires`"
        return None if self.certificate or self.secret else "needs a `certificate` or a `secret`"


class GoogleWorkspacePart(Part):
    kind: Literal["google_workspace"]
    key: Secret
    key_expires: Day | None = None

    def value(self, name: str) -> Connection:
        return GoogleWorkspace(name, self.key, self.key_expires)

    @property
    def lacks(self) -> str | None:
        return None


ConnectionPart: TypeAlias = Annotated[Microsoft365Part | GoogleWorkspacePart, Field(discriminator="kind")]


def _description(value: Any) -> Any:  # noqa: ANN401 - pydantic says what is wrong with other types
    return clean_text(value, 4000) if isinstance(value, str) else value


class PolicyPart(Part):
    name: Line | None = None
    description: Annotated[str, BeforeValidator(_description)] = ""
    source: str
    destination: str
    every: Every
    active: bool = True
    initial_days: int = Field(MailRules().initial_days, ge=1, le=36_500)
    removals: Removals = MailRules().removals
    deleted_items: DeletedItems = MailRules().deleted_items
    junk: Junk = MailRules().junk
    deletion_delay_days: int = Field(30, ge=0, le=36_500)

    def value(self, key: str) -> WantedPolicy:
        return WantedPolicy(
            key,
            self.name or key,
            self.description,
            self.source,
            self.destination,
            self.every,
            self.active,
            MailRules(self.initial_days, self.removals, self.deleted_items, self.junk),
            self.deletion_delay_days,
        )


class MailboxPart(Part):
    source: Address
    destination: Address
    policy: str


class ListPart(Part):
    file: Line
    policy: str | None = None


class AccessPart(Part):
    admins: Members = ()
    operators: Members = ()
    viewers: Members = ()


class SlackPart(Part):
    alert_channel: Channel | None = None
    support_contact: Line | None = None
    access: AccessPart = AccessPart()

    @property
    def value(self) -> StoredSettings:
        return StoredSettings(
            self.alert_channel,
            self.support_contact,
            self.access.admins,
            self.access.operators,
            self.access.viewers,
        )


class TenantPart(Part):
    """The whole file."""

    connections: dict[Name, ConnectionPart] = Field(default_factory=dict)
    policies: dict[Name, PolicyPart] = Field(default_factory=dict)
    mailboxes: list[MailboxPart] = Field(default_factory=list)
    mailboxes_from: list[ListPart] = Field(default_factory=list)
    slack: SlackPart = SlackPart()


KINDS: dict[str, type[Part]] = {"microsoft365": Microsoft365Part, "google_workspace": GoogleWorkspacePart}
