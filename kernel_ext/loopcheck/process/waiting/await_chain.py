"""What a coroutine waits for: its awaits, outermost first. No user code runs."""

from __future__ import annotations

import gc
import inspect
import re
import sys
from collections.abc import Iterator
from functools import lru_cache
from types import AsyncGeneratorType, CodeType, CoroutineType, FrameType, GeneratorType
from typing import TYPE_CHECKING, Any, Literal

from loopcheck.labels import Labels
from loopcheck.light import dataclass
from loopcheck.process import futures, objects
from loopcheck.process.frames import line_at
from loopcheck.process.loops import live_loops

if TYPE_CHECKING:  # an import here costs every run that uses a store
    from loopcheck.records import Owner, Place

ANYIOS_PLUGIN, ANYIOS_RUNNERS = "/anyio/pytest_plugin.py", "/anyio/_backends/"
DEEPEST = 100  # awaits to follow for one task: a runaway recursion must not slow a look down
TASKS = 10  # tasks that wait for tasks

State = Literal["waiting", "running", "new"]
Offsets = tuple[tuple[CodeType, int], ...]

_FRAMED = {
    CoroutineType: ("cr_frame", "cr_await"),
    AsyncGeneratorType: ("ag_frame", "ag_await"),
    GeneratorType: ("gi_frame", "gi_yieldfrom"),
}
_BETWEEN = frozenset(  # written in C, they do not name what they hold
    {
        *("async_generator_asend", "async_generator_athrow", "anext_awaitable"),
        *("coroutine_wrapper", "_asyncio.FutureIter"),
    }
)
_STEPS = frozenset({"async_generator_asend", "anext_awaitable"})
INSTALL = re.compile(  # the last one; a browser tab has the standard library in a zip file
    r".*/(?:site|dist)-packages/|.*/lib/python3\.?\d+(?:\.zip)?/|.*/Lib/"
)
_PUBLIC = {
    "_asyncio.Task": "asyncio.Task",
    "_asyncio.Future": "asyncio.Future",
    "asyncio.tasks._GatheringFuture": "asyncio.gather",
}


@dataclass(frozen=True)
class Way:
    """The awaits of a coroutine, down to what it waits for."""

    steps: tuple[tuple[CodeType, int], ...]  # code and line, outermost first
    end: str | None  # the type that the last of them waits for
    state: State


def follow(coro: object) -> Way | None:
    """Return the path from *coro* down to what it waits for, None if it has ended."""
    state = _state(coro)
    way, end = chain(coro)
    if not way and state == "new":
        return None
    lost = end is None or type(end) in _FRAMED or _between(end)  # nothing, or too deep
    return Way(tuple(_lines(way)), None if lost else _thing(end), state)


def _lines(way: list[Any]) -> list[tuple[CodeType, int]]:
    return [(frame.f_code, line_at(frame)) for frame in map(frame_of, way) if frame is not None]


def where_is(task: Any) -> Offsets:
    """Return where *task* waits, and the tasks that it waits for: code and offset, outermost first.

    An offset costs less than its line, and most looks need no line.
    """
    found: list[tuple[CodeType, int]] = []
    todo = [(task, 0)]
    while todo:
        now, depth = todo.pop(0)
        found += [(frame.f_code, frame.f_lasti) for frame in frames(futures.coroutine(now))]
        waiter = futures.waiter(now)
        if depth < TASKS:
            tasks = (one for one in futures.parts(waiter) or [waiter] if futures.is_task(one))
            todo += [(one, depth + 1) for one in tasks if not futures.done(one)]
    return tuple(found)


def frames(coro: object) -> list[FrameType]:
    """Return the frames of the awaits of *coro*, outermost first: don't keep them."""
    return [frame for frame in map(frame_of, chain(coro)[0]) if frame is not None]


def chain(coro: object) -> tuple[list[Any], object | None]:
    """Return the coroutines and generators from *coro* down, and what the last one waits for."""
    step: object | None = coro
    way: list[Any] = []
    seen: dict[int, object] = {}  # kept alive, so that no id is reused
    while (
        step is not None and len(way) < DEEPEST and len(seen) < 2 * DEEPEST and id(step) not in seen
    ):
        seen[id(step)] = step
        names = _FRAMED.get(type(step))
        if names is not None:
            if getattr(step, names[0]) is not None:
                way.append(step)
            step = getattr(step, names[1])
        elif _between(step):
            step = next(filter(_leads_on, gc.get_referents(step)), None)
        else:
            break
    return way, step


def frame_of(step: Any) -> FrameType | None:
    """Return the frame of a coroutine or generator, None if it has ended."""
    found: FrameType | None = getattr(step, _FRAMED[type(step)][0])
    return found


def is_new(coro: object) -> bool:
    """Return whether no line of *coro* has run yet."""
    return _state(coro) == "new" and frame_of(coro) is not None  # one that has ended has no frame


