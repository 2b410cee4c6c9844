"""What each learner's Jupyter server is told; the Hub's configuration points at this folder."""

import os
import signal
from types import FrameType


def take_leave(number: int, frame: FrameType | None) -> None:
    """End as on SIGTERM: with the kernels.

    A Hub ends a server with SIGINT. Without a terminal Jupyter is interrupted by it and leaves its
    kernels to find out, and they leave their folders behind (JupyterHub 5.4, jupyter_server 2.21).
    """
    os.kill(os.getpid(), signal.SIGTERM)


signal.signal(signal.SIGINT, take_leave)

c = get_config()  # type: ignore[name-defined]  # noqa: F821  # Jupyter provides it
c.KernelManager.shutdown_wait_time = 20  # thirty kernels end at once on two cores
# A kernel whose lesson is closed goes after half an hour; what is open, or busy, stays.
c.MappingKernelManager.cull_idle_timeout = 1800
c.MappingKernelManager.cull_interval = 300
