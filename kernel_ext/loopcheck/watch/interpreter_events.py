"""What the interpreter itself reports from Python 3.12 on, through `sys.monitoring`."""

from __future__ import annotations

import atexit
import sys
from collections.abc import Callable
from types import CodeType
from typing import Any

from loopcheck.watch.hooks import Undo, once

TOOLS = (4, 3)  # numbers that by convention no debugger, profiler or coverage uses


def listen(name: str, callback: Callable[..., None], code: CodeType | None = None) -> Undo | None:
    """Let *callback* hear of an event, in *code* or everywhere; None if no number is free.

    It hears of nothing once the interpreter exits: Python then empties our modules, and what the
    callback raised would be reported to it again, for ever.
    """
    monitoring: Any = getattr(sys, "monitoring", None)
    free = [tool for tool in TOOLS if monitoring and monitoring.get_tool(tool) is None]
    if not free:
        return None
    tool, event = free[0], getattr(monitoring.events, name)

    def set_events(number: int) -> None:
        if code is None:
            monitoring.set_events(tool, number)
        else:
            monitoring.set_local_events(tool, code, number)

    def leave() -> None:
        atexit.unregister(undo)
        set_events(0)
        monitoring.register_callback(tool, event, None)
        monitoring.free_tool_id(tool)

    undo = once(leave)
    monitoring.use_tool_id(tool, "loopcheck")
    monitoring.register_callback(tool, event, callback)
    set_events(event)
    atexit.register(undo)  # a worker whose controller is gone exits without the end of its run
    return undo
