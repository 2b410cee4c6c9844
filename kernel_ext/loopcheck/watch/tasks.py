"""Where tasks are created: the calling lines, recorded when asyncio registers a task.

On demand a task factory records them, for loops that are already open. Both keep code objects and
instruction offsets, and work lines out only when they are needed.
"""

from __future__ import annotations

import asyncio
import inspect
import os
import sys
import weakref
from collections import deque
from collections.abc import Callable, Iterator
from types import CodeType, FrameType
from typing import Any, Protocol, cast

from loopcheck.labels import LOCK
from loopcheck.process import futures
from loopcheck.process.frames import line_of
from loopcheck.source import project_files
from loopcheck.watch import faults, interpreter_events
from loopcheck.watch.hooks import Counted, once, placed, step_aside

TABLES = ("_all_tasks", "_scheduled_tasks")  # of all loops: 3.11; 3.12 and 3.13
ASYNCIO = os.path.dirname(asyncio.__file__) + os.sep
CALLERS = 4  # frames to keep of a task's creation: asyncio's helpers need one or two, anyio's three

Loop = asyncio.AbstractEventLoop
Site = tuple[CodeType | int, ...]  # code, offset, code, offset, …; innermost first
Caller = tuple[str, str, int, str]  # module, file, line, function
Callers = tuple[Caller, ...]


class Factory(Protocol):
    """A task factory. From 3.13.3 on it also receives name, context and eager_start."""

    def __call__(self, loop: Loop, coro: Any, /, **kwargs: Any) -> Any: ...


class _Ref(weakref.ref[Any]):
    """A weak reference that knows its place in a dict: it never calls a user's `__hash__`."""

    __slots__ = ("kept", "key")

    key: int
    kept: Any


_CREATE_TASK = getattr(asyncio.BaseEventLoop.create_task, "__code__", None)
_RUN = getattr(asyncio.Handle._run, "__code__", None)  # below it is a callback of the loop
Usual = dict[weakref.ref[Any], Site]

_sites: Usual = {}  # of asyncio's own tasks; an entry goes with its task
_odd: dict[int, _Ref] = {}  # of subclasses, by id
_noted: Usual = {}  # the same for all loops, for tasks that are left pending
_noted_odd: dict[int, _Ref] = {}
# What is left of the latest tasks that ended: the collector clears weak references to a task before
# asyncio can report that it was pending. Their entries in `_noted` go a little later.
_gone: deque[weakref.ref[Any]] = deque()
GONE = 100
# The running task when another one was created, by the latter. A test's task creates most of them.
_parents: dict[weakref.ref[Any], weakref.ref[Any]] = {}
_parents_odd: dict[int, _Ref] = {}
# The originals: a test may replace them.
_running, _running_loop = asyncio.current_task, asyncio._get_running_loop
if sys.version_info < (3, 12):  # there it is Python code, three times as slow as its table
    _running = asyncio.tasks._current_tasks.get  # type: ignore[attr-defined]
_went, _orphaned = _gone.append, _parents.pop
_watched: dict[int, _Ref] = {}  # by id of the loop


def site(task: object) -> Callers:
    """Return the lines that created *task*, innermost first; empty if there was no watch."""
    return _lines(_kept(_sites, _odd, task) or _kept(_noted, _noted_odd, task))


def users_line(task: object) -> Caller | None:
    """Return the innermost line of user code that created *task*."""
    return next((one for one in site(task) if project_files.owner(one[1]) == "user"), None)


def watched_site(task: object) -> Callers:
    """Return those lines of a task whose loop is watched, as in a second run of a test."""
    return _lines(_kept(_sites, _odd, task))


def started_by_user(task: object) -> bool:
    """Return whether a line of user code itself started *task*, with a function of asyncio.

    A coroutine of asyncio in between starts tasks of its own, and ends them: `open_connection`.
    """
    return _is_started_by_user(_kept(_noted, _noted_odd, task) or _kept(_sites, _odd, task))


def _is_started_by_user(kept: Site) -> bool:
    for code, _ in _pairs(kept):
        if not code.co_filename.startswith(ASYNCIO):
            return project_files.owner(code.co_filename) == "user"
        if code is _RUN or code.co_flags & inspect.CO_COROUTINE:
            break
    return False


