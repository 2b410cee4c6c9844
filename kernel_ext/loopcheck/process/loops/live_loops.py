"""Which loops exist in this process, whatever created them: by threads, tasks and the heap.

We call no user code, and keep no frame and no loop.
"""

from __future__ import annotations

import asyncio
import gc
import re
import sys
import threading
import types
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Any, Literal

from loopcheck.labels import plain
from loopcheck.light import dataclass
from loopcheck.process import futures, objects, parameters, thread_stacks
from loopcheck.process.frames import line_at, module_of
from loopcheck.source import project_files

if TYPE_CHECKING:  # an import here costs every run that uses a store
    from loopcheck.records import Owner

Loop = asyncio.AbstractEventLoop
Callers = tuple[tuple[str, str, int, str], ...]  # module, file, line, function; innermost first

FRAMES = 1_000  # of one stack
THREAD = 40  # characters of a thread's name
_RUNNERS = frozenset({"run_forever", "run_until_complete"})  # qasync, nest_asyncio have their own
_UNNUMBERED = re.compile(r"Thread-\d+(?: \((.+)\))?\Z|(subshell)-[0-9a-f-]+\Z")

_TYPED = re.compile(r"<(?:stdin|string|console|python-input-\d+)>\Z")  # at a prompt, or `-c`


def owner(filename: str, module: str = "") -> Owner:
    """Return whose code *filename* holds; code typed at a prompt is the user's, too."""
    if _TYPED.match(filename) and _is_typed():
        return "user"
    return project_files.owner(filename, module)


def _is_typed() -> bool:
    """Return whether the program has no file: then `<string>` is what `-c` said, else generated."""
    main = sys.modules.get("__main__")
    return getattr(main, "__dict__", {}).get("__file__") is None


@dataclass(frozen=True)
class Run:
    """A loop that a thread is running now."""

    loop: Loop
    thread: str  # in words
    main: bool
    callers: Callers  # the frames that run it, up to the next loop outward


@dataclass(frozen=True)
class Thread:
    """A live thread: its name, and its stack."""

    ident: int
    words: str
    main: bool
    frames: list[types.FrameType]  # innermost first
    maker: Callers  # one of the kernel's own threads: its class shows which


def running() -> list[Run]:
    """Return the loops that run now, in any thread; nested ones, innermost first."""
    found = [run for thread in threads() for run in _runs(thread)]
    here = asyncio._get_running_loop()
    if here is not None and not any(run.loop is here for run in found):  # uvloop's has no frame
        main = threading.current_thread() is threading.main_thread()
        name = objects.peek(threading.current_thread(), "_name")
        found.append(Run(here, _in_words(name, main=main), main, ()))
    return found


def _runs(thread: Thread) -> Iterator[Run]:
    loop: Loop | None = None
    callers: list[tuple[str, str, int, str]] = []
    for step in thread.frames:
        met = loop_of(step)
        if met is not None and met is not loop:
            if loop is not None:
                yield Run(loop, thread.words, thread.main, tuple(callers))
            loop, callers = met, []
        elif met is None and loop is not None:
            callers.append(_caller(step))
    if loop is not None:
        yield Run(loop, thread.words, thread.main, (*callers, *thread.maker))


def threads() -> list[Thread]:
    """Return every thread that has a stack, without our own two frames.

    On 3.11 no list has a thread whose `join` was interrupted: the frames show every thread.
    """
    named = {objects.peek(one, "_ident"): one for one in threading.enumerate()}
    main = threading.main_thread().ident
    found, here = thread_stacks.threads(), threading.get_ident()
    found[here] = found[here][1:]  # a frame that refers to itself would never be freed
    return [
        _thread(ident, named.get(ident), frames[:FRAMES], main=ident == main)
        for ident, frames in found.items()
    ]


def _thread(
    ident: int, thread: threading.Thread | None, frames: list[types.FrameType], *, main: bool
) -> Thread:
    name = objects.peek(thread, "_name") if thread is not None else None
    module = objects.module_of(type(thread))
    maker = ((module, "", 0, ""),) if module.startswith("ipykernel.") else ()
    return Thread(ident, _in_words(name, main=main), main, frames, maker)


def _in_words(name: object, *, main: bool) -> str:
    if main:
        return "main thread"
    return thread_words(name if type(name) is str else "")


def _caller(frame: types.FrameType) -> tuple[str, str, int, str]:
    code = frame.f_code
    return module_of(frame), code.co_filename, line_at(frame), code.co_name


def loop_of(frame: types.FrameType) -> Loop | None:
    """Return the loop that *frame* runs, None if it runs none.

    We don't read the locals of user frames: up to 3.12 reading them keeps them alive.
    """
    code = frame.f_code
    if code is asyncio.Runner.run.__code__:
        found = objects.peek(thread_stacks.locals_of(frame).get("self"), "_loop")
    elif code.co_name == "start" and module_of(frame) == "tornado.platform.asyncio":
        found = objects.peek(thread_stacks.locals_of(frame).get("self"), "asyncio_loop")
    elif code.co_name in _RUNNERS and project_files.owner(code.co_filename) != "user":
        found = thread_stacks.locals_of(frame).get(parameters.first(code) or "")
    else:
        return None
    return found if objects.is_loop(found) else None


