"""The kinds of trouble that happen in the company, and what ends each."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.sandbox.company.world import Condition


@dataclass(frozen=True)
class Cause:
    """`lasts` is set for trouble that passes by itself. `size` is a message's, in bytes."""

    code: str
    title: str
    message: str
    fix: str
    undo: str
    lasts: timedelta | None = None
    size: int = 48_213

    def condition(self, identity: str, what: str, now: datetime) -> Condition:
        return Condition(
            id=identity,
            title=self.title.format(what=what),
            code=self.code,
            message=self.message,
            fix=self.fix,
            undo=self.undo,
            heals_at=now + self.lasts if self.lasts else None,
        )


OF_ITEMS = {
    "encrypted": Cause(
        "source_mime_conversion",
        "“{what}” is encrypted with S/MIME",
        "ErrorMimeContentConversionFailed: the content of the message could not be converted to MIME.",
        "Decrypt the message",
        "Encrypt it again",
    ),
    "too_large": Cause(
        "dest_too_large",
        "“{what}” is larger than Gmail takes",
        "413 uploadTooLarge: the message is larger than the maximum of 50 MB.",
        "Move the attachment to Drive",
        "Attach it again",
        size=63_963_136,
    ),
    "attachment": Cause(
        "dest_rejected",
        "“{what}” carries a blocked attachment",
        "400 invalidArgument: the message holds an attachment of a blocked type (.jar).",
        "Remove the attachment",
        "Put it back",
        size=2_204_118,
    ),
    "damaged": Cause(
        "source_content_corrupt",
        "“{what}” is damaged at the source",
        "ErrorItemCorrupt: the item is corrupt and cannot be read.",
        "Open and save it in Outlook",
        "Damage it again",
    ),
    "throttled": Cause(
        "dest_throttled",
        "Gmail throttles the import of “{what}”",
        "403 userRateLimitExceeded: too many concurrent requests for user.",
        "Lift the throttling",
        "Throttle again",
        lasts=timedelta(seconds=90),
    ),
    "unavailable": Cause(
        "dest_unavailable",
        "Gmail fails while it takes “{what}”",
        "503 backendError: the service is currently unavailable.",
        "Mend Gmail",
        "Break Gmail again",
        lasts=timedelta(seconds=45),
    ),
}

OF_MAILBOXES = {
    "secret": Cause(
        "source_auth",
        "The client secret of the {what} connection has expired",
        "AADSTS7000222: the provided client secret keys for the app are expired.",
        "Renew the secret",
        "Let it expire again",
    ),
    "no_licence": Cause(
        "dest_service_off",
        "{what} has no Gmail licence",
        "400 failedPrecondition: Mail service not enabled.",
        "Assign the licence",
        "Take the licence away",
    ),
    "storage": Cause(
        "dest_storage_full",
        "The storage of {what} is full",
        "403 storageQuotaExceeded: the user's storage quota has been exceeded.",
        "Buy storage",
        "Fill it again",
    ),
    "source_off": Cause(
        "source_mailbox_unavailable",
        "{what} lost the Exchange licence",
        "MailboxNotEnabledForRESTAPI: the mailbox is either inactive, soft-deleted, or hosted on-premise.",
        "License the mailbox",
        "Take the licence away",
    ),
}
