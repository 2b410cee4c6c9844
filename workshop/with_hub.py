"""Runs a service of the Hub so that it ends with the Hub, even if the Hub is killed.

    python with_hub.py COMMAND…

A restarted Hub starts its services again. Without this the old ones stay beside them, and an old
class board keeps the port. Only Linux can signal a process when its parent ends.
"""

import ctypes
import os
import signal
import sys
from collections.abc import Sequence

PDEATHSIG = 1  # PR_SET_PDEATHSIG: it outlives `exec`


def main(command: Sequence[str]) -> None:
    """Request to end with the Hub, and continue as *command*."""
    hub = os.getppid()
    if sys.platform.startswith("linux"):
        ctypes.CDLL(None).prctl(PDEATHSIG, signal.SIGTERM)
        if os.getppid() != hub:
            sys.exit(0)  # the Hub was killed before the request
    os.execvp(command[0], list(command))


if __name__ == "__main__":
    main(sys.argv[1:])
