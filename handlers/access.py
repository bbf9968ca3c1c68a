"""The commands about roles: `/sync access` and `/sync whoami`."""

from blocks import access as card
from bot.errors import BadCommand
from handlers.answers import Answers
from handlers.grammar import COMMANDS, SLASH, Verb, parse, parse_role, parse_who

_USAGE = f"`{SLASH} {Verb.ACCESS} grant @user viewer|operator|admin`, or `{SLASH} {Verb.ACCESS} revoke @user`"


async def whoami(answers: Answers) -> None:
    found = await answers.services.granting.whoami(answers.gesture.asker)
    await answers.message(card.whoami(found))


async def roles(answers: Answers) -> None:
    """List all roles, show one person's, or change one."""
    words = parse(answers.gesture.text).words
    match tuple(word.lower() for word in words):
        case ():
            await answers.message(card.listed(await answers.services.granting.listed(answers.gesture.asker)))
        case ("grant", _, _):
            await _grant(answers, words[1], words[2])
        case ("revoke", _):
            changed = await answers.services.granting.revoke(parse_who(words[1]), answers.gesture.asker)
            await answers.message(card.changed(changed))
        case (word,) if word not in {"grant", "revoke"}:
            await answers.message(card.whoami(await answers.services.granting.about(parse_who(words[0]))))
        case _:
            raise BadCommand(f"To change a role: {_USAGE}. For example `{COMMANDS[Verb.ACCESS].example}`.")


async def _grant(answers: Answers, who: str, role: str) -> None:
    changed = await answers.services.granting.grant(parse_who(who), parse_role(role), answers.gesture.asker)
    await answers.message(card.changed(changed))
