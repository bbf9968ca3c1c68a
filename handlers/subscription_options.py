"""What the selects of the subscription form offer for what was typed so far."""

from collections.abc import Iterable

from blocks.actions import Action
from blocks.inputs import offered, option
from blocks.kit import Element
from blocks.subscription_form import HERE, named, plain
from bot.domain.values import Role
from handlers.answers import Answers
from handlers.boundary import Offer
from handlers.typed import zones

_AT_ONCE = 25


async def policies(answers: Answers, typed: str) -> list[Element]:
    known = await answers.services.routing.names.vocabulary.policies()
    return offered(named(each) for each in known if _has(each.name, typed))


async def domains(answers: Answers, typed: str) -> list[Element]:
    known = await answers.services.routing.names.vocabulary.domains()
    return offered(plain(each) for each in known if _has(each, typed))


async def mailboxes(answers: Answers, typed: str) -> list[Element]:
    found = await answers.services.routing.names.mailboxes.search(typed, page=1, size=_AT_ONCE)
    return offered(option(row.mailbox.source, str(row.mailbox.id)) for row in found.rows)


async def groups(answers: Answers, typed: str) -> list[Element]:
    """The workspace's own first; then what notifies everybody."""
    own = [option(f"@{each.name}", each.id) for each in await answers.services.routing.names.groups()]
    everybody = [option(text, word) for word, text in HERE]
    return offered(each for each in [*own, *everybody] if _has(each["text"]["text"], typed))


async def time_zones(answers: Answers, typed: str) -> list[Element]:  # noqa: ARG001 - as the others
    wanted = typed.strip().replace(" ", "_")
    return offered(_by_place(plain(each) for each in zones().values() if _has(each, wanted)))


OFFERS = {
    Action.SUBSCRIPTION_POLICIES: Offer(policies, Role.ADMIN),
    Action.SUBSCRIPTION_DOMAINS: Offer(domains, Role.ADMIN),
    Action.SUBSCRIPTION_MAILBOXES: Offer(mailboxes, Role.ADMIN),
    Action.SUBSCRIPTION_GROUP: Offer(groups, Role.ADMIN),
    Action.SUBSCRIPTION_ZONE: Offer(time_zones, Role.ADMIN),
}


def _has(name: str, typed: str) -> bool:
    return typed.strip().casefold() in name.casefold()


def _by_place(found: Iterable[Element]) -> list[Element]:
    """Named after a place, before the old abbreviations."""
    return sorted(found, key=lambda each: "/" not in each["value"])
