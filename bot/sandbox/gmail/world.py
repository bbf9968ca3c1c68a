"""All that the stand-in knows: the users and their mailboxes, the service account, and what it was
delegated.
"""

from collections.abc import Iterable

from bot.sandbox.gmail.errors import ApiError
from bot.sandbox.gmail.keys import ServiceAccount
from bot.sandbox.gmail.labels import Label
from bot.sandbox.gmail.mailbox import Mailbox, Message
from bot.sandbox.gmail.rules import Rules

FULL = "https://mail.google.com/"
SCOPES = frozenset(
    {
        FULL,
        *(
            f"https://www.googleapis.com/auth/gmail.{name}"
            for name in ("insert", "labels", "metadata", "modify")
        ),
    }
    | {"https://www.googleapis.com/auth/gmail.readonly", "https://www.googleapis.com/auth/gmail.compose"}
)
"""Those of the discovery document that lead to a method of this stand-in."""


class World:
    """Addresses are looked up without regard to case."""

    def __init__(self, rules: Rules) -> None:
        self.rules = rules
        self.account = ServiceAccount()
        self.delegated: frozenset[str] = SCOPES
        self.blocked_domains: set[str] = set()
        self._mailboxes: dict[str, Mailbox] = {}

    @property
    def users(self) -> list[Mailbox]:
        return list(self._mailboxes.values())

    def add_user(self, address: str) -> Mailbox:
        mailbox = Mailbox(address, self.rules)
        self._mailboxes[address.lower()] = mailbox
        return mailbox

    def user(self, address: str) -> Mailbox:
        return self._mailboxes[address.lower()]

    def find(self, address: str) -> Mailbox | None:
        """None also of one that is missing."""
        found = self._mailboxes.get(address.lower())
        return None if found is None or found.missing else found

    def opened(self, address: str) -> Mailbox:
        """The mailbox of a user who may use Gmail."""
        mailbox = self.find(address)
        if mailbox is None:
            raise ApiError("notFound")
        if mailbox.address.lower().rpartition("@")[2] in self.blocked_domains:
            raise ApiError("domainPolicy")
        if mailbox.service_off:
            raise ApiError("mailServiceOff")
        return mailbox

    def block(self, domain: str) -> None:
        """The administrators of the domain have disabled Gmail apps."""
        self.blocked_domains.add(domain.lower())

    def unblock(self, domain: str) -> None:
        self.blocked_domains.discard(domain.lower())

    def delegate(self, scopes: Iterable[str]) -> None:
        """What the Admin console lists for the service account, in place of what it listed before."""
        self.delegated = frozenset(scopes)

    def revoke_key(self) -> None:
        self.account.revoked = True

    def renew_key(self) -> None:
        self.account.renew()

    def labels(self, user: str) -> list[Label]:
        return list(self.user(user).labels.values())

    def label_named(self, user: str, name: str) -> Label | None:
        return next((label for label in self.labels(user) if label.name == name), None)

    def messages(self, user: str) -> list[Message]:
        """In the order in which they came, those that only Vault sees among them."""
        return list(self.user(user).messages.values())

    def add_label(self, user: str, name: str) -> Label:
        return self.user(user).add_label(name)

    def remove_label(self, user: str, id_: str) -> None:
        self.user(user).remove_label(id_)
