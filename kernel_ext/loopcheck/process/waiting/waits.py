"""What a test waits for: from its task down to the line, and which task holds it."""

from __future__ import annotations

import ast
import asyncio
from collections import Counter
from collections.abc import Iterable, Iterator
from types import CodeType, FrameType, MethodType
from typing import Any

from loopcheck.labels import Labels
from loopcheck.light import dataclass, replace
from loopcheck.process import futures, object_makers, object_names, objects, thread_stacks
from loopcheck.process.errors import thread_errors
from loopcheck.process.frames import first_argument, line_at
from loopcheck.process.loops import live_loops, queued_work
from loopcheck.process.loops.queued_work import Loop, Task
from loopcheck.process.waiting import (
    await_chain,
    earlier_calls,
    full_pipes,
    parent_tasks,
    partial_reads,
    taken_locks,
    wakers,
)
from loopcheck.process.waiting.missed_wakes import (
    hand_fed_streams,
    unmarked_items,
    unnotified_changes,
)
from loopcheck.records import Died, Holder, Place, Subject, Thing, WaitRecord
from loopcheck.runner import fixtures
from loopcheck.source import calls, parsed_files, project_files
from loopcheck.source.catching import swallowing_handlers
from loopcheck.source.statements import while_loops
from loopcheck.source.statements.while_loops import Round

MOST = 12  # tasks of one chain
NODES = 30_000  # objects to follow from all tasks to what one of them waits for: 30 ms
EACH = 3_000  # of them from one task
ALIKE = 2  # tasks at the same place, of which we name what they wait for
KINDS: dict[str, Thing] = {
    "Lock": "lock",
    "Event": "event",
    "Condition": "condition",
    "Semaphore": "semaphore",
    "BoundedSemaphore": "semaphore",
    "CapacityLimiter": "semaphore",
    "Barrier": "barrier",
    "Queue": "queue",
    "LifoQueue": "queue",
    "PriorityQueue": "queue",
    "MemoryObjectReceiveStream": "queue",
    "MemoryObjectSendStream": "queue",
    "StreamReader": "stream",
    "StreamWriter": "stream",
}
LIMITERS = (asyncio.wait_for.__code__,)  # it waits for its argument
READ = asyncio.StreamReader.read.__code__
KNOWN = ("asyncio", "_asyncio", "anyio", "janus")
PARTS = ("event", "condition", "lock", "semaphore", "queue", "barrier")  # no client has these names
_NUMBERS = (int, float)  # the first argument of a function, as `asyncio.sleep`
WAKES = frozenset(
    {"set", "put", "put_nowait", "set_result", "set_exception", "notify", "notify_all", "task_done"}
    | {"feed_data", "feed_eof", "send", "send_nowait", "get", "get_nowait"}
)
EARLIER = (
    "event",
    "lock",
    "semaphore",
    "condition",
    "stream",
    "queue",
)  # what earlier calls may explain
POOLS = frozenset({"Pool", "ConnectionPool", "BlockingConnectionPool", "AsyncConnectionPool"})


@dataclass(frozen=True, eq=False)
class Wait:
    """A task that waits. Lives only while a look runs."""

    task: Task
    steps: tuple[Any, ...]  # coroutines and generators, outermost first
    end: object | None
    upper: tuple[FrameType, ...] = ()  # the running frames that wait for the task

    def frames(self) -> Iterator[FrameType]:
        """Yield the frames, outermost first."""
        yield from self.upper
        for step in self.steps:
            if (frame := await_chain.frame_of(step)) is not None:
                yield frame

    def users(self) -> list[FrameType]:
        return [frame for frame in self.frames() if owner(frame) == "user"]

    def name(self) -> str | None:
        """Return the name of the outermost coroutine of user code."""
        above = (frame for frame in self.upper if owner(frame) == "user")
        if (first := next(above, None)) is not None:
            return await_chain.short(first.f_code.co_qualname)
        framed = ((step, await_chain.frame_of(step)) for step in self.steps)
        mine = (step for step, frame in framed if frame is not None and owner(frame) == "user")
        return next(map(await_chain.name_of, mine), None)

    def below(self) -> list[FrameType]:
        """Return the library's frames below the innermost user frame."""
        frames = list(self.frames())
        last = max((i for i, one in enumerate(frames) if owner(one) == "user"), default=-1)
        return [one for one in frames[last + 1 :] if one.f_code not in LIMITERS]


