"""Whatever it is given, every function of blocks/ that gives a whole view gives one that Slack takes."""

import json
import re
from collections.abc import Callable, Iterator
from importlib import import_module
from inspect import getmembers, isfunction, signature
from pathlib import Path
from pkgutil import iter_modules
from typing import Any, get_type_hints

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

import blocks
from blocks import limits, look, lookup, plain
from blocks.kit import Block
from blocks.look import Look, Result
from blocks.surface import Home, Message, Modal
from blocks.text import units
from bot.sandbox.slack.validate import check_blocks, check_view
from bot.views import MailboxRef
from tests.unit.blocks import whatever
from tests.unit.blocks.reading import objects

pytestmark = [pytest.mark.slow, pytest.mark.filterwarnings("default:Generating overly large repr")]

Builder = Callable[..., Any]

SURFACES = {Message: "message", Modal: "modal", Home: "home", Result: "modal"}
SAFE = {"header", "section", "context", "actions", "divider", "rich_text", "input"}
NEWER = {
    "message": {"table", "container", "data_visualization", "plan"},
    "modal": {"alert"},
    "home": {"data_visualization"},
}
OURS = re.compile(
    r"<!date\^-?\d+\^\{date_short_pretty\} \{time\}\|\d{4}-\d\d-\d\d \d\d:\d\d UTC>|<@[UW][A-Z0-9]{2,20}>"
    r"|<!subteam\^S[A-Z0-9]{2,20}>|<#[CGD][A-Z0-9]{1,30}>|<[^<>]*\|another message>"
)
ENTITY = re.compile(r"&(amp|lt|gt);")
INVISIBLE = re.compile(r"[\x00-\x08\x0b-\x1f\x7f\u202a-\u202e\u2066-\u2069\ud800-\udfff]")

often = settings(
    max_examples=25,
    deadline=None,
    phases=set(Phase) - {Phase.explain},
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.large_base_example],
)


def builders() -> Iterator[tuple[str, Builder]]:
    """Every public function of blocks/ that gives a whole message, modal or Home, or what is drawn on top."""
    for module in iter_modules(blocks.__path__, "blocks."):
        for name, function in getmembers(import_module(module.name), isfunction):
            is_public = function.__module__ == module.name and not name.startswith("_")
            if is_public and get_type_hints(function).get("return") in SURFACES:
                yield f"{module.name}.{name}".removeprefix("blocks."), function


PLAIN = {"plain.message", "plain.modal", "plain.home"}
"""What they are given is what another one gave."""

BUILDERS = {name: function for name, function in builders() if name not in PLAIN}


def built(builder: Builder, *, safe: bool) -> st.SearchStrategy[Any]:
    """`safe` is what the setting says, where the builder listens to it."""
    drawn = whatever.arguments(builder)
    if "safe" in drawn:
        drawn["safe"] = st.just(safe)
    if "look" in drawn:
        drawn["look"] = drawn["look"].map(lambda one: Look(safe, one.shared, one.result))
    if "mention" in drawn:
        drawn["mention"] = whatever.mentions()
    return st.builds(builder, **drawn)


def allowed(builder: Builder, *, safe: bool) -> set[str]:
    """Newer blocks only where Slack takes them, the setting does, and the builder asks what it says."""
    made = get_type_hints(builder)["return"]
    listens = made is Result or not {"safe", "look"}.isdisjoint(signature(builder).parameters)
    return SAFE | NEWER[SURFACES[made]] if listens and not safe else SAFE


@pytest.mark.parametrize("name", BUILDERS)
@often
@given(data=st.data(), safe=st.booleans())
def test_whatever_it_is_given_slack_takes_it(name: str, data: st.DataObject, *, safe: bool) -> None:
    builder = BUILDERS[name]
    drawn = _whole(data.draw(built(builder, safe=safe)), safe=safe)
    assert_taken(drawn)
    assert {block["type"] for block in drawn.blocks} <= allowed(builder, safe=safe)
    assert_taken(_plain(drawn))


def _whole(drawn: Any, *, safe: bool) -> Message | Modal | Home:
    """A result stands on top of a modal."""
    if not isinstance(drawn, Result):
        whole: Message | Modal | Home = drawn
        return whole
    shown = look.result_line(drawn, Look(safe=safe))
    return Modal.of("Errors", [shown] if shown else [])


def _plain(drawn: Message | Modal | Home) -> Message | Modal | Home:
    if isinstance(drawn, Message):
        return plain.message(drawn)
    return plain.modal(drawn) if isinstance(drawn, Modal) else plain.home(drawn)


def test_no_function_that_gives_a_whole_view_is_left_out() -> None:
    """As their text says, apart from how they are found above."""
    written = re.compile(r"^def ([a-z]\w*)\([^)]*\) -> (?:Message|Modal|Home|Result):", re.MULTILINE)
    found = {
        f"{path.stem}.{name}"
        for path in Path(blocks.__path__[0]).glob("*.py")
        for name in written.findall(path.read_text())
    }
    assert found == {*BUILDERS, *PLAIN}


@often
@given(whatever.of(MailboxRef))
def test_every_mailbox_can_be_offered_where_it_is_looked_up(mailbox: MailboxRef) -> None:
    (option,) = lookup.options([mailbox])
    assert 1 <= units(option["text"]["text"]) <= limits.OPTION
    assert len(option["value"]) <= 150


def assert_taken(drawn: Message | Modal | Home) -> None:
    if isinstance(drawn, Message):
        assert_sendable(drawn)
    else:
        assert check_view(drawn.view) == []
        assert len(json.dumps(drawn.view)) <= 250_000
    assert_clean(drawn.blocks)


def assert_sendable(message: Message) -> None:
    assert check_blocks(message.blocks, "message") == []
    assert len(message.blocks) <= limits.MESSAGE_BLOCKS
    assert 0 < units(message.text) <= limits.MESSAGE_TEXT
    assert sum(map(units, shown(message.blocks))) <= 13_000
    assert_inert(message.text)


def assert_clean(drawn: list[Block]) -> None:
    for text in shown(drawn):
        assert text.strip()
        assert not INVISIBLE.search(text)
    for markup in (node["text"] for node in objects(drawn) if node.get("type") == "mrkdwn"):
        assert_inert(markup)


def assert_inert(markup: str) -> None:
    """No markup but ours: times, people, user groups, channels, one link."""
    rest = OURS.sub("", markup)
    assert not re.search(r"[<>]", rest), rest
    assert "&" not in ENTITY.sub("", rest), rest


def shown(node: object) -> Iterator[str]:
    for found in objects(node):
        if isinstance(found.get("text"), str):
            yield found["text"]
