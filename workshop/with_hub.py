"""Runs a service of the Hub's so that it ends with the Hub, also where the Hub is killed.

    python with_hub.py COMMAND…

A Hub that comes back starts its services anew: without this the old ones stay beside them, and an
old class board keeps the port. Only Linux tells a process of its parent's end.
"""

import ctypes
import os
import signal
import sys
from collections.abc import Sequence

PDEATHSIG = 1  # PR_SET_PDEATHSIG: it outlives `exec`


def main(command: Sequence[str]) -> None:
    """Ask to be ended with the Hub, and go on as *command*."""
    hub = os.getppid()
    if sys.platform.startswith("linux"):
        ctypes.CDLL(None).prctl(PDEATHSIG, signal.SIGTERM)
        if os.getppid() != hub:
            sys.exit(0)  # it was killed before it could be asked
    os.execvp(command[0], list(command))


if __name__ == "__main__":
    main(sys.argv[1:])