def sleeps_in(wait: Wait) -> tuple[FrameType, Round] | None:
    """Return the innermost `while` of user code in which a task sleeps, and its frame."""
    if any(one.f_code.co_name in ("sleep", "__sleep0") for one in wait.below()):
        for frame in wait.users()[::-1]:
            if (turn := while_loops.round_of(frame)) is not None:
                return frame, turn
    return None


def owner(frame: FrameType) -> str:
    """Return whose code *frame* runs."""
    return await_chain.owner(frame.f_code)


def users_around(frames: list[FrameType]) -> list[FrameType]:
    """Return the user's frames among *frames* of a thread that run its loop, innermost first."""
    runs = [number for number, one in enumerate(frames) if live_loops.loop_of(one) is not None]
    return [one for one in frames[runs[-1] :] if owner(one) == "user"] if runs else []


def innermost_runner(frames: list[FrameType]) -> FrameType | None:
    """Return the user's frame nearest to the loop that a thread with these *frames* runs now."""
    runs = next((n for n, one in enumerate(frames) if live_loops.loop_of(one) is not None), None)
    return thread_stacks.users_innermost(frames[runs:]) if runs is not None else None


def of_task(task: Task) -> Wait:
    """Return the wait of *task*, from its coroutine down to the end."""
    steps, end = await_chain.chain(futures.coroutine(task))
    return Wait(task, tuple(steps), end)


def chain_of(first: Iterable[Task], tasks: Iterable[Task]) -> list[Wait]:
    """Return *first* and the tasks that they wait for, nearest first.

    Of a hundred alike, one leads to what all wait for: the others come last.
    """
    ends = Ends(tasks)
    found: list[Wait] = []
    todo, alike = list(first), list[Task]()
    while (todo or alike) and len(found) < MOST:
        now = (todo or alike).pop(0)
        if any(now is one.task for one in found):
            continue
        found.append(of_task(now))
        waiter = futures.waiter(now)
        if futures.is_task(waiter):
            todo.append(waiter)
        elif waiter is not None:
            places: set[tuple[object, ...]] = set()
            for task in ends.bringing(waiter):
                if task is not now:
                    at = _standing(of_task(task))
                    (alike if at in places else todo).append(task)
                    places.add(at)
    return found


def _standing(wait: Wait) -> tuple[object, ...]:
    """Return the places in the code where *wait* stands."""
    return tuple((frame.f_code, frame.f_lasti) for frame in wait.frames())


class Ends:
    """Which futures the end of each task ends: of a gather, a shield, a group. Lives for one look.

    The tasks of a gather share one callback, and we follow it once, for all futures that anything
    waits for: asked again for each future and task, 800 tasks took 20 seconds.
    """

    def __init__(self, tasks: Iterable[Task]) -> None:
        self.tasks = list(tasks)
        self.ended: dict[int, list[Task]] | None = None  # by the id of the future

    def bringing(self, future: object) -> list[Task]:
        """Return the tasks whose end ends *future*, for which one of the tasks waits."""
        self.ended = self._read() if self.ended is None else self.ended
        return self.ended.get(id(future), [])

    def _read(self) -> dict[int, list[Task]]:
        awaited = {
            id(one): [one] for task in self.tasks if (one := futures.waiter(task)) is not None
        }
        known: dict[tuple[int, int], tuple[object, list[object]]] = {}
        ended: dict[int, list[Task]] = {}
        for task in self.tasks:
            for call, *_ in getattr(task, "_callbacks", None) or ():
                bound = type(call) is MethodType  # made anew for each task of a group
                key = (id(call.__func__), id(call.__self__)) if bound else (id(call), 0)
                if key not in known:  # the callback is kept: no id is reused
                    known[key] = call, wakers.reached([call], awaited)
                for future in known[key][1]:
                    ended.setdefault(id(future), []).append(task)
        return ended


