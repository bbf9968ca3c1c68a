"""What channels and threads are told."""

from collections.abc import Iterator
from dataclasses import replace

from blocks import told, undelivered
from bot.domain.values import Ending, FailureState, MailboxStatus, Step
from bot.views import (
    AlertCard,
    ChannelCard,
    Dismissal,
    Handled,
    IncidentCard,
    IncidentRef,
    Muted,
    UnderWay,
)
from tests.gallery.extremes import hostile, long
from tests.gallery.shots import Shot, drawn
from tests.unit.blocks import examples as a


def shots() -> Iterator[Shot]:
    alerts, incidents = _alerts(), _incidents()
    yield from drawn("alert", {state: told.message(card) for state, card in alerts.items()})
    yield from drawn("incident", {state: told.message(card) for state, card in incidents.items()})
    yield from drawn("credential", {state: told.message(card) for state, card in _credentials().items()})
    yield from drawn("digest", {state: told.message(card) for state, card in _digests().items()})
    yield Shot("alert", "safe blocks", told.message(alerts["retrying many"], safe=True))
    yield Shot("digest", "safe blocks", told.message(a.digest(), safe=True))
    yield from _extremes("credential", a.credential())
    yield from _extremes("digest", a.digest())
    yield from _extremes("alert", alerts["of many failures"])
    yield from _extremes("incident", incidents["open"])
    yield Shot("alert", "with a mention", told.message(alerts["one failure"], "U0ADA"))
    yield Shot("reply", "new failures", told.reply(alerts["of many failures"], 2))
    yield Shot("reply", "healed", told.reply(alerts["healed"], 0))
    yield Shot("reply", "more mailboxes", told.reply(incidents["open"], 94))
    yield Shot("orphan", "moved", told.moved("https://sandbox.slack.example/archives/C0ALERTS/p1"))
    for reason in ("is_archived", "not_in_channel", "token_revoked", "restricted_action"):
        yield Shot("undelivered", reason, undelivered.message("C0ALERTS", reason, a.NOON))


def _extremes(card: str, model: ChannelCard) -> Iterator[Shot]:
    yield Shot(card, "hostile", told.message(hostile(model)), is_extreme=True)
    yield Shot(card, "at its limits", told.message(long(model)), is_extreme=True)


def _alerts() -> dict[str, AlertCard]:
    lines = tuple(a.line(n, folder=f"Projects/{n}") for n in range(1, 6))
    many = a.alert(*lines, open_failures=40, resolved=2)
    passing = a.line(
        9,
        code="dest_unavailable",
        cause="Gmail is down",
        remedy="nothing to do: it is tried again",
        heals_by_itself=True,
    )
    healed = a.alert(cleared_at=a.NOON + a.HOUR, resolved=3, resolved_by=("U0ADA", "System"))
    muted = Muted("policy Gold", "U0ADA", a.NOON + a.HOUR, "moving house")
    return {
        "one failure": a.alert(a.line()),
        "failed sync": a.alert(a.run_line(), status=MailboxStatus.FAILED),
        "sync asked for": a.alert(
            replace(a.run_line(), state=FailureState.RETRYING, retrying_by="U0ADA", retrying_since=a.NOON),
            status=MailboxStatus.IN_PROGRESS,
            under_way=a.running(120, 4_000).under_way,
        ),
        "of many failures": many,
        "of several causes": a.alert(*lines[:2], passing, lines[3], open_failures=4),
        "retrying": a.alert(a.retrying_line(), a.line(2)),
        "retrying many": replace(many, retrying=7, under_way=UnderWay(None, (a.bulk_retry(),))),
        "retry ended": replace(many, under_way=UnderWay(None, (a.ended_retry(),))),
        "keeps failing": a.alert(
            a.line(escalate=True), escalate=True, support_contact="help@partner.example"
        ),
        "acknowledged": replace(many, handled=Handled(acknowledged_by="U0OMAR", acknowledged_at=a.NOON)),
        "snoozed": replace(many, handled=Handled(snoozed_by="U0OMAR", snoozed_until=a.NOON + a.HOUR)),
        "muted": replace(many, handled=Handled(muted=muted)),
        "part of an incident": replace(many, part_of=IncidentRef(a.incident().id, a.incident().cause)),
        "healed": healed,
        "dismissed": replace(
            healed, resolved=0, resolved_by=(), dismissals=(Dismissal("U0OMAR", 3, "sent by hand"),)
        ),
    }


def _incidents() -> dict[str, IncidentCard]:
    return {
        "open": a.incident(),
        "retrying": a.incident(retrying=100),
        "heals by itself": a.incident(heals_by_itself=True),
        "healed": a.incident(failing=0, cleared_at=a.NOON + a.HOUR),
        "partly dismissed": a.incident(failing=0, dismissed=9, cleared_at=a.NOON + a.HOUR),
    }


def _credentials() -> dict[str, ChannelCard]:
    over = {"cleared_at": a.NOON, "opened_at": a.NOON - a.HOUR}
    return {
        "a month left": a.credential(step=Step.MONTH),
        "a week left": a.credential(),
        "a day left": a.credential(step=Step.DAY, is_declared=True),
        "expired": a.credential(step=Step.EXPIRED, support_contact="help@partner.example"),
        "renewed": a.credential(**over, ending=Ending.RENEWED),
        "told anew": a.credential(**over, ending=Ending.TOLD_ANEW),
    }


def _digests() -> dict[str, ChannelCard]:
    week = a.digest()
    quiet = a.digest(failed=0, failed_mailboxes=0, healed_by_itself=0, healed_by_click=0, unresolved=0)
    well = tuple(replace(part, failed=0, healed=0) for part in week.parts)
    begins_at = week.ends_at - 24 * a.HOUR
    hours = tuple(replace(part, begins_at=begins_at + n * 3 * a.HOUR) for n, part in enumerate(week.parts))
    day = replace(week, is_weekly=False, begins_at=begins_at, parts=hours)
    return {
        "week": week,
        "day": replace(day, is_late=True, is_filtered=True),
        "all well": replace(quiet, unresolved_mailboxes=0, causes=(), parts=well),
    }
