"""Settings of each learner's Jupyter server; the Hub's configuration points to this folder."""

import os
import signal
from types import FrameType

SOCKET = "/kernel-00000000-0000-0000-0000-000000000000-ipc-9"
LONGEST = 103  # characters of a socket's path, on macOS; Linux has four more


def take_leave(number: int, frame: FrameType | None) -> None:
    """End as on SIGTERM: with the kernels.

    A Hub ends a server with SIGINT. Without a terminal, SIGINT interrupts Jupyter before it ends
    its kernels, and they leave their folders behind (JupyterHub 5.4, jupyter_server 2.21).
    """
    os.kill(os.getpid(), signal.SIGTERM)


signal.signal(signal.SIGINT, take_leave)

c = get_config()  # type: ignore[name-defined]  # noqa: F821  # Jupyter provides it
c.KernelManager.shutdown_wait_time = 20  # thirty kernels end at once on two cores
# A kernel ends half an hour after its lesson is closed; open or busy ones stay.
c.MappingKernelManager.cull_idle_timeout = 1800
c.MappingKernelManager.cull_interval = 300
# Sockets have fixed names, ports are random: of thirty kernels that start at once, some would get a
# port that another has by then, and never answer.
if len(os.environ.get("JUPYTER_RUNTIME_DIR", "?" * LONGEST) + SOCKET) <= LONGEST:
    c.KernelManager.transport = "ipc"
