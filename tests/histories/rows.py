"""The oracle: what rows say should be told where. It knows the tables and the rules, and none of the code
that decides by them.
"""

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeAlias
from zoneinfo import ZoneInfo

from sqlalchemy import Connection, RowMapping, Table, select

from bot.domain.routing import Filter, Subscription
from bot.domain.values import AlertId
from bot.domain.wishes import Mode, QuietHours
from bot.store.alert_tables import alert, alert_message, incident, mute
from bot.store.tables import failure, mailbox, policy

Row: TypeAlias = RowMapping

WARNING, ERROR, CRITICAL = 1, 2, 3
URGENCY = {
    "dest_too_large": ERROR,
    "source_throttled": WARNING,
    "source_auth": CRITICAL,
    "dest_daily_quota": WARNING,
    "never_heard_of": ERROR,
}
OF_CONNECTION = frozenset({"source_auth", "dest_daily_quota"})
GATHERS = dt.timedelta(seconds=60)


@dataclass(frozen=True)
class About:
    mailboxes: frozenset[str]
    domains: frozenset[str]
    policies: frozenset[str]
    codes: frozenset[str]

    @property
    def urgency(self) -> int:
        return max((URGENCY[code] for code in self.codes), default=WARNING)


@dataclass(frozen=True)
class Rows:
    now: dt.datetime
    subscriptions: Mapping[str, Subscription]
    alerts: Mapping[AlertId, Row]
    mailboxes: Mapping[int, Row]
    policies: Mapping[int, Row]
    failures: Sequence[Row]
    mutes: Sequence[Row]
    incidents: Mapping[AlertId, Row]
    kept: Mapping[tuple[AlertId, str], str]
    """The ts of each message that rows know of, by alert and channel."""

    def why_not_posted(self, which: AlertId, channel: str, *, may_be_covered: bool = False) -> str:
        """Why a channel must not be told now of an alert that it was not told of; empty: it must be."""
        told, to = self.alerts[which], self.subscriptions.get(channel)
        if told["cleared_at"] is not None:
            return "it is over"
        if to is None or to.mode is Mode.DIGEST:
            return "the channel wants no alerts"
        about = self.about(which)
        if not _takes(to.filter, about):
            return "the channel did not ask for it"
        if self.is_covered(which) and not may_be_covered:
            return "an incident tells it"
        return self._silence(told, about, to)

    def _silence(self, told: Row, about: About, to: Subscription) -> str:
        if self._is_muted(about, to.channel):
            return "it is muted"
        if told["snoozed_until"] is not None and told["snoozed_until"] > self.now:
            return "it is snoozed"
        if to.quiet and about.urgency < to.quiet.breaks and is_quiet(to.quiet, self.now):
            return "it is quiet there"
        is_loose = told["kind"] == "mailbox" and about.codes <= OF_CONNECTION
        if is_loose and self.now < told["opened_at"] + GATHERS:
            return "it may become an incident"
        return ""

    def about(self, which: AlertId) -> About:
        told = self.alerts[which]
        if told["kind"] == "mailbox":
            codes = {each["code"] for each in self.unresolved(told["mailbox_id"])}
            return self._about([told["mailbox_id"]], codes)
        members = {each["mailbox_id"] for each in self.failures if each["incident_id"] == which}
        return self._about(members, {told["code"]})

    def unresolved(self, mailbox_id: int) -> list[Row]:
        return [
            each for each in self.failures if each["mailbox_id"] == mailbox_id and each["resolved_at"] is None
        ]

    def is_covered(self, which: AlertId) -> bool:
        """Open incidents of their codes tell all that fails of its mailbox."""
        told = self.alerts[which]
        failing = self.unresolved(told["mailbox_id"]) if told["kind"] == "mailbox" else []
        return bool(failing) and all(map(self.is_told_by_incident, failing))

    def is_told_by_incident(self, one: Row) -> bool:
        by = self.alerts.get(one["incident_id"])
        return by is not None and by["cleared_at"] is None and by["code"] == one["code"]

    def counted(self, which: AlertId) -> dict[str, int]:
        """Failures of an alert, or mailboxes of an incident, by how they are."""
        told = self.alerts[which]
        if told["kind"] == "mailbox":
            ended = [
                each["state"] for each in self.failures if each["alert_id"] == which and each["resolved_at"]
            ]
            states = [each["state"] for each in self.unresolved(told["mailbox_id"])]
            return {
                "unresolved": len(states),
                "retrying": states.count("retrying"),
                "resolved": ended.count("resolved"),
                "dismissed": ended.count("dismissed"),
            }
        return self._counted_mailboxes(which)

    def _counted_mailboxes(self, which: AlertId) -> dict[str, int]:
        by: dict[int, list[str]] = {}
        for each in self.failures:
            if each["incident_id"] == which:
                by.setdefault(each["mailbox_id"], []).append(each["state"])
        failing = [states for states in by.values() if {"open", "retrying"} & set(states)]
        healed = [states for states in by.values() if states not in failing and "resolved" in states]
        return {
            "mailboxes": len(by),
            "unresolved": len(failing),
            "retrying": sum("retrying" in states for states in failing),
            "healed": len(healed),
        }

    def _about(self, ids: Iterable[int], codes: set[str]) -> About:
        boxes = [self.mailboxes[each] for each in ids]
        return About(
            frozenset(each["key"] for each in boxes),
            frozenset(each["source"].partition("@")[2] for each in boxes),
            frozenset(self.policies[each["policy_id"]]["key"] for each in boxes),
            frozenset(codes),
        )

    def _is_muted(self, about: About, channel: str) -> bool:
        live = [each for each in self.mutes if each["until"] is None or each["until"] > self.now]
        keys = {kind: {each["key"] for each in live if each["kind"] == kind} for kind in _KINDS}
        alone = [(about.mailboxes, "mailbox"), (about.policies, "policy")]
        return (
            channel in keys["channel"]
            or any(len(has) == 1 and has <= keys[kind] for has, kind in alone)
            or (bool(about.codes) and about.codes <= keys["cause"])
        )


_KINDS = ("mailbox", "policy", "cause", "channel")


def _takes(wanted: Filter, about: About) -> bool:
    pairs = (
        (wanted.mailboxes, about.mailboxes),
        (wanted.domains, about.domains),
        (wanted.policies, about.policies),
        (wanted.causes, about.codes),
    )
    return about.urgency >= wanted.least and all(not asked or asked & has for asked, has in pairs)


def is_quiet(hours: QuietHours, now: dt.datetime) -> bool:
    here = now.astimezone(ZoneInfo(hours.zone)).time()
    if hours.start < hours.end:
        return hours.start <= here < hours.end
    return not hours.end <= here < hours.start


def loaded(connection: Connection, wanted: Iterable[Subscription], now: dt.datetime) -> Rows:
    def every(table: Table) -> list[Row]:
        return list(connection.execute(select(table)).mappings().all())

    return Rows(
        now,
        {each.channel: each for each in wanted},
        {each["id"]: each for each in every(alert)},
        {each["id"]: each for each in every(mailbox)},
        {each["id"]: each for each in every(policy)},
        every(failure),
        every(mute),
        {each["alert_id"]: each for each in every(incident)},
        {(each["alert_id"], each["channel"]): each["ts"] for each in every(alert_message) if each["ts"]},
    )
