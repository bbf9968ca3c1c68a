"""Settings: read once at start, from SYNCBOT_* variables or a .env file; secrets are never printed."""

import re
from datetime import timedelta
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any

from pydantic import AfterValidator, Field, SecretStr, ValidationError, field_validator
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

from bot.domain.access import Grants
from bot.domain.values import Role
from bot.errors import BadSettings

PREFIX = "SYNCBOT_"


class SlackMode(StrEnum):
    SOCKET = "socket"
    HTTP = "http"


class SubjectsFor(StrEnum):
    """Who may read subjects and senders of users' mail, in answers that only they see."""

    NEVER = "never"
    OPERATORS = "operators"
    VIEWERS = "viewers"


class LogFormat(StrEnum):
    CONSOLE = "console"
    JSON = "json"


_SLACK_ID = re.compile(r"[UWS][A-Z0-9]+")


def _slack_ids(ids: tuple[str, ...]) -> tuple[str, ...]:
    for position, slack_id in enumerate(ids, start=1):
        if not _SLACK_ID.fullmatch(slack_id):
            msg = f"entry {position} is neither a user id (U… or W…) nor a user group id (S…)"
            raise ValueError(msg)
    return ids


SlackIds = Annotated[tuple[str, ...], NoDecode, AfterValidator(_slack_ids)]


class Settings(BaseSettings):
    """Every setting, with what it is for. The reference is docs/reference/settings.md."""

    model_config = SettingsConfigDict(
        env_prefix=PREFIX, env_file=".env", env_ignore_empty=True, extra="ignore", frozen=True
    )

    database_url: str = Field(
        "sqlite:///var/syncbot.db",
        repr=False,  # it may hold a password
        description="SQLite file, or PostgreSQL: `postgresql://user@host/name`",
    )

    slack_mode: SlackMode = Field(
        SlackMode.SOCKET, description="`socket` needs no public address; `http` serves `/slack/events`"
    )
    slack_bot_token: SecretStr | None = Field(None, description="Bot token of the app")
    slack_app_token: SecretStr | None = Field(
        None, description="App-level token with `connections:write` (Socket Mode)"
    )
    slack_signing_secret: SecretStr | None = Field(None, description="Signing secret of the app (HTTP mode)")
    slack_api_url: str = Field("https://slack.com/api/", description="Address of the Web API")
    slack_safe_blocks: bool = Field(
        default=False, description="Use only the oldest blocks, for clients that do not draw the newer ones"
    )
    alert_channel: str | None = Field(
        None, pattern=r"^[CG][A-Z0-9]+$", description="Id of the channel that gets the alerts"
    )

    admins: SlackIds = Field((), description="User or user group ids that may do everything")
    operators: SlackIds = Field((), description="User or user group ids that may also retry")
    viewers: SlackIds = Field((), description="User or user group ids that may look")
    subjects_for: SubjectsFor = Field(
        SubjectsFor.OPERATORS,
        description="Who sees subjects and senders: `never`, `operators` or `viewers`",
    )
    support_contact: str | None = Field(
        None, max_length=200, description="Named on a card when retries do not help"
    )

    events_secrets: Annotated[tuple[SecretStr, ...], NoDecode] = Field(
        (), description="Secrets of the events API, `whsec_…`, several while they are being rotated"
    )
    engine_url: str | None = Field(None, pattern=r"^https?://", description="Where retry requests are sent")
    engine_secret: SecretStr | None = Field(
        None, description="Signs retry requests; the newest of the events secrets where it is not set"
    )
    retry_patience: timedelta = Field(
        timedelta(minutes=10),
        gt=timedelta(0),
        description="An unanswered retry reopens its failure after this time, `HH:MM:SS`",
    )

    graph_url: str = Field(
        "https://graph.microsoft.com/v1.0", pattern=r"^https?://", description="Address of Microsoft Graph"
    )
    microsoft_login_url: str = Field(
        "https://login.microsoftonline.com",
        pattern=r"^https?://",
        description="Where tokens for Microsoft Graph come from; differs in national clouds",
    )
    gmail_url: str = Field(
        "https://gmail.googleapis.com", pattern=r"^https?://", description="Address of the Gmail API"
    )
    gmail_units_per_user: int = Field(
        6_000,
        ge=25,
        description="Gmail quota of one user, units a minute; projects from before May 2026 have 15,000",
    )
    gmail_units_per_project: int = Field(
        1_200_000, ge=25, description="Gmail quota of the whole project, units a minute"
    )
    gmail_largest_message: int = Field(
        157_286_400, ge=1, description="Messages larger than this are not sent to Gmail, bytes"
    )
    mailboxes_at_once: int = Field(20, ge=1, description="How many mailboxes are synced at the same time")
    index_lag: timedelta = Field(
        timedelta(minutes=5),
        gt=timedelta(0),
        description="After a lost answer, wait this long before searching Gmail for the message, `HH:MM:SS`",
    )

    schedule_speed: float = Field(
        1.0, ge=1, le=100_000, description="Divides every policy's interval; for demonstrations"
    )

    host: str = Field("127.0.0.1", description="Address to listen on")
    port: int = Field(8080, ge=0, le=65535, description="Port to listen on; 0 takes any that is free")

    history_days: int = Field(90, ge=1, description="History older than this is removed")
    log_level: str = Field("INFO", pattern="^(DEBUG|INFO|WARNING|ERROR)$", description="Least level logged")
    log_format: LogFormat = Field(LogFormat.CONSOLE, description="`console` for people, `json` for machines")
    log_addresses: bool = Field(
        default=False, description="Write addresses in full; else their hash stands in the log"
    )

    @field_validator("admins", "operators", "viewers", "events_secrets", mode="before")
    @classmethod
    def _split(cls, value: Any) -> Any:  # noqa: ANN401 - what the environment holds
        if isinstance(value, str):
            return tuple(word.strip() for word in value.split(",") if word.strip())
        return value

    @field_validator("slack_api_url")
    @classmethod
    def _end_with_slash(cls, url: str) -> str:
        return url.rstrip("/") + "/"

    @property
    def grants(self) -> Grants:
        return Grants.of(
            {
                Role.VIEWER: frozenset(self.viewers),
                Role.OPERATOR: frozenset(self.operators),
                Role.ADMIN: frozenset(self.admins),
            }
        )

    def require_slack(self) -> None:
        """Raise BadSettings naming everything that this mode of Slack still lacks."""
        second = "slack_app_token" if self.slack_mode is SlackMode.SOCKET else "slack_signing_secret"
        missing = [PREFIX + name.upper() for name in ("slack_bot_token", second) if not getattr(self, name)]
        if missing:
            raise BadSettings(
                f"Not set: {' and '.join(missing)}. Slack shows them on the app's pages; "
                "docs/how-to/slack-setup.md says where."
            )


def load_settings(env_file: Path | None = None) -> Settings:
    """Read the environment.

    Raises:
        BadSettings: naming each variable that is wrong, and why, without its value.
    """
    try:
        return Settings(_env_file=env_file) if env_file else Settings()
    except ValidationError as error:
        raise BadSettings(_readable(error)) from None
    except UnicodeDecodeError:
        raise BadSettings("The file .env cannot be read: it is not UTF-8.") from None


def _readable(error: ValidationError) -> str:
    faults = (
        f"{PREFIX}{'.'.join(str(part) for part in fault['loc'][:1]).upper()}: "
        f"{fault['msg'].removeprefix('Value error, ')}"
        for fault in error.errors(include_input=False, include_url=False)
    )
    return "Settings that cannot be used. " + "; ".join(faults)
