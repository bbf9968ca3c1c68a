"""One message of the office: what it says, and its MIME, made when it is read."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from email import policy
from email.message import EmailMessage

from bot.sandbox.graph.mime import Address, Envelope

_LINE = b"U3luY2JvdCdzIG9mZmljZSBwdXQgdGhpcyBoZXJlLCBzbyB0aGF0IGl0IGlzIGhlYXZ5ISEhISEh\r\n"
_LINES = 512


@dataclass(frozen=True)
class Letter:
    """`weight` is how large the attachment is, in bytes as they are sent; it is made in pieces."""

    sender: Address
    to: Address
    subject: str
    text: str
    sent_at: datetime
    message_id: str
    attachment: str | None = None
    weight: int = 4_096

    @property
    def envelope(self) -> Envelope:
        return Envelope(
            self.subject, self.message_id, self.sender, (self.to,), self.sent_at, self.attachment is not None
        )

    @property
    def size(self) -> int:
        return sum(map(len, self.chunks()))

    def chunks(self) -> Iterator[bytes]:
        if self.attachment is None:
            yield self._plain()
            return
        boundary = f"=_{self.message_id.strip('<>').partition('@')[0]}"
        yield self._opening(boundary)
        left = self.weight // len(_LINE) or 1
        while left > 0:
            yield _LINE * min(left, _LINES)
            left -= _LINES
        yield f"--{boundary}--\r\n".encode()

    def _plain(self) -> bytes:
        made = self._head()
        made.set_content(self.text)
        return bytes(made)

    def _opening(self, boundary: str) -> bytes:
        """Everything up to the attachment's first line."""
        text, file = EmailMessage(policy.SMTP), EmailMessage(policy.SMTP)
        text.set_content(self.text)
        del text["MIME-Version"]
        file["Content-Type"] = "application/octet-stream"
        file["Content-Transfer-Encoding"] = "base64"
        file.add_header("Content-Disposition", "attachment", filename=self.attachment or "")
        kind = f'MIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary="{boundary}"\r\n\r\n'
        mark = f"--{boundary}\r\n".encode()
        return (
            bytes(self._head()).rstrip() + b"\r\n" + kind.encode() + mark + bytes(text) + mark + bytes(file)
        )

    def _head(self) -> EmailMessage:
        head = EmailMessage(policy.SMTP)
        head["From"] = _written(self.sender)
        head["To"] = _written(self.to)
        head["Subject"] = self.subject
        head["Date"] = self.sent_at
        head["Message-ID"] = self.message_id
        return head


def _written(address: Address) -> str:
    name, mailbox = address
    return f"{name} <{mailbox}>" if name else mailbox
