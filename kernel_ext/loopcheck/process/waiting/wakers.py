"""What can still wake a task: timers, outside input, threads, and tasks that can continue.

We follow everything that will run by itself, through all that it holds, to the futures that tasks
wait for. If nothing leads to a task, nothing can wake it any more. If we can't follow something, we
assume that it leads there: the answer must be certain.
"""

import asyncio
import gc
import math
import signal
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

from loopcheck.light import dataclass, replace
from loopcheck.process import futures, objects, parameters, thread_stacks
from loopcheck.process.loops import live_loops, queued_work
from loopcheck.process.loops.queued_work import Loop, Task
from loopcheck.process.waiting import busy_threads, loop_inputs
from loopcheck.source import project_files

NODES = 30_000  # objects to follow for one look: 30 ms
WIDEST = 2_000  # parts of one object
THREADS = 200
LEAVES = frozenset(
    map(id, (str, bytes, int, float, complex, bool, type(None), bytearray, range, types.CodeType))
)
LIMITS = ("asyncio.timeouts", "anyio._backends._asyncio")


@dataclass(eq=False)
class Alive:
    """What can continue. Lives only while a look runs."""

    tasks: set[int] = field(default_factory=set)  # by id
    timers: dict[int, float] = field(default_factory=dict)  # tasks that a timer wakes: when
    ready: bool = False  # some of them continue in this iteration, before *until*
    all: bool = False  # something is at work that we can't follow
    others: bool = False  # something runs by itself, wherever it leads
    timed: bool = False  # a timer is among that


@dataclass(frozen=True, kw_only=True, eq=False)
class Question:
    """The tasks whose waking is in question. Lives only while a look runs."""

    own: Sequence[Task]  # the test's tasks
    until: float  # on the loop's clock: later timers don't count
    patience: float  # the test's own timers count up to here
    turning: Mapping[Task, Sequence[object]] = field(default_factory=dict)  # polls: what they read
    endless: Collection[Task] = ()  # of these, the tasks that only a cancellation ends
    callers: bool = False  # a child process may connect to a server of ours
    once: bool = False  # there is no second look: everything that might wake them counts
    by: Task | None = None  # it runs now only because of its timeout, and wakes nothing
    future: object = None  # what *by* waited for
    deaf: frozenset[int] = frozenset()  # sockets whose other end nothing reads meanwhile


def alive(loop: Loop, asked: Question) -> Alive:
    """Return which tasks of *loop* will continue, or can be made to.

    Tasks that only poll wake nothing. Code that can reach what they read counts as waking them.
    """
    if loop_inputs.hidden(loop):
        return Alive(all=True)
    if busy_threads.threads(readers=False):
        return Alive(all=True) if asked.once else replace(_Spread(loop, asked).soon(), all=True)
    seen = _Spread(loop, asked).run()
    if (seen.tasks or seen.others) and busy_threads.threads():
        seen.all = True  # what continues may send what one of them reads
    if (seen.tasks or seen.timed) and _threads_behind(asked.own):
        seen.all = True  # what continues may let a blocked thread go on
    return seen


def _threads_behind(own: Iterable[Task]) -> list[Sequence[types.FrameType]]:
    """Return the frames of the threads that have to set what *own* wait for."""
    waiters = [one for task in own if (one := futures.waiter(task)) is not None]
    return threads_with(waiters) if waiters else []


def threads_with(waiters: Sequence[object]) -> list[Sequence[types.FrameType]]:
    """Return the frames of each thread that was given one of *waiters* to set."""
    wanted = {id(one): [one] for one in waiters}
    found: list[Sequence[types.FrameType]] = []
    # A pool never runs in these; the frames of a runner of tests lead everywhere.
    others = {threading.get_ident(), threading.main_thread().ident}
    for ident, frames in islice(thread_stacks.threads().items(), THREADS):
        runs_a_loop = any(live_loops.loop_of(one) is not None for one in frames)
        if ident in others or runs_a_loop or busy_threads.is_ours(ident):
            continue
        owners = [project_files.owner(one.f_code.co_filename) for one in frames]
        held = [
            value
            for one, owner in zip(frames, owners, strict=True)
            if owner != "user"
            for value in thread_stacks.locals_of(one).values()
        ]
        if any(id(value) in wanted for value in held) or reached(held, wanted):
            found.append(frames)
    return found


