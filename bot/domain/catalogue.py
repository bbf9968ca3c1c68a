"""The failure catalogue: what each code means, whether it heals by itself, and what to do about it."""

from dataclasses import dataclass
from enum import StrEnum


class Healing(StrEnum):
    """TRANSIENT heals by itself, REPAIRED by the engine, PERMANENT by somebody; SKIPPED is no failure."""

    TRANSIENT = "transient"
    REPAIRED = "repaired"
    PERMANENT = "permanent"
    SKIPPED = "skipped"


class Scope(StrEnum):
    ITEM = "item"
    MAILBOX = "mailbox"
    CONNECTION = "connection"


@dataclass(frozen=True, slots=True)
class Cause:
    code: str
    healing: Healing
    scope: Scope
    cause: str
    remedy: str

    @property
    def heals_by_itself(self) -> bool:
        return self.healing in (Healing.TRANSIENT, Healing.REPAIRED)


_T, _R, _P, _S = Healing.TRANSIENT, Healing.REPAIRED, Healing.PERMANENT, Healing.SKIPPED
_I, _M, _C = Scope.ITEM, Scope.MAILBOX, Scope.CONNECTION

_CAUSES = (
    Cause("source_item_gone", _S, _I, "Moved or deleted since it was listed", "Nothing to do"),
    Cause(
        "source_mime_conversion",
        _P,
        _I,
        "Encrypted or S/MIME message that Exchange cannot export",
        "Copy it by hand from Outlook, then dismiss it",
    ),
    Cause(
        "source_content_corrupt",
        _P,
        _I,
        "Damaged message",
        "Open and save it in Outlook, then retry, or dismiss it",
    ),
    Cause("source_throttled", _T, _M, "Too many calls to Microsoft 365", "Nothing to do: syncing goes on"),
    Cause("source_busy", _T, _M, "Exchange is busy or down", "Check Microsoft's service health if it lasts"),
    Cause(
        "source_mailbox_unavailable",
        _P,
        _M,
        "The source mailbox has no licence, was soft-deleted, is on-premises, or belongs to a guest",
        "License or restore it, or take the user out of the policy",
    ),
    Cause(
        "source_mailbox_full",
        _P,
        _M,
        "The source mailbox is full, so that Exchange cannot note there what was read",
        "Free space in it, or raise its quota",
    ),
    Cause(
        "source_user_missing",
        _P,
        _M,
        "The source user was deleted or renamed",
        "Check the address in Microsoft Entra",
    ),
    Cause(
        "source_auth",
        _P,
        _C,
        "Certificate or secret of the Microsoft 365 connection expired, or consent was revoked",
        "Renew the connection",
    ),
    Cause(
        "source_forbidden",
        _P,
        _C,
        "Permission removed, or blocked by an access policy in Microsoft 365",
        "Grant consent again",
    ),
    Cause("source_move_in_progress", _T, _M, "Exchange is moving the mailbox", "Wait: it can take hours"),
    Cause(
        "dest_too_large",
        _P,
        _I,
        "Larger than Gmail takes",
        "Share the attachment through Drive, then dismiss it",
    ),
    Cause(
        "dest_rejected",
        _P,
        _I,
        "Blocked attachment type, virus, or not a valid message",
        "Deliver it by hand, then dismiss it",
    ),
    Cause(
        "dest_label_invalid",
        _R,
        _I,
        "Reserved or malformed folder name",
        "Nothing to do: it gets a safe name",
    ),
    Cause("dest_label_gone", _R, _M, "A label was removed during the run", "Nothing to do: it is recreated"),
    Cause(
        "dest_label_conflict",
        _R,
        _M,
        "A label exists in another spelling",
        "Nothing to do: the existing one is used",
    ),
    Cause(
        "dest_label_limit",
        _P,
        _I,
        "The destination has 10,000 labels, the most that Gmail allows",
        "Remove labels in Gmail, or folders in Outlook, then retry",
    ),
    Cause(
        "dest_service_off",
        _P,
        _M,
        "Gmail is switched off for the destination user",
        "Switch it on, or assign a licence",
    ),
    Cause(
        "dest_user_missing",
        _P,
        _M,
        "The destination account is missing or was renamed",
        "Provision the account",
    ),
    Cause("dest_auth", _P, _C, "Google refused the credentials of the connection", "Renew the connection"),
    Cause(
        "dest_scope",
        _P,
        _C,
        "The domain-wide delegation lacks a scope",
        "Add the scopes in the Google Admin console",
    ),
    Cause(
        "dest_policy",
        _P,
        _C,
        "The app is blocked by the Google Workspace admin",
        "Allow the app in the Google Admin console",
    ),
    Cause(
        "dest_api_off",
        _P,
        _C,
        "The Gmail API is switched off in the Google Cloud project of the connection",
        "Enable the Gmail API in the Google Cloud console",
    ),
    Cause("dest_throttled", _T, _M, "Gmail quota used up for now", "Nothing to do: syncing slows down"),
    Cause(
        "dest_daily_quota",
        _T,
        _C,
        "The Google project's daily quota is spent",
        "Wait until tomorrow, or raise the quota",
    ),
    Cause("dest_storage_full", _P, _M, "The destination's storage is full", "Free or buy storage"),
    Cause("dest_unavailable", _T, _I, "Gmail did not answer properly", "Nothing to do: it is tried again"),
    Cause("network", _T, _M, "The network failed on the way", "Nothing to do: it is tried again"),
    Cause(
        "interrupted",
        _T,
        _M,
        "The sync stopped in the middle",
        "Nothing to do: the next run goes on from there",
    ),
    Cause(
        "overdue",
        _P,
        _M,
        "No sync has succeeded for more than one and a half times the policy's frequency",
        "Look at the newest runs, then sync the mailbox now",
    ),
    Cause(
        "unknown",
        _P,
        _I,
        "A cause that is not known yet",
        "Retry it; if it fails again, send the report to support",
    ),
)

CATALOGUE: dict[str, Cause] = {cause.code: cause for cause in _CAUSES}


def cause_of(code: str) -> Cause:
    """The catalogue's entry, or that of `unknown` for a code of an engine outside that is not in it."""
    return CATALOGUE.get(code) or CATALOGUE["unknown"]
