"""What may be typed after `/sync`, with all the ways in which people type it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.values import MailboxStatus, Role
from bot.errors import BadCommand
from handlers.grammar import (
    COMMANDS,
    LONGEST,
    Command,
    Verb,
    parse,
    parse_filter,
    parse_role,
    parse_which,
    parse_who,
    verb_of,
)

ROLES = {
    Verb.RETRY: Role.OPERATOR,
    Verb.MUTE: Role.OPERATOR,
    Verb.UNMUTE: Role.OPERATOR,
    Verb.SUBSCRIBE: Role.ADMIN,
    Verb.UNSUBSCRIBE: Role.ADMIN,
    Verb.DIGEST: Role.ADMIN,
    Verb.RUN: Role.OPERATOR,
    Verb.ACCESS: Role.ADMIN,
    Verb.WHOAMI: None,
}


@pytest.mark.parametrize(
    ("typed", "command"),
    [
        ("", Command(Verb.HELP)),
        ("   ", Command(Verb.HELP)),
        ("help", Command(Verb.HELP)),
        ("help retry", Command(Verb.HELP, ("retry",))),
        ("status", Command(Verb.STATUS)),
        ("status ada@org.com", Command(Verb.STATUS, ("ada@org.com",))),
        ("STATUS Ada@Org.com", Command(Verb.STATUS, ("Ada@Org.com",))),
        ("  status \t ada@org.com \n", Command(Verb.STATUS, ("ada@org.com",))),
        ("ada@org.com", Command(Verb.STATUS, ("ada@org.com",))),
        ("ada@org.com please", Command(Verb.STATUS, ("ada@org.com",))),
        ("<mailto:ada@org.com|ada@org.com>", Command(Verb.STATUS, ("ada@org.com",))),
        (
            "search <http://org.com|org.com> a&amp;b &lt;c&gt;",
            Command(Verb.SEARCH, ("org.com", "a&b", "<c>")),
        ),
        ("search <https://org.com/x>", Command(Verb.SEARCH, ("https://org.com/x",))),
        ("whoami", Command(Verb.WHOAMI)),
        ("audit ada@org.com", Command(Verb.AUDIT, ("ada@org.com",))),
        (
            "access grant <@U0OMAR|omar h> admin",
            Command(Verb.ACCESS, ("grant", "<@U0OMAR>", "admin")),
        ),
        ("access revoke <!subteam^S0DESK|@desk>", Command(Verb.ACCESS, ("revoke", "<!subteam^S0DESK>"))),
        ('"ada@org.com"', Command(Verb.STATUS, ('"ada@org.com"',))),
        ("list", Command(Verb.LIST)),
        ("list never synced", Command(Verb.LIST, ("never", "synced"))),
        ("history ada@org.com", Command(Verb.HISTORY, ("ada@org.com",))),
        ("errors ada@org.com", Command(Verb.ERRORS, ("ada@org.com",))),
        ("failures", Command(Verb.FAILURES)),
        ("retry ada@org.com", Command(Verb.RETRY, ("ada@org.com",))),
        ("retry ada@org.com 2", Command(Verb.RETRY, ("ada@org.com", "2"))),
        ("Retry ada@org.com ALL", Command(Verb.RETRY, ("ada@org.com", "ALL"))),
        ("search ada keller", Command(Verb.SEARCH, ("ada", "keller"))),
    ],
)
def test_a_command_is_read(typed: str, command: Command) -> None:
    assert parse(typed) == command


@pytest.mark.parametrize("verb", [Verb.HISTORY, Verb.ERRORS, Verb.RETRY, Verb.SEARCH])
def test_a_command_without_what_it_needs_says_what_with_an_example(verb: Verb) -> None:
    with pytest.raises(BadCommand) as refused:
        parse(verb)
    assert COMMANDS[verb].usage in refused.value.sentence
    assert COMMANDS[verb].example in refused.value.sentence


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("stauts ada@org.com", "status"),
        ("statsu", "status"),
        ("retyr", "retry"),
        ("error ada@org.com", "errors"),
        ("histroy", "history"),
        ("FAILURE", "failures"),
        ("serach ada", "search"),
        ("hlep", "help"),
        ("lst", "list"),
    ],
)
def test_a_typo_gets_the_closest_command(typed: str, meant: str) -> None:
    with pytest.raises(BadCommand, match=f"Did you mean `/sync {meant}`"):
        parse(typed)


@pytest.mark.parametrize("typed", ["xyzzy", "💥", "42", "<!channel>", "ölüm", "q" * 5_000])
def test_what_resembles_no_command_is_pointed_to_help(typed: str) -> None:
    with pytest.raises(BadCommand, match="`/sync help` lists them") as refused:
        parse(typed)
    assert len(refused.value.sentence) < 150


@pytest.mark.parametrize(
    ("typed", "status", "policy"),
    [
        ("", None, None),
        ("failed", MailboxStatus.FAILED, None),
        ("FAILED", MailboxStatus.FAILED, None),
        ("synced", MailboxStatus.SYNCED, None),
        ("running", MailboxStatus.IN_PROGRESS, None),
        ("in progress", MailboxStatus.IN_PROGRESS, None),
        ("never", MailboxStatus.NEVER_SYNCED, None),
        ("never synced", MailboxStatus.NEVER_SYNCED, None),
        ("Gold plan", None, "Gold plan"),
        ('"Gold plan"', None, "Gold plan"),
        ("“Gold plan”", None, "Gold plan"),
        ("'failed'", MailboxStatus.FAILED, None),
        ('""', None, None),
    ],
)
def test_a_list_is_narrowed_to_a_status_or_else_a_policy(
    typed: str, status: MailboxStatus | None, policy: str | None
) -> None:
    assert parse_filter(typed.split()) == (status, policy)


@pytest.mark.parametrize(("word", "number"), [("1", 1), ("#3", 3), ("007", 7), ("all", None), ("ALL", None)])
def test_which_item_to_retry_is_a_number_or_all(word: str, number: int | None) -> None:
    assert parse_which([word]) == number


@pytest.mark.parametrize("word", ["0", "-1", "two", "1.5", "²", "٣", "#", "1;2", "x" * 500])
def test_which_item_to_retry_is_nothing_else(word: str) -> None:
    with pytest.raises(BadCommand, match="neither a number nor `all`") as refused:
        parse_which([word])
    assert len(refused.value.sentence) < 200


@given(st.text(max_size=LONGEST * 2))
def test_whatever_is_typed_is_a_command_or_gets_a_sentence(typed: str) -> None:
    try:
        assert parse(typed).verb in COMMANDS
    except BadCommand as error:
        assert error.sentence.endswith((".", "?"))  # noqa: PT017 - one of the two outcomes


@pytest.mark.parametrize("verb", Verb)
def test_every_command_names_its_usage_effect_example_and_role(verb: Verb) -> None:
    spec = COMMANDS[verb]
    assert verb_of(verb.upper()) is verb
    assert spec.usage.startswith(f"/sync {verb}")
    assert parse(spec.example.removeprefix("/sync ")).verb is verb
    assert spec.effect
    assert spec.role is ROLES.get(verb, Role.VIEWER)


@pytest.mark.parametrize(
    ("word", "who"),
    [
        ("<@U0OMAR>", "U0OMAR"),
        ("<!subteam^S0DESK>", "S0DESK"),
        ("U0OMAR", "U0OMAR"),
        ("@desk", "@desk"),
        ("<#C0ALERTS>", "<#C0ALERTS>"),
        ("<!here>", "<!here>"),
    ],
)
def test_a_mention_names_a_user_or_a_user_group_by_id(word: str, who: str) -> None:
    assert parse_who(word) == who


@pytest.mark.parametrize("word", ["operator", "Operator", "OPERATORS"])
def test_a_role_is_read_in_any_case_and_number(word: str) -> None:
    assert parse_role(word) is Role.OPERATOR


@pytest.mark.parametrize("word", ["", "s", "owner", "<@U0OMAR>", "VIEWERSS"])
def test_what_is_no_role_is_told_with_those_there_are(word: str) -> None:
    with pytest.raises(BadCommand, match="`viewer`, `operator` and `admin`"):
        parse_role(word)