class _Spread:
    """A spread from what runs by itself to all that it can wake."""

    def __init__(self, loop: Loop, asked: Question) -> None:
        self.loop, self.asked = loop, asked
        self.seen = Alive()
        self.left = [NODES]
        self.fresh: list[Task] = []
        self.tasks = [task for task in queued_work.pending(loop) if task is not asked.by]
        self.turning = {id(task) for task in asked.turning}
        self.wanted: dict[int, list[Any]] = {}
        for task in self.tasks:
            if id(task) not in self.turning:
                self.want(task, task)
                self.want(futures.waiter(task), task)
        if asked.by is not None:
            self.want(asked.by, asked.by)
            self.want(asked.future, asked.by)
        for task, things in asked.turning.items():
            for thing in things:
                self.want(thing, task)
        self.peers = dict(loop_inputs.peers(loop))
        for transport, handle in self.peers.values():
            self.want(transport, handle)
        for task in asked.endless:  # code that reaches it may cancel it; its own sleep does not
            self.want(task, task)
        self.slept = [futures.waiter(task) for task in asked.endless]

    def want(self, thing: object, woken: object) -> None:
        if thing is not None:
            self.wanted.setdefault(id(thing), []).append(woken)

    def soon(self) -> Alive:
        """Spread from what the loop runs by itself: what is ready, and its timers."""
        self.timers()
        timed = len(self.seen.tasks)
        for handle in queued_work.ready_of(self.loop):
            self.follow(handle)
        self.seen.ready = len(self.seen.tasks) > timed and self.loop.time() <= self.asked.until
        self.spread()
        return self.seen

    def run(self) -> Alive:
        self.soon()
        outside: Iterable[Any] = loop_inputs.outside(self.loop)
        if self.asked.once:
            outside = [*loop_inputs.arrived(self.loop, self.asked.deaf), *_handlers()]
        for handle in [*outside, *_signals(self.loop)]:
            self.follow(handle)
        self.found(
            task
            for task in self.tasks
            if futures.waiter(task) is None and id(task) not in self.turning
        )
        self.spread()
        if self.seen.tasks or self.seen.timers or self.asked.callers:
            for handle in loop_inputs.listening(self.loop):  # running code may call our own servers
                self.follow(handle)
            self.spread()
        self.seen.all = self.left[0] <= 0
        return self.seen

    def timers(self) -> None:
        own = {id(task) for task in self.asked.own}
        limited = above(self.asked.own, self.asked.by, self.tasks) if self.asked.once else ()
        for handle in queued_work.timers_of(self.loop):
            when, roots = handle._when, self.roots(handle)
            if when == math.inf:
                continue  # `timeout=math.inf`: it is never due
            if limited and is_limit(roots, limited):
                continue  # it ends the wait, and delivers nothing
            if when <= self.asked.until:
                self.seen.others = self.seen.timed = True
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
        return *queued_work.roots(handle), *context

    def reached(self, roots: Iterable[object]) -> list[Any]:
        return _reached(roots, self.wanted, self.left, contexts=self.asked.once, shut=self.slept)

    def found(self, woken: Iterable[Any], when: float | None = None) -> None:
        for task in woken:
            if not futures.is_task(task):  # the other end of a connection to write to
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


def above(own: Iterable[Task], by: Task | None, tasks: Iterable[Task]) -> list[Task]:
    """Return *own* and *by*, and those of *tasks* that wait for them."""
    found = [*own, *([by] if by is not None else [])]
    for one in found:
        for task in tasks:
            if not any(task is other for other in found) and _waits_for(task, one):
                found.append(task)
    return found


def _waits_for(task: Task, other: Task) -> bool:
    future = futures.waiter(task)
    calls = [one[0] for one in getattr(other, "_callbacks", None) or ()]
    return future is not None and (future is other or leads_to(calls, future))


def is_limit(roots: Sequence[object], limited: Sequence[Task]) -> bool:
    """Return whether a timer of `timeout`, `wait_for` or anyio belongs to one of *limited*."""
    call = roots[0]
    if getattr(call, "__name__", None) == "_release_waiter":  # 3.11's `wait_for`
        return any(futures.waiter(task) is one for task in limited for one in roots[1:])
    scope = getattr(call, "__self__", None)
    if objects.module_of(type(scope)) not in LIMITS:
        return False
    owner = objects.peek(scope, "_task") or objects.peek(scope, "_host_task")
    return any(owner is task for task in limited)


def leads_to(roots: Iterable[object], thing: object, nodes: int | list[int] = 300) -> bool:
    """Return whether *roots* lead to *thing* in few steps; a list of nodes keeps the rest in it."""
    left = nodes if type(nodes) is list else [cast("int", nodes)]
    return bool(_reached(roots, {id(thing): [True]}, left))