def site_of_collected(task: object) -> tuple[Callers, bool]:
    """Return the lines that created *task*, which is just being collected, and `started_by_user`.

    No weak reference leads to it any more; its dead ones still have its hash.
    """
    kept = _kept(_noted, _noted_odd, task)
    if not kept and type(task) is asyncio.Task:
        key = hash(task)
        kept = next((_noted.get(one, ()) for one in reversed(_gone) if hash(one) == key), ())
    return _lines(kept), _is_started_by_user(kept)


def parent(task: object) -> Any:
    """Return the task that ran when *task* was created; None if it is gone, or was not watched."""
    if type(task) is asyncio.Task:
        ref = _parents.get(weakref.ref(task))
        return ref() if ref is not None else None
    odd = _parents_odd.get(id(task))
    return odd.kept() if odd is not None and odd() is task else None


def known() -> Iterator[Any]:
    """Yield the recorded tasks that still exist, also those that have ended."""
    for ref in [*_noted, *_noted_odd.values()]:
        task = ref()
        if task is not None:
            yield task


def _kept(usual: Usual, odd: dict[int, _Ref], task: object) -> Site:
    if type(task) is asyncio.Task:
        return usual.get(weakref.ref(task), ())
    ref = odd.get(id(task))
    return cast("Site", ref.kept) if ref is not None and ref() is task else ()


def _pairs(kept: Site) -> Iterator[tuple[CodeType, int]]:
    for code, offset in zip(kept[::2], kept[1::2], strict=True):
        yield cast("CodeType", code), cast("int", offset)


def _lines(kept: Site) -> Callers:
    return tuple(_line(code, offset) for code, offset in _pairs(kept))


def _line(code: CodeType, offset: int) -> tuple[str, str, int, str]:
    return "", code.co_filename, line_of(code, offset), code.co_name


def note_makers() -> Callable[[], None]:
    """Begin to record where tasks are created, on all loops and in all threads.

    Every passing test pays for it: 1 to 2 µs a task. asyncio looks no different, and no frame of
    ours is between a task and the line that creates it.
    """
    return _MAKERS.install()


def install(loop: Loop | None = None) -> Callable[[], None]:
    """Begin to record where tasks of *loop* are created; without one, on all loops from now on.

    The last undo removes the hook.
    """
    return once(_watch(loop)) if loop is not None else _NEWBORN.install()


class _Watch:
    """The hook on one loop. It does not refer to the loop, so it does not keep it alive."""

    def __init__(self, previous: Factory | None, depth: int) -> None:
        self.users, self.previous, self.active = 0, previous, True
        self.factory = _factory(self, previous, depth)


def _watch(loop: Loop) -> Callable[[], None]:
    with LOCK:
        watch = _on(loop)
        if watch is None or not watch.active:
            # BaseEventLoop.create_task is a frame between us and the caller, uvloop's is none.
            depth = 2 if isinstance(loop, asyncio.BaseEventLoop) else 1
            watch = _Watch(cast("Factory | None", loop.get_task_factory()), depth)
            _enter(_watched, loop, watch)
            loop.set_task_factory(cast("Any", watch.factory))
        watch.users += 1
    return _leaving(weakref.ref(loop), watch)


def _leaving(ref: weakref.ref[Loop], watch: _Watch) -> Callable[[], None]:
    def leave() -> None:
        watch.users -= 1
        if watch.users:
            return
        watch.active = False  # if other code has wrapped after us, ours stays as a pass-through
        loop = ref()
        if loop is None:
            return
        if _on(loop) is watch:
            del _watched[id(loop)]
        if loop.get_task_factory() is cast("Any", watch.factory):
            loop.set_task_factory(cast("Any", watch.previous))

    return leave


def _on(loop: Loop) -> _Watch | None:
    ref = _watched.get(id(loop))
    return cast("_Watch", ref.kept) if ref is not None and ref() is loop else None


def _enter(table: dict[int, _Ref], thing: object, kept: object) -> None:
    def forget(ref: _Ref, table: dict[int, _Ref] = table) -> None:
        if table.get(ref.key) is ref:
            del table[ref.key]

    ref = _Ref(thing, forget)
    ref.key, ref.kept = id(thing), kept
    table[ref.key] = ref


