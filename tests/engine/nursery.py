"""Starts processes of the engine one after another, each in a tenth of the time that Python takes to start.

Its own process has one thread and has imported everything, so that a fork of it can begin to work at once. On
its standard input it gets one line of orders for each process, and one to bury it: until then its number is
nobody else's, and a late kill hits nobody. On its standard output it tells the number, and how it ended.
"""

import os
import sys

from tests import disks
from tests.engine.life import live
from tests.engine.orders import Orders


def main() -> None:
    disks.do_not_wait()
    for line in iter(sys.stdin.readline, ""):
        orders = Orders.model_validate_json(line)
        process = os.fork()
        if not process:
            os._exit(_lived(orders))
        _tell(process)
        os.waitid(os.P_PID, process, os.WEXITED | os.WNOWAIT)
        _tell(0)
        sys.stdin.readline()
        _, status = os.waitpid(process, 0)
        _tell(os.waitstatus_to_exitcode(status))


def _tell(number: int) -> None:
    sys.stdout.write(f"{number}\n")
    sys.stdout.flush()


def _lived(orders: Orders) -> int:
    log = os.open(orders.log, os.O_WRONLY | os.O_CREAT | os.O_APPEND)
    for stream in (1, 2):
        os.dup2(log, stream)
    try:
        live(orders)
    except BaseException:  # noqa: BLE001 - nothing of it may go on as if it were the nursery
        sys.excepthook(*sys.exc_info())
        sys.stderr.flush()
        return 1
    return 0


if __name__ == "__main__":
    main()
