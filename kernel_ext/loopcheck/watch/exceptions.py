"""What asyncio tells the loop's exception handler: lost exceptions, and pending tasks destroyed.

A lost exception is one that no code received. A destroyed task is one that the garbage collector
took before its end: the loop has only weak references to its tasks.
"""

from __future__ import annotations

import asyncio
import weakref
from asyncio import base_events
from asyncio.log import logger
from collections import deque
from functools import partial
from itertools import count, islice
from types import CodeType, CoroutineType, FunctionType, MethodType, TracebackType
from typing import TYPE_CHECKING, Any

from loopcheck.labels import Labels, plain
from loopcheck.process import futures, objects
from loopcheck.process.frames import is_at, module_of
from loopcheck.process.loops import live_loops
from loopcheck.source import project_files
from loopcheck.watch import tasks as sites
from loopcheck.watch.hooks import Hook
from loopcheck.watch.loops import LEDGER

if TYPE_CHECKING:  # late: most runs lose no exception
    from loopcheck.records import LostException

KEPT = 500
LONGEST = 2_000  # characters of a message
OURS = "loopcheck.watch."
DESTROYED = "Task was destroyed but it is pending!"  # asyncio's own words
# Keys of asyncio's own reports. A context without any comes from other code that reports on
# purpose.
CALLERS = frozenset({"future", "task", "handle", "protocol"})  # what ran the function
KEYS = frozenset({"future", "task", "handle", "transport", "protocol", "socket", "asyncgen"})
TOLD = frozenset({"transport", "protocol"})
DEEPEST = 1_000  # lines of a traceback to follow: a recursion has as many; parts of a group
EXITS = (SystemExit, KeyboardInterrupt)
DEFAULT = asyncio.BaseEventLoop.default_exception_handler


class Entry:
    """The stored facts: strings, a number, and a weak reference to the loop."""

    __slots__ = (
        *("born", "callback", "caught", "coroutine", "handled", "line", "loop", "message", "said"),
        *("executed", "future", "passed", "protocol", "serial", "site", "task", "tells", "type"),
    )

    def __init__(
        self,
        type: str,
        message: str,
        said: str,
        line: tuple[str, int, str] | None,  # file, line, function
        coroutine: str | None,
        callback: str | None,
        loop: weakref.ref[asyncio.AbstractEventLoop],
        serial: int = 0,  # continues counting after `clear`
        handled: bool = False,  # a handler of user code or of a library received it
        site: sites.Callers = (),  # where the task was created, if a watch saw it
        task: int = 0,  # its id, if it was a task
        born: int | None = None,  # the moment of its loop, if that was a test's own
        protocol: str | None = None,  # its method that a transport called
        executed: str | None = None,  # the function that a thread of an executor ran for it
    ) -> None:
        self.type, self.message, self.said, self.line = type, message, said, line
        self.coroutine, self.callback, self.loop = coroutine, callback, loop
        self.serial, self.handled, self.site, self.task = serial, handled, site, task
        self.born, self.protocol, self.executed = born, protocol, executed
        self.future: weakref.ref[Any] | None = None  # of one that code may still await
        self.caught = False  # asyncio's own code called the function: no task, no callback
        # The user's lines that a cancellation passed which nobody had asked for, innermost first.
        self.passed: tuple[tuple[str, int, str], ...] = ()
        self.tells = True  # its loop reports a failed task when it is collected; uvloop does not

    def is_lost(self) -> bool:
        """Return whether it was never retrieved; asyncio itself reports the collected ones."""
        if self.future is None:
            return True
        future = self.future()
        if future is not None:
            return bool(future._log_traceback)
        return not self.tells


class Destroyed:
    """The stored facts about a pending task: code, strings and numbers."""

    __slots__ = ("born", "closed", "code", "direct", "idle", "name", "scope", "site", "task")

    def __init__(
        self,
        code: CodeType,
        name: str,
        task: int,  # its id
        born: int,  # the moment: number of tests begun before its loop was created
        scope: str | None,  # the loop's scope, in pytest-asyncio's words
        site: sites.Callers,
        direct: bool,  # a line of user code started it, and no library's
        closed: bool,  # its loop was closed by then
        idle: bool,  # its loop did not run then
    ) -> None:
        self.code, self.name, self.task, self.born = code, name, task, born
        self.scope, self.site, self.direct = scope, site, direct
        self.closed, self.idle = closed, idle


