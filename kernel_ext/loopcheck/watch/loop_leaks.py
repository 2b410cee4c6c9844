"""What a runner finds when it closes its loop: pending tasks, and unretrieved failures."""

from __future__ import annotations

import asyncio
import gc
import sys
import weakref
from asyncio import runners
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from types import CodeType, CoroutineType, TracebackType
from typing import Any

from loopcheck.process import futures
from loopcheck.source import project_files
from loopcheck.watch import asyncgens, exceptions, faults, loops
from loopcheck.watch import tasks as sites
from loopcheck.watch.hooks import Counted, placed, step_aside
from loopcheck.watch.loops import LEDGER

Loop = asyncio.AbstractEventLoop
Undo = Callable[[], None]
KEPT = 500
MOST = 50  # of one loop
TABLES = [  # 3.11; 3.12 and 3.13
    name
    for name in ("_all_tasks", "_scheduled_tasks", "_eager_tasks")
    if hasattr(asyncio.tasks, name)
]
UNASKED = "Task exception was never retrieved"  # asyncio's own message
RUN_TESTS = ("pytest_aiohttp", "pytest_tornasync")
PLUGINS = ("unittest.async_case", "anyio.pytest_plugin")  # not the portals of anyio's threads


class Entry:
    """The stored facts: code objects and numbers."""

    __slots__ = (
        *("born", "cancelling", "code", "direct", "name", "owned", "parent", "scope", "site"),
        *("state", "steps", "task", "tests", "took"),
    )

    def __init__(
        self,
        code: CodeType,
        name: str,
        steps: tuple[tuple[CodeType, int], ...],  # the awaits, outermost first
        state: str,
        cancelling: bool,
        took: bool,  # it got the CancelledError, and waits again
        scope: str | None,  # the loop's scope, in pytest-asyncio's words
        tests: bool,  # the loop was made for a test, not by one
        born: int,  # the moment: number of tests begun before the loop was created
        site: sites.Callers = (),  # where it was created, if a watch saw it
        task: int = 0,  # its id
        direct: bool = False,  # a line of user code started it, and no library's
    ) -> None:
        self.code, self.name = code, name
        self.steps, self.state, self.cancelling = steps, state, cancelling
        self.took, self.scope, self.tests, self.born = took, scope, tests, born
        self.site, self.task, self.direct = site, task, direct
        # The outermost pending task that it comes from. None if the test itself started it.
        self.parent: Entry | None = None
        self.owned = False  # there is a task of that kind, even one that we do not report


left: deque[Entry] = deque(maxlen=KEPT)
# Tasks with an unretrieved failure when their test failed, and how far their error had come. We
# hold them until that test is over: a clean-up that cancels or gathers one hides its failure.
dead: deque[tuple[Any, TracebackType | None, exceptions.Entry]] = deque(maxlen=MOST)
# Called for a loop that closes while an error propagates: its last chance for a look.
listeners: list[Callable[[Loop, BaseException], None]] = []
_noted: weakref.WeakSet[Any] = weakref.WeakSet()  # failed tasks that were kept
cut_off: weakref.WeakSet[Any] = weakref.WeakSet()  # tasks that ended only because their loop did


def install() -> Undo:
    """Begin to record what is left; the last undo removes the hook."""
    return _WATCH.install()


def take() -> list[Entry]:
    """Return what was left since the last call, oldest first."""
    found = list(left)
    left.clear()
    return found


def failed() -> None:
    """Record the tasks with an unretrieved failure when a test fails without an explanation."""
    from loopcheck.process.loops import live_loops  # late: most tests pass

    for task in [task for task in live_loops.every() if task.done()]:
        loop = task.get_loop()
        made = LEDGER.find(loop) if task._log_traceback and not loop.is_closed() else None
        if made is not None and for_tests(made) and not _is_asked_soon(task, loop):
            entry = exceptions.entry(loop, _context(task))
            if entry is not None:
                dead.append((task, task._exception.__traceback__, entry))


def _is_asked_soon(task: Any, loop: Loop) -> bool:
    """Return whether a done-callback of *task*, or the task that awaits it, runs next."""
    from loopcheck.process import objects
    from loopcheck.process.loops import queued_work

    args = (objects.peek(handle, "_args") for handle in queued_work.ready_of(loop))
    return any(type(one) is tuple and one[:1] and one[0] is task for one in args)


def take_dead() -> list[exceptions.Entry]:
    """Return those that were never awaited, and that asyncio will not report any more."""
    found = [
        entry
        for task, trace, entry in dead
        if not task._log_traceback and task._exception.__traceback__ is trace
    ]
    for entry in found:
        entry.serial = 0  # not a collected one: something may still refer to it
    dead.clear()
    return found