def reached(
    roots: Iterable[object], wanted: Mapping[int, list[Any]], nodes: int = 300
) -> list[Any]:
    """Return the entries of *wanted*, by id, for what *roots* lead to in few steps."""
    return _reached(roots, wanted, [nodes])


def _reached(
    roots: Iterable[object],
    wanted: Mapping[int, list[Any]],
    left: list[int],
    *,
    contexts: bool = False,
    shut: Iterable[object] = (),
) -> list[Any]:
    """Return the entries of *wanted* for everything that *roots* lead to.

    The search does not pass through other tasks, nor through what is *shut*.
    """
    found: list[Any] = []
    todo = deque(thing for thing in roots if not objects.is_loop(thing))
    # Kept alive, so that no id is reused.
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
        elif not futures.is_task(thing):
            todo.extend(one for one in _parts(thing) if id(type(one)) not in LEAVES)
    return found


def _keys(thing: object) -> Iterator[int]:
    """Yield the id of *thing*, and of the namespaces in which a function can set names."""
    yield id(thing)
    if type(thing) is types.FunctionType:
        space = thing.__globals__
        yield id(space)
        for name in thing.__code__.co_names:
            if objects.is_module(value := space.get(name)):
                yield id(vars(value))


def _parts(thing: object) -> Iterable[object]:
    kind = type(thing)
    if _is_ours(thing):  # our hooks lead to everything we watch, and wake nothing
        wrapped = thing.__dict__.get("__wrapped__") if kind is types.FunctionType else None
        return (wrapped,) if wrapped is not None else ()
    if objects.is_loop(thing) or kind in (types.FrameType, types.TracebackType, Context):
        return ()
    if kind is types.FunctionType:
        return _of_function(cast("types.FunctionType", thing))
    if objects.is_module(thing):
        return ()  # only through the names that a function uses
    if kind is weakref.ref or kind is weakref.WeakMethod:
        return (cast("weakref.ref[object]", thing)(),)
    if objects.is_a(thing, type) and objects.users_class(thing) is None:
        return ()
    if kind is asyncio.Server:  # accepts connections; from 3.13 on it also keeps those it has
        return [value for name, value in vars(thing).items() if name != "_clients"]
    return islice(objects.referents(thing), WIDEST)


def _is_ours(thing: object) -> bool:
    if type(thing) is types.FunctionType:
        name = thing.__globals__.get("__name__")
    else:
        name = objects.module_of(type(thing))
    return type(name) is str and name.startswith(project_files.LOOKING)


def _of_function(function: types.FunctionType) -> Iterator[object]:
    """Yield what *function* can reach: its globals by the names that it uses."""
    yield from function.__closure__ or ()
    yield from parameters.defaults(function).values()
    if project_files.owner(function.__code__.co_filename) != "user":
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
    """Yield what user code gets from a module: a library may keep a registry in it."""
    space = module.__dict__
    name = str(space.get("__name__", "")).partition(".")[0]
    if name in sys.stdlib_module_names or name == "loopcheck":
        return
    user = project_files.owner(str(space.get("__file__", "")), name) == "user"
    for key, value in list(space.items()):
        kind = type(value)
        code = kind is types.FunctionType or objects.is_a(value, type)
        if objects.is_module(value) or id(kind) in LEAVES:
            continue
        if key in said or not (user or code or key.startswith("__")):
            yield value


# What will run by itself


def _signals(loop: Loop) -> list[Any]:
    kept = objects.peek(loop, "_signal_handlers")
    return list(kept.values()) if type(kept) is dict else []


def _handlers() -> Iterator[Any]:
    """Yield a handle with each signal's handler: what may send the signal is unknown."""
    for number in signal.valid_signals():
        try:
            called = signal.getsignal(number)
        except (ValueError, OSError):
            continue
        if type(called) is types.FunctionType and _is_machinery(called):
            called = vars(called).get("__wrapped__")  # ours only passes the signal on
        if type(called) in (types.FunctionType, types.MethodType):
            yield types.SimpleNamespace(_callback=called)


def _is_machinery(function: types.FunctionType) -> bool:
    return project_files.owner(function.__code__.co_filename) == "machinery"


def of_loop(loop: Loop) -> list[object]:
    """Return everything that another loop may run: its tasks, and what its input calls."""
    handles = [*loop_inputs.handles(loop), *queued_work.ready_of(loop)]
    called = [part for handle in handles for part in queued_work.roots(handle)]
    return [*called, *(futures.coroutine(task) for task in queued_work.pending(loop))]