kept: deque[Entry] = deque(maxlen=KEPT)
destroyed: deque[Destroyed] = deque(maxlen=KEPT)
_serial = count(1)


def lost(labels: Labels) -> tuple[LostException, ...]:
    """Return the exceptions lost since the first install, oldest first."""
    return tuple(record(entry, labels) for entry in list(kept) if entry.is_lost())


def since(serial: int) -> list[Entry]:
    """Return the exceptions lost after the entry of that number."""
    new = [entry for entry in list(kept) if entry.serial > serial] if kept else []
    return [entry for entry in new if entry.is_lost()]


def latest() -> int:
    """Return the number of the newest entry, 0 if there is none."""
    return kept[-1].serial if kept else 0


def handled() -> list[Entry]:
    """Return the exceptions that an exception handler of user code or of a library received."""
    return [entry for entry in list(kept) if entry.handled]


def is_about(entry: Entry, error: BaseException) -> bool:
    """Return whether *entry* has the facts of *error*: its class, and the line that raised it."""
    same = entry.type == objects.type_name(error)
    return same and entry.line is not None and entry.line == _line(error, entry.callback)


def clear() -> None:
    """Forget everything lost so far."""
    kept.clear()
    destroyed.clear()


def record(entry: Entry, labels: Labels) -> LostException:
    """Return *entry* as a record."""
    from loopcheck.records import LostException, Place  # late: most runs lose no exception

    loop = entry.loop()
    file, line, name = entry.line or ("", 0, "")
    return LostException(
        type=entry.type,
        message=entry.message,
        said=entry.said,
        place=Place(labels.file(file), line, name) if entry.line else None,
        coroutine=entry.coroutine,
        callback=entry.protocol or entry.callback,
        of_protocol=entry.protocol is not None,
        executed=entry.executed,
        caught=entry.caught,
        loop=labels.of("loop", loop) if loop is not None else None,
    )


def note(loop: asyncio.AbstractEventLoop, context: dict[str, Any]) -> None:
    """Keep the facts in *context*, built by asyncio, about an exception or a destroyed task."""
    found = entry(loop, context)
    if found is not None:  # no lock: this also runs in destructors, so within any code
        kept.append(found)
    elif context.get("message") == DESTROYED:
        _note_destroyed(loop, context.get("task"))


def _note_destroyed(loop: asyncio.AbstractEventLoop, task: object) -> None:
    made = LEDGER.dying(loop)
    if not futures.is_task(task) or made is None or is_handled(loop):
        return
    coro = futures.coroutine(task)
    if type(coro) is CoroutineType:
        site, direct = sites.site_of_collected(task)
        about = coro.cr_code, coro.__qualname__, id(task), made.born, made.scope, site, direct
        idle = live_loops.asked(loop, "is_running") is False
        destroyed.append(Destroyed(*about, closed=objects.closed(loop), idle=idle))


def take_destroyed() -> list[Destroyed]:
    """Return the tasks destroyed since the last call, oldest first."""
    found = list(destroyed)
    destroyed.clear()
    return found


def note_unasked(loop: asyncio.AbstractEventLoop, context: dict[str, Any]) -> None:
    """Keep the facts about a failed task that still exists: a callback may retrieve its error."""
    found = entry(loop, context)
    if found is not None:
        found.future = weakref.ref(context["future"])
        found.tells = isinstance(loop, asyncio.BaseEventLoop)
        kept.append(found)


def entry(loop: asyncio.AbstractEventLoop, context: dict[str, Any]) -> Entry | None:
    """Return the facts in *context*, built by asyncio, about an exception."""
    error = context.get("exception")
    if not objects.is_a(error, BaseException) or KEYS.isdisjoint(context):
        return None  # "Task was destroyed but it is pending": a task is lost, no exception
    if objects.type_name(error).startswith(OURS):
        return None  # the error with which we ended a task: no code should have expected it
    if _exits(error):
        return None  # asyncio itself lets an exit out of the loop: it is not lost
    callback = _callback(context.get("handle"))
    method = _method(context, error)
    if context.keys() >= TOLD and method is None:
        return None  # the transport passes it to `connection_lost`
    found = Entry(
        objects.type_name(error),
        plain(objects.all_said(error)[:LONGEST]),
        plain(str(context.get("message", ""))),
        _line(error, callback),
        _coroutine(context.get("future")),
        callback,
        weakref.ref(loop),
        next(_serial),
        is_handled(loop),
        sites.watched_site(context.get("future")),
        id(context.get("future")),
        LEDGER.born(loop),
        method,
        _executed(context.get("future"), error),
    )
    found.caught = CALLERS.isdisjoint(context)
    if callback is not None and _cancels_itself(context.get("handle")):
        lines = _users_frames(error)
        found.passed = tuple((code.co_filename, line, code.co_name) for code, line in lines)
    return found


