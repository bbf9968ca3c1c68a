"""Reads YAML into text, lists and mappings, and keeps where each of them stands.

Every value stays the text that was written: `no`, `030` and `1e3` mean what they say. The parser's events are
put together here since PyYAML's own composer lets a later key replace an earlier one, and its C version dies
of deep nesting.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeAlias

import yaml
from yaml.events import (
    AliasEvent,
    DocumentEndEvent,
    DocumentStartEvent,
    Event,
    MappingEndEvent,
    MappingStartEvent,
    NodeEvent,
    ScalarEvent,
    SequenceEndEvent,
    StreamEndEvent,
    StreamStartEvent,
)

from bot.tenant.faults import Fault, Place

DEEPEST = 12
_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_NOTHING = {"", "~", "null", "Null", "NULL"}
_FRAME = (StreamStartEvent, StreamEndEvent, DocumentStartEvent, DocumentEndEvent)
_QUOTED = re.compile(r"(['\"])[^'\"\s]{3,}\1")
"""What PyYAML quotes of the file, which may be a secret."""

Content: TypeAlias = "str | list[Node] | dict[str, Entry] | None"


@dataclass(slots=True)
class Node:
    line: int
    column: int
    content: Content


@dataclass(slots=True)
class Entry:
    """A key, where it stands, and its value."""

    line: int
    column: int
    value: Node


class Broken(Exception):
    """The text is no YAML document that we take."""

    def __init__(self, line: int, column: int, reason: str) -> None:
        super().__init__(reason)
        self.line, self.column, self.reason = line, column, reason


@dataclass(slots=True)
class Document:
    """`root` is None for a text without any content."""

    file: str
    root: Node | None = None
    faults: list[Fault] = field(default_factory=list)

    @property
    def plain(self) -> Any:  # noqa: ANN401 - whatever the file holds
        return _plain(self.root) if self.root else None

    def place(self, path: Sequence[str | int]) -> Place:
        """Where the value at `path` stands, or its key where it goes on over lines, or what is nearest."""
        node, line, column = self.root, 1, 1
        for step in path:
            inner = _step(node, step)
            if inner is not None:
                line, column, node = inner
        return Place(self.file, line, column)


def read_yaml(file: str, text: str) -> Document:
    """What is wrong is in `faults`; of what is not YAML at all, the first mistake."""
    document = Document(file)
    try:
        document.root = _Composer(file, document.faults, _events(text)).root()
    except Broken as error:
        last = max(1, len(text.splitlines()))  # what lacks its end is noticed behind the last line
        document.faults.append(Fault(Place(file, min(error.line, last), error.column), error.reason))
    return document


@dataclass(slots=True)
class _Composer:
    file: str
    faults: list[Fault]
    events: Iterator[Event]

    def root(self) -> Node | None:
        content = [event for event in self._nodes() if event is not None]
        if len(content) > 1:
            raise Broken(content[1].line, 1, "a second document begins here; write one")
        return content[0] if content else None

    def _nodes(self) -> Iterator[Node | None]:
        for event in self.events:
            if not isinstance(event, _FRAME):
                yield self._node(event, 0)

    def _node(self, event: Event, depth: int) -> Node:
        line, column = _position(event.start_mark)
        if depth > DEEPEST:
            raise Broken(line, column, "this is nested too deeply")
        self._refuse_marks(event, line, column)
        if isinstance(event, ScalarEvent):
            nothing = event.value in _NOTHING and not event.style
            return Node(line, column, None if nothing else event.value)
        if isinstance(event, AliasEvent):
            return Node(line, column, None)
        inside = self._mapping(depth) if isinstance(event, MappingStartEvent) else self._list(depth)
        return Node(line, column, inside)

    def _refuse_marks(self, event: Event, line: int, column: int) -> None:
        if isinstance(event, AliasEvent):
            self._note(
                line, column, "`*` stands for a value from elsewhere; write it out, or put it in quotes"
            )
        elif isinstance(event, NodeEvent) and getattr(event, "tag", None):
            self._note(line, column, "`!` begins a tag, which means nothing here; put the value in quotes")

    def _list(self, depth: int) -> list[Node]:
        found = []
        while not isinstance(event := next(self.events), SequenceEndEvent):
            found.append(self._node(event, depth + 1))
        return found

    def _mapping(self, depth: int) -> dict[str, Entry]:
        found: dict[str, Entry] = {}
        while not isinstance(event := next(self.events), MappingEndEvent):
            key = self._node(event, depth + 1)
            value = self._node(next(self.events), depth + 1)
            self._keep(found, key, value)
        return found

    def _keep(self, found: dict[str, Entry], key: Node, value: Node) -> None:
        if not isinstance(key.content, str):
            self._note(key.line, key.column, "a key must be a word")
        elif key.content in found:
            first = found[key.content].line
            self._note(key.line, key.column, f"`{key.content[:64]}` stands here twice, first in line {first}")
        else:
            found[key.content] = Entry(key.line, key.column, value)

    def _note(self, line: int, column: int, reason: str) -> None:
        self.faults.append(Fault(Place(self.file, line, column), reason))


def _events(text: str) -> Iterator[Event]:
    try:
        yield from yaml.parse(text, Loader=_LOADER)
    except yaml.MarkedYAMLError as error:
        raise _broken(error) from None
    except yaml.reader.ReaderError as error:
        line = text.count("\n", 0, error.position) + 1
        raise Broken(line, 0, "a control character stands here; remove it") from None


def _broken(error: yaml.MarkedYAMLError) -> Broken:
    mark, began = error.problem_mark, error.context_mark
    line, column = _position(mark)
    problem = _QUOTED.sub("…", error.problem or "this is not YAML")
    if "tab" in problem or "'\\t'" in problem:
        return Broken(line, 0, "a tab stands where only blanks may; indent with blanks")
    since = f" (in what begins in line {began.line + 1})" if began and began.line + 1 != line else ""
    return Broken(line, column, f"{problem}{since}; this is not YAML")


def _position(mark: Any) -> tuple[int, int]:  # noqa: ANN401 - C and Python have each a class of their own
    return (mark.line + 1, mark.column + 1) if mark else (0, 0)


def _plain(node: Node) -> Any:  # noqa: ANN401 - whatever the file holds
    """A key without a value counts as left out."""
    content = node.content
    if isinstance(content, dict):
        filled = ((key, entry.value) for key, entry in content.items() if entry.value.content is not None)
        return {key: _plain(value) for key, value in filled}
    if isinstance(content, list):
        return [_plain(each) for each in content]
    return content


def _step(node: Node | None, step: str | int) -> tuple[int, int, Node] | None:
    content = node.content if node else None
    if isinstance(content, dict) and isinstance(step, str) and step in content:
        entry = content[step]
        shown: Node | Entry = entry if isinstance(entry.value.content, dict | list) else entry.value
        return shown.line, shown.column, entry.value
    if isinstance(content, list) and isinstance(step, int) and step < len(content):
        return content[step].line, content[step].column, content[step]
    return None
