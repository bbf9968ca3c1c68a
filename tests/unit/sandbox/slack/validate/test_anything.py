"""Whatever an app sends, the answer is a list of faults and never a crash."""

import copy
from collections.abc import Iterator

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.sandbox.slack import state
from bot.sandbox.slack.identify import identified
from bot.sandbox.slack.mint import Mint
from bot.sandbox.slack.model import Json
from bot.sandbox.slack.validate import check_blocks, check_view
from tests.unit.sandbox.slack.validate import samples as s

PIECES: list[Json] = [
    s.confirm(),
    s.accessory(type="static_select", options=s.options(2), initial_option=s.option(0)),
    s.container(2, is_collapsible=True),
    s.table(2, 2),
    s.data_table(2, 2),
    s.card(actions=s.buttons(2)),
    s.carousel(1),
    s.plan(1),
    s.pie(),
    s.line(2, 2),
    s.rich_text(),
    s.image(),
    s.form(type="plain_text_input"),
]
leaves = st.none() | st.booleans() | st.integers(-5, 5) | st.text(max_size=5)
wild = st.recursive(
    leaves,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
)
often = settings(max_examples=200, deadline=None, suppress_health_check=[HealthCheck.too_slow])


def places(value: object, path: tuple[str | int, ...] = ()) -> Iterator[tuple[str | int, ...]]:
    yield path
    pairs = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, held in pairs:
        yield from places(held, (*path, key))


def replaced(value: object, path: tuple[str | int, ...], new: object) -> object:
    if not path:
        return new
    copied = copy.deepcopy(value)
    spot = copied
    for key in path[:-1]:
        spot = spot[key]  # type: ignore[index]
    spot[path[-1]] = new  # type: ignore[index]
    return copied


@given(data=st.data(), new=wild)
@often
def test_a_piece_with_any_part_replaced_is_judged(data: st.DataObject, new: object) -> None:
    piece = data.draw(st.sampled_from(PIECES))
    path = data.draw(st.sampled_from(list(places(piece))))
    blocks = [replaced(piece, path, new), s.section()]
    if not check_blocks(blocks, "message"):
        state.initial(identified(blocks, Mint(lambda: 0.0)))  # type: ignore[arg-type]


@given(data=st.data(), new=wild)
@often
def test_a_view_with_any_part_replaced_is_judged(data: st.DataObject, new: object) -> None:
    view = s.modal(s.form(type="plain_text_input", focus_on_load=True), submit=s.plain())
    check_view(replaced(view, data.draw(st.sampled_from(list(places(view)))), new))


@given(wild)
def test_anything_at_all_is_judged(sent: object) -> None:
    check_blocks(sent, "home")
    check_view(sent)
