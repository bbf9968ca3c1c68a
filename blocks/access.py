"""Who may do what: all roles with where they come from, one person's own, and what a change came to."""

from collections.abc import Mapping
from typing import Final

from blocks import words
from blocks.kit import Block, context, field, fields, folded, header, section, stack
from blocks.surface import Message
from blocks.text import foreign, holder, person, when
from bot.domain.standing import Holding, Membership, Source
from bot.domain.values import Role
from bot.views.access import AccessChanged, AccessList, WhoAmI

_SHOWN: Final = 30
"""Holders of one role; `/sync access @user` says it of anybody."""

SETTING: Final[Mapping[Role, str]] = {role: f"SYNCBOT_{role.name}S" for role in Role}

_UNTOLD_GROUPS: Final = "who is in a user group (scope `usergroups:read`)"
_UNTOLD_GUESTS: Final = "who is a guest (scope `users:read`)"
_NEVER: Final = {
    Membership.GUEST: "a guest of this workspace, so no role counts",
    Membership.OUTSIDER: "of another workspace, so no role counts",
    Membership.UNKNOWN: "nothing just now, so no role counts until it does",
    Membership.UNTOLD: "nothing (scope `users:read`), so roles of user groups do not count",
    Membership.MEMBER: "a member of this workspace",
}


def listed(card: AccessList) -> Message:
    return Message.of(
        _summary(card),
        stack(
            header("Who may do what"),
            None if card.holdings else section(_summary(card)),
            *(_holders(role, card) for role in sorted(Role, reverse=True)),
            _untold(card),
            context(
                "Change it with `/sync access grant @user operator` and `/sync access revoke @user`; a user "
                "group will do as well. What a setting or the tenant file gives is changed there."
            ),
        ),
    )


def whoami(card: WhoAmI) -> Message:
    standing = card.standing
    zone = standing.person.zone
    return Message.of(
        _who(card),
        stack(
            section(f"*{_who(card)}*"),
            fields(
                field("User id", f"`{foreign(standing.user, 40)}`"),
                field("Role", words.capital(standing.role.word) if standing.role else "No role"),
                field("It comes from", _origin(standing.through)) if standing.through else None,
                field("Time zone", foreign(zone) if zone else "Slack does not say"),
                field("Slack says", words.capital(_NEVER[standing.person.membership])),
            ),
            _advice(card),
        ),
    )


def changed(card: AccessChanged) -> Message:
    return Message.of(_change(card), stack(section(f"*{_change(card)}*"), _still(card)))


def _summary(card: AccessList) -> str:
    if not card.holdings:
        return "Nobody has a role."
    counts = (
        words.count(sum(each.role is role for each in card.holdings), role.word)
        for role in sorted(Role, reverse=True)
    )
    return f"Roles are given to {', '.join(counts)}."


def _holders(role: Role, card: AccessList) -> Block | None:
    held = [each for each in card.holdings if each.role is role]
    if not held:
        return None
    lines = [f"• {holder(each.who)} `{foreign(each.who, 40)}`: {_source(each)}" for each in held]
    shown = folded(lines, _SHOWN, lambda left: f"• and {words.number(left)} more")
    return section("\n".join((f"*{words.capital(words.plural(2, role.word))}*", *shown)))


def _untold(card: AccessList) -> Block | None:
    gaps = (
        None if card.told_of_groups else f"{_UNTOLD_GROUPS}, so none gives a role",
        None
        if card.told_of_people
        else f"{_UNTOLD_GUESTS}, so guests with a role of their own are not refused",
    )
    told = [gap for gap in gaps if gap]
    return section(f"*Slack does not say* {'; nor '.join(told)}.") if told else None


def _source(holding: Holding) -> str:
    if holding.source is Source.SETTING:
        return f"setting `{SETTING[holding.role]}`"
    if holding.source is Source.FILE:
        return "tenant file"
    by = f" by {person(holding.by)}" if holding.by else ""
    return f"granted{by}{f', {when(holding.at)}' if holding.at else ''}"


def _origin(holding: Holding) -> str:
    through = f"user group {holder(holding.who)}: " if holding.is_group else ""
    return words.capital(f"{through}{_source(holding)}")


def _who(card: WhoAmI) -> str:
    standing = card.standing
    role = standing.role.word if standing.role else None
    if card.is_oneself:
        return f"You are {person(standing.user)}, {_with_article(role)}."
    return f"{person(standing.user)} is {_with_article(role)}."


def _advice(card: WhoAmI) -> Block | None:
    standing = card.standing
    if standing.role is not None or standing.person.membership in {Membership.GUEST, Membership.OUTSIDER}:
        return None
    return context(
        "To look, one needs to be a viewer: an admin types `/sync access grant` with the name and "
        f"`viewer`, or whoever runs syncbot adds the id to `{SETTING[Role.VIEWER]}`."
    )


def _change(card: AccessChanged) -> str:
    who = holder(card.who)
    if card.granted is None:
        return f"{who} is no longer {_with_article(card.before.word if card.before else None)} by a grant."
    if not card.is_new:
        return f"{who} was {_with_article(card.granted.word)} already."
    before = f", and was {_with_article(card.before.word)} before" if card.before else ""
    return f"{who} is {_with_article(card.granted.word)} now{before}."


def _still(card: AccessChanged) -> Block | None:
    still = card.still
    if still is None or (card.granted is not None and still.role < card.granted):
        return None
    return context(f"All the same {_with_article(still.role.word)}: {_source(still)}.")


def _with_article(role: str | None) -> str:
    if role is None:
        return "without a role"
    return f"a {role}" if role == Role.VIEWER.word else f"an {role}"
