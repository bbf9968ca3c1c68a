"""Databases of tests do not wait for the disk: that takes longer than all the rest that they do."""

from bot.store import sqlite


def do_not_wait() -> None:
    """No test cuts the power, and what a killed process has written the system keeps."""
    unsynced = tuple(each.replace("synchronous = FULL", "synchronous = OFF") for each in sqlite._WRITER)
    vars(sqlite)["_WRITER"] = unsynced
