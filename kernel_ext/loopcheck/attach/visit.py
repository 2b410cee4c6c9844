"""The look inside of a process that Python's `sys.remote_exec` made run our script.

Collector and warnings are as before afterwards; the script itself looks after the rest.
"""

from __future__ import annotations

import os
import warnings
from typing import Any

from loopcheck import collector
from loopcheck.attach import waiting_now, xdist_workers
from loopcheck.labels import Labels


def answer() -> dict[str, Any]:
    """Return what this process waits for, as its own run would tell `loopcheck attach`."""
    with collector.still(), warnings.catch_warnings():
        warnings.simplefilter("ignore")
        item = waiting_now.running_item()
        root = getattr(getattr(item, "config", None), "rootpath", None) or os.getcwd()
        seen = waiting_now.read(Labels(str(root)))
        return waiting_now.as_answer(seen, list(xdist_workers.controlled()))
