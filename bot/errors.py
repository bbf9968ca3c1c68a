"""What can go wrong, and the sentence that a person reads about it."""

from typing import ClassVar, Final


class SyncbotError(Exception):
    """An expected error. Its text is a sentence with what to do next; `code` is stable and documented."""

    code: ClassVar[str]

    @property
    def sentence(self) -> str:
        return str(self)


class BadCommand(SyncbotError):
    code = "bad_command"


class BadAddress(SyncbotError):
    code = "bad_address"


class UnknownMailbox(SyncbotError):
    code = "unknown_mailbox"


class NotAllowed(SyncbotError):
    code = "not_allowed"


class NotGrantable(SyncbotError):
    """A role cannot be granted to, or taken from, whom an admin named."""

    code = "not_grantable"


class LastAdmin(SyncbotError):
    """Without this one, nobody could give roles any more."""

    code = "last_admin"


class NotOurPolicy(SyncbotError):
    """An engine outside syncs by it, or nobody does any more."""

    code = "not_our_policy"

    def __init__(self, name: str) -> None:
        super().__init__(
            f"Nothing was changed: “{name[:80]}” is no policy that syncbot syncs by. One that an engine "
            "outside reports is enabled and disabled there; one that was taken out of the tenant file comes "
            "back with `syncbot apply`."
        )


class AlreadyRetrying(SyncbotError):
    code = "already_retrying"


class NothingToRetry(SyncbotError):
    code = "nothing_to_retry"


class CannotPost(SyncbotError):
    """Slack takes no message of syncbot's in the channel that was to be subscribed."""

    code = "cannot_post"


class CannotUpload(SyncbotError):
    """Slack does not take a file: the scope is missing, the workspace forbids it, or it is away."""

    code = "cannot_upload"

    def __init__(self, reason: str, mailbox: str) -> None:
        why = _WHY_NO_FILE.get(reason, f"Slack did not take the file ({reason[:60]}). Try it again.")
        super().__init__(
            f"{why} On the machine that runs syncbot, `syncbot errors {mailbox} --csv` writes them."
        )


_WHY_NO_FILE: Final = {
    "missing_scope": (
        "syncbot may not send files here: it lacks the scope `files:write`. An admin of the app pastes "
        "app.yaml under *App Manifest* and installs the app again."
    ),
    "file_uploads_disabled": "This workspace allows no file uploads.",
    "file_uploads_except_images_disabled": "This workspace allows no file uploads but pictures.",
    "file_type_not_allowed": "This workspace allows no CSV files.",
    "file_upload_size_restricted": "This workspace allows no files as large as this one.",
    "storage_limit_reached": "This workspace has no room for files any more.",
}
"""https://docs.slack.dev/reference/methods/files.getUploadURLExternal#errors"""


class NothingToDismiss(SyncbotError):
    code = "nothing_to_dismiss"


class StaleButton(SyncbotError):
    """A control of an older version, or one whose subject no longer exists."""

    code = "stale_button"


class EngineUnreachable(SyncbotError):
    """The engine gave no usable answer; the request is sent again with back-off."""

    code = "engine_unreachable"


class EngineRefused(SyncbotError):
    """The engine answered that it will not do what was asked; asking again is pointless.

    `quotes`: the text is the engine's own, which may quote a subject, so that no log may hold it.
    """

    code = "engine_refused"

    def __init__(self, text: str, *, quotes: bool = False) -> None:
        super().__init__(text)
        self.quotes = quotes


class BadEvent(SyncbotError):
    code = "bad_event"


class BadSignature(SyncbotError):
    code = "bad_signature"


class BadSettings(SyncbotError):
    code = "bad_settings"


class DeliveryFailed(SyncbotError):
    """Slack did not take a message. `retry_after` is in seconds; None: trying again is pointless.

    `may_have_arrived`: the answer was lost, or Slack cannot say whether it did what was asked.
    """

    code = "delivery_failed"

    def __init__(self, reason: str, *, retry_after: float | None, may_have_arrived: bool = False) -> None:
        super().__init__(reason)
        self.reason = reason
        self.retry_after = retry_after
        self.may_have_arrived = may_have_arrived

    @property
    def passes(self) -> bool:
        return self.retry_after is not None


class MessageGone(DeliveryFailed):
    """The message, view or response_url that was to be edited no longer exists."""

    code = "message_gone"

    def __init__(self, reason: str) -> None:
        super().__init__(reason, retry_after=None)


class ViewMoved(DeliveryFailed):
    """Somebody changed the view since its hash was read."""

    code = "view_moved"

    def __init__(self) -> None:
        super().__init__("hash_conflict", retry_after=None)