def brings(task: Task, future: object) -> bool:
    """Return whether the end of *task* ends *future*."""
    calls = [one[0] for one in getattr(task, "_callbacks", None) or ()]
    return wakers.leads_to(calls, future)


def cycle(found: list[Wait]) -> list[Wait]:
    """Return those of *found* that wait for each other, none if none do."""
    by_task = {id(one.task): one for one in found}
    for start in found:
        way: list[Wait] = []
        now: Wait | None = start
        while now is not None and now not in way:
            way.append(now)
            now = by_task.get(id(futures.waiter(now.task)))
        if now is not None:
            return way[way.index(now) :]
    return []


def code_runs(task: Task, codes: Iterable[object]) -> bool:
    """Return whether *task* is in one of the functions *codes*."""
    wanted = {id(code) for code in codes}
    return any(id(frame.f_code) in wanted for frame in of_task(task).frames())


# As records


def read(
    found: list[Wait],
    loop: Loop,
    item: Any,
    labels: Labels,
    outside: Iterable[FrameType] = (),
    above: Iterable[Task] = (),
    by: Task | None = None,
) -> tuple[WaitRecord, ...]:
    """Return *found* as records; *item* is the test, for the names of its fixtures.

    *outside* are the user's frames that run the loop: they have names, too, and wait for the task
    that the loop runs for them. *above* are tasks that wait for one of *found*, perhaps with their
    own timeout. *by* is one of them that runs now, whose frames are in *found*.
    """
    outside = list(outside)
    tasks = [task for task in queued_work.pending(loop) if task is not by]
    up = {id(task) for task in above}
    ends = Ends(tasks)
    beside = {id(one.task) for one in found}  # with all of a gather, of which *found* has a few
    beside |= {id(task) for one in found for task in ends.bringing(futures.waiter(one.task))}
    roots = _roots(found, item)
    for frame in outside:
        roots += object_names.roots_of(frame, line_at(frame))
    alike = Counter[tuple[object, ...]]()
    records: list[WaitRecord] = []
    for one in found:
        at = _standing(one)
        known = roots if alike[at] < ALIKE else None
        alike[at] += 1
        outer = _outer(one, by, outside)
        record = _read(one, found, tasks, (up, beside), known, item, labels, outer)
        records.append(_with_earlier_calls(record, one, found, labels))
    return tuple(records)


def _with_earlier_calls(
    record: WaitRecord, wait: Wait, found: list[Wait], labels: Labels
) -> WaitRecord:
    """Return *record* with what earlier calls did to what *wait* is for."""
    if record.subject is None or record.thing not in EARLIER:
        return record
    thing, _ = thing_of(wait.below())
    frames = list(dict.fromkeys(frame for one in found for frame in one.users()))
    name = record.subject.name
    if record.thing == "condition":
        ran = [*(one for one in frames if one not in wait.users()), *wait.users()]
        change = unnotified_changes.of_wait(thing, name, wait.task, ran, labels)
        return replace(record, unnotified=change)
    loop = futures.loop(wait.task)
    if record.thing == "queue":
        if not (record.method or "").endswith(".join"):
            return record
        unmarked = unmarked_items.of_wait(thing, queued_work.pending(loop), labels)
        alone = unmarked is None and not record.holders
        cut_off = unmarked_items.cancelled(name, loop, frames, labels) if alone else None
        return replace(record, unmarked=unmarked, cut_off=cut_off)
    if record.thing == "stream":
        tasks = queued_work.pending(loop)
        fed = hand_fed_streams.of_wait(thing, name, frames, tasks, labels)
        return replace(record, hand_fed=fed)
    from loopcheck.process.waiting.missed_wakes import unguarded_releases  # late: few waits need it

    return replace(
        record,
        unguarded=unguarded_releases.of_wait(thing, name, frames, loop, labels)
        if not (record.holders or record.maybe_taken)
        else None,
        lost_set=earlier_calls.lost_set(thing, name, frames, labels),
        kept_lock=earlier_calls.kept_lock(thing, name, frames, labels)
        if wait.users() and not record.holders
        else None,
        unreleased=earlier_calls.unreleased(thing, frames, labels) if not record.holders else None,
    )


