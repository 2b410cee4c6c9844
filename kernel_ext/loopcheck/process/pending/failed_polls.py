"""A poll that ended without success, and the task that should have changed what it reads.

The task is on a loop that does not run during the test, and could continue there: its wait has
ended, or its sleep is over.
"""

from __future__ import annotations

import ast
import time
from collections.abc import Collection, Iterable, Iterator
from types import CodeType, FrameType, TracebackType
from typing import Any, cast

from loopcheck.labels import Labels
from loopcheck.light import replace
from loopcheck.process import futures, objects
from loopcheck.process.loops import live_loops, queued_work
from loopcheck.process.loops.live_loops import Loop
from loopcheck.process.pending import premature_asserts
from loopcheck.process.waiting import waits, wakers
from loopcheck.records import Place, Premature
from loopcheck.source import calls, effects, failing_line, lines, parsed_files
from loopcheck.source.nodes import calls_in, contains, own_nodes
from loopcheck.source.values import callees, hoped_changes, meaning
from loopcheck.source.values.callees import Env
from loopcheck.source.values.hoped_changes import Change

NODES = 1_000  # objects to follow from one task
_CLOCK = (time.monotonic,)  # in a container, so that libraries that freeze clocks miss it
Looping = ast.While | ast.For


class Poll:
    """What user code read again and again. Lives only while a probe runs."""

    def __init__(self, code: CodeType, line: int) -> None:
        self.code, self.line = code, line
        self.sight = effects.Sight()
        self.asserts: ast.stmt | None = None  # instead of a poll: one assertion after a sleep
        self.useless: Collection[Change] = ()  # changes that can't make it hold

    def place(self, labels: Labels) -> Place:
        return Place(labels.file(self.code.co_filename), self.line, self.code.co_name)

    def looks(self, nodes: Iterable[ast.AST], frame: FrameType) -> None:
        self.looks_with(nodes, meaning.names_of(frame), frame.f_code)

    def looks_with(self, nodes: Iterable[ast.AST], env: Env, code: CodeType) -> None:
        found = effects.read_by(nodes, env, code)
        self.sight.keys.update(found.keys)
        self.sight.held += found.held

    def changed(self, task: Any, *, again: bool) -> effects.Sight:
        """Return what *task* would change that the poll may depend on."""
        if self.asserts is None:
            return premature_asserts.changes(task, again=again)
        return premature_asserts.changes(
            task,
            effects.equal_to(self.asserts),
            useless=self.useless,
            hoped=effects.constants(self.asserts),
            again=again,
        )


def read(
    error: BaseException, loops: Iterable[Loop], labels: Labels, away: premature_asserts.Away
) -> tuple[Premature, ...]:
    """Return the task of another loop that should have changed what a poll of *error* reads.

    *away* returns a task's loop, and the fixture that started it, if that is not the test's loop.
    """
    poll = _poll(error)
    if poll is None:
        return ()
    runs = [run.loop for run in live_loops.running()]
    for task in premature_asserts.pending(loops):
        loop = futures.loop(task)
        where = None if any(loop is one for one in runs) else away(loop, task)
        if where is None or not (where.fixture or where.idle):
            continue
        text = _brings(poll, task, loop)
        if text is not None:
            found = premature_asserts.record(poll.place(labels), text, task, labels)
            looked = poll.asserts is None
            return (replace(where.add(found), polled=looked),)
    return ()


def _brings(poll: Poll, task: Any, loop: Loop) -> str | None:
    """Return what *task* would change of what *poll* reads, if only its loop ran."""
    woken = queued_work.woken(task)
    if not woken and not _overslept(task, loop):
        return None
    text = effects.common(poll.sight, poll.changed(task, again=not woken))
    no_answer = not woken or premature_asserts.sleeps(task) or poll.asserts is not None
    if text is not None or no_answer:  # a finished sleep brings no result
        return text
    # Its arguments may lead there: a list for the result, for example.
    steps = waits.of_task(task).steps
    things = {id(one): one for one in poll.sight.held}
    for (kind, key, *_), said in poll.sight.keys.items():
        if kind == "thing" and wakers.leads_to(steps, things.get(cast("int", key)), NODES):
            return said
    return None


def _overslept(task: Any, loop: Loop) -> bool:
    """Return whether *task* sleeps, and should have been woken before now."""
    future, now = futures.waiter(task), _CLOCK[0]()
    timers = objects.peek(loop, "_scheduled")
    for timer in list(timers) if type(timers) is list else ():
        called = objects.peek(timer, "_args")
        when = objects.peek(timer, "_when")
        if type(called) is tuple and any(one is future for one in called):
            return type(when) is float and when <= now
    return False


# The poll


