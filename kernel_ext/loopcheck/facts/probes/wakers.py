"""What can still wake a task: timers, input from outside, threads, and tasks that go on themselves.

Everything that will run by itself is followed, through all that it holds, to the futures that
tasks wait for. A task that nothing of it leads to can't be woken any more. Where something can't
be followed it counts as leading there: what is said here must be beyond doubt.
"""

import asyncio
import gc
import math
import os
import select
import signal
import socket
import sys
import threading
import types
import weakref
from collections import deque
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from contextvars import Context
from dataclasses import field
from itertools import islice
from typing import Any, cast

from loopcheck.facts.light import dataclass
from loopcheck.facts.probes import living, objects, stacks, whose

Task = asyncio.Task[Any]
Loop = asyncio.AbstractEventLoop

NODES = 30_000  # followed for one look: 30 ms
WIDEST = 2_000  # parts of one object
LEAVES = frozenset(
    map(id, (str, bytes, int, float, complex, bool, type(None), bytearray, range, types.CodeType))
)
# What a thread does that waits for work, by the last name of the call: the others are at work.
IDLE = frozenset({"get", "acquire", "accept", "wait", "join"})
READS = frozenset({"recv", "recv_into"})
SERVES = frozenset({"serve_forever", "_run_once"})  # they wait for a call, as loops do
OURS = "loopcheck "  # how the names of our own threads begin
NAMELESS = "loopcheck.facts.watch."  # where those begin that have none
CARRIERS = ("execnet.", "xdist.")  # what carries a worker's words
# As it is before any test: a look runs on the loop, where others (blockbuster) forbid this, and to
# `read` files, too; not to go through their lines.
_LISTED = (os.listdir,)
LIMITS = ("asyncio.timeouts", "anyio._backends._asyncio")


@dataclass(eq=False)
class Alive:
    """Who can go on. Lives only while a look runs."""

    tasks: set[int] = field(default_factory=set)  # by id
    timers: dict[int, float] = field(default_factory=dict)  # tasks that a timer wakes: when
    all: bool = False  # something is at work that can't be followed
    others: bool = False  # something runs by itself, whatever it leads to


def pending(loop: Loop) -> list[Task]:
    """Return the tasks of *loop* that are not done."""
    found = [task for task in asyncio.all_tasks(loop) if objects.is_a(task, asyncio.Task)]
    return sorted(found, key=_first_line)


def _first_line(task: Task) -> tuple[str, int, str]:
    code = getattr(asyncio.Task.get_coro(task), "cr_code", None)
    if code is None:
        return "", 0, asyncio.Task.get_name(task)
    return code.co_filename, code.co_firstlineno, asyncio.Task.get_name(task)


def waiter(task: Task) -> object | None:
    """Return the future that *task* waits for, None if it is about to run."""
    return getattr(task, "_fut_waiter", None)


@dataclass(frozen=True, kw_only=True, eq=False)
class Question:
    """Whose waking is asked for. Lives only while a look runs."""

    own: Sequence[Task]  # the test's tasks
    until: float  # of the loop's clock: later timers are none
    patience: float  # a timer of the test's own counts up to here
    turning: Mapping[Task, Sequence[object]] = field(default_factory=dict)  # what they look at
    endless: Collection[Task] = ()  # of these, what only a cancellation ends
    callers: bool = False  # a child process may connect to a server of ours
    once: bool = False  # no second look will come: what might bring it counts
    by: Task | None = None  # it runs now for its limit alone, and wakes nobody
    future: object = None  # what *by* waited for
    deaf: frozenset[int] = frozenset()  # sockets whose other end nobody listens at meanwhile


def alive(loop: Loop, asked: Question) -> Alive:
    """Return which tasks of *loop* will go on, or can be made to.

    Those that only look again and again wake nobody, and are woken by whoever gets at what they
    look at.
    """
    if _unknown(loop) or threads_at_work(readers=False):
        return Alive(all=True)
    seen = _Spread(loop, asked).run()
    if (seen.tasks or seen.others) and threads_at_work():
        seen.all = True  # what goes on may send what one of them reads
    return seen