def _outer(wait: Wait, by: Task | None, outside: list[FrameType]) -> list[FrameType]:
    """Return the user's frame that runs the loop, if it waits for the task of *wait*."""
    task = by if wait.upper else wait.task
    return outside[:1] if task is not None and parent_tasks.ends_run(task) else []


def _roots(found: list[Wait], item: Any) -> list[object_names.Root]:
    roots: list[object_names.Root] = []
    for wait in found:
        for frame in wait.users()[::-1][:6]:
            roots += object_names.roots_of(frame, line_at(frame))
    return roots + (list(fixtures.roots(item)) if item is not None else [])


def _read(
    wait: Wait,
    found: list[Wait],
    tasks: list[Task],
    up: tuple[set[int], set[int]],
    roots: list[object_names.Root] | None,
    item: Any,
    labels: Labels,
    outside: list[FrameType],
) -> WaitRecord:
    """Return *wait* as a record; without *roots*, it is one of many, and gets no names."""
    users = wait.users() or outside
    thing, kind = thing_of(wait.below())
    if thing is None and not wait.below():
        thing = wait.end if futures.is_future(wait.end) else futures.waiter(wait.task)
    leaf = not any(one is not wait and waits_for(wait, one) for one in found)
    named_too = leaf and roots is not None
    way = way_to(thing, roots) if named_too and roots and thing is not None else None
    subject, made_at = named(thing, way, labels)
    inner = way is not None and kind in PARTS and _is_part(way)
    task = await_chain.name_of(futures.coroutine(wait.task))
    held = holders(thing, kind, wait, found, tasks, up, labels) if named_too else ()
    frames = (frame for one in tasks for frame in of_task(one).users())
    waiting = up[0] | {id(one.task) for one in found}
    others = [one for one in tasks if id(one) not in waiting]
    return WaitRecord(
        coroutine=await_chain.short(users[-1].f_code.co_qualname) if users else task,
        task=wait.name() or task,
        stack=tuple(place(frame, labels) for frame in users),
        thing="task" if not leaf else "other" if inner else kind,
        method=(awaited(users[-1]) if inner and users else None) or method(wait.below()),
        subject=subject,
        made_at=made_at,
        holders=held,
        maybe_taken=taken_locks.maybe(frames, labels)
        if leaf and kind == "lock" and not held
        else None,
        died=tuple(_died(thing, kind, wait, item, labels)) if leaf else (),
        held_up=_held_up(thing, kind),
        to_end=any(map(_reads_to_end, wait.below())),
        part_read=partial_reads.of(wait.below()) if leaf and kind == "stream" else None,
        full_pipe=full_pipes.of(wait.below(), others, roots or [], labels),
        cancelling=futures.cancelling(wait.task) > 0,
    )


def waits_for(one: Wait, other: Wait) -> bool:
    """Return whether *one* continues when *other* ends."""
    waiter = futures.waiter(one.task) or (one.end if one.upper else None)
    return waiter is other.task or (waiter is not None and brings(other.task, waiter))


def place(frame: FrameType, labels: Labels) -> Place:
    """Return the line that *frame* is at."""
    code = frame.f_code
    return Place(labels.file(code.co_filename), line_at(frame), code.co_name)


def thing_of(frames: Iterable[FrameType]) -> tuple[object | None, Thing]:
    """Return the outermost object of a known kind that the library's *frames* work on."""
    first: object | None = None
    for frame in frames:
        own = first_argument(frame)
        if own is None or type(own) in _NUMBERS or objects.is_a(own, type) or objects.is_loop(own):
            continue
        first = own if first is None else first
        if (kind := kind_of(own)) is not None:
            return own, kind
    return first, "other"


def kind_of(thing: object) -> Thing | None:
    """Return the kind of *thing*, as the waiting task sees it: "lock", "queue"; None if unknown."""
    for kind in objects.mro(type(thing)):
        name = str(type.__dict__["__name__"].__get__(kind))
        module = objects.module_of(kind).partition(".")[0]
        if module in KNOWN and name in KINDS:
            return KINDS[name]
        if name in POOLS and project_files.owner(
            project_files.module_file(objects.module_of(kind)) or ""
        ) != ("user"):
            return "pool"
    return None