def _poll(error: BaseException) -> Poll | None:
    trace = failing_line.users_of(failing_line.trace_of(error))
    if not trace:
        return None
    frame, line = trace[-1].tb_frame, trace[-1].tb_lineno
    step = lines.of_trace(trace[-1]).simple
    gave_up = _gives_up(step) or objects.type_name(error) in premature_asserts.FAILED
    if not gave_up and type(error) not in (AssertionError, TimeoutError):
        return None
    block = parsed_files.function_of(frame.f_code)
    here = [one for one in _polling(block) if one.lineno <= line or _limits(block, line, one)]
    if not any(map(_looks, here)) and not gave_up:
        if isinstance(step, ast.Assert) and _slept(block, line):
            return _waited(step, frame)
        return _called(_failing(block, line, step), error, frame)
    if not here:
        return None
    poll = _here(here[-1], trace)
    over = (here[-1].end_lineno or 0) < line
    if over and not gave_up:  # the poll may have succeeded: only what the line reads now counts
        asked = effects.read_by([step] if step else [], meaning.names_of(frame), frame.f_code)
        poll.sight.keys = {
            key: poll.sight.keys[key] for key in asked.keys.keys() & poll.sight.keys.keys()
        }
    return poll


def _gives_up(step: ast.stmt | None) -> bool:
    if isinstance(step, ast.Assert):
        return isinstance(step.test, ast.Constant)
    return isinstance(step, ast.Raise)


def _here(node: Looping, trace: list[TracebackType]) -> Poll:
    """Return the poll in the function that failed; its callers show what it reads."""
    frame = trace[-1].tb_frame
    poll = Poll(frame.f_code, node.lineno)
    poll.looks([node], frame)
    for one in trace[:-1]:
        step = lines.of_trace(one).simple
        if step is not None:
            poll.looks(_handed(step, one.tb_frame), one.tb_frame)
    return poll


def _waited(step: ast.Assert, frame: FrameType) -> Poll:
    """Return what *step* asserts after the test only slept."""
    poll = Poll(frame.f_code, step.lineno)
    poll.asserts, poll.useless = step, hoped_changes.useless(step, meaning.names_of(frame))
    poll.looks([step.test], frame)
    return poll


def _slept(block: ast.AST | None, line: int) -> bool:
    """Return whether a line of *block* above *line* sleeps."""
    nodes = own_nodes(block) if block is not None else ()
    return any(_sleeps(one) and one.lineno < line for one in nodes)  # type: ignore[attr-defined]


def _looks(loop: Looping) -> bool:
    """Return whether *loop* does more than sleep a number of times."""
    rests = (isinstance(one, ast.Expr) and _sleeps(one.value) for one in loop.body)
    return isinstance(loop, ast.While) or not all(rests)


def _failing(block: ast.AST | None, line: int, step: ast.stmt | None) -> list[ast.stmt]:
    """Return the code that failed at *line*: *step*, or the body of the `async with` timeout."""
    limits = (
        node
        for node in (own_nodes(block) if block is not None and step is None else ())
        if isinstance(node, ast.AsyncWith | ast.With) and node.lineno == line
    )
    return [step] if step is not None else next((one.body for one in limits), [])


def _called(failed: list[ast.stmt], error: BaseException, frame: FrameType) -> Poll | None:
    """Return the poll that the failing lines called, and that failed or never returned."""
    found = (_inside(call, step, error, frame) for step in failed for call in calls_in(step))
    return next((poll for poll in found if poll is not None), None)


def _inside(call: ast.Call, step: ast.stmt, error: BaseException, frame: FrameType) -> Poll | None:
    """Return the poll in the user function that *call* runs."""
    env, code = callees.inside(call, meaning.names_of(frame)) or ({}, None)
    block = parsed_files.function_of(code) if code else None
    loops = _polling(block)
    if code is None or not loops:
        return None
    poll = Poll(frame.f_code, step.lineno)
    poll.looks([call, *_handed(step, frame)], frame)
    if type(error) is TimeoutError:  # success is its return, not a returned value
        poll.looks_with(loops, env, code)
    return poll


def _handed(step: ast.stmt, frame: FrameType) -> Iterator[ast.AST]:
    """Yield the bodies of functions that *step* passes on: `eventually(lambda: …)`."""
    env = meaning.names_of(frame)
    for call in calls_in(step):
        for given in (*call.args, *(one.value for one in call.keywords)):
            if isinstance(given, ast.Lambda):
                yield given.body
            elif callees.function(given, env) is not None:
                yield ast.Call(given, [], [])


def _polling(block: ast.AST | None) -> list[Looping]:
    """Return the loops of a function that sleep between two checks."""
    found = []
    for node in own_nodes(block) if block is not None else ():
        if isinstance(node, ast.While | ast.For) and any(map(_sleeps, own_nodes(node))):
            found.append(node)
    return found


def _sleeps(node: ast.AST) -> bool:
    if not (isinstance(node, ast.Await) and isinstance(node.value, ast.Call)):
        return False
    return calls.last(node.value.func) == "sleep"


def _limits(block: ast.AST | None, line: int, loop: Looping) -> bool:
    """Return whether a timeout at *line* encloses *loop*: `async with timeout(1):`."""
    return any(
        isinstance(node, ast.AsyncWith | ast.With) and node.lineno == line and contains(node, loop)
        for node in (own_nodes(block) if block is not None else ())
    )
