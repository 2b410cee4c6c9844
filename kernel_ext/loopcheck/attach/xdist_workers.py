"""The processes of pytest-xdist's workers on this machine."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from typing import Any, cast

from loopcheck.process import objects, thread_stacks
from loopcheck.process.frames import module_of

CONTROLLER = "xdist.dsession"


def process_of(node: Any) -> int | None:
    """Return the process of a worker, None if it runs on another machine."""
    gateway = node.gateway
    process = getattr(getattr(gateway, "_io", None), "popen", None)
    if process is None or not getattr(gateway.spec, "popen", False):
        return None
    return cast("int", process.pid)


def controlled() -> Iterator[int]:
    """Yield the processes of the workers that this thread controls."""
    for frame in thread_stacks.of(threading.get_ident()):
        if module_of(frame) == CONTROLLER:
            session = thread_stacks.locals_of(frame).get("self")
            nodes: Any = objects.peek(session, "_active_nodes")
            yield from filter(None, map(process_of, list(nodes or ())))
            return
