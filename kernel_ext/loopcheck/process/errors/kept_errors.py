"""Errors that a failing line can reach, kept by a task or an object without a traceback to them.

A task whose exception was never retrieved still has it. An object may collect errors in a list. The
asyncio frames in an error's traceback show on which loop, and so in which test, it was raised.
"""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Iterator, Sequence
from itertools import islice
from types import FunctionType

from loopcheck.process import futures, objects
from loopcheck.process.failure import Step
from loopcheck.process.frames import module_of
from loopcheck.source import calls, parsed_files, project_files

NODES = 500  # objects to look at below one name
LISTS = (list, deque, dict, set)
STEPS = 4  # from a name to an error: `app.jobs.errors[0]`


def of_tasks(trace: Sequence[Step], loop: object) -> Iterator[BaseException]:
    """Yield the unretrieved errors of tasks that the user's frames have names for."""
    for step in trace if loop is not None else ():
        for value in list(step.frame.f_locals.values()) if step.owner == "user" else ():
            if type(value) is not asyncio.Task or futures.loop(value) is not loop:
                continue
            if futures.done(value) and getattr(value, "_log_traceback", False):
                error = getattr(value, "_exception", None)
                if objects.is_a(error, Exception):
                    yield error


def of_objects(trace: Sequence[Step], loop: object) -> Iterator[BaseException]:
    """Yield errors raised on *loop* that objects on the failing line of user code keep in lists."""
    last = trace[-1] if trace else None
    if last is None or last.owner != "user" or loop is None:
        return
    for value in _said(last):
        if objects.users_class(type(value)) is None:
            continue
        for path, thing, between in islice(objects.walk(value), NODES):
            if len(path) > STEPS:
                break
            inside = len(path) > 1 and type(between[-1]) in LISTS
            if inside and objects.is_a(thing, Exception) and _came_up_on(thing, loop):
                yield thing


def below(trace: Sequence[Step], error: BaseException) -> bool:
    """Return whether the last line of *trace* itself calls the function that *error* reached."""
    last = trace[-1] if trace else None
    came = objects.trace_of(error)
    if last is None or came is None or last.owner != "user":
        return False
    called = came.tb_frame.f_code.co_name
    here = calls.at(last.frame.f_code.co_filename, last.line)
    return any(one.name == called for one in here)


def _said(step: Step) -> Iterator[object]:
    """Yield what the line of *step* names, and the globals of the functions that it calls."""
    code = step.frame.f_code
    space = {**step.frame.f_globals, **step.frame.f_locals}
    for name in sorted(parsed_files.names_at(code.co_filename, step.line) & space.keys()):
        value = space[name]
        yield value
        if (
            type(value) is FunctionType
            and project_files.owner(value.__code__.co_filename) == "user"
        ):
            names = value.__code__.co_names
            yield from (value.__globals__[one] for one in names if one in value.__globals__)


def _came_up_on(error: object, loop: object) -> bool:
    """Return whether *loop* was running when asyncio raised *error*."""
    trace = objects.trace_of(error)
    while trace is not None:
        frame, trace = trace.tb_frame, trace.tb_next
        ran = any(frame.f_locals.get(name) is loop for name in ("loop", "self"))
        if ran and module_of(frame).startswith("asyncio."):
            return True
    return False
