"""What holds of every command: its help, its example, its answer, whoever is in it and whatever is typed."""

import pytest

from blocks.surface import Message
from blocks.text import units
from bot.domain.values import MailboxStatus
from bot.errors import BadCommand
from bot.sandbox.slack.validate import check_blocks
from bot.views import HistoryList, MailboxRow, Page
from handlers import commands
from handlers.gesture import Gesture
from handlers.grammar import COMMANDS, Spec, Verb, parse
from tests.gallery.extremes import hostile, long
from tests.unit.blocks.examples import ALICE, errors, line, run, status
from tests.unit.handlers.fakes import OVERVIEW, Bot, command
from tests.unit.services.fakes import ADMIN, FakeDetails, FakeMailboxes

SAFE = {"header", "section", "context", "actions", "divider", "rich_text"}
POSTING = {Verb.SUBSCRIBE, Verb.UNSUBSCRIBE}
"""They tell the channel what it gets from now on; all others need no bot in it."""

every_command = pytest.mark.parametrize("spec", COMMANDS.values(), ids=list(COMMANDS))


async def answered(bot: Bot, text: str) -> list[Message]:
    ack = bot.ack()
    await bot.boundary.listener(Gesture.of_command, commands.route)(ack, command(text, ADMIN))
    assert ack.answers == [{}]
    assert {said.how for said in bot.desk.said} == {"respond"}
    return [said.shown for said in bot.desk.said if isinstance(said.shown, Message)]


def typed(spec: Spec) -> str:
    return spec.example.removeprefix("/sync ").replace("ada@org.com", ALICE.source)


@every_command
async def test_its_help_shows_how_it_is_typed_what_it_does_and_an_example(spec: Spec) -> None:
    (message,) = await answered(Bot(), f"help {spec.verb}")
    assert all(part in message.text for part in (spec.usage, spec.effect, spec.example))
    assert len(message.blocks) == 2


async def test_help_alone_shows_all() -> None:
    (message,) = await answered(Bot(), "help")
    shown = str(message.blocks)
    assert [spec.verb for spec in COMMANDS.values() if spec.example not in shown] == []


@every_command
async def test_its_example_is_answered_to_the_asker_alone_by_what_the_command_brought(spec: Spec) -> None:
    """By its response URL, which takes no bot in the channel."""
    bot = Bot()
    answers = await answered(bot, typed(spec))
    assert answers
    assert "Something went wrong" not in str(answers)
    assert "There is no command" not in str(answers)
    posted = [*bot.announcer.announced, *bot.announcer.withdrawn]
    assert not posted or spec.verb in POSTING


@every_command
async def test_with_safe_blocks_its_answer_has_no_others(spec: Spec) -> None:
    for message in await answered(Bot(safe_blocks=True), typed(spec)):
        assert {block["type"] for block in message.blocks} <= SAFE


@every_command
@pytest.mark.parametrize("make", [hostile, long])
async def test_whatever_it_finds_its_answer_is_within_the_limits(spec: Spec, make: object) -> None:
    for message in await answered(full(make), typed(spec)):
        assert check_blocks(message.blocks, "message") == []
        assert units(message.text) <= 4_000


def full(make: object) -> Bot:
    """All that the commands find is changed by `make`."""
    assert callable(make)
    row = make(MailboxRow(ALICE, MailboxStatus.SYNCED, "Gold", None, 1_000_000))
    lists = make(errors(line())), make(HistoryList(ALICE, (run(),), Page(1, 10, 1_000_000)))
    details = FakeDetails(make(status(open_failures=1_000_000)), *lists, overview_card=OVERVIEW)
    return Bot(mailboxes=FakeMailboxes((row,)), details=details)


@every_command
@pytest.mark.parametrize("rest", ["x" * 39_000, "<!channel> \u202e `code` *bold*", "💥" * 900, '= , ; " |'])
async def test_whatever_is_typed_after_it_gets_a_short_answer(spec: Spec, rest: str) -> None:
    for message in await answered(Bot(), f"{spec.verb} {rest}"):
        assert "Something went wrong" not in message.text
        assert check_blocks(message.blocks, "message") == []
        assert units(message.text) <= 4_000


@every_command
def test_a_letter_that_is_missing_or_swapped_gets_it_suggested(spec: Spec) -> None:
    word = str(spec.verb)
    swapped = f"{word[0]}{word[2]}{word[1]}{word[3:]}"
    for typo in {word[:-1], f"{word[0]}{word[2:]}", swapped} - {*Verb}:
        with pytest.raises(BadCommand) as refused:
            parse(typo)
        assert f"Did you mean `/sync {spec.verb}`?" in refused.value.sentence


@every_command
async def test_help_for_a_typo_suggests_the_command(spec: Spec) -> None:
    (message,) = await answered(Bot(), f"help {spec.verb}x")
    assert f"Did you mean /sync {spec.verb}?" in message.text