class _Spread:
    """From what runs by itself to all that it can wake."""

    def __init__(self, loop: Loop, asked: Question) -> None:
        self.loop, self.asked = loop, asked
        self.seen = Alive()
        self.left = [NODES]
        self.fresh: list[Task] = []
        self.tasks = [task for task in pending(loop) if task is not asked.by]
        self.turning = {id(task) for task in asked.turning}
        self.wanted: dict[int, list[Any]] = {}
        for task in self.tasks:
            if id(task) not in self.turning:
                self.want(task, task)
                self.want(waiter(task), task)
        if asked.by is not None:
            self.want(asked.by, asked.by)
            self.want(asked.future, asked.by)
        for task, things in asked.turning.items():
            for thing in things:
                self.want(thing, task)
        self.peers = dict(_peers(loop))
        for transport, handle in self.peers.values():
            self.want(transport, handle)
        for task in asked.endless:  # who gets at it may cancel it; its own sleep does not
            self.want(task, task)
        self.slept = [waiter(task) for task in asked.endless]

    def want(self, thing: object, woken: object) -> None:
        if thing is not None:
            self.wanted.setdefault(id(thing), []).append(woken)

    def run(self) -> Alive:
        self.timers()
        once = self.asked.once
        inputs = _inputs(self.loop, self.asked.deaf)
        outside = [*inputs, *_handlers()] if once else _outside(self.loop)
        for handle in [*ready_of(self.loop), *outside, *_signals(self.loop)]:
            self.follow(handle)
        self.found(
            task for task in self.tasks if waiter(task) is None and id(task) not in self.turning
        )
        self.spread()
        if self.seen.tasks or self.seen.timers or self.asked.callers:
            for handle in _listening(self.loop):  # whoever runs may call our own servers
                self.follow(handle)
            self.spread()
        self.seen.all = self.left[0] <= 0
        return self.seen

    def timers(self) -> None:
        own = {id(task) for task in self.asked.own}
        limited = above(self.asked.own, self.asked.by, self.tasks) if self.asked.once else ()
        for handle in timers_of(self.loop):
            when, roots = handle._when, self.roots(handle)
            if when == math.inf:
                continue  # `timeout=math.inf`: it is never due
            if limited and _is_limit(roots, limited):
                continue  # it ends the wait, and brings nothing
            if when <= self.asked.until:
                self.seen.others = True
                self.found(self.reached(roots), when)
                continue
            slept = [task for one in roots[1:] for task in self.wanted.get(id(one), ())]
            if slept or when <= self.asked.patience:
                reached = slept or [one for one in self.reached(roots) if id(one) in own]
                self.found((one for one in reached if id(one) in own), when)

    def follow(self, handle: object) -> None:
        self.seen.others = True
        self.found(self.reached(self.roots(handle)))

    def roots(self, handle: object) -> tuple[object, ...]:
        context = (getattr(handle, "_context", None),) if self.asked.once else ()
        return *_roots(handle), *context

    def reached(self, roots: Iterable[object]) -> list[Any]:
        return _reached(roots, self.wanted, self.left, contexts=self.asked.once, shut=self.slept)

    def found(self, woken: Iterable[Any], when: float | None = None) -> None:
        for task in woken:
            if not objects.is_a(task, asyncio.Task):  # the other end of what can be written to
                if id(task) not in self.seen.tasks:
                    self.seen.tasks.add(id(task))
                    self.follow(task)
                continue
            if when is not None:
                self.seen.timers[id(task)] = max(when, self.seen.timers.get(id(task), when))
            if id(task) not in self.seen.tasks:
                self.seen.tasks.add(id(task))
                self.fresh.append(task)

    def spread(self) -> None:
        while self.fresh and self.left[0] > 0:
            task = self.fresh.pop()
            self.found(self.wanted.get(id(task), ()))  # those that wait for its end
            self.found(self.reached(gc.get_referents(task)))


def _roots(handle: Any) -> tuple[object, ...]:
    return getattr(handle, "_callback", None), *(getattr(handle, "_args", None) or ())