def registered() -> list[Any]:
    """Return all tasks that asyncio keeps outside C: almost none from 3.14 on.

    The sets are copied in one step: other threads keep creating tasks meanwhile.
    """
    module = asyncio.tasks
    kept = getattr(module, "_scheduled_tasks", None) or getattr(module, "_all_tasks", None)  # 3.11
    refs = set(getattr(kept, "data", ()))
    eager = set(getattr(module, "_eager_tasks", ()))  # 3.12+
    return [task for ref in refs if (task := ref()) is not None] + list(eager)


def every() -> list[Any]:
    """Return all tasks, done or not: from 3.14 on this costs a walk over the heap."""
    if sys.version_info < (3, 14):
        return registered()
    return [one for one in gc.get_referrers(asyncio.Task) if type(one) is asyncio.Task]


def by_loop(loops: Iterable[Loop]) -> list[tuple[Loop, list[Any]]]:
    """Return the registered tasks of each loop, done or not.

    From 3.14 on nothing lists the tasks of all loops, so we call `all_tasks` for each of *loops*,
    which any thread may do. asyncio itself calls done, get_loop and hash only on a subclass of
    Task. Before 3.14, each such call would read the tasks of all loops.
    """
    if sys.version_info >= (3, 14):
        return [(loop, list(asyncio.all_tasks(loop))) for loop in loops]
    tasks = registered()
    found: dict[int, tuple[Loop, list[Any]]] = {}
    usual = [task for task in tasks if type(task) is asyncio.Task]
    for loop, task in zip(map(asyncio.Task.get_loop, usual), usual, strict=True):
        mine = found.get(id(loop)) or found.setdefault(id(loop), (loop, []))
        mine[1].append(task)
    for task in tasks if len(usual) < len(tasks) else ():
        other = futures.loop(task) if type(task) is not asyncio.Task else None
        if other is not None:
            found.setdefault(id(other), (other, []))[1].append(task)
    return list(found.values())


def with_tasks() -> list[Loop]:
    """Return the open loops that have a task or are running one: also uvloop's."""
    current: dict[Loop, object] = getattr(asyncio.tasks, "_current_tasks", {})
    found = {id(loop): loop for loop in list(current)}
    tasks = registered()
    usual = [task for task in tasks if type(task) is asyncio.Task]
    loops = list(map(asyncio.Task.get_loop, usual))
    found.update(zip(map(id, loops), loops, strict=True))
    for task in tasks if len(usual) < len(tasks) else ():
        if (loop := futures.loop(task)) is not None:
            found[id(loop)] = loop
    return [loop for loop in found.values() if not closed(loop)]


def on_heap() -> Iterator[Loop]:
    """Yield the open loops among all objects: 25 ms for a million."""
    kinds = list(_kinds(asyncio.AbstractEventLoop))
    for thing in gc.get_referrers(*kinds):
        if objects.is_loop(thing) and not closed(loop := thing):
            yield loop


def _kinds(kind: type) -> Iterator[type]:
    yield kind
    children: list[type] = type.__subclasses__(kind)
    for child in children:
        yield from _kinds(child)


def closed(loop: Loop) -> bool:
    """Return whether *loop* is closed. A half-built or unreadable one counts as open."""
    kept = objects.peek(loop, "_closed")
    return kept if type(kept) is bool else asked(loop, "is_closed") is True


def asked(loop: Loop, method: Literal["is_closed", "is_running"]) -> bool | None:
    """Return the result of *method* if it is written in C or is asyncio's: else it is user code."""
    for kind in objects.mro(type(loop)):
        found: Any = objects.class_dict(kind).get(method)
        if found is None:
            continue
        if type(found) is types.FunctionType:
            if method == "is_running" and found is asyncio.BaseEventLoop.__dict__["is_running"]:
                return objects.peek(loop, "_thread_id") is not None
            return None
        written_in_c = objects.type_name(found).endswith("cython_function_or_method")
        return bool(found(loop)) if written_in_c else None
    return None


def runs_trio() -> bool:
    """Return whether a thread runs a trio loop."""
    return any(
        module_of(step) == "trio._core._run" for thread in threads() for step in thread.frames
    )


def thread_words(name: str) -> str:
    """Return "thread worker": a name without the number that differs from run to run."""
    numbered = _UNNUMBERED.match(name)
    if numbered is not None:
        who = numbered[1] or numbered[2]
        return f"thread of {who[:THREAD]}" if who else "a thread"
    words = plain(name[: 5 * THREAD])[:THREAD].rstrip("0123456789_- ")
    return f"thread {words}" if words else "a thread"
