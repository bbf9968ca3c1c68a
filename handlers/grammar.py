"""What may follow `/sync`, and what it means."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from bot.domain.addresses import parse_address
from bot.domain.spelling import nearest
from bot.domain.values import MailboxStatus, Outcome, Role
from bot.errors import BadCommand
from handlers.typed import one_of, readable

SLASH = "/sync"
_MENTION = re.compile(r"<(?:@|!subteam\^)([A-Z0-9]+)>")
LONGEST = 1_000
"""Characters of a command that are read; nobody types more on purpose."""


class Verb(StrEnum):
    STATUS = "status"
    LIST = "list"
    HISTORY = "history"
    ERRORS = "errors"
    FAILURES = "failures"
    RETRY = "retry"
    RUN = "run"
    SEARCH = "search"
    SUBSCRIBE = "subscribe"
    UNSUBSCRIBE = "unsubscribe"
    SUBSCRIPTIONS = "subscriptions"
    MUTE = "mute"
    UNMUTE = "unmute"
    ACCESS = "access"
    AUDIT = "audit"
    WHOAMI = "whoami"
    DIGEST = "digest"
    POLICIES = "policies"
    POLICY = "policy"
    HEALTH = "health"
    HELP = "help"


@dataclass(frozen=True, slots=True)
class Spec:
    """One command as help, the manifest and the reference show it. `words` is the least that must follow.

    `role` is None where anybody may ask.
    """

    verb: Verb
    arguments: str
    effect: str
    example: str
    role: Role | None = Role.VIEWER
    words: int = 0

    @property
    def usage(self) -> str:
        return f"{SLASH} {self.verb} {self.arguments}".rstrip()


COMMANDS: dict[Verb, Spec] = {
    spec.verb: spec
    for spec in (
        Spec(
            Verb.STATUS,
            "[email]",
            "Show one user's sync; without an address, the overview of all",
            f"{SLASH} status ada@org.com",
        ),
        Spec(
            Verb.LIST,
            "[status|policy]",
            "List mailboxes, all or by status (synced, failed, running, never) or by policy",
            f"{SLASH} list failed",
        ),
        Spec(
            Verb.HISTORY,
            "email [outcome]",
            "Show all runs and retries, or those that came out so (failed, partial, synced, running); "
            "from there to the last good run before failures began",
            f"{SLASH} history ada@org.com failed",
            words=1,
        ),
        Spec(
            Verb.ERRORS,
            "email",
            "Show each failed item, why it failed, and its Retry button",
            f"{SLASH} errors ada@org.com",
            words=1,
        ),
        Spec(Verb.FAILURES, "", "Show what fails everywhere, grouped by cause", f"{SLASH} failures"),
        Spec(
            Verb.RETRY,
            "email [number|all]",
            "Sync failed items again now: the only one, one by its number in the list of errors, or all",
            f"{SLASH} retry ada@org.com all",
            role=Role.OPERATOR,
            words=1,
        ),
        Spec(
            Verb.RUN,
            "email",
            "Sync one mailbox now, outside its schedule",
            f"{SLASH} run ada@org.com",
            role=Role.OPERATOR,
            words=1,
        ),
        Spec(
            Verb.SEARCH, "text", "Find mailboxes by a part of their address", f"{SLASH} search ada", words=1
        ),
        Spec(
            Verb.SUBSCRIBE,
            "[name=value ...]",
            "Have alerts posted in this channel: all, or by policy, domain, mailbox, cause, severity; "
            "with quiet hours, a mention, a digest",
            f"{SLASH} subscribe policy=Gold quiet=22:00-07:00@Europe/Berlin mention=@it-oncall",
            role=Role.ADMIN,
        ),
        Spec(
            Verb.UNSUBSCRIBE,
            "",
            "Have no alerts posted in this channel any more",
            f"{SLASH} unsubscribe",
            role=Role.ADMIN,
        ),
        Spec(
            Verb.SUBSCRIPTIONS,
            "",
            "Show which channel gets what, and what is muted; admins change it there",
            f"{SLASH} subscriptions",
        ),
        Spec(
            Verb.MUTE,
            "[what time reason]",
            "Post nothing new about a mailbox, a policy, a cause, or in a channel, for a time; "
            "alone, show what is muted",
            f"{SLASH} mute ada@org.com 2h moving house",
            role=Role.OPERATOR,
        ),
        Spec(
            Verb.UNMUTE,
            "what",
            "End a mute before its time",
            f"{SLASH} unmute policy=Gold",
            role=Role.OPERATOR,
            words=1,
        ),
        Spec(
            Verb.ACCESS,
            "[@user] | grant @user role | revoke @user",
            "Show who has which role and from where; give a user or user group a role, or take it back",
            f"{SLASH} access grant @omar operator",
            role=Role.ADMIN,
        ),
        Spec(
            Verb.AUDIT,
            "[email]",
            "Show who did what, and when: everything, or about one mailbox",
            f"{SLASH} audit ada@org.com",
        ),
        Spec(
            Verb.WHOAMI,
            "",
            "Show your user id, your role and where it comes from, and your time zone",
            f"{SLASH} whoami",
            role=None,
        ),
        Spec(
            Verb.DIGEST,
            "",
            "Show what this channel's next digest would say, had it to be posted now",
            f"{SLASH} digest",
            role=Role.ADMIN,
        ),
        Spec(
            Verb.POLICIES,
            "",
            "List policies: what they sync and how often, how many mailboxes fail, what is due next; admins "
            "enable and disable them there",
            f"{SLASH} policies",
        ),
        Spec(
            Verb.POLICY,
            "name enable|disable",
            "Let a policy's mailboxes sync on schedule, or no longer; what runs finishes, and history stays",
            f'{SLASH} policy "Gold plus" disable',
            role=Role.ADMIN,
            words=2,
        ),
        Spec(
            Verb.HEALTH,
            "",
            "Show what was not delivered and why, what waits, and whether Slack and the engine are connected",
            f"{SLASH} health",
        ),
        Spec(Verb.HELP, "[command]", "Show what can be asked", f"{SLASH} help retry"),
    )
}

_STATUS_WORDS = {
    "synced": MailboxStatus.SYNCED,
    "failed": MailboxStatus.FAILED,
    "running": MailboxStatus.IN_PROGRESS,
    "in progress": MailboxStatus.IN_PROGRESS,
    "never": MailboxStatus.NEVER_SYNCED,
    "never synced": MailboxStatus.NEVER_SYNCED,
}


@dataclass(frozen=True, slots=True)
class Command:
    """A command as typed: its verb, and the words after it."""

    verb: Verb
    words: tuple[str, ...] = ()

    @property
    def text(self) -> str:
        return " ".join(self.words)


def parse(text: str) -> Command:
    """Read what was typed after `/sync`. An address alone asks for its status; nothing asks for help.

    Raises:
        BadCommand: with the closest command, or what is missing.
    """
    words = tuple(readable(text[:LONGEST]).split())
    if not words:
        return Command(Verb.HELP)
    if parse_address(words[0]):
        return Command(Verb.STATUS, words[:1])
    spec = COMMANDS[verb_of(words[0])]
    if len(words) - 1 < spec.words:
        raise BadCommand(f"`{SLASH} {spec.verb}` needs more: `{spec.usage}`, for example `{spec.example}`.")
    return Command(spec.verb, words[1:])


def parse_who(word: str) -> str:
    """The id of the user or user group that a word mentions, else the word itself: an id, or a handle."""
    found = _MENTION.fullmatch(word)
    return found.group(1) if found else word


def parse_role(word: str) -> Role:
    """Raises BadCommand where it is none."""
    try:
        return Role[word.upper().removesuffix("S")]
    except KeyError:
        raise BadCommand(f"“{word[:40]}” is no role. There are `viewer`, `operator` and `admin`.") from None


def verb_of(word: str) -> Verb:
    """The command that a word names.

    Raises:
        BadCommand: with the closest command.
    """
    try:
        return Verb(word.lower())
    except ValueError:
        close = nearest(word, [*Verb])
        hint = f"Did you mean `{SLASH} {close}`?" if close else f"`{SLASH} help` lists them."
        raise BadCommand(f"There is no command “{word[:40]}”. {hint}") from None


def parse_filter(words: Sequence[str]) -> tuple[MailboxStatus | None, str | None]:
    """The status, or else the name of the policy, that a list is narrowed to."""
    text = " ".join(words).strip("“”\"'")
    status = _STATUS_WORDS.get(text.lower())
    return status, (text or None) if status is None else None


def parse_outcome(words: Sequence[str]) -> Outcome:
    """How the entries of a history came out that are wanted. Raises BadCommand where it is no such word."""
    return Outcome(one_of(words[0], [*Outcome], "outcome"))


def parse_which(words: Sequence[str]) -> int | None:
    """Which failed item to retry, counting from 1; None stands for all.

    Raises:
        BadCommand: it is neither a number nor `all`.
    """
    word = words[0].lower().lstrip("#")
    if word == "all":
        return None
    if word.isascii() and word.isdigit() and int(word[:9]) > 0:
        return int(word[:9])
    raise BadCommand(
        f"“{words[0][:40]}” is neither a number nor `all`. `{SLASH} errors email` numbers the failed items."
    )
