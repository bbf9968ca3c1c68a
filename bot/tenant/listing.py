"""Mailboxes from a CSV file, as spreadsheets write them."""

import csv
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from sys import intern
from typing import TextIO

from bot.domain.addresses import parse_address
from bot.tenant.faults import Fault, Place
from bot.tenant.wanted import WantedMailbox
from bot.wire.reasons import did_you_mean

COLUMNS = ("source", "destination", "policy")
DELIMITERS = ",;"
ENCODING = "utf-8-sig"
"""Takes UTF-8 with and without the mark that spreadsheets put in front."""


@dataclass(slots=True)
class MailboxList:
    """`file` is how it is called in mistakes. `policy` is for rows that name none."""

    path: Path
    file: str
    policy: str | None
    faults: list[Fault] = field(default_factory=list)

    def rows(self) -> Iterator[tuple[Place, WantedMailbox]]:
        """The good rows; the bad ones are in `faults`. Reads on as it is asked."""
        try:
            with self.path.open(encoding=ENCODING, newline="") as file:
                yield from self._rows(file)
        except UnicodeDecodeError:
            self._note(_first_undecodable(self.path), "this is not UTF-8; save the file as CSV UTF-8")
        except OSError as error:
            self._note(0, f"cannot be read: {error.strerror or error}")

    def _rows(self, file: TextIO) -> Iterator[tuple[Place, WantedMailbox]]:
        reader = csv.reader(file, delimiter=_delimiter(file), strict=True)
        count = 0
        try:
            columns = self._columns(next(reader, []))
            for row in reader if columns else ():
                count += 1
                yield from self._mailbox(reader.line_num, dict(zip(columns, row, strict=False)), len(row))
        except csv.Error as error:
            self._note(reader.line_num, f"this is not CSV: {error}")
            return
        if columns and not count:
            self._note(0, "lists no mailbox; take its entry out of the tenant file if that is meant")

    def _columns(self, head: Sequence[str]) -> list[str]:
        """The names of the columns; none where they cannot be used."""
        columns = [word.strip().lower() for word in head]
        strangers = [word for word in columns if word not in COLUMNS]
        lacking = [word for word in COLUMNS[:2] if word not in columns]
        for word in strangers:
            self._note(1, f"`{word[:64]}` is not a column here{did_you_mean(word, COLUMNS)}")
        if lacking and not strangers:
            self._note(1, f"the first line names the columns: {' and '.join(lacking)} is missing")
        if len(set(columns)) < len(columns):
            self._note(1, "a column stands here twice")
        return columns if not self.faults else []

    def _mailbox(self, line: int, row: dict[str, str], width: int) -> Iterator[tuple[Place, WantedMailbox]]:
        if not any(value.strip() for value in row.values()):
            return
        source, destination = (parse_address(row.get(name, "")) for name in COLUMNS[:2])
        policy = row.get("policy", "").strip() or self.policy
        if source and destination and policy and width <= len(row):
            yield Place(self.file, line), WantedMailbox(source, destination, intern(policy))
            return
        for reason in _mistakes(source, destination, policy):
            self._note(line, reason)
        if width > len(row):
            self._note(line, f"this has {width} values, but there are {len(row)} columns")

    def _note(self, line: int, reason: str) -> None:
        self.faults.append(Fault(Place(self.file, line), reason))


def _mistakes(source: str | None, destination: str | None, policy: str | None) -> Iterator[str]:
    for name, address in zip(COLUMNS, (source, destination), strict=False):
        if address is None:
            yield f"`{name}` must be one e-mail address, such as ana@contoso.com"
    if not policy:
        yield "no policy: name it in a column `policy`, or beside `file` in the tenant file"


def _delimiter(file: TextIO) -> str:
    """Of those we take, the one that the first line has more of; the file is back at its start."""
    head = file.readline()
    file.seek(0)
    return max(DELIMITERS, key=head.count)


def _first_undecodable(path: Path) -> int:
    with path.open("rb") as file:
        for number, line in enumerate(file, start=1):
            try:
                line.decode()
            except UnicodeDecodeError:
                return number
    return 0
