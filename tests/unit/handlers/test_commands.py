"""Each command answers its asker with the card it names."""

import pytest

from bot.domain.values import MailboxId
from bot.errors import BadCommand
from bot.ports import RetryTarget
from bot.views import EVERYTHING, ErrorList, MailboxRef, Narrowing
from handlers import commands
from handlers.gesture import Gesture
from handlers.grammar import COMMANDS, Verb
from tests.unit.blocks.examples import ALICE, errors, line
from tests.unit.handlers.fakes import Bot, command, with_lines
from tests.unit.services.fakes import ADMIN, NOBODY, OPERATOR, VIEWER, FakeDetails, FakeMailboxes
from tests.unit.services.health_fakes import ARCHIVED

EMAIL = ALICE.source


async def typed(bot: Bot, text: str, user: str = OPERATOR) -> str:
    """Everything that was said to who typed this after `/sync`."""
    ack = bot.ack()
    await bot.boundary.listener(Gesture.of_command, commands.route)(ack, command(text, user))
    assert ack.answers == [{}]
    assert bot.desk.log[0] == "ack"
    return "\n".join(said.text for said in bot.desk.said)


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("", "What you can type"),
        ("help", "What you can type"),
        ("help retry", "Sync failed items again now"),
        ("status", "mailbox"),
        (f"status {EMAIL}", EMAIL),
        (EMAIL, EMAIL),
        (f"STATUS {EMAIL.upper()}", EMAIL),
        (f"history {EMAIL}", EMAIL),
        (f"history {EMAIL} failed", "1 entry that failed"),
        (f"history {EMAIL} faild", "Did you mean `failed`?"),
        (f"history {EMAIL} none", "There are `failed`, `partial`, `synced`, `running`"),
        (f"errors {EMAIL}", "Larger than Gmail takes".lower()),
        ("failures", ""),
        ("list", EMAIL),
        ("list failed", EMAIL),
        ("search alice", EMAIL),
        ("stauts", "Did you mean"),
        ("retry", "needs more"),
        ("status alice", EMAIL),
        (f"errors {EMAIL}x", "did you mean"),
        ("audit", "Audit log"),
        (f"audit {EMAIL}", f"Audit log of {EMAIL}"),
        ("whoami", "You are <@U0OMAR>, an operator."),
    ],
)
async def test_what_is_typed_is_answered_to_the_asker_alone(text: str, says: str) -> None:
    bot = Bot()
    bot.mailboxes.near = (ALICE,)
    answer = await typed(bot, text)
    assert bot.desk.how == ["respond"]
    assert says.lower() in answer.lower()


async def test_a_preview_of_the_digest_is_for_admins() -> None:
    assert "Mailbox sync so far, this" in await typed(Bot(), "digest", ADMIN)
    assert "this needs an admin" in await typed(Bot(), "digest", OPERATOR)


async def test_retry_of_the_only_failed_item_needs_no_number() -> None:
    bot = with_lines(Bot(), 1)
    assert "Retrying 1 item" in await typed(bot, f"retry {EMAIL}")
    assert bot.retries.targets == [RetryTarget(ALICE.id)]


@pytest.mark.parametrize("text", ["retry alice", "retry alice all", "run alice"])
async def test_a_part_of_an_address_shows_whom_it_finds_and_retries_nothing(text: str) -> None:
    bot = with_lines(Bot(), 1)
    assert EMAIL in await typed(bot, text)
    assert bot.retries.targets == []


async def test_what_is_in_no_address_is_refused() -> None:
    bot = Bot()
    bot.mailboxes.rows = ()
    assert "is not an e-mail address, nor a part of one" in await typed(bot, "status nonsense")


async def test_retry_of_several_without_a_number_shows_them_to_choose() -> None:
    bot = with_lines(Bot(), 2)
    await typed(bot, f"retry {EMAIL}")
    assert bot.retries.targets == []
    assert bot.desk.how == ["respond"]


@pytest.mark.parametrize(("number", "failure"), [("1", 1), ("8", 8), ("#9", 9), ("17", 17), ("20", 20)])
async def test_a_number_counts_over_all_pages_of_the_list(number: str, failure: int) -> None:
    bot = with_lines(Bot(), 20)
    await typed(bot, f"retry {EMAIL} {number}")
    assert [target.failures for target in bot.retries.targets] == [(failure,)]


async def test_a_number_of_a_page_that_is_gone_by_now_retries_no_other_item() -> None:
    """Where there are fewer pages, the last one is shown instead."""

    class Shrinking(FakeDetails):
        async def errors(
            self,
            mailbox: MailboxId,
            *,
            page: int,  # noqa: ARG002 - the port's
            size: int,
            narrowing: Narrowing = EVERYTHING,
        ) -> ErrorList | None:
            listed = await super().errors(mailbox, page=1, size=size, narrowing=narrowing)
            self.error_list = errors(*(line(n) for n in range(1, 3)))
            return listed

    bot = Bot(details=Shrinking(error_list=errors(*(line(n) for n in range(1, 10)))))
    assert "not failing any more" in await typed(bot, f"retry {EMAIL} 9")
    assert bot.retries.targets == []


