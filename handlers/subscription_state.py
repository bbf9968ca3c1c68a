"""What somebody entered in the form of a subscription: what is wrong with it, and what it means."""

from datetime import time

from blocks.actions import Action
from blocks.subscription_form import EVERY_DAY, NO_DIGEST
from bot.domain.wishes import Cadence, Mode, Urgency
from bot.services.routing import DIGEST_AT, Chosen, Quiet, Rhythm
from handlers.forms import Errors
from handlers.gesture import Gesture
from handlers.payloads import Entered

_URGENCY = {each.word: each for each in Urgency}


def complaints(gesture: Gesture) -> Errors:
    """What only the fields together can tell; each one is offered valid values alone."""
    found = (
        (Action.SUBSCRIPTION_QUIET_TO, _of_quiet(gesture)),
        (Action.SUBSCRIPTION_GROUP, _of_mention(gesture)),
        (Action.SUBSCRIPTION_DIGEST, _of_digest(gesture)),
        (
            Action.SUBSCRIPTION_ZONE,
            None if _option(gesture, Action.SUBSCRIPTION_ZONE) else "Choose a time zone.",
        ),
    )
    return {field.value: sentence for field, sentence in found if sentence}


def chosen(gesture: Gesture) -> Chosen:
    return Chosen(
        policies=_options(gesture, Action.SUBSCRIPTION_POLICIES),
        domains=_options(gesture, Action.SUBSCRIPTION_DOMAINS),
        mailboxes=_options(gesture, Action.SUBSCRIPTION_MAILBOXES),
        causes=_options(gesture, Action.SUBSCRIPTION_CAUSES),
        least=_URGENCY.get(_option(gesture, Action.SUBSCRIPTION_LEAST), Urgency.WARNING),
        mode=_mode(gesture),
        quiet=_quiet(gesture),
        zone=_option(gesture, Action.SUBSCRIPTION_ZONE) or None,
        mention=next(iter(_mentioned(gesture)), None),
        digest=_rhythm(gesture),
    )


def _of_quiet(gesture: Gesture) -> str | None:
    if not _is_quiet(gesture):
        return None
    start, end = _time(gesture, Action.SUBSCRIPTION_QUIET_FROM), _time(gesture, Action.SUBSCRIPTION_QUIET_TO)
    if start is None or end is None:
        return "Say from when to when."
    return "Quiet hours must end at another time than they begin." if start == end else None


def _of_mention(gesture: Gesture) -> str | None:
    return "Choose a person or a group, not both." if len(_mentioned(gesture)) > 1 else None


def _of_digest(gesture: Gesture) -> str | None:
    if _mode(gesture) is Mode.DIGEST and _rhythm(gesture) is None:
        return "A channel that gets only the digest needs one."
    return None


def _quiet(gesture: Gesture) -> Quiet | None:
    start, end = _time(gesture, Action.SUBSCRIPTION_QUIET_FROM), _time(gesture, Action.SUBSCRIPTION_QUIET_TO)
    if not _is_quiet(gesture) or start is None or end is None:
        return None
    breaks = _URGENCY.get(_option(gesture, Action.SUBSCRIPTION_BREAKS), Urgency.CRITICAL)
    return Quiet(start, end, breaks)


def _is_quiet(gesture: Gesture) -> bool:
    return bool(_options(gesture, Action.SUBSCRIPTION_QUIET))


def _rhythm(gesture: Gesture) -> Rhythm | None:
    picked = _option(gesture, Action.SUBSCRIPTION_DIGEST) or NO_DIGEST
    if picked == NO_DIGEST:
        return None
    at = _time(gesture, Action.SUBSCRIPTION_DIGEST_AT) or DIGEST_AT
    return Rhythm(at=at) if picked == EVERY_DAY else Rhythm(Cadence.WEEKLY, int(picked), at)


def _mode(gesture: Gesture) -> Mode:
    return Mode(_option(gesture, Action.SUBSCRIPTION_MODE) or Mode.EDIT)


def _mentioned(gesture: Gesture) -> list[str]:
    people = _entered(gesture, Action.SUBSCRIPTION_PERSON).selected_users
    return [*people, *_options(gesture, Action.SUBSCRIPTION_GROUP)]


def _option(gesture: Gesture, name: Action) -> str:
    picked = _entered(gesture, name).selected_option
    return picked.value if picked else ""


def _options(gesture: Gesture, name: Action) -> frozenset[str]:
    return frozenset(each.value for each in _entered(gesture, name).selected_options)


def _time(gesture: Gesture, name: Action) -> time | None:
    picked = _entered(gesture, name).selected_time
    return time.fromisoformat(picked) if picked else None


def _entered(gesture: Gesture, name: Action) -> Entered:
    return gesture.view.state.entered(name.value) if gesture.view else Entered()