def _state(coro: object) -> State:
    """Return whether *coro* waits, is in the middle of a line, or has not begun."""
    prefix = _FRAMED[type(coro)][0][:3] if type(coro) in _FRAMED else None
    if prefix is None or getattr(coro, f"{prefix}suspended", True):
        return "waiting"
    return "running" if getattr(coro, f"{prefix}running", False) else "new"


def _leads_on(thing: object) -> bool:
    kind = type(thing)
    return kind in _FRAMED or futures.is_future(thing) or _between(thing)


def _between(thing: object) -> bool:
    return objects.type_name(thing) in _BETWEEN


def _thing(end: object) -> str:
    """Return the type of the innermost awaitable; for a task, its coroutine."""
    kind = objects.type_name(end)
    name = _PUBLIC.get(kind, kind)
    if not futures.is_task(end):
        return name
    code = root_of(futures.coroutine(end))
    return f"{name} of {short(code.co_qualname)}" if isinstance(code, CodeType) else name


_QUALNAMES: dict[type, Any] = {kind: vars(kind)["__qualname__"] for kind in _FRAMED}


def root_of(coro: object) -> CodeType | str:
    """Return the outermost code of *coro*, or the name of its type."""
    if type(coro) is CoroutineType:
        return coro.cr_code
    return coro.gi_code if type(coro) is GeneratorType else sys.intern(objects.type_name(coro))


def name_of(coro: object) -> str:
    """Return what *coro* is called: inside `functools.wraps`, as the function that it wraps."""
    known = _QUALNAMES.get(type(coro))
    return short(str(known.__get__(coro))) if known is not None else str(root_of(coro))


def is_step(coro: object) -> bool:
    """Return whether a task of *coro* takes one step of an async generator: `anext(rows)`."""
    return objects.type_name(coro) in _STEPS


def step_of(way: Way | None) -> CodeType | None:
    """Return the user's async generator that a step runs, None if it is a library's."""
    first = way.steps[0][0] if way is not None and way.steps else None
    mine = first is not None and owner(first) == "user" and is_generator(first)
    return first if mine else None


def is_generator(code: CodeType) -> bool:
    """Return whether *code* is that of an async generator."""
    return bool(code.co_flags & inspect.CO_ASYNC_GENERATOR)


def waits_for(way: Way) -> str | None:
    """Return the innermost wait in the waiting library's own name: "asyncio.locks.Event"."""
    if way.state != "waiting":
        return None
    for code, _ in reversed(way.steps):
        module = _module(code.co_filename)
        if module is None:
            break  # the user's own line waits: its awaitable has a type
        name = short(code.co_qualname)
        kind, _, function = name.rpartition(".")
        if kind and not kind.startswith("_"):
            return f"{module}.{kind}"
        if not kind and not function.startswith("_"):
            return f"{'asyncio' if module.startswith('asyncio.') else module}.{function}"
    return way.end


def user_frames(coroutine: object) -> Iterator[FrameType]:
    """Yield the frames of user code of *coroutine* and all that it awaits, outermost first."""
    steps, _ = chain(coroutine)
    for frame in filter(None, map(frame_of, steps)):
        if owner(frame.f_code) == "user":
            yield frame


def owner(code: CodeType) -> Owner:
    """Return whose *code* is, by its file alone; anyio's test runner is machinery."""
    if is_of_anyios_runner(code):
        return "machinery"
    return live_loops.owner(code.co_filename, _module(code.co_filename) or "")


def is_of_anyios_runner(code: CodeType) -> bool:
    """True for anyio's plugin, and for a method of the class with which it runs tests.

    Their files count as the project's where anyio runs its own tests.
    """
    file = code.co_filename.replace("\\", "/")
    runs = ANYIOS_RUNNERS in file and code.co_qualname.startswith("TestRunner.")
    return runs or file.endswith(ANYIOS_PLUGIN)


def place(code: CodeType, line: int, labels: Labels) -> Place:
    """Return a line of *code* as a place; a library's file without its install path."""
    from loopcheck.records import Place

    shown = _installed(code.co_filename)
    return Place(shown or labels.file(code.co_filename), line, code.co_name)


@lru_cache(1024)
def _installed(filename: str) -> str | None:
    """Return "asyncio/locks.py" for a library's file, None for the user's."""
    if live_loops.owner(filename) == "user":
        return None
    path = filename.replace("\\", "/")
    return INSTALL.split(path)[-1]


def _module(filename: str) -> str | None:
    """Return "asyncio.locks" for a library's file, None for the user's."""
    shown = _installed(filename)
    if shown is None:
        return None
    return shown.removesuffix(".py").removesuffix("/__init__").replace("/", ".")


def short(qualname: str) -> str:
    """Return "worker" for "main.<locals>.worker"."""
    return qualname.rpartition("<locals>.")[2]
