"""No log holds a token, a response URL or, unless a setting allows it, an address."""

import json
import logging
from collections.abc import Callable, Iterator
from typing import Any

import pytest
import structlog

from bot.config import LogFormat
from bot.logs import QUIET, configure, hashed
from tests import once

Capture = pytest.CaptureFixture[str]
ADDRESS = "ada.keller+x@org.com"
TOKEN = "xoxb" + "-1234567890-AbCdEf"
APP_TOKEN = "xapp" + "-1-A0B1-2-cafe"
SECRET = "whsec_" + "C2FVsBQIhrscChlQIMV+b5sSYspob7oD/a+b="
URL = "https://hooks.slack.com/commands/T1/2/AbCd"


@pytest.fixture(autouse=True)
def as_before() -> Iterator[None]:
    root = logging.getLogger()
    handlers, level = root.handlers, root.level
    levels = {name: logging.getLogger(name).level for name in QUIET}
    yield
    once.plain_tracebacks()
    root.handlers = handlers
    root.setLevel(level)
    for name, before in levels.items():
        logging.getLogger(name).setLevel(before)


def by_structlog(**fields: Any) -> None:
    structlog.get_logger("test").warning("it happened", **fields)


def by_library(**fields: Any) -> None:
    logging.getLogger("library").warning("it happened: %s", fields)


@pytest.mark.parametrize("form", LogFormat)
@pytest.mark.parametrize("say", [by_structlog, by_library])
@pytest.mark.parametrize(
    "wrapped",
    [
        str,
        lambda text: f"before {text}, after",
        lambda text: {"deep": [text, (text,)]},
        lambda text: {text},
        ValueError,
    ],
    ids=["alone", "in a sentence", "nested", "in a set", "in an exception"],
)
def test_secrets_are_cut_wherever_they_stand(
    capsys: Capture, form: LogFormat, say: Callable[..., None], wrapped: Callable[[str], object]
) -> None:
    configure("INFO", form, addresses=False)
    for secret in (TOKEN, APP_TOKEN, SECRET, URL, ADDRESS):
        say(what=wrapped(secret))
        written = capsys.readouterr().err
        assert "it happened" in written
        assert secret not in written
        for part in ("AbCdEf", "cafe", "b5sSYspob7oD", "a+b=", "T1/2", "keller"):
            assert part not in written


def explode(saying: str) -> None:
    raise RuntimeError(saying)


@pytest.mark.parametrize("form", LogFormat)
def test_tracebacks_are_cut_too(capsys: Capture, form: LogFormat) -> None:
    configure("INFO", form, addresses=False)
    try:
        explode(f"{ADDRESS} {TOKEN} {URL}")
    except RuntimeError:
        structlog.get_logger("test").exception("it happened")
        logging.getLogger("library").exception("it happened there")
    written = capsys.readouterr().err
    assert written.count("RuntimeError") >= 2
    assert written.count("Traceback") == 2
    for secret in (ADDRESS, TOKEN, URL):
        assert secret not in written


def test_an_address_is_written_as_its_hash_so_that_lines_can_be_matched(capsys: Capture) -> None:
    configure("INFO", LogFormat.JSON, addresses=False)
    by_structlog(mailbox=ADDRESS.upper())
    by_structlog(mailbox=ADDRESS)
    first, second = (json.loads(each)["mailbox"] for each in capsys.readouterr().err.splitlines())
    assert first == second == hashed(ADDRESS)


def test_a_setting_allows_addresses_but_never_tokens(capsys: Capture) -> None:
    configure("INFO", LogFormat.JSON, addresses=True)
    by_structlog(mailbox=ADDRESS, token=TOKEN, url=URL)
    line = json.loads(capsys.readouterr().err)
    assert (line["mailbox"], line["token"], line["url"]) == (ADDRESS, "[token]", "[response_url]")


def test_json_lines_carry_level_logger_time_and_fields(capsys: Capture) -> None:
    configure("INFO", LogFormat.JSON, addresses=False)
    by_structlog(count=3, nothing=None)
    line = json.loads(capsys.readouterr().err)
    assert (line["event"], line["level"], line["logger"]) == ("it happened", "warning", "test")
    assert (line["count"], line["nothing"]) == (3, None)
    assert line["timestamp"].endswith("Z")


def test_what_is_below_the_level_and_libraries_chatter_stay_out(capsys: Capture) -> None:
    configure("INFO", LogFormat.CONSOLE, addresses=False)
    structlog.get_logger("test").debug("too fine")
    for name in QUIET:
        logging.getLogger(name).info("chatter")
    assert capsys.readouterr().err == ""
