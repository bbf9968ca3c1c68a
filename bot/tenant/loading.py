"""From a tenant file, and the lists that it names, to what is wanted; or to everything that is wrong."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path

from pydantic import ValidationError

from bot.tenant.document import Document, read_yaml
from bot.tenant.faults import BadTenant, Fault, Place
from bot.tenant.listing import MailboxList
from bot.tenant.reasons import YamlPath, reasons
from bot.tenant.schema import PolicyPart, TenantPart
from bot.tenant.wanted import Tenant, WantedMailbox
from bot.wire.reasons import did_you_mean

LARGEST = 32 * 1024 * 1024
"""Bytes of a tenant file. Lists are read line by line and may be larger."""

_ONE_OF = {"connections": "connection", "policies": "policy"}


def load_tenant(file: Path) -> Tenant:
    """Raises: BadTenant, with every mistake."""
    document = _read(file)
    faults = list(document.faults)
    if document.root is None:
        raise BadTenant(str(file), faults or [Fault(Place(str(file)), "is empty")])
    part, wrong = _valid_part(document, file.parent.absolute(), faults)
    tenant = _Gathering(document, part, file.parent, wrong, faults).tenant()
    if faults:
        raise BadTenant(str(file), faults)
    return tenant


def _valid_part(document: Document, folder: Path, faults: list[Fault]) -> tuple[TenantPart, set[YamlPath]]:
    """The file, or what is right of it, so that mistakes elsewhere are found at the same time; and the paths
    of what had to be left out.
    """
    written = document.plain
    try:
        return TenantPart.model_validate(written, context=folder), set()
    except ValidationError as error:
        found = list(reasons(error))
    faults.extend(Fault(document.place(path), reason) for path, reason in found)
    wrong = {path[:2] for path, _ in found}
    return TenantPart.model_validate(_without(written, wrong), context=folder), wrong


def _without(written: object, wrong: set[YamlPath]) -> dict[str, object]:
    sections = written.items() if isinstance(written, dict) else ()
    return {
        name: _left(name, content, wrong)
        for name, content in sections
        if (name,) not in wrong and not (name == "slack" and any(path[0] == name for path in wrong))
    }


def _left(section: str, content: object, wrong: set[YamlPath]) -> object:
    if isinstance(content, dict):
        return {key: value for key, value in content.items() if (section, key) not in wrong}
    if isinstance(content, list):
        return [value for index, value in enumerate(content) if (section, index) not in wrong]
    return content


def _read(file: Path) -> Document:
    try:
        if file.stat().st_size > LARGEST:
            raise BadTenant(
                str(file), [Fault(Place(str(file)), "is too large; put the mailboxes into a CSV file")]
            )
        content = file.read_bytes()
    except OSError as error:
        reason = f"cannot be read: {error.strerror or error}"
        raise BadTenant(str(file), [Fault(Place(str(file)), reason)]) from error
    try:
        return read_yaml(str(file), content.decode("utf-8-sig"))
    except UnicodeDecodeError as error:
        place = Place(str(file), content.count(b"\n", 0, error.start) + 1)
        raise BadTenant(str(file), [Fault(place, "this is not UTF-8; save the file as UTF-8")]) from None


@dataclass(slots=True)
class _Gathering:
    """Puts together the parts that are right by themselves. `wrong`: paths of those that are not."""

    document: Document
    part: TenantPart
    folder: Path
    wrong: set[YamlPath]
    faults: list[Fault]
    mailboxes: dict[str, WantedMailbox] = field(default_factory=dict)
    places: dict[str, Place] = field(default_factory=dict)

    def tenant(self) -> Tenant:
        self._check_connections()
        self._check_policies()
        self._gather()
        connections = {name: part.value(name) for name, part in self.part.connections.items()}
        policies = {key: part.value(key) for key, part in self.part.policies.items()}
        return Tenant(connections, policies, self.mailboxes, self.part.slack.value)

    def _check_connections(self) -> None:
        for name, part in self.part.connections.items():
            if part.lacks:
                self._note(("connections", name), f"`connections.{name}` {part.lacks}")

    def _check_policies(self) -> None:
        names: dict[str, str] = {}
        for key, part in self.part.policies.items():
            self._check_sides(key, part)
            name = (part.name or key).casefold()
            if name in names:
                self._note(("policies", key, "name"), f"the policy `{names[name]}` has the same name")
            names.setdefault(name, key)

    def _check_sides(self, key: str, part: PolicyPart) -> None:
        for side, kind in (("source", "microsoft365"), ("destination", "google_workspace")):
            name = getattr(part, side)
            found = self.part.connections.get(name)
            where = ("policies", key, side)
            if found is None:
                self._check_name(self.document.place(where), "connections", name)
            elif found.kind != kind:
                self._note(where, f"the {side} must be a connection of the kind `{kind}`")

    def _check_name(self, place: Place, section: str, name: str) -> None:
        """What is there, but wrong, is no unknown name."""
        known: Mapping[str, object] = getattr(self.part, section)
        if name not in known and not {(section,), (section, name)} & self.wrong:
            self.faults.append(Fault(place, _unknown(_ONE_OF[section], name, known)))

    def _gather(self) -> None:
        for place, mailbox in self._listed():
            self._check_name(place, "policies", mailbox.policy)
            first = self.places.setdefault(mailbox.source, place)
            if first is not place:
                self.faults.append(Fault(place, f"{mailbox.source} stands in {first} already"))
            else:
                self.mailboxes[mailbox.source] = mailbox

    def _listed(self) -> Iterator[tuple[Place, WantedMailbox]]:
        for index, part in zip(self._indexes("mailboxes"), self.part.mailboxes, strict=False):
            place = self.document.place(("mailboxes", index))
            yield place, WantedMailbox(part.source, part.destination, part.policy)
        yield from self._from_files()

    def _from_files(self) -> Iterator[tuple[Place, WantedMailbox]]:
        for index, part in zip(self._indexes("mailboxes_from"), self.part.mailboxes_from, strict=False):
            path = self.folder / part.file
            if not path.is_file():
                self._note(("mailboxes_from", index, "file"), f"there is no file {path}")
                continue
            found = MailboxList(path, str(path), part.policy)
            yield from found.rows()
            self.faults.extend(found.faults)

    def _indexes(self, section: str) -> Iterator[int]:
        """Where the entries that are right stand in the file."""
        return (index for index in count() if (section, index) not in self.wrong)

    def _note(self, path: YamlPath, reason: str) -> None:
        self.faults.append(Fault(self.document.place(path), reason))


def _unknown(what: str, name: str, known: Mapping[str, object]) -> str:
    hint = did_you_mean(name, known) or f"; known are {', '.join(f'`{each}`' for each in [*known][:5])}"
    return f"the {what} `{name[:64]}` is unknown{hint if known else ''}"
