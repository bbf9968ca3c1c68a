"""The endpoints of Graph that read mail, from a parsed request to an answer: no socket here."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from bot.sandbox.graph import rendering, wellknown
from bot.sandbox.graph.answer import Answer
from bot.sandbox.graph.delta import (
    Cursor,
    Item,
    Page,
    Round,
    Rounds,
    by_reception,
    changed_names,
    folders_since,
    links,
    messages_since,
)
from bot.sandbox.graph.errors import Json, refusal
from bot.sandbox.graph.mint import is_immutable, is_well_formed
from bot.sandbox.graph.model import READ_MAIL, READ_USERS, Folder, Mailbox, Message, Tombstone
from bot.sandbox.graph.paths import Target
from bot.sandbox.graph.query import Preferences, delta_only, only, options
from bot.sandbox.graph.signin import Grant
from bot.sandbox.graph.world import World

TOKENS = frozenset({"$skiptoken", "$deltatoken"})


@dataclass(frozen=True, slots=True)
class Ask:
    """One request to Graph, alone or in a batch."""

    target: Target
    query: Mapping[str, str]
    wanted: Preferences
    root: str


class Api:
    def __init__(self, world: World, rounds: Rounds) -> None:
        self._world = world
        self._knobs = world.knobs
        self._rounds = rounds
        self._endpoints: dict[str, Callable[[Ask, Mailbox], Answer]] = {
            "value": self._value,
            "message": self._message,
            "delta": self._message_delta,
            "folder": self._folder,
            "folders": self._folders,
            "folder-delta": self._folder_delta,
            "folder-value": self._folder_value,
        }

    def answer(self, ask: Ask, grant: Grant) -> Answer:
        """Raises Refusal."""
        if ask.target.kind == "user":
            return self._user(ask, grant)
        endpoint = self._endpoints.get(ask.target.kind)
        if endpoint is None:
            raise refusal("BadRequest", "Resource not found for the segment.")
        if READ_MAIL not in grant.app.roles:
            raise refusal("ErrorAccessDenied")
        return endpoint(ask, self._mailbox(ask.target.user))

    # Users

    def _user(self, ask: Ask, grant: Grant) -> Answer:
        """Permission to read mail does not do: https://learn.microsoft.com/graph/api/user-get"""
        if READ_USERS not in grant.app.roles:
            raise refusal("Authorization_RequestDenied")
        only(ask.query, "$select")
        mailbox = self._world.mailbox(ask.target.user)
        if mailbox is None or mailbox.state == "missing":
            reason = "does not exist or one of its queried reference-property objects are not present."
            raise refusal("Request_ResourceNotFound", f"Resource '{ask.target.user}' {reason}")
        chosen = options(ask.query, rendering.USER_PROPERTIES, rendering.USER_TYPE).select
        return Answer(json=_in_context(ask, "users/$entity", rendering.user_json(mailbox, chosen)))

    def _mailbox(self, user: str) -> Mailbox:
        found = self._world.mailbox(user)
        if found is None or found.state == "missing":
            raise self._missing(user)
        if found.state != "ready":
            codes = {
                "disabled": "MailboxNotEnabledForRESTAPI",
                "unsupported": "MailboxNotSupportedForRESTAPI",
                "forbidden": "ErrorAccessDenied",
                "moving": "ErrorMailboxMoveInProgress",
            }
            raise refusal(codes[found.state])
        return found

    def _missing(self, user: str) -> Exception:
        if self._knobs.missing_user == "ErrorInvalidUser":
            return refusal("ErrorInvalidUser", f"The requested user '{user}' is invalid.")
        return refusal(self._knobs.missing_user)

    # Folders

    def _folders(self, ask: Ask, mailbox: Mailbox) -> Answer:
        only(ask.query, "$select", "$top", "$skip", "includeHiddenFolders")
        chosen = options(ask.query, rendering.FOLDER_PROPERTIES, rendering.FOLDER_TYPE)
        with_hidden = ask.query.get("includeHiddenFolders", "").lower() == "true"
        shown = [child for child in mailbox.root.children if with_hidden or not child.is_hidden]
        skip = _skipped(ask.query.get("$skip", "0"))
        size = chosen.top or self._knobs.page_size
        value = [rendering.folder_json(child, chosen.select) for child in shown[skip : skip + size]]
        page: Json = {"value": value}
        if skip + size < len(shown):
            options_on = {**ask.query, "$skip": str(skip + size)}
            rest = "&".join(f"{name}={text}" for name, text in options_on.items())
            page["@odata.nextLink"] = f"{ask.root}/users/{mailbox.id}/mailFolders?{rest}"
        return Answer(json=_in_context(ask, f"users('{mailbox.id}')/mailFolders", page))

    def _folder(self, ask: Ask, mailbox: Mailbox) -> Answer:
        only(ask.query, "$select")
        folder = self._found_folder(mailbox, ask.target.folder)
        chosen = options(ask.query, rendering.FOLDER_PROPERTIES, rendering.FOLDER_TYPE).select
        context = f"users('{mailbox.id}')/mailFolders/$entity"
        return Answer(json=_in_context(ask, context, rendering.folder_json(folder, chosen)))

    def _found_folder(self, mailbox: Mailbox, name: str) -> Folder:
        well_known = name.lower()
        if well_known in wellknown.KNOWN:
            found = mailbox.well_known.get(well_known)
            if found is None:
                text = f"The specified object was not found in the store., Default folder {name} not found."
                raise refusal("ErrorItemNotFound", text)
            return found
        if not is_well_formed(name):
            raise refusal("ErrorInvalidIdMalformed")
        found = mailbox.folders.get(name)
        if found is None:
            raise refusal("ErrorItemNotFound")
        return found

    # Messages

    def _value(self, ask: Ask, mailbox: Mailbox) -> Answer:
        if ask.query:
            only(ask.query)
        message = self._found_message(mailbox, ask)
        return Answer(mime=message.source)

    def _folder_value(self, ask: Ask, mailbox: Mailbox) -> Answer:
        """Documented, yet refused: microsoft-graph-docs-contrib issue 5546."""
        self._found_message(mailbox, ask)
        raise refusal("ErrorInvalidRequest")

    def _message(self, ask: Ask, mailbox: Mailbox) -> Answer:
        only(ask.query, "$select")
        message = self._found_message(mailbox, ask)
        chosen = options(ask.query, rendering.MESSAGE_PROPERTIES, rendering.MESSAGE_TYPE).select
        shown = rendering.message_json(message, chosen, immutable=ask.wanted.immutable_ids)
        return Answer(json=_in_context(ask, f"users('{mailbox.id}')/messages/$entity", shown))

    def _found_message(self, mailbox: Mailbox, ask: Ask) -> Message:
        asked = ask.target.message or ""
        found = mailbox.messages.get(asked) if self._may_be_immutable(ask) else None
        found = found or mailbox.by_mutable_id.get(asked)
        if found is None:
            raise refusal("ErrorItemNotFound" if self._is_id(asked, ask) else "ErrorInvalidIdMalformed")
        return found

    def _may_be_immutable(self, ask: Ask) -> bool:
        return ask.wanted.immutable_ids or not self._knobs.immutable_id_needs_preference

    def _is_id(self, asked: str, ask: Ask) -> bool:
        return is_well_formed(asked) and (self._may_be_immutable(ask) or not is_immutable(asked))

    # Delta

    def _message_delta(self, ask: Ask, mailbox: Mailbox) -> Answer:
        folder = self._found_folder(mailbox, ask.target.folder)
        first = ("$select", "$top", "$filter", "$orderby")
        cursor = self._cursor(ask, f"messages/{folder.id}", first, rendering.MESSAGE_PROPERTIES)
        page = self._page(cursor, lambda at: self._messages(folder, at), ask)
        value = [shown for item in page.items if (shown := self._item(item, folder, page, ask))]
        link = f"{ask.root}/users('{mailbox.id}')/mailFolders('{folder.id}')/messages/delta"
        return self._delta_answer(ask, "Collection(message)", value, links(link, page))

    def _messages(self, folder: Folder, cursor: Cursor) -> Round:
        found = messages_since(folder, cursor.options, cursor.since)
        items = self._rounds.shuffled(found, f"{folder.id}/{cursor.since}")
        if cursor.options.newest_first:
            items = by_reception(items)
        return Round(cursor.collection, cursor.options, cursor.since, folder.mailbox.version, items)

    def _item(self, item: Item, folder: Folder, page: Page, ask: Ask) -> Json | None:
        """None for what has left the folder since the round began: the next round tells."""
        immutable = ask.wanted.immutable_ids
        if isinstance(item, Tombstone):
            return {
                "@odata.type": f"#{rendering.MESSAGE_TYPE}",
                **rendering.removed_json(item, immutable=immutable),
            }
        if not isinstance(item, Message) or item.is_gone or item.folder is not folder:
            return None
        names: Sequence[str] | None = page.round.options.select
        if self._knobs.sparse_updates and page.round.since:
            names = changed_names(item, page.round.since, names)
        shown = rendering.message_json(item, names, immutable=immutable)
        return {"@odata.type": f"#{rendering.MESSAGE_TYPE}", **shown}

    def _folder_delta(self, ask: Ask, mailbox: Mailbox) -> Answer:
        cursor = self._cursor(ask, f"folders/{mailbox.id}", ("$select",), rendering.FOLDER_PROPERTIES)
        page = self._page(cursor, lambda at: self._folder_round(mailbox, at), ask)
        value = [shown for item in page.items if (shown := self._folder_item(item, page))]
        link = f"{ask.root}/users('{mailbox.id}')/mailFolders/delta"
        return self._delta_answer(ask, "Collection(mailFolder)", value, links(link, page))

    def _folder_round(self, mailbox: Mailbox, cursor: Cursor) -> Round:
        found = folders_since(mailbox, cursor.since, self._knobs)
        items = self._rounds.shuffled(found, f"{mailbox.id}/{cursor.since}")
        return Round(cursor.collection, cursor.options, cursor.since, mailbox.version, items)

    @staticmethod
    def _folder_item(item: Item, page: Page) -> Json | None:
        if isinstance(item, Tombstone):
            return rendering.removed_json(item, immutable=True)
        if not isinstance(item, Folder) or item.is_gone:
            return None
        return rendering.folder_json(item, page.round.options.select)

    def _cursor(self, ask: Ask, collection: str, first: tuple[str, ...], known: frozenset[str]) -> Cursor:
        """Options go into the first call only: a token carries them, and beside one they are refused."""
        is_folder = known is rendering.FOLDER_PROPERTIES
        resource, type_name = (
            ("MailFolders", rendering.FOLDER_TYPE) if is_folder else ("Messages", rendering.MESSAGE_TYPE)
        )
        tokens = [name for name in ask.query if name.lower() in TOKENS]
        if not tokens:
            delta_only(ask.query, resource, *first)
            return Cursor(collection, options(ask.query, known, type_name))
        delta_only(ask.query, resource, tokens[0])
        return self._rounds.tokens.cursor(ask.query[tokens[0]], collection)

    def _page(self, cursor: Cursor, content: Callable[[Cursor], Round], ask: Ask) -> Page:
        """The size is asked for anew with each page, as in the samples of delta-query-messages."""
        size = ask.wanted.page_size or cursor.options.top or self._knobs.page_size
        return self._rounds.page(cursor, content, min(size, self._knobs.largest_page))

    @staticmethod
    def _delta_answer(ask: Ask, context: str, value: list[Json], onward: Json) -> Answer:
        return Answer(json=_in_context(ask, context, {**onward, "value": value}))


def _in_context(ask: Ask, context: str, content: Json) -> Json:
    return {"@odata.context": f"{ask.root}/$metadata#{context}", **content}


def _skipped(text: str) -> int:
    if not text.isascii() or not text.isdigit():
        raise refusal("BadRequest", f"Invalid value '{text}' for $skip query option found.")
    return int(text)
