"""Where tasks are created, on demand: a task factory that notes the calling lines.

It keeps code objects and instruction offsets; lines are worked out when somebody asks.
"""

from __future__ import annotations

import asyncio
import sys
import weakref
from collections.abc import Callable
from types import CodeType, FrameType
from typing import Any, Protocol, cast

from loopcheck.facts.labels import LOCK
from loopcheck.facts.watch.hooks import Counted, once

CALLERS = 4  # frames kept of who created a task: asyncio's helpers need one or two, anyio's three

Loop = asyncio.AbstractEventLoop
Site = tuple[CodeType | int, ...]  # code, offset, code, offset, …; innermost first
Callers = tuple[tuple[str, str, int, str], ...]  # module, file, line, function


class Factory(Protocol):
    """A task factory. From 3.13.3 on it is given name, context and eager_start, too."""

    def __call__(self, loop: Loop, coro: Any, /, **kwargs: Any) -> Any: ...


class _Ref(weakref.ref[Any]):
    """A weak reference that knows its place in a dict: a user's class is asked for no hash."""

    __slots__ = ("kept", "key")

    key: int
    kept: Any


_sites: dict[weakref.ref[Any], Site] = {}  # of asyncio's own tasks; an entry goes with its task
_odd: dict[int, _Ref] = {}  # of subclasses, by id
_watched: dict[int, _Ref] = {}  # by id of the loop


def site(task: object) -> Callers:
    """Return the lines that created *task*, innermost first; empty if nobody watched."""
    if type(task) is asyncio.Task:
        kept = _sites.get(weakref.ref(task), ())
    else:
        ref = _odd.get(id(task))
        kept = ref.kept if ref is not None and ref() is task else ()
    pairs = zip(kept[::2], kept[1::2], strict=True)
    return tuple(_line(cast("CodeType", code), cast("int", offset)) for code, offset in pairs)


def _line(code: CodeType, offset: int) -> tuple[str, str, int, str]:
    lines = (line for start, end, line in code.co_lines() if start <= offset < end)
    return "", code.co_filename, next(lines, None) or code.co_firstlineno, code.co_name


def install(loop: Loop | None = None) -> Callable[[], None]:
    """Begin to note who creates the tasks of *loop*; without one, of all loops born from now on.

    The hook goes with the last undo.
    """
    return once(_watch(loop)) if loop is not None else _NEWBORN.install()


class _Watch:
    """The hook on one loop. It knows no loop, so that it keeps none."""

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
        watch.active = False  # if somebody wrapped after us, ours stays as a pass-through
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
    usual = asyncio.tasks  # asked for Task each time: nest_asyncio replaces it there
    own, ref, gone, frame = asyncio.Task, weakref.ref, _sites.pop, sys._getframe

    def factory(loop: Loop, coro: Any, /, **kwargs: Any) -> Any:
        if previous is None:
            task = usual.Task(coro, loop=loop, **kwargs)
        else:
            task = previous(loop, coro, **kwargs)
        if watch.active:
            if type(task) is own:
                _sites[ref(task, gone)] = _callers(frame(depth))
            else:
                _enter(_odd, task, _callers(frame(depth)))
        return task

    return factory


def _callers(first: FrameType) -> Site:
    """Return code and offset of four frames, written out: a loop over them takes twice as long."""
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
        born(self, *args, **kwargs)
        if active:
            leaving.append(_watch(self))

    cls.__init__ = __init__  # type: ignore[method-assign,assignment]

    def undo() -> None:
        nonlocal active
        active = False
        if cls.__init__ is __init__:
            cls.__init__ = born  # type: ignore[method-assign]
        for leave in leaving:
            leave()

    return undo


_NEWBORN = Counted(_hook)