def method(frames: list[FrameType]) -> str | None:
    """Return what user code called: "Queue.get", "Lock.acquire"."""
    for frame in frames:
        name = await_chain.short(frame.f_code.co_qualname)
        if name == "Lock.__aenter__" or name.endswith("._ContextManagerMixin.__aenter__"):
            continue
        if not name.rpartition(".")[2].startswith("_"):
            return name
    return None


def way_to(thing: object, roots: list[object_names.Root]) -> object_names.Way | None:
    """Return the path from a name in user code to *thing*."""
    future = futures.is_future(thing)  # many may keep it; the line has its name
    own = [root for root in roots if future and root.value is thing]
    return object_names.find(own or roots, [thing])


def named(
    thing: object, way: object_names.Way | None, labels: Labels
) -> tuple[Subject | None, Place | None]:
    """Return the object at the end of *way* as a record, and the line that created it."""
    if way is None:
        return None, None
    path = way.path if way.path != way.name else None
    subject = Subject(name=way.name, type=objects.type_name(thing), path=path)
    made_at = object_names.container_made_at(way, labels) or object_makers.made_at(way, labels)
    return subject, made_at


def _is_part(way: object_names.Way) -> bool:
    """Return whether the name is a library object's, and the task waits for a part of it."""
    file = project_files.module_file(objects.module_of(type(way.things[0])))
    return len(way.things) > 1 and file is not None and project_files.installed(file)


def awaited(frame: FrameType) -> str | None:
    """Return the only call that the line of *frame* awaits: "self.client.blpop"."""
    nodes = parsed_files.standing_at(frame.f_code.co_filename, line_at(frame))
    waits = [one.value for one in nodes if isinstance(one, ast.Await)]
    if len(waits) == 1 and isinstance(waits[0], ast.Call) and calls.last(waits[0].func):
        return ast.unparse(waits[0].func)
    return None


def _held_up(thing: object, kind: Thing) -> int | None:
    name = {"queue": "_unfinished_tasks", "pool": "_maxsize"}.get(kind)
    found = objects.peek(thing, name) if name is not None and thing is not None else None
    return found if type(found) is int else None


def _reads_to_end(frame: FrameType) -> bool:
    """Return whether *frame* reads a stream until its other side closes."""
    number = frame.f_locals.get("n") if frame.f_code is READ else None
    return type(number) is int and number < 0


# Which task holds it


def holders(
    thing: object,
    kind: Thing,
    wait: Wait,
    found: list[Wait],
    tasks: list[Task],
    up: tuple[set[int], set[int]],
    labels: Labels,
) -> tuple[Holder, ...]:
    """Return the task that acquired *thing*, if the source shows it; else those that might.

    *up* are the ids of tasks that wait for *wait*, and of those that wait beside it.
    """
    if thing is None:
        return ()
    upwards = up[0] | up[1]
    above = up[0] | _above(wait, found)
    known: list[Holder] = []
    at: Place | None
    left, asked = NODES, method(wait.below())
    for task in tasks:
        one = wait if task is wait.task else of_task(task)
        users = one.users()
        if not users:
            continue
        waits = users[-1] if task is wait.task else None
        frames = [*users, *taken_locks.in_managers(one.steps)]
        lines = ((one.f_code, taken_locks.at(one, thing, waits)) for one in frames)
        code, line = next((one for one in lines if one[1] is not None), (None, None))
        if kind in ("lock", "semaphore") and code is not None and line is not None:
            same = id(task) in above
            at = Place(labels.file(code.co_filename), line, code.co_name)
            again = thing_of(one.below())[0] is thing
        elif kind not in ("lock", "semaphore") and id(task) not in upwards:
            from_outside = kind == "stream" or (kind == "other" and wait.below())
            same_call = task is not wait.task and method(one.below()) == asked
            if same_call and thing_of(one.below())[0] is thing:
                continue  # it waits for the same
            if not from_outside:
                nodes = [min(EACH, left)]
                leads = wakers.leads_to(one.steps, thing, nodes)
                left -= min(EACH, left) - nodes[0]
                if not leads:
                    continue
            same, again, at = False, False, None
        else:
            continue
        known.append(
            Holder(
                coroutine=one.name() or "the task",
                place=at,
                waits_at=place(users[-1], labels),
                same=same,
                again=again,
            )
        )
    return tuple(known)