def _hook() -> Undo:
    undos = [_of_runners(), _of_older_plugin(), sites.note_makers()]

    def undo() -> None:
        for each in undos:
            each()
        left.clear()
        dead.clear()
        cut_off.clear()
        if (work := sys.modules.get("loopcheck.watch.cut_off_work")) is not None:
            work.left.clear()

    return undo


_WATCH = Counted(_hook)


def _of_runners() -> Undo:
    cancel: Any = getattr(runners, "_cancel_all_tasks", None)
    if cancel is None:
        return lambda: None
    active = True

    def _cancel_all_tasks(loop: Loop) -> Any:
        if active and (_any_tasks() or asyncgens.kept):
            _closing(loop)
        try:
            return cancel(loop)
        except BaseException as error:
            step_aside(error)
            raise

    restore = placed(runners, "_cancel_all_tasks", _cancel_all_tasks)

    def undo() -> None:
        nonlocal active
        active = False
        restore()

    return undo


def _of_older_plugin() -> Undo:
    """Before 1.1 pytest-asyncio has no runner: it closes a loop, and its tasks stay pending."""
    plugin: Any = sys.modules.get("pytest_asyncio.plugin")
    provide: Any = getattr(plugin, "_provide_event_loop", None)
    if provide is None:
        return lambda: None
    active = True

    @contextmanager
    def _provide_event_loop() -> Iterator[Loop]:
        with provide() as loop:
            yield loop
            if active and not loop.is_closed():
                _closing(loop)

    restore = placed(plugin, "_provide_event_loop", _provide_event_loop)

    def undo() -> None:
        nonlocal active
        active = False
        restore()

    return undo


def _closing(loop: Loop) -> None:
    try:
        error = sys.exc_info()[1]
        for tell in listeners if error is not None else ():
            tell(loop, error)  # type: ignore[arg-type]
        _look(loop)
        if asyncgens.kept:
            asyncgens.closing(loop)
    except Exception:  # our code must never break the end of a loop
        faults.note()
        left.clear()


def _look(loop: Loop) -> None:
    """Record what is left of *loop*: every test pays for one walk over all tasks."""
    pending, unasked = [], []
    for task in of_loop(loop):
        if not task.done():
            pending.append(task)
        elif task._log_traceback:
            unasked.append(task)
    if pending or unasked:
        made = LEDGER.find(loop) or loops.unborn(loop)
        if made is not None:
            cut_off.update(task for task in pending if not futures.cancelling(task))
            left.extend(read(pending, made))
            if pending and not for_tests(made) and LEDGER.moment:
                from loopcheck.watch import cut_off_work  # late: few tests close a loop

                cut_off_work.note(pending)
            _lost(loop, unasked, made)


def _any_tasks() -> bool:
    """Return whether there may be any: most tests leave none. 3.14 keeps them in C.

    We don't keep the tables in our hook: a search for what may wake a task would find them there.
    """
    if sys.version_info >= (3, 14):
        return True
    for name in TABLES:
        found = getattr(asyncio.tasks, name, ())
        if getattr(found, "data", found):  # testing a WeakSet itself takes a call
            return True
    return False


def of_loop(loop: Loop) -> Iterator[Any]:
    """Yield the tasks of *loop*; from 3.14 on, where asyncio keeps them in C, those not done."""
    if sys.version_info >= (3, 14):
        yield from asyncio.all_tasks(loop)
        if not isinstance(loop, asyncio.BaseEventLoop):
            yield from _young(loop)
        return
    for name in TABLES:
        for task in list(getattr(asyncio.tasks, name, ())):
            if task.get_loop() is loop:
                yield task


def _young(loop: Loop) -> Iterator[Any]:
    """Yield the tasks that ended lately on uvloop's *loop*: nothing receives its reports."""
    tasks = [one for one in gc.get_objects(0) if type(one) is asyncio.Task]
    yield from (task for task in tasks if task.done() and task.get_loop() is loop)


def _handlers(loop: Loop) -> set[int]:
    """Return the tasks that asyncio's streams started, one for each connection to a server.

    They end when the other side hangs up, one step after the last line of a test that closes it.
    """
    transports = getattr(loop, "_transports", None) or {}
    protocols = [getattr(one, "_protocol", None) for one in list(transports.values())]
    streams = [one for one in protocols if isinstance(one, asyncio.StreamReaderProtocol)]
    return {id(task) for one in streams if (task := getattr(one, "_task", None)) is not None}


def _created(task: Any) -> tuple[int, str]:
    """Return a key in the order of creation, as long as tasks have the names that asyncio gives."""
    name = futures.name(task)
    return len(name), name