def above(own: Iterable[Task], by: Task | None, tasks: Iterable[Task]) -> list[Task]:
    """Return *own* and *by*, and those of *tasks* that wait for them."""
    found = [*own, *([by] if by is not None else [])]
    for one in found:
        for task in tasks:
            if not any(task is other for other in found) and _waits_for(task, one):
                found.append(task)
    return found


def _waits_for(task: Task, other: Task) -> bool:
    future = waiter(task)
    calls = [one[0] for one in getattr(other, "_callbacks", None) or ()]
    return future is not None and (future is other or leads_to(calls, future))


def _is_limit(roots: Sequence[object], limited: Sequence[Task]) -> bool:
    """Return whether a timer is that of `asyncio.timeout`, `wait_for` or anyio, for such a task."""
    call = roots[0]
    if getattr(call, "__name__", None) == "_release_waiter":  # 3.11's `wait_for`
        return any(waiter(task) is one for task in limited for one in roots[1:])
    scope = getattr(call, "__self__", None)
    if objects.module_of(type(scope)) not in LIMITS:
        return False
    owner = objects.peek(scope, "_task") or objects.peek(scope, "_host_task")
    return any(owner is task for task in limited)


def leads_to(roots: Iterable[object], thing: object, nodes: int = 300) -> bool:
    """Return whether *roots* lead to *thing* within few steps."""
    return bool(_reached(roots, {id(thing): [True]}, [nodes]))


def _reached(
    roots: Iterable[object],
    wanted: Mapping[int, list[Any]],
    left: list[int],
    *,
    contexts: bool = False,
    shut: Iterable[object] = (),
) -> list[Any]:
    """Return what *wanted* has for all that *roots* lead to.

    Other tasks are not passed through, nor is what is *shut*.
    """
    found: list[Any] = []
    todo = deque(thing for thing in roots if not objects.is_loop(thing))
    # Kept, so that no address comes back.
    seen: dict[int, object] = {id(thing): thing for thing in shut if thing is not None}
    while todo and left[0] > 0:
        thing = todo.popleft()
        if id(thing) in seen:
            continue
        seen[id(thing)] = thing
        left[0] -= 1
        for key in _keys(thing):
            found += wanted.get(key, ())
        if contexts and type(thing) is Context:
            todo.extend(thing.values())
        elif not objects.is_a(thing, asyncio.Task):
            todo.extend(one for one in _parts(thing) if id(type(one)) not in LEAVES)
    return found


def _keys(thing: object) -> Iterator[int]:
    """Yield the id of *thing*, and of the names that a function can give other values."""
    yield id(thing)
    if type(thing) is types.FunctionType:
        space = thing.__globals__
        yield id(space)
        for name in thing.__code__.co_names:
            if objects.is_module(value := space.get(name)):
                yield id(vars(value))


def _parts(thing: object) -> Iterable[object]:
    kind = type(thing)
    if objects.is_loop(thing) or kind in (types.FrameType, types.TracebackType, Context):
        return ()
    if kind is types.FunctionType:
        return _of_function(cast("types.FunctionType", thing))
    if objects.is_module(thing):
        return ()  # through the names that a function says
    if kind is weakref.ref or kind is weakref.WeakMethod:
        return (cast("weakref.ref[object]", thing)(),)
    if objects.is_a(thing, type) and objects.users_class(thing) is None:
        return ()
    return islice(gc.get_referents(thing), WIDEST)


def _of_function(function: types.FunctionType) -> Iterator[object]:
    """Yield what *function* can get at: its globals by the names that it says."""
    yield from function.__closure__ or ()
    yield from function.__defaults__ or ()
    yield from (function.__kwdefaults__ or {}).values()
    if whose.owner(function.__code__.co_filename) != "user":
        return
    said = set(_names(function.__code__))
    space = function.__globals__
    for name in sorted(said & space.keys()):
        value = space[name]
        if objects.is_module(value):
            yield from _of_module(value, said)
        else:
            yield value


def _names(code: types.CodeType) -> Iterator[str]:
    yield from code.co_names
    for const in code.co_consts:
        if isinstance(const, types.CodeType):
            yield from _names(const)


