"""The task that waits for another: `gather`, `wait_for` and groups run things in children."""

from __future__ import annotations

import asyncio
import functools
import gc
import sys
import types
from collections.abc import Iterator
from typing import cast

from loopcheck.process import futures, objects

Task = asyncio.Task[object]
HOPS = 3  # futures between a child and its parent: `wait_for` of a `gather`
MOST = 50  # callbacks of one future


def parent(task: Task) -> Task | None:
    """Return the task that continues when *task* has ended, None if that is unknown."""
    return _waiter(task, task, HOPS) or _of_anyio(task)


def of_running(most: int) -> Iterator[Task]:
    """Yield the tasks that wait for the running one, the nearest first."""
    task = asyncio.current_task() if asyncio._get_running_loop() is not None else None
    for _ in range(most):
        task = parent(task) if task is not None else None
        if task is None:
            return
        yield task


def waiting_for(future: object) -> Task | None:
    """Return the task that continues when *future* is done, also through `wait_for` or a shield."""
    return _waiter(future, None, HOPS)


def _waiter(future: object, child: Task | None, hops: int) -> Task | None:
    """Return the task that waits for *future*, except *child*: a shield also adds a callback."""
    for called in callbacks(future):
        group = objects.peek(getattr(called, "__self__", None), "_parent_task")
        if _is_task(group):
            return cast("Task", group)
        for thing in _behind(called):
            if thing is future or thing is child:
                continue
            if _is_task(thing):
                return cast("Task", thing)
            further = hops and futures.is_future(thing)
            if further and (found := _waiter(thing, child, hops - 1)) is not None:
                return found
    return None


def woken_by(called: object) -> Task | None:
    """Return the task that continues when *called* is called: *called* is its wake-up."""
    own: object = None
    if isinstance(called, types.MethodType | types.BuiltinMethodType):
        own = called.__self__
    elif objects.type_name(called).rpartition(".")[2] == "TaskWakeupMethWrapper":
        own = next(filter(_is_task, gc.get_referents(called)), None)
    return cast("Task", own) if _is_task(own) else None


def ends_run(future: object) -> bool:
    """Return whether the loop runs until *future* is done: `run_until_complete` waits for it."""
    return any(is_end_of_run(one) for one in callbacks(future))


def is_end_of_run(called: object) -> bool:
    """Return whether *called* is the callback with which `run_until_complete` ends."""
    return type(called) is types.FunctionType and called.__qualname__ == "_run_until_complete_cb"


def callbacks(future: object) -> list[object]:
    """Return the callbacks of *future*."""
    kept = getattr(future, "_callbacks", None)  # asyncio's own, also of tasks written in C
    pairs = kept[:MOST] if type(kept) is list else ()
    return [pair[0] for pair in pairs if type(pair) is tuple]


def _behind(called: object) -> Iterator[object]:
    """Yield what a callback refers to: asyncio's own close over what they will wake."""
    if type(called) is types.FunctionType:
        yield from objects.closed_over(called).values()
    elif type(called) is functools.partial:
        yield from called.args
    elif isinstance(called, types.MethodType | types.BuiltinMethodType):
        yield called.__self__  # a task's wake-up; written in C, it is a type of its own on 3.11
    elif objects.type_name(called).rpartition(".")[2] == "TaskWakeupMethWrapper":
        yield from gc.get_referents(called)


def _is_task(thing: object) -> bool:
    return futures.is_task(thing)


def _of_anyio(task: Task) -> Task | None:
    """Return the parent that anyio itself records, by number."""
    module = sys.modules.get("anyio._backends._asyncio")
    states = module.__dict__.get("_task_states") if module is not None else None
    number = objects.peek(states.get(task), "parent_id") if states is not None else None
    if number is None:
        return None
    return next((one for one in asyncio.all_tasks() if id(one) == number), None)