def _cancels_itself(handle: object) -> bool:
    """Return whether *handle* calls back for a task that its own code has ended as cancelled."""
    args = objects.peek(handle, "_args")
    ended = [one for one in args if futures.is_task(one)] if type(args) is tuple else []
    return any(futures.cancelled(one) and not futures.cancelling(one) for one in ended)


def _method(context: dict[str, Any], error: BaseException) -> str | None:
    """Return the user's protocol method that raised *error*, if asyncio does not pass it back."""
    if not {"protocol", "handle"} & context.keys():
        return None
    from loopcheck.process import protocol_methods  # late: most runs lose no exception

    protocol = protocol_methods.of(context)
    if protocol is None:
        return None
    told = "protocol" in context and protocol_methods.hears(protocol)
    # The peer may be at fault for other errors. A result for a future that is done is our own.
    if told and not objects.is_a(error, asyncio.InvalidStateError):
        return None
    return protocol_methods.method(protocol, error)


def _executed(future: object, error: object) -> str | None:
    """Return what a thread of an executor ran for *future*: the frame below its own."""
    if future is None or futures.is_task(future):
        return None
    trace = objects.trace_of(error)
    below: TracebackType | None = trace
    while below is not None and is_at(below.tb_frame, "concurrent.futures.thread", "run"):
        below = below.tb_next  # from 3.14 on, one calls the other
    return below.tb_frame.f_code.co_name if below is not None and below is not trace else None


def is_handled(loop: asyncio.AbstractEventLoop) -> bool:
    """Return whether other code has replaced asyncio's handler or log with its own."""
    if getattr(loop, "_exception_handler", None) is not None:
        return True
    if not isinstance(loop, asyncio.BaseEventLoop):
        return False  # uvloop's handler is the one it always has
    by_default = type(loop).default_exception_handler
    return by_default is not DEFAULT or vars(base_events)["logger"] is not logger


def _exits(error: object) -> bool:
    """Return whether *error* is an exit, or a group that contains one."""
    parts = islice(objects.parts(error), DEEPEST)
    return any(objects.is_a(one, kind) for one in parts for kind in EXITS)


def _line(error: object, callback: str | None) -> tuple[str, int, str] | None:
    """Return the user's line that raised *error*, innermost first.

    A cancelled task's error has the task's own lines in its traceback: none of them is at fault if
    a *callback* asks for the result.
    """
    found = _users_frames(error)
    if callback is not None and objects.is_a(error, asyncio.CancelledError):
        found = [one for one in found if one[0].co_qualname == callback]
    return next(((code.co_filename, line, code.co_name) for code, line in found), None)


def _users_frames(error: object) -> list[tuple[CodeType, int]]:
    """Return the user's code and lines in the traceback of *error*, innermost first."""
    trace = objects.trace_of(error)
    found: list[tuple[CodeType, int]] = []
    while trace is not None and len(found) < DEEPEST:
        code = trace.tb_frame.f_code
        module = module_of(trace.tb_frame)
        if project_files.owner(code.co_filename, module) == "user":
            found.append((code, trace.tb_lineno))
        trace = trace.tb_next
    return found[::-1]


def _coroutine(task: object) -> str | None:
    if not futures.is_task(task):
        return None
    coro = futures.coroutine(task)
    return coro.__qualname__ if type(coro) is CoroutineType else None


def _callback(handle: object) -> str | None:
    function = getattr(handle, "_callback", None)
    for _ in range(objects.WRAPPERS):  # a `partial` of a method, of an object with a `__call__`
        if type(function) is MethodType:
            function = function.__func__
        elif type(function) is partial:
            function = function.func
        elif type(function) is FunctionType:
            return function.__qualname__
        else:
            function = _called(function)
    return None


def _called(thing: object) -> object:
    """Return the `__call__` in the class of *thing*, as a call would find it."""
    spaces = map(objects.class_dict, objects.mro(type(thing)))
    return next((space["__call__"] for space in spaces if "__call__" in space), None)


install = Hook(asyncio.BaseEventLoop, clear, call_exception_handler=note).install