def _of_module(module: Any, said: set[str]) -> Iterator[object]:
    """Yield what the user's code gets of a module: a library may keep a registry in it."""
    space = module.__dict__
    name = str(space.get("__name__", "")).partition(".")[0]
    if name in sys.stdlib_module_names or name == "loopcheck":
        return
    user = whose.owner(str(space.get("__file__", "")), name) == "user"
    for key, value in list(space.items()):
        kind = type(value)
        code = kind is types.FunctionType or objects.is_a(value, type)
        if objects.is_module(value) or id(kind) in LEAVES:
            continue
        if key in said or not (user or code or key.startswith("__")):
            yield value


# What will run by itself


def ready_of(loop: Loop) -> list[Any]:
    """Return what *loop* is to call in its next turn."""
    return [one for one in list(objects.peek(loop, "_ready") or ()) if not _cancelled(one)]  # type: ignore[call-overload]


def ready(loop: Loop) -> bool:
    """Return whether callbacks of *loop* are about to run."""
    return bool(ready_of(loop))


def woken(task: Task) -> bool:
    """Return whether *task* can go on at once: it has yet to begin, or its wait is over."""
    future = waiter(task)
    return future is None or (objects.is_a(future, asyncio.Future) and asyncio.Future.done(future))


def timers_of(loop: Loop) -> Iterator[Any]:
    """Yield what *loop* is to call later on."""
    for handle in list(objects.peek(loop, "_scheduled") or ()):  # type: ignore[call-overload]
        if not _cancelled(handle) and type(getattr(handle, "_when", None)) in (int, float):
            yield handle


def _signals(loop: Loop) -> list[Any]:
    kept = objects.peek(loop, "_signal_handlers")
    return list(kept.values()) if type(kept) is dict else []


def _handlers() -> Iterator[Any]:
    """Yield as a handle what each signal calls: who sends it is not seen."""
    for number in signal.valid_signals():
        try:
            called = signal.getsignal(number)
        except (ValueError, OSError):
            continue
        if type(called) in (types.FunctionType, types.MethodType):
            yield types.SimpleNamespace(_callback=called)


def _cancelled(handle: object) -> bool:
    return getattr(handle, "_cancelled", False) is True


def _unknown(loop: Loop) -> bool:
    """Return whether *loop* keeps its timers where Python can't see them, as uvloop does."""
    return objects.peek(loop, "_scheduled") is None or _map(loop) is None


def _map(loop: Loop) -> Mapping[Any, Any] | None:
    """Return what *loop* watches; Windows' proactor keeps it by its pending operations."""
    selector = objects.peek(loop, "_selector")
    ask = getattr(selector, "get_map", None)
    found = ask() if ask is not None else objects.peek(selector, "_cache")
    return cast("Mapping[Any, Any] | None", found)


def _outside(loop: Loop) -> Iterator[Any]:
    """Yield the handles of *loop* that something outside of this process may call."""
    ports: set[int] | None = None
    for key in watched(loop):
        if ports is None:
            ports = _own_ports()
        if not from_inside(key.fd, ports):
            yield from (handle for handle in key.data if handle is not None)


def _inputs(loop: Loop, but: Collection[int] = ()) -> Iterator[Any]:
    """Yield the handles of *loop* for all input: what was sent may not be read yet."""
    for key in watched(loop):
        if key.fd not in but:
            yield from (handle for handle in key.data if handle is not None)


def of_loop(loop: Loop) -> list[object]:
    """Return all that another loop may run: its tasks, and what its input calls."""
    called = [part for handle in [*_inputs(loop), *ready_of(loop)] for part in _roots(handle)]
    return [*called, *(asyncio.Task.get_coro(task) for task in pending(loop))]


def native_threads() -> bool:
    """Return whether there are threads that run no Python: who knows what they do."""
    try:
        return len(_LISTED[0]("/proc/self/task")) > len(stacks.idents())
    except OSError:  # nothing tells
        return False


def _listening(loop: Loop) -> Iterator[Any]:
    for key in watched(loop):
        if (ends := ends_of(key.fd)) is None or ends[1] is None:
            yield from (handle for handle in key.data if handle is not None)


