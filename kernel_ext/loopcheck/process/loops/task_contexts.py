"""The contexts of tasks, and the variables of tokens: `get_context` exists from Python 3.12 on."""

from __future__ import annotations

from collections.abc import Iterable
from contextvars import Context, ContextVar, Token
from typing import Any

from loopcheck.process import futures, objects
from loopcheck.process.loops import live_loops
from loopcheck.process.loops.live_loops import Loop


def tasks_of(loops: Iterable[Loop | None]) -> list[Any]:
    """Return the tasks of *loops*, done or not."""
    wanted = list(loops)
    known = [one for one in live_loops.every() if futures.is_task(one)]
    return [one for one in known if any(futures.loop(one) is loop for loop in wanted)]


def contexts_of(task: object) -> list[Context]:
    """Return the context that *task* works on; none if it does not show one."""
    return [one for one in objects.referents(task) if type(one) is Context]


def is_token_of(thing: object, variable: ContextVar[Any]) -> bool:
    """Return whether *thing* is what `variable.set` returned."""
    return type(thing) is Token and any(one is variable for one in objects.referents(thing))
