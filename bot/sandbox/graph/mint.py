"""Makes ids: unique, the same for the same seed, case-sensitive, and no secret."""

import base64
import hashlib
import re
import uuid
from itertools import count

SHAPE = re.compile(r"A[AQ][Mk][kA][A-Za-z0-9_-]{40,}=*")


class Mint:
    def __init__(self, seed: int = 1) -> None:
        self._seed = seed
        self._serial = count(1)

    def folder_id(self) -> str:
        return f"AQMk{self._word(36)}="

    def mutable_id(self) -> str:
        return f"AAMk{self._word(54)}="

    def immutable_id(self) -> str:
        """Told apart by its first letters, as Exchange's are."""
        return f"AAkA{self._word(54)}="

    def state_token(self) -> str:
        return f"{self._word(54)}.{self._word(36)}"

    def guid(self) -> str:
        return str(uuid.UUID(bytes=self._bytes()[:16], version=4))

    def _word(self, size: int) -> str:
        raw = b""
        while len(raw) < size:
            raw += self._bytes()
        return base64.urlsafe_b64encode(raw[:size]).decode()

    def _bytes(self) -> bytes:
        return hashlib.sha256(f"{self._seed}/{next(self._serial)}".encode()).digest()


def is_well_formed(item_id: str) -> bool:
    return SHAPE.fullmatch(item_id) is not None


def is_immutable(item_id: str) -> bool:
    return item_id.startswith("AAkA")