async def test_all_retries_whatever_is_open() -> None:
    bot = with_lines(Bot(), 20)
    await typed(bot, f"retry {EMAIL} all")
    assert bot.retries.targets == [RetryTarget(ALICE.id)]


@pytest.mark.parametrize(
    ("lines", "which", "says"),
    [
        (2, "3", "there is no 3"),
        (2, "none", "neither a number nor"),
        (0, "", "nothing to retry"),
        (0, "all", "nothing to retry"),
    ],
)
async def test_a_retry_of_nothing_says_so(lines: int, which: str, says: str) -> None:
    bot = with_lines(Bot(), lines)
    assert says in await typed(bot, f"retry {EMAIL} {which}")
    assert bot.retries.targets == []


async def test_a_retry_for_an_unknown_address_offers_the_closest() -> None:
    bot = Bot(mailboxes=FakeMailboxes(near=(MailboxRef(ALICE.id, EMAIL, EMAIL),)))
    assert EMAIL in await typed(bot, "retry alise@contoso.com all")
    assert bot.retries.targets == []


async def test_a_viewer_may_look_but_not_retry() -> None:
    assert "SYNCBOT_OPERATORS" in await typed(Bot(), f"retry {EMAIL} all", VIEWER)
    assert EMAIL in await typed(Bot(), f"status {EMAIL}", VIEWER)


def test_every_command_has_a_handler_with_the_role_that_its_help_names() -> None:
    assert set(commands.ROUTES) == set(COMMANDS) == set(Verb)
    for verb, route in commands.ROUTES.items():
        assert route.role is COMMANDS[verb].role
        assert route.name == f"/sync {verb}"


def test_what_is_no_command_has_no_route() -> None:
    with pytest.raises(BadCommand):
        commands.route(Gesture.of_command(command("xyzzy")))


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("access", "`SYNCBOT_OPERATORS`"),
        ("access grant <@U0NILS|nils> viewer", "<@U0NILS> is a viewer now."),
        ("access Grant U0NILS ADMINS", "<@U0NILS> is an admin now."),
        ("access grant @desk operator", "<!subteam^S0DESK> is an operator now."),
        ("access <@U0VERA>", "<@U0VERA> is a viewer."),
        ("access grant <@U0NILS>", "To change a role"),
        ("access grant", "To change a role"),
        ("access revoke", "To change a role"),
        ("access grant <@U0NILS> owner", "is no role"),
        ("access revoke <@U0VERA>", "SYNCBOT_VIEWERS"),
        ("access take <@U0VERA>", "To change a role"),
    ],
)
async def test_an_admin_sees_and_changes_roles(text: str, says: str) -> None:
    bot = Bot()
    bot.directory.members["S0DESK"] = set()
    assert says in await typed(bot, text, ADMIN)
    assert bot.desk.how == ["respond"]


async def test_a_grant_that_is_taken_back_is_told() -> None:
    bot = Bot()
    await typed(bot, "access grant <@U0NILS> viewer", ADMIN)
    assert "no longer a viewer" in await typed(bot, "access revoke <@U0NILS>", ADMIN)


@pytest.mark.parametrize("text", ["access", "access <@U0VERA>", "access grant <@U0OMAR> admin"])
async def test_an_operator_neither_sees_nor_changes_roles(text: str) -> None:
    bot = Bot()
    assert "You are an operator; this needs an admin." in await typed(bot, text)
    assert bot.book.granted == {}


async def test_whoever_has_no_role_is_told_the_own_id_and_who_can_help() -> None:
    bot = Bot()
    answer = await typed(bot, "whoami", NOBODY)
    assert "without a role" in answer
    assert f"`{NOBODY}`" in answer
    assert "SYNCBOT_VIEWERS" in answer
    assert bot.audit.lines == []


async def test_health_shows_what_is_not_delivered_and_why() -> None:
    bot = Bot()
    assert "All is well" in await typed(bot, "health")
    bot.health.record = ARCHIVED
    assert "12 alerts not delivered to <#C0A>" in await typed(bot, "health")


async def test_run_syncs_the_whole_mailbox_now() -> None:
    bot = Bot()
    await typed(bot, f"run {EMAIL}")
    assert bot.retries.targets == [RetryTarget(ALICE.id, whole_mailbox=True)]


async def test_run_for_an_address_that_is_not_known_offers_the_closest() -> None:
    bot = Bot()
    bot.mailboxes.near = (ALICE,)
    assert "Did you mean" in await typed(bot, f"run {EMAIL}x")
    assert bot.retries.targets == []
