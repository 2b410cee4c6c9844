"""Which code acquired and released a store's locks: a lock keeps a token, and no name.

Installed when a client library with locks is loaded; it costs a look at the stack for each
operation.
"""

from __future__ import annotations

import asyncio
import sys
import threading
import weakref
from collections import deque
from collections.abc import Callable
from functools import wraps
from time import monotonic
from types import CoroutineType, ModuleType
from typing import Any, Literal, NamedTuple

from loopcheck.labels import LOCK
from loopcheck.process import futures, objects, thread_stacks
from loopcheck.process.frames import is_users
from loopcheck.watch import faults
from loopcheck.watch.hooks import Counted, Undo, of_its_kind, step_aside, together

MODULES = ("valkey.lock", "valkey.asyncio.lock", "redis.lock", "redis.asyncio.lock")
METHODS: dict[str, Action] = {
    "do_acquire": "take",
    "do_release": "release",
    "do_extend": "extend",
    "do_reacquire": "extend",
}
KEPT = 500  # events
DEEPEST = 60  # frames up to the user's line

Action = Literal["take", "release", "extend"]


class Event(NamedTuple):
    """An operation on a lock."""

    action: Action
    lock: weakref.ref[object]
    name: object
    token: object
    at: float
    thread: str
    thread_id: int
    task: str | None  # the task's coroutine
    line: tuple[str, int, str] | None  # in user code


EVENTS: deque[Event] = deque(maxlen=KEPT)


def _install() -> Undo:
    undos = [
        _hooked(kind, name, action)
        for kind in _kinds()
        for name, action in METHODS.items()
        if callable(objects.class_dict(kind).get(name))
    ]
    return together(EVENTS.clear, *undos)


def _kinds() -> list[type]:
    found = []
    for name in MODULES:
        module = sys.modules.get(name)
        kind = module.__dict__.get("Lock") if type(module) is ModuleType else None
        if isinstance(kind, type):
            found.append(kind)
    return found


install = Counted(_install).install


def _hooked(kind: type, name: str, action: Action) -> Undo:
    theirs: Callable[..., Any] = objects.class_dict(kind)[name]  # type: ignore[assignment]
    active = True

    @wraps(theirs)
    def ours(self: object, *args: Any, **kwargs: Any) -> Any:
        __tracebackhide__ = True  # like pytest's own: a failure points at the user's line
        if active and action == "release":
            _note(action, self, args)
        try:
            done = theirs(self, *args, **kwargs)
        except BaseException as error:
            step_aside(error)
            raise
        if active and action != "release" and (done or type(done) is CoroutineType):
            _note(action, self, args)  # a coroutine: the attempt is about to begin
        return done

    setattr(kind, name, of_its_kind(ours, theirs))

    def undo() -> None:
        nonlocal active
        active = False
        if objects.class_dict(kind).get(name) is ours:
            setattr(kind, name, theirs)

    return undo


def _note(action: Action, lock: object, args: tuple[object, ...]) -> None:
    try:
        token = args[0] if args and action != "extend" else None
        event = Event(
            action=action,
            lock=weakref.ref(lock),
            name=objects.peek(lock, "name"),
            token=token,
            at=monotonic(),
            thread=threading.current_thread().name,
            thread_id=threading.get_ident(),
            task=_task(),
            line=_line(),
        )
        with LOCK:
            EVENTS.append(event)
    except Exception:  # our code must never break the user's lock
        faults.note()


def _task() -> str | None:
    if asyncio._get_running_loop() is None:
        return None
    task = asyncio.current_task()
    step = futures.coroutine(task) if task is not None else None
    return step.cr_code.co_qualname if type(step) is CoroutineType else None


def _line() -> tuple[str, int, str] | None:
    for depth, frame in enumerate(thread_stacks.outwards(sys._getframe(2))):
        if depth > DEEPEST:
            break
        if is_users(frame):
            code = frame.f_code
            return code.co_filename, frame.f_lineno, code.co_name
    return None


def events() -> tuple[Event, ...]:
    """Return the operations seen, oldest first."""
    with LOCK:
        return tuple(EVENTS)