def _peers(loop: Loop) -> Iterator[tuple[int, tuple[object, object]]]:
    """Yield for each connection within *loop* who can write to it, and who is called then."""
    transports = _transports(loop)
    by_name = {
        ends: transports[fd]
        for fd in transports
        if (ends := ends_of(fd)) is not None and ends[1] is not None
    }
    for key in watched(loop):
        ends = ends_of(key.fd)
        other = by_name.get((ends[1], ends[0])) if ends is not None else None
        if other is not None:
            for handle in key.data:
                if handle is not None:
                    yield key.fd, (other, handle)


def _transports(loop: Loop) -> dict[int, object]:
    """Return the open transports of *loop* by number; also those that do not read now."""
    kept = objects.peek(loop, "_transports")
    if type(kept) is not weakref.WeakValueDictionary:
        return {}
    return {fd: one for fd, one in list(kept.items()) if type(fd) is int}


Ends = tuple[object, object]


def ends_of(fd: int) -> Ends | None:
    """Return both addresses of an internet socket; the second is None where it only listens."""
    try:
        sock = socket.socket(fileno=fd)
    except OSError:
        return None
    try:
        if sock.family not in (socket.AF_INET, socket.AF_INET6):
            return None
        name = sock.getsockname()[:2]
        return name, sock.getpeername()[:2]
    except OSError:
        return name, None
    finally:
        sock.detach()


def watched(loop: Loop) -> list[Any]:
    own = _fd(objects.peek(loop, "_ssock"))
    keys = [key for key in list((_map(loop) or {}).values()) if _of_selector(key)]
    return [key for key in keys if key.fd != own]


def _of_selector(key: object) -> bool:
    return isinstance(getattr(key, "fd", None), int) and isinstance(
        getattr(key, "data", None), tuple
    )


def _fd(sock: Any) -> int | None:
    return sock.fileno() if sock is not None else None


def from_inside(fd: int, ports: set[int]) -> bool:
    """Return whether only this process can make *fd* ready: it listens, or talks to ourselves."""
    try:
        sock = socket.socket(fileno=fd)
    except OSError:
        return False  # a pipe, a child's end
    try:
        if sock.family in (socket.AF_INET, socket.AF_INET6):
            if sock.getsockopt(socket.SOL_SOCKET, socket.SO_ACCEPTCONN):
                return True  # who would call from outside has not yet
            name, peer = sock.getsockname(), sock.getpeername()
            return name[0] == peer[0] and peer[1] in ports
        return _own_pair(sock)
    except OSError:
        return False
    finally:
        sock.detach()


def _own_pair(sock: socket.socket) -> bool:
    """Return whether a socket of the file system has this process at its other end, too."""
    if sock.getsockopt(socket.SOL_SOCKET, socket.SO_ACCEPTCONN):
        return True
    ask = getattr(socket, "SO_PEERCRED", None)  # Linux
    if ask is None:
        return False
    pid = int.from_bytes(sock.getsockopt(socket.SOL_SOCKET, ask, 12)[:4], sys.byteorder)
    return pid == os.getpid()


def _own_ports() -> set[int]:
    """Return the ports of all sockets of this process; none where nothing tells of all."""
    found: set[int] = set()
    try:
        numbers = [int(name) for name in _LISTED[0]("/proc/self/fd")]
    except (OSError, ValueError):
        return found
    for fd in numbers:
        try:
            sock = socket.socket(fileno=fd)
        except OSError:
            continue
        try:
            if sock.family in (socket.AF_INET, socket.AF_INET6):
                found.add(sock.getsockname()[1])
        except OSError:
            pass
        finally:
            sock.detach()
    return found


def threads_at_work(but: int | None = None, readers: bool = True) -> bool:
    """Return whether another thread does something that may end: it can wake any loop.

    Without *readers*, those don't count that wait for what only this process can send.
    """
    here = {threading.get_ident(), but}
    for ident, frames in stacks.threads().items():
        at_work = ident not in here and _at_work(frames, _thread_name(ident))
        if at_work and (readers or not _hears_us_alone(frames[0])):
            return True
    own = _loop_of(but) or asyncio._get_running_loop()
    return any(_goes_on(run.loop) for run in living.running() if run.loop is not own)


