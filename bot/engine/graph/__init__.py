"""Microsoft Graph as a source of mail: folders and messages by delta, bytes by `$value`."""

from bot.engine.graph.client import Graph

__all__ = ["Graph"]
