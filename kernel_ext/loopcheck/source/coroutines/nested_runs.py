"""A loop that code tried to start inside a running one: by which call, for which coroutine."""

from __future__ import annotations

import asyncio
import inspect
from collections.abc import Sequence
from types import CoroutineType, FunctionType

from loopcheck.light import dataclass
from loopcheck.process import failure, objects
from loopcheck.process.failure import Link, Step
from loopcheck.source import call_names
from loopcheck.source.coroutines import thread_fixes

STARTERS = {  # these themselves refuse to start a loop inside a running one
    ("asyncio.runners", "run"): "asyncio.run",
    ("anyio._core._eventloop", "run"): "anyio.run",
    ("asgiref.sync", "__call__"): "async_to_sync",
}
RUNNING = ("_check_running", "uvloop.loop.Loop._run")  # these detect that a loop runs already


@dataclass(frozen=True, eq=False)
class Nested:
    """A loop that code tried to start inside a running one."""

    call: str  # "asyncio.run"
    coroutine: str | None  # name of the coroutine that should run there
    user: Step | None  # the user's line that started it
    running: asyncio.AbstractEventLoop | None
    of_library: bool = False  # user code calls a library function that starts loops of its own
    in_a_thread: bool = True  # a thread could call the user's function, and start a loop there


def read(link: Link) -> Nested | None:
    """Return the loop that code tried to start inside a running one, None if there is none."""
    last = link.trace[-1] if link.trace else None
    if last is None or not objects.is_a(link.error, RuntimeError):
        return None
    name, start = last.frame.f_code.co_name, len(link.trace) - 1
    checked = _loops(last) and name in RUNNING
    if not checked and (last.module, name) not in STARTERS:
        return None
    while start and _loops(last) and _loops(link.trace[start - 1]):
        start -= 1
    _, running = failure.runner(link.trace[:start], None)
    running = running or asyncio._get_running_loop()  # a cell's loop is still running
    if running is None and checked and not any(map(_asynchronous, link.trace[:start])):
        return None  # it may run in another thread
    user = next((step for step in reversed(link.trace[:start]) if step.owner == "user"), None)
    if user is not None and _clean_up(link.trace[:start], link.trace[start]):
        said = call_names.asked(user.source.call)
        called = link.trace[link.trace.index(user) + 1].frame.f_code.co_qualname
        return Nested(said or called, None, user, running, of_library=True)
    coroutine = next(filter(None, map(_started, link.trace[start:])), None)
    could = user is None or _in_a_thread(user, link.trace[start], running)
    return Nested(_call(link.trace[start]), coroutine, user, running, in_a_thread=could)


def _in_a_thread(user: Step, start: Step, running: object) -> bool:
    file = user.frame.f_code.co_filename
    own = thread_fixes.starts_its_own(file, user.line, start.frame, running)
    return own and thread_fixes.can_call(file, user.line)


def _clean_up(before: Sequence[Step], step: Step) -> bool:
    """Return whether a library ends a runner that never began at *step*: its first error is gone.

    No user code was to run there; only the call in user code is known.
    """
    ends = step.module == "asyncio.runners" and step.frame.f_code.co_qualname == "Runner.close"
    return ends and bool(before) and before[-1].owner != "user"


def _loops(step: Step) -> bool:
    return step.module.startswith("asyncio.") or step.module == "uvloop.loop"


def _asynchronous(step: Step) -> bool:
    return bool(step.frame.f_code.co_flags & inspect.CO_COROUTINE)


def _call(step: Step) -> str:
    code = step.frame.f_code
    if step.module == "asyncio.runners":
        return code.co_qualname if "." in code.co_qualname else f"asyncio.{code.co_name}"
    return STARTERS.get((step.module, code.co_name)) or f"loop.{code.co_name.rpartition('.')[2]}"


def _started(step: Step) -> str | None:
    """Return the name of the coroutine, or of its function, that should run."""
    for name in ("main", "coro", "future", "func"):
        thing = step.frame.f_locals.get(name)
        if type(thing) is CoroutineType:
            return thing.cr_code.co_qualname.rpartition("<locals>.")[2]
        if type(thing) is FunctionType:
            return thing.__code__.co_qualname.rpartition("<locals>.")[2]
    return None