def _loop_of(thread: int | None) -> Loop | None:
    return next(filter(None, map(living.loop_of, stacks.of(thread))), None)


def _thread_name(ident: int) -> str:
    known = getattr(threading, "_active", {}).get(ident)
    name = objects.peek(known, "_name") if known is not None else None
    return name if type(name) is str else ""


def _goes_on(loop: Loop) -> bool:
    """Return whether a loop in another thread has something to do."""
    return bool(_unknown(loop) or ready_of(loop) or list(timers_of(loop)))


def _at_work(frames: Sequence[types.FrameType], name: str) -> bool:
    frame = frames[0]
    if name.startswith(OURS) or _module(frames[-1]).startswith(NAMELESS):
        return False
    if any(_module(one).startswith(CARRIERS) for one in frames):
        return False
    function = frame.f_code.co_name
    if _module(frame) == "threading" and function == "wait":
        return stacks.locals_of(frame).get("timeout") is not None  # a clock of its own
    if _module(frame) == "selectors":
        return not any(one.f_code.co_name in SERVES for one in frames)
    if function in IDLE:
        return False
    if _module(frame) == "concurrent.futures.thread" and function == "_worker":
        return False
    return last_name(frame) not in IDLE


def _hears_us_alone(frame: types.FrameType) -> bool:
    """Return whether a thread reads what this process alone can send, and nothing has come.

    So do the threads of a fake server between two calls.
    """
    socks = list(_sockets(frame)) if last_name(frame) in READS else []
    ports = _own_ports() if socks else set()
    try:
        return (
            bool(socks)
            and all(one.gettimeout() is None and from_inside(one.fileno(), ports) for one in socks)
            and not select.select(socks, [], [], 0)[0]
        )
    except (OSError, ValueError):  # closed meanwhile, or too high a number
        return False


def _sockets(frame: types.FrameType) -> Iterator[socket.socket]:
    """Yield the sockets of the function that *frame* runs, and of what it works with."""
    for thing in stacks.locals_of(frame).values():
        for one in (thing, *(value for _, value in objects.steps(thing))):
            if objects.is_a(one, socket.socket):
                yield one


def last_name(frame: types.FrameType) -> str | None:
    """Return the last name of the call that *frame* is in: "get" of `self._jobs.get()`."""
    index = frame.f_lasti // 2
    names: list[str] = []
    for number, instruction in enumerate(_instructions(frame.f_code)):
        if number > 200_000 or instruction[0] > index * 2:
            break
        if instruction[1] is not None:
            names.append(instruction[1])
    return names[-1] if names else None


def _instructions(code: types.CodeType) -> Iterator[tuple[int, str | None]]:
    import dis  # late: for threads alone, when a test hangs

    for one in dis.get_instructions(code):
        attribute = one.opname in ("LOAD_METHOD", "LOAD_ATTR", "LOAD_GLOBAL", "LOAD_NAME")
        yield one.offset, one.argval if attribute and isinstance(one.argval, str) else None


def _module(frame: types.FrameType) -> str:
    return str(frame.f_globals.get("__name__", ""))


def children_since(when: float) -> bool:
    """Return whether a child process was started after *when* (of `time.time`) and still runs.

    Where nothing tells, there may be one.
    """
    try:
        with open("/proc/stat", encoding="ascii") as file:
            boot = next(float(line.split()[1]) for line in file if line.startswith("btime"))
        ticks = os.sysconf("SC_CLK_TCK")
        for child in _children():
            with open(f"/proc/{child}/stat", encoding="ascii", errors="replace") as file:
                fields = "".join(file).rpartition(")")[2].split()
            if fields[0] != "Z" and boot + int(fields[19]) / ticks > when - 2:  # whole seconds
                return True
    except (OSError, ValueError, StopIteration, IndexError, AttributeError):
        return True
    return False


def _children() -> Iterator[str]:
    for thread in _LISTED[0]("/proc/self/task"):
        with open(f"/proc/self/task/{thread}/children", encoding="ascii") as file:
            yield from "".join(file).split()