def _factory(watch: _Watch, previous: Factory | None, depth: int) -> Factory:
    usual = asyncio.tasks  # read Task from it each time: nest_asyncio replaces it there
    own, ref, gone, frame = asyncio.Task, weakref.ref, _sites.pop, sys._getframe

    def factory(loop: Loop, coro: Any, /, **kwargs: Any) -> Any:
        try:
            if previous is None:
                task = usual.Task(coro, loop=loop, **kwargs)
            else:
                task = previous(loop, coro, **kwargs)
        except BaseException as error:
            step_aside(error)
            raise
        if watch.active:
            if type(task) is own:
                _sites[ref(task, gone)] = _callers(frame(depth))
            else:
                _enter(_odd, task, _callers(frame(depth)))
        return task

    return factory


def _callers(first: FrameType) -> Site:
    """Return code and offset of four frames, without a loop: that would take twice as long."""
    one: Any = first
    try:
        two = one.f_back
        three = two.f_back
        four = three.f_back
        near = two.f_code, two.f_lasti, three.f_code, three.f_lasti
        return (one.f_code, one.f_lasti, *near, four.f_code, four.f_lasti)
    except AttributeError:  # there are fewer
        return _few_callers(first)


def _few_callers(frame: FrameType | None) -> Site:
    found: list[CodeType | int] = []
    while frame is not None and len(found) < 2 * CALLERS:
        found += (frame.f_code, frame.f_lasti)
        frame = frame.f_back
    return tuple(found)


def _hook() -> Callable[[], None]:
    cls = asyncio.BaseEventLoop
    born = cls.__init__
    active = True
    leaving: list[Callable[[], None]] = []

    def __init__(self: asyncio.BaseEventLoop, *args: object, **kwargs: object) -> None:
        try:
            born(self, *args, **kwargs)
        except BaseException as error:
            step_aside(error)
            raise
        if active:
            leaving.append(_watch(self))

    restore = placed(cls, "__init__", __init__)

    def undo() -> None:
        nonlocal active
        active = False
        restore()
        for leave in leaving:
            leave()

    return undo


_NEWBORN = Counted(_hook)


def _note_makers() -> Callable[[], None]:
    if sys.version_info >= (3, 14):
        return _note_returned()
    name = next((name for name in TABLES if hasattr(asyncio.tasks, name)), "")
    table = getattr(asyncio.tasks, name, None)
    return _note_registered(table) if type(table) is weakref.WeakSet else lambda: None


def _note_registered(table: Any) -> Callable[[], None]:
    """Record the tasks that asyncio, written in C, puts into its *table* when it creates them."""
    register, frame = table.add, sys._getframe

    def add(task: Any) -> None:
        register(task)
        try:
            _note(task, frame(1))
        except Exception:  # our code must never break the user's loop
            faults.note()

    table.add = add

    def undo() -> None:
        if vars(table).get("add") is add:
            del table.add

    return undo


def _note_returned() -> Callable[[], None]:
    """Record what `create_task` returns: since 3.14 only C code registers tasks."""

    def returned(code: CodeType, offset: int, task: object) -> None:
        try:
            if futures.is_task(task):
                _note(task, sys._getframe(1))
        except Exception:  # our code must never break the user's loop
            faults.note()

    if _CREATE_TASK is None:
        return lambda: None
    return interpreter_events.listen("PY_RETURN", returned, _CREATE_TASK) or (lambda: None)


def _note(task: Any, frame: FrameType) -> None:
    """Record the caller of `create_task`: the loop's own is a Python frame, uvloop's is none."""
    if frame.f_code is _CREATE_TASK and frame.f_back is not None:
        frame = frame.f_back
    loop = _running_loop()
    running = _running(loop) if loop is not None else None
    if type(task) is asyncio.Task:
        if len(_gone) > GONE:
            _forget_gone(GONE // 2)
        _noted[weakref.ref(task, _went)] = _callers(frame)
        if running is not None:
            _parents[weakref.ref(task, _orphaned)] = weakref.ref(running)
    else:
        _enter(_noted_odd, task, _callers(frame))
        if running is not None:
            _enter(_parents_odd, task, weakref.ref(running))


def _forget_gone(most: int) -> None:
    """Drop the oldest entries of tasks that have ended, until *most* are left."""
    while len(_gone) > most:
        _noted.pop(_gone.popleft(), None)


def _note_makers_and_forget() -> Callable[[], None]:
    undo = _note_makers()

    def leave() -> None:
        undo()
        _forget_gone(0)

    return leave


_MAKERS = Counted(_note_makers_and_forget)
