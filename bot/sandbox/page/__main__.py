"""The stand-in with its page as a process of its own: `python -m bot.sandbox.page --manifest app.yaml`."""

import argparse
import asyncio
import errno
import json
import os
import signal
import sys
from collections.abc import Sequence
from pathlib import Path

import yaml

from bot.sandbox.page.panel import Panel
from bot.sandbox.page.setup import setup
from bot.sandbox.slack.model import Json
from bot.sandbox.slack.roster import small_company
from bot.sandbox.slack.server import SlackStandIn


def _arguments(argv: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m bot.sandbox.page", description=__doc__)
    parser.add_argument("--manifest", type=_manifest, required=True, help="the app manifest, YAML or JSON")
    parser.add_argument("--port", type=int, default=0, help="the port to listen on; 0 takes a free one")
    parser.add_argument(
        "--panel",
        type=_panel,
        action="append",
        default=[],
        metavar="TITLE=URL",
        help="shows another page beside Slack",
    )
    return parser.parse_args(argv)


def _panel(text: str) -> Panel:
    title, found, url = text.partition("=")
    if not found or not url.startswith("http://127.0.0.1:"):
        raise argparse.ArgumentTypeError("must be TITLE=http://127.0.0.1:PORT/...")
    return Panel(title, url=url)


def _manifest(path: str) -> Json:
    try:
        found = yaml.safe_load(Path(path).read_text(encoding="utf-8"))
    except (OSError, ValueError, yaml.YAMLError) as error:
        raise argparse.ArgumentTypeError(f"{path} cannot be read: {error}") from error
    if not isinstance(found, dict):
        raise argparse.ArgumentTypeError(f"{path} is no app manifest")
    return found


def _standin(manifest: Json) -> SlackStandIn:
    return SlackStandIn(
        manifest,
        bot_token=os.environ.get("SANDBOX_BOT_TOKEN", "xoxb-sandbox"),
        app_token=os.environ.get("SANDBOX_APP_TOKEN", "xapp-sandbox"),
        signing_secret=os.environ.get("SANDBOX_SIGNING_SECRET", "sandbox-signing-secret"),
        company=small_company(),
    )


async def _serve(standin: SlackStandIn, port: int) -> None:
    stopped = asyncio.Event()
    for name in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(name, stopped.set)
    try:
        await standin.start(port)
        sys.stdout.write(json.dumps({"url": standin.base_url}) + "\n")
        sys.stdout.flush()
        await stopped.wait()
    finally:
        await standin.stop()


def main(argv: Sequence[str] | None = None) -> int:
    arguments = _arguments(argv)
    standin = _standin(arguments.manifest)
    setup(standin, arguments.panel)
    try:
        asyncio.run(_serve(standin, arguments.port))
    except OSError as error:
        reason = "is taken" if error.errno == errno.EADDRINUSE else f"cannot be used ({error.strerror})"
        sys.stderr.write(f"Port {arguments.port} {reason}. Choose another one, or --port 0 for any.\n")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
