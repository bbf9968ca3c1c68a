"""Fills the port Files: an upload, shared in the direct message with the one who asked.

The steps: https://docs.slack.dev/messaging/working-with-files#uploading_files
"""

from dataclasses import dataclass

from blocks import errors_sheet
from bot.slack.client import SlackClient
from bot.views.exports import ErrorSheet


@dataclass(frozen=True, slots=True)
class SlackFiles:
    client: SlackClient

    async def send_errors(self, user: str, sheet: ErrorSheet) -> None:
        """A missing scope shows at the first step, before anything is said.

        Slack shares no file with a user by the user's id (github.com/slackapi/bolt-js, issue 2115). The
        message about the file tells the id of the conversation, and so no scope is needed to open that.
        """
        told = errors_sheet.csv(sheet.lines, with_subjects=sheet.with_subjects)
        content = (errors_sheet.BYTE_ORDER_MARK + told).encode()
        file = await self.client.upload(errors_sheet.filename(sheet), content)
        channel = await self.client.post_directly(user, errors_sheet.message(sheet))
        await self.client.share(file, f"Sync errors of {sheet.mailbox.source}", channel)