def read(tasks: list[Any], made: loops.Entry) -> Iterator[Entry]:
    """Yield the pending *tasks* of a loop, without handlers and without those another waits for."""
    tasks = sorted((task for task in tasks if not _anyios(task)), key=_created)
    if not tasks:
        return
    from loopcheck.process.waiting import await_chain
    from loopcheck.source.catching import cancel_handlers  # late: most tests leave none

    tests = for_tests(made)
    handlers = _handlers(tasks[0].get_loop())
    waited_for = handlers | {id(one) for task in tasks for one in _waits_for(task)}
    pending = {id(task): task for task in tasks}
    found: dict[int, Entry] = {}
    outermost: dict[int, Any] = {}
    for task in tasks[:MOST]:
        coro = futures.coroutine(task)
        if (type(coro) is not CoroutineType and not await_chain.is_step(coro)) or id(
            task
        ) in waited_for:
            continue
        way = await_chain.follow(coro)
        code = coro.cr_code if type(coro) is CoroutineType else await_chain.step_of(way)
        if way is not None and code is not None:
            outermost[id(task)] = _outermost(task, pending)
            own = type(coro) is CoroutineType
            found[id(task)] = Entry(
                code,
                await_chain.name_of(coro) if own else await_chain.short(code.co_qualname),
                tuple(way.steps),
                way.state,
                futures.cancelling(task) > 0,
                cancel_handlers.took(task),
                made.scope,
                tests,
                made.born,
                sites.site(task),
                id(task),
                sites.started_by_user(task),
            )
    for key, entry in found.items():
        first = outermost[key]
        entry.owned = first is not None
        entry.parent = found.get(id(first)) if first is not None else None
    yield from found.values()


def _outermost(task: Any, pending: dict[int, Any]) -> Any:
    """Return the outermost *pending* task that *task* comes from: the one to end it.

    A task that has ended and left another behind is itself at fault, and so is the line that
    started it.
    """
    first, seen = None, {id(task)}
    while (parent := sites.parent(first or task)) is not None:
        if id(parent) in seen or pending.get(id(parent)) is not parent:
            break
        seen.add(id(parent))
        first = parent
    return first


def _anyios(task: Any) -> bool:
    """Return whether *task* is that of anyio's plugin, with no user function in it.

    Between tests it waits in anyio's own stream, also where anyio is the project.
    """
    from loopcheck.process.waiting import await_chain  # late: most tests leave none

    coro = futures.coroutine(task)
    if type(coro) is not CoroutineType or not await_chain.is_of_anyios_runner(coro.cr_code):
        return False
    anyios = _folder_of_package(coro.cr_code.co_filename)
    way = await_chain.follow(coro)
    steps = way.steps if way is not None else ()
    return all(
        project_files.owner(step.co_filename) != "user" or step.co_filename.startswith(anyios)
        for step, _ in steps
    )


@cache
def _folder_of_package(file: str) -> str:
    return str(Path(file).parents[1])


def _lost(loop: Loop, tasks: list[Any], made: loops.Entry) -> None:
    """Record unretrieved failures of tasks: once *loop* is closed, no code can await them.

    asyncio reports them only when they are collected, and a task that is kept at the very end.
    """
    for task in tasks if for_tests(made) else ():
        exceptions.note_unasked(loop, _context(task))


def _context(task: Any) -> dict[str, Any]:
    """Return the context that asyncio will report for an unretrieved failure of *task*."""
    error = getattr(task, "_exception", None)
    return {"exception": error, "future": task, "message": UNASKED}


def note_kept(moment: int | None = None) -> None:
    """Record failed tasks that are kept alive, of all loops or of those created in a *moment*.

    From 3.14 on a closing loop does not have them. Each task is recorded once.
    """
    if sys.version_info < (3, 14):
        return
    from loopcheck.process.loops import live_loops  # late: only at the end of a run

    for task in live_loops.every():
        loop = futures.loop(task)
        if task._log_traceback and task not in _noted and live_loops.closed(loop):
            made = LEDGER.find(loop)
            if made is not None and moment in (None, made.born):
                _noted.add(task)
                _lost(loop, [task], made)


def for_tests(made: loops.Entry) -> bool:
    """Return whether a loop was created for tests: by pytest-asyncio, or by another test runner.

    Four places call this for each loop that closes, so its entry keeps the answer.
    """
    if made.for_tests is None:
        made.for_tests = made.scope is not None or any(
            _for_a_test(module) for module, *_ in made.callers
        )
    return made.for_tests


def _for_a_test(module: str) -> bool:
    return module in PLUGINS or module.partition(".")[0] in RUN_TESTS


def _waits_for(task: Any) -> Iterator[object]:
    """Yield the tasks that end when *task* does, since it waits for them."""
    waiter = futures.waiter(task)
    if waiter is None:
        return
    yield waiter
    yield from futures.parts(waiter)
