"""How strict the stand-in is, and which of the behaviours that are allowed to vary it shows."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Literal

MissingUserCode = Literal["ErrorInvalidUser", "Request_ResourceNotFound", "ResourceNotFound"]
Reason = Literal["deleted", "changed"]


@dataclass(frozen=True)
class Limits:
    """For an app and a mailbox: https://learn.microsoft.com/graph/throttling-limits#outlook-service-limits

    How long Retry-After is for one call too many at once is not documented: it is `concurrency_wait`.
    """

    enforced: bool = True
    requests: int = 10_000
    window: timedelta = timedelta(minutes=10)
    concurrent: int = 4
    concurrency_wait: timedelta = timedelta(seconds=1)


@dataclass
class Knobs:
    """What https://learn.microsoft.com/graph/delta-query-overview leaves open.

    Of a delta round: `seed` orders its items; `repeats` is how likely an item comes twice; every
    `empty_every`-th page is empty and has a nextLink; every `replay_every`-th page comes twice; with
    `sparse_updates` a changed message has its id and the changed properties only. Zero is never.
    `token_capacity`: Outlook forgets the oldest state tokens when their cache is full.
    `move_reason`: the overview defines "changed" as restorable; the sample of messages says "deleted".
    `missing_user`: all three codes are reported for a mailbox that does not exist
    (microsoft-graph-docs-contrib issues 5460, 4340; the directory itself says Request_ResourceNotFound).
    The rest is not documented: whether the root is in the folders' delta, whether a folder whose counts
    changed is (hidden ones never are here), and whether a path may hold an immutable id without the Prefer
    header.
    """

    seed: int = 1
    repeats: float = 0.0
    empty_every: int = 0
    replay_every: int = 0
    sparse_updates: bool = False
    token_capacity: int = 100_000
    move_reason: Reason = "deleted"
    missing_user: MissingUserCode = "ErrorInvalidUser"
    root_in_folder_delta: bool = False
    counts_change_folders: bool = False
    immutable_id_needs_preference: bool = True
    page_size: int = 10
    largest_page: int = 1_000
