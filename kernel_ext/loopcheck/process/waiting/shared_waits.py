"""What a failing test and a task of an earlier one both use: a queue, a key of a client."""

from __future__ import annotations

import ast
import asyncio
import gc
import types
from collections import deque
from collections.abc import Container, Iterator, Sequence
from typing import Any

from loopcheck.process import futures, objects, reach
from loopcheck.process.failure import Step, chain
from loopcheck.process.frames import owner_of
from loopcheck.process.waiting import await_chain
from loopcheck.source import parsed_files
from loopcheck.source.nodes import calls_in
from loopcheck.source.values import callees, meaning
from loopcheck.source.values.callees import Env

DEEPEST = 3  # steps from a name: `worker.store.client`
MOST = 2_000  # objects from the names of one frame
ERRORS = (AssertionError, TimeoutError)
_NOTHING = (type, types.FunctionType, types.MethodType, types.BuiltinFunctionType)
_PLAIN = (list, dict, set, tuple, frozenset, deque)


def taken(error: BaseException, task: Any, started: Sequence[Any]) -> str | None:
    """Return the name of what *task* may have taken from the test that failed with *error*.

    *started* are the test's own tasks: one with the code of *task* among them wants the same.
    """
    frames = _failing(error)
    theirs = await_chain.frames(futures.coroutine(task))
    users = [frame for frame in theirs if _users(frame)]
    if not frames or not users:
        return None
    mine = {id(thing): (name, thing) for frame in frames for name, thing in _things(frame)}
    for frame in theirs:
        waits = frame.f_locals.get("self")
        if objects.is_a(waits, asyncio.Queue) and id(waits) in mine:
            return mine[id(waits)][0]
    theirs_too = {id(thing) for frame in users for _, thing in _things(frame)}
    both = {key: name for key, (name, _) in mine.items() if key in theirs_too}
    if type(error) is AssertionError and _twin(task, started):  # with a timeout it may be a lock
        return next(iter(both.values()), None)
    keys = {key for frame in frames for key in _keys(frame, both)}
    said = next((key for frame in users for key in _keys(frame, both) if key in keys), None)
    return both[said[0]] if said is not None else None


def _failing(error: BaseException) -> list[types.FrameType]:
    """Return the user's frames of a failure that a taken item may explain, innermost first."""
    if not any(type(error) is kind for kind in ERRORS):
        return []
    steps: list[Step] = [step for link in chain(error) for step in link.trace]
    return [step.frame for step in reversed(steps) if step.owner == "user"]


def _users(frame: types.FrameType) -> bool:
    return owner_of(frame) == "user"


def _names(frame: types.FrameType) -> Iterator[tuple[str, object]]:
    """Yield the locals and used globals of *frame*, by name."""
    for name, value in frame.f_locals.items():
        if not name.startswith("@"):  # values of an assertion that pytest keeps
            yield name, value
    for name in frame.f_code.co_names:
        if name in frame.f_globals:
            yield name, frame.f_globals[name]


def _things(frame: types.FrameType) -> Iterator[tuple[str, object]]:
    """Yield the objects that *frame* works with, nearest first, each with its name."""
    todo = deque((name, 0, value) for name, value in _names(frame))
    seen: set[int] = set()
    while todo and len(seen) < MOST:
        name, depth, thing = todo.popleft()
        if id(thing) in seen or not gc.is_tracked(thing) or _nothing(thing):
            continue
        seen.add(id(thing))
        if not any(type(thing) is kind for kind in _PLAIN):
            yield name, thing
        if depth < DEEPEST and not futures.is_future(thing):
            todo.extend(
                (name + step if step.startswith((".", "[")) else name, depth + 1, value)
                for step, value in reach.parts(thing)
            )


def _nothing(thing: object) -> bool:
    if any(objects.is_a(thing, kind) for kind in _NOTHING):
        return True
    module = objects.module_of(type(thing)).partition(".")[0]
    known = objects.is_loop(thing) or objects.is_module(thing)
    return known or module in ("_pytest", "logging", "unittest", "os", "re", "contextvars")


def _twin(task: Any, started: Sequence[Any]) -> bool:
    code = futures.coroutine(task).cr_code
    coros = (futures.coroutine(one) for one in started if one is not task)
    return any(getattr(coro, "cr_code", None) is code for coro in coros)


def _keys(frame: types.FrameType, of: Container[int]) -> Iterator[tuple[int, str]]:
    """Yield the keys that *frame* passes to objects *of*: `store` with "jobs", `blpop("jobs")`."""
    code, env = frame.f_code, meaning.names_of(frame)
    function = parsed_files.function_of(code)
    for node in calls_in(function):
        if isinstance(node.func, ast.Attribute):
            thing = callees.value(node.func.value, env)
            for given in (*node.args[:1], *(word.value for word in node.keywords)):
                if id(thing) in of:
                    yield from ((id(thing), key) for key in _texts(given, env))


def _texts(given: ast.expr, env: Env) -> Iterator[str]:
    """Yield the texts that an argument is or holds: `blpop(["jobs"])`, `xread({"jobs": 0})`."""
    parts: Sequence[ast.expr | None] = [given]
    if isinstance(given, ast.List | ast.Tuple):
        parts = given.elts
    elif isinstance(given, ast.Dict):
        parts = given.keys
    for one in parts:
        known = one.value if isinstance(one, ast.Constant) else one and callees.value(one, env)
        if type(known) is str and known:
            yield known