def _died(thing: object, kind: Thing, wait: Wait, item: Any, labels: Labels) -> Iterator[Died]:
    """Yield what worked on *thing* and failed, in a task or a thread: the unnoticed ones first."""
    if thing is None or kind in ("lock", "semaphore"):
        return
    for error, name in _unnoticed(wait):
        if (found := _raised(error, thing)) is not None:
            yield _as_died(name or _name_of(error), error, found, labels)
    for error in thread_errors.unnoticed(item):
        if (found := _raised(error, thing)) is not None:
            yield _as_died(_name_of(error), error, found, labels, in_thread=True)
    for _, error in swallowing_handlers.with_tracebacks(item):
        codes = [frame.f_code for frame in _users_of(error)]
        if all(WAKES.isdisjoint(code.co_names) for code in codes):
            continue
        if (found := _raised(error, thing)) is not None:
            yield _as_died(_name_of(error), error, found, labels, is_logged=True)


def _unnoticed(wait: Wait) -> Iterator[tuple[BaseException, str | None]]:
    """Yield the errors that no code has retrieved: of tasks, by name, and of a `gather`."""
    loop = futures.loop(wait.task)
    tasks = [one for one in live_loops.every() if type(one) is asyncio.Task]
    held = [value for frame in wait.users() for value in frame.f_locals.values()]
    gathered = [one for one in held if futures.is_future(one) and not futures.is_task(one)]
    for one in (*tasks, *gathered):
        if futures.loop(one) is not loop or not futures.done(one):
            continue
        error = getattr(one, "_exception", None) if getattr(one, "_log_traceback", False) else None
        if objects.is_a(error, BaseException):
            is_task = futures.is_task(one)
            yield error, await_chain.name_of(futures.coroutine(one)) if is_task else None


def _name_of(error: BaseException) -> str:
    """Return the outermost function of user code that *error* came through."""
    return await_chain.short(next(_users_of(error)).f_code.co_qualname)


def _as_died(
    name: str,
    error: BaseException,
    raised: tuple[CodeType, int, bool],
    labels: Labels,
    *,
    is_logged: bool = False,
    in_thread: bool = False,
) -> Died:
    code, line, on_purpose = raised
    return Died(
        coroutine=name,
        type=objects.type_name(error),
        place=Place(labels.file(code.co_filename), line, code.co_name),
        on_purpose=on_purpose,
        is_logged=is_logged,
        in_thread=in_thread,
    )


def _users_of(error: BaseException) -> Iterator[FrameType]:
    """Yield the frames of user code that *error* came through, outermost first."""
    trace = objects.trace_of(error)
    while trace is not None:
        if owner(trace.tb_frame) == "user":
            yield trace.tb_frame
        trace = trace.tb_next


def _raised(error: Any, thing: object) -> tuple[CodeType, int, bool] | None:
    """Return the user line at fault for *error*, if its frames lead to *thing*.

    That is the innermost one, but if a test's own double raises there on purpose, its caller.
    """
    trace = objects.trace_of(error)
    lines, held = list[tuple[CodeType, int]](), list[object]()
    while trace is not None:
        frame = trace.tb_frame
        if owner(frame) == "user":
            lines.append((frame.f_code, trace.tb_lineno))
            held += frame.f_locals.values()
        trace = trace.tb_next
    if not lines or not wakers.leads_to(held, thing):
        return None
    code, line = lines[-1]
    standing = parsed_files.standing_at(code.co_filename, line)
    if any(isinstance(node, ast.Raise) for node in standing):
        callers = [one for one in lines if not project_files.of_tests(one[0].co_filename)]
        if callers and callers[-1] != lines[-1]:
            return *callers[-1], True
    return code, line, False


def _above(wait: Wait, found: list[Wait]) -> set[int]:
    """Return the tasks that wait for the end of *wait*, and its own."""
    above = [wait]
    for one in above:
        above += [up for up in found if up not in above and waits_for(up, one)]
    return {id(one.task) for one in above}
