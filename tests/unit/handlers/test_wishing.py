"""What may follow `/sync subscribe`: pairs that read well, and errors that name the nearest valid word."""

from contextlib import suppress
from datetime import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.wishes import Cadence, Mode, Urgency
from bot.errors import BadCommand
from bot.services.routing import Quiet, Rhythm, Wish
from handlers.typed import readable
from handlers.wishing import parse_wish

NIGHT = Quiet(time(22), time(7))
BERLIN = "Europe/Berlin"


@pytest.mark.parametrize(
    ("typed", "wish"),
    [
        ("", Wish()),
        ("policy=Gold", Wish(policies=("Gold",))),
        ("policy=Gold,Silver", Wish(policies=("Gold", "Silver"))),
        ("policy=Gold policy=Silver", Wish(policies=("Gold", "Silver"))),
        ('policy="Gold, and more",Silver', Wish(policies=("Gold, and more", "Silver"))),
        ("policy=“Gold plus”", Wish(policies=("Gold plus",))),
        ("Policy = Gold", Wish(policies=("Gold",))),
        ("domain=org.example", Wish(domains=("org.example",))),
        ("mailbox=ada@org.example", Wish(mailboxes=("ada@org.example",))),
        ("cause=dest_too_large,source_auth", Wish(causes=frozenset({"dest_too_large", "source_auth"}))),
        ("severity=error", Wish(least=Urgency.ERROR)),
        ("severity=CRITICAL", Wish(least=Urgency.CRITICAL)),
        ("mode=thread", Wish(mode=Mode.THREAD)),
        ("quiet=22:00-07:00@Europe/Berlin", Wish(quiet=NIGHT, zone=BERLIN)),
        ("quiet=22-7@europe/berlin", Wish(quiet=NIGHT, zone=BERLIN)),
        ("quiet=22:00\N{EN DASH}07:00 zone=Europe/Berlin", Wish(quiet=NIGHT, zone=BERLIN)),
        ("quiet=22:00-07:00 breaks=error", Wish(quiet=Quiet(time(22), time(7), Urgency.ERROR))),
        ("quiet=off", Wish()),
        ("mention=none", Wish()),
        ("mention=<@U0ADA|ada>", Wish(mention="U0ADA")),
        ("mention=<@U0ADA>", Wish(mention="U0ADA")),
        ("mention= <@U0ADA|ada>", Wish(mention="U0ADA")),
        ("mention=<!subteam^S0ONCALL|@it-oncall>", Wish(mention="S0ONCALL")),
        ("mention=S0ONCALL", Wish(mention="S0ONCALL")),
        ("mention=@it-oncall", Wish(mention="@it-oncall")),
        ("mention=it-oncall", Wish(mention="@it-oncall")),
        ("mention=here", Wish(mention="here")),
        ("mention=@here", Wish(mention="@here")),
        ("mention=<!here>", Wish(mention="@here")),
        ("mention=<!channel|channel>", Wish(mention="@channel")),
        ("digest=daily", Wish(digest=Rhythm())),
        ("digest=daily@07:30", Wish(digest=Rhythm(at=time(7, 30)))),
        ("digest=weekly", Wish(digest=Rhythm(Cadence.WEEKLY))),
        ("digest=friday@16:00@UTC", Wish(digest=Rhythm(Cadence.WEEKLY, 4, time(16)), zone="UTC")),
    ],
)  # fmt: skip
def test_a_subscription_is_read(typed: str, wish: Wish) -> None:
    assert parse_wish(typed) == wish


def test_all_of_it_at_once() -> None:
    typed = (
        "policy=Gold severity=error mode=thread quiet=22:00-07:00@Europe/Berlin breaks=critical",
        "mention=@it-oncall",
    )
    assert parse_wish(" ".join(typed)) == Wish(
        policies=("Gold",),
        least=Urgency.ERROR,
        mode=Mode.THREAD,
        quiet=NIGHT,
        zone=BERLIN,
        mention="@it-oncall",
    )


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("polcy=Gold", "Did you mean `policy`?"),
        ("mode=thred", "Did you mean `thread`?"),
        ("severity=eror", "Did you mean `error`?"),
        ("severity=xyz", "`warning`, `error`, `critical`"),
        ("quiet=22:00-07:00@Europe/Brelin", "Did you mean `Europe/Berlin`?"),
        ("quiet=22:00-07:00@Berlin", "Did you mean `Europe/Berlin`?"),
        ("cause=dest_to_large", "Did you mean “dest_too_large”?"),
        ("digest=mondey", "Did you mean `monday`?"),
        ("quiet=22:00-07:00 breaks=warning", "`error`, `critical`"),
        ("quiet=25:00-07:00@UTC", "“25:00” is no time of day"),
        ("quiet=night", "quiet=22:00-07:00@Europe/Berlin"),
        ("quiet=22:00-22:00@UTC", "would be none"),
        ("breaks=critical", "quiet=22:00-07:00@Europe/Berlin"),
        ("mode=edit,thread", "`mode=` takes one value, not 2"),
        ("everything", "`name=value`"),
        ("quiet=22:00-07:00@UTC zone=Asia/Kolkata", "one time zone"),
    ],
)
def test_what_cannot_be_read_is_told_with_what_is_meant(typed: str, said: str) -> None:
    with pytest.raises(BadCommand) as refused:
        parse_wish(typed)
    assert said in refused.value.sentence


@given(st.text() | st.from_regex(r"([a-z]{1,8}=[\"\w@,:<>^!-]{0,20} ?){1,4}", fullmatch=True))
def test_whatever_is_typed_nothing_but_a_sentence_comes_of_it(typed: str) -> None:
    with suppress(BadCommand):
        parse_wish(typed)


@pytest.mark.parametrize(
    ("sent", "typed"),
    [
        ("domain=<http://org.example|org.example>", "domain=org.example"),
        ("mailbox=<mailto:ada@org.example|ada@org.example>", "mailbox=ada@org.example"),
        ("<http://org.example>", "http://org.example"),
        ("policy=R&amp;D", "policy=R&D"),
        ("<@U0ADA|ada> <!subteam^S0X|@x>", "<@U0ADA> <!subteam^S0X>"),
    ],
)
def test_what_slack_marks_up_is_read_as_it_was_typed(sent: str, typed: str) -> None:
    assert readable(sent) == typed
