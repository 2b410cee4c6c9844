"""A check of the code's own that refuses another loop: `if self._loop is not loop: raise …`."""

from __future__ import annotations

import ast
import asyncio
from types import FrameType

from loopcheck.process import objects
from loopcheck.source import calls
from loopcheck.source.statements import raise_conditions
from loopcheck.source.values import meaning

Loop = asyncio.AbstractEventLoop
RUNNING = frozenset({"get_running_loop", "get_event_loop", "_get_running_loop"})


def refused(frame: FrameType, line: int, here: Loop | None) -> tuple[object, Loop] | None:
    """Return the object that refuses to work on *here*, and the loop that it keeps instead.

    *line* raises because two loops are not the same. The words of the error are the code's own.
    """
    for kept, other in raise_conditions.found_different(frame.f_code.co_filename, line):
        home, owner = meaning.of(kept, frame), meaning.of(kept.value, frame)
        beside = _loop(other, frame, here)
        if not objects.is_loop(home) or not meaning.known(owner):
            continue
        apart = beside is not None and beside is not home
        if apart and (here is None or here is beside):
            return owner, home
    return None


def _loop(node: ast.expr, frame: FrameType, here: Loop | None) -> Loop | None:
    """Return the loop that *node* stands for; a look-up gives the one that runs the line."""
    if isinstance(node, ast.Call) and calls.last(node.func) in RUNNING:
        return here
    found = meaning.of(node, frame)
    return found if objects.is_loop(found) else None
