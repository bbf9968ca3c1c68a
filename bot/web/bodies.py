"""Reading a request's body up to a limit, whatever its headers claim."""

from starlette.requests import Request

from bot.wire.parsing import MOST_BYTES, TooMuch, WrongContentType, check_size


async def read_body(request: Request) -> bytes:
    """Raises TooMuch as soon as the limit is passed, chunked and mislabelled bodies included."""
    _refuse_encoded(request.headers.get("content-encoding", ""))
    _check_claim(request.headers.get("content-length", ""))
    body = bytearray()
    async for chunk in request.stream():
        body += chunk
        check_size(len(body))
    return bytes(body)


def _check_claim(length: str) -> None:
    if length.isdecimal() and (len(length) > len(str(MOST_BYTES)) or int(length) > MOST_BYTES):
        raise TooMuch(f"The body is larger than {MOST_BYTES:,} bytes; send smaller batches.")


def _refuse_encoded(encoding: str) -> None:
    if encoding.strip().lower() not in {"", "identity"}:
        raise WrongContentType("Send the body without a content encoding.")
