"""What must be true at rest, of each channel: exactly what the rows say, no message twice, no edit lost."""

import re
from collections.abc import Iterator

from bot.domain.values import AlertId
from bot.domain.wishes import Mode
from bot.sandbox.slack.model import Message
from tests.histories.drawing import Drawn
from tests.histories.rows import Rows, is_quiet
from tests.histories.stage import CHANNELS, Stage, alert_of, sum_of
from tests.integration.store.words import T0

OVER = ("Healed", "Over")
MOVED = "This alert goes on in"
NEW = re.compile(r"([\d,]+) (?:new sync failures?|more mailbox(?:es)?)")


async def check(stage: Stage) -> list[str]:
    """All that is wrong, in words."""
    rows = await stage.rows()
    found = [*stage.findings]
    unsettled = await stage.scene.unsettled()
    found += [f"{unsettled} alerts never settle"] if unsettled else []
    found += [*_counts(rows), *_overslept(rows)]
    drawn = await stage.drawn(rows.alerts)
    for channel in CHANNELS:
        found += Channel(stage, rows, channel, drawn).findings()
    return found + _doubles(stage, rows)


class Channel:
    def __init__(self, stage: Stage, rows: Rows, channel: str, drawn: dict[AlertId, Drawn]) -> None:
        self.stage, self.rows, self.channel, self.drawn = stage, rows, channel, drawn
        self.shown = {each.ts: each for each in stage.standing(channel)}

    def findings(self) -> list[str]:
        return [
            f"{self.channel}, alert {each}: {wrong}" for each in self.rows.alerts for wrong in self._of(each)
        ]

    def _of(self, which: AlertId) -> Iterator[str]:
        ts = self.rows.kept.get((which, self.channel))
        message = self.shown.get(ts or "")
        if message is not None:
            yield from self._shown(which, message)
        elif not self._is_missed_by_nobody(which, ts) and not self.rows.why_not_posted(which, self.channel):
            yield "it is not told, though nothing speaks against it"

    def _is_missed_by_nobody(self, which: AlertId, ts: str | None) -> bool:
        """Somebody deleted it, and there has been nothing to change on it since."""
        deleted = self.stage.deleted.get((self.channel, ts or ""))
        return deleted is not None and self._is_up_to_date(which, deleted)

    def _shown(self, which: AlertId, message: Message) -> Iterator[str]:
        is_over = self.rows.alerts[which]["cleared_at"] is not None
        if is_over is not message.text.startswith(OVER):
            yield f"open or over? {_first(message.text)}"
        elif not any(each.is_shown_by(message) for each in self._versions(which)):
            yield f"it says {message.text!r} and should say {self.drawn[which].text!r}"
        elif not is_over:
            yield from self._numbers(which, message.text)
        yield from self._thread(which, message)

    def _versions(self, which: AlertId) -> list[Drawn]:
        """What is over is told as it was then, or at any time since."""
        return self.stage.endings.get(which) or [self.drawn[which]]

    def _is_up_to_date(self, which: AlertId, deleted: Drawn) -> bool:
        texts = {text for each in self._versions(which) for text in (each.text, each.first)}
        return deleted.text in texts

    def _numbers(self, which: AlertId, text: str) -> Iterator[str]:
        counted = self.rows.counted(which)
        if " is part of an incident" in text:
            if not self.rows.is_covered(which):
                yield "no incident tells all of it"
            return
        for word in ("retrying", "resolved", "dismissed") if "resolved" in counted else ("retrying",):
            told = re.search(rf"([\d,]+) {word}\b", text)
            if int(told[1].replace(",", "") if told else 0) != counted[word]:
                yield f"{counted[word]} {word}, but it says {text!r}"
        expected = [f"{counted['unresolved']} unresolved"]
        if "mailboxes" in counted:
            expected.append(f"{counted['healed']} of {counted['mailboxes']} healed")
        for part in expected:
            if part not in text:
                yield f"{part}, but it says {text!r}"

    def _thread(self, which: AlertId, message: Message) -> Iterator[str]:
        """Answers that are lost cost a reply each: nobody looks for those."""
        if self.stage.lost or self.stage.deaths:
            return
        replies = self.stage.scene.thread(message)
        if sum(reply.startswith(OVER) for reply in replies) > 1:
            yield f"its thread is told twice that it is over: {replies}"
        new = sum(int(found[1].replace(",", "")) for reply in replies if (found := NEW.match(reply)))
        most = self.stage.most.get(which, 0)
        if new >= max(most, 1):
            yield f"its thread tells of {new} more, but there were only {most} in all: {replies}"
        elif self._is_told_all(which):
            yield from self._whole_thread(which, message, replies, new)

    def _is_told_all(self, which: AlertId) -> bool:
        """The channel has wanted threads from the beginning, and nothing speaks against a reply now."""
        to = self.rows.subscriptions.get(self.channel)
        row = self.rows.alerts[which]
        if to is None or to.mode is not Mode.THREAD or to.at != T0 or row["kind"] != "mailbox":
            return False
        if self.rows.mutes:
            return False
        if row["cleared_at"] is not None:
            return not (to.quiet and is_quiet(to.quiet, self.rows.now))
        return not self.rows.why_not_posted(which, self.channel)

    def _whole_thread(self, which: AlertId, message: Message, replies: list[str], new: int) -> Iterator[str]:
        told = self.stage.told_with[self.channel, message.ts] + new
        if self.rows.alerts[which]["cleared_at"] is not None:
            if not any(reply.startswith(OVER) for reply in replies):
                yield f"its thread does not say that it is over: {replies}"
        elif told != sum_of(self.rows.counted(which)):
            yield f"its thread has told of {told} by now: {self.rows.counted(which)}, {replies}"


def _overslept(rows: Rows) -> Iterator[str]:
    for which, row in rows.alerts.items():
        if row["cleared_at"] is None and row["snoozed_until"] and row["snoozed_until"] <= rows.now:
            yield f"alert {which} overslept"


def _counts(rows: Rows) -> Iterator[str]:
    for which, stored in rows.incidents.items():
        if rows.alerts[which]["cleared_at"] is not None:
            continue
        counted = rows.counted(which)
        if (stored["mailboxes"], stored["failing"]) != (counted["mailboxes"], counted["unresolved"]):
            yield f"incident {which} has {counted}, and is stored as {dict(stored)}"
        if not counted["unresolved"]:
            yield f"incident {which} is over, and nobody noticed"


def _doubles(stage: Stage, rows: Rows) -> list[str]:
    """A process that dies loses an answer of each channel."""
    orphans = [
        (channel, alert_of(each), _first(each.text))
        for channel in CHANNELS
        for each in stage.standing(channel)
        if rows.kept.get((alert_of(each), channel)) != each.ts and not each.text.startswith(MOVED)
    ]
    allowed = 0 if stage.can_read else stage.lost + stage.deaths * len(CHANNELS)
    if len(orphans) <= allowed:
        return []
    return [f"{len(orphans)} messages that nobody keeps up, and {allowed} may be: {orphans}"]


def _first(text: str) -> str:
    return text.partition("\n")[0]
