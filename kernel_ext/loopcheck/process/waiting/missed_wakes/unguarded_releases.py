"""The function whose release of a lock or semaphore an error has skipped: nothing guards it."""

from __future__ import annotations

import ast
import asyncio
import inspect
from collections.abc import Collection, Iterator, Sequence
from types import CodeType, FrameType, TracebackType

from loopcheck.labels import Labels
from loopcheck.process import futures, objects, parameters
from loopcheck.process.frames import first_argument, line_at
from loopcheck.process.loops import live_loops, queued_work
from loopcheck.process.loops.queued_work import Loop, Task
from loopcheck.process.waiting import await_chain
from loopcheck.records import Died, Place, UnguardedRelease
from loopcheck.source import calls, parsed_files
from loopcheck.source.catching import expecting_blocks
from loopcheck.source.nodes import body_spans_line, calls_in, nodes_of
from loopcheck.source.statements import executed_statements, unguarded_pairs
from loopcheck.source.statements.unguarded_pairs import OF_ENTRIES, OF_EVENTS, OF_LOCKS, Pair, Uses
from loopcheck.source.values import called_bodies, meaning

DEEPEST = 4  # calls from a test to the function
Spot = tuple[FrameType, int]
Limits = Sequence[Sequence[tuple[CodeType, int]]]
LIMIT = "time limit"
CANCELLED = "asyncio.exceptions.CancelledError"


def of_wait(
    thing: object, name: str, frames: Sequence[FrameType], loop: Loop, labels: Labels
) -> UnguardedRelease | None:
    """Return the only function that can have kept *thing*, which is called *name*, after an error.

    *frames* are those of user code that wait for it on *loop*: if a task there that has not ended
    may hold *thing*, nobody has kept it.
    """
    if objects.is_a(thing, asyncio.Event):
        return None  # that something has cleared it is no reason to wait: to be set is what counts
    tasks = [one for one in live_loops.every() if futures.is_task(one)]
    mine = [one for one in tasks if futures.loop(one) is loop]
    return of(thing, name, frames, [*queued_work.pending(loop), *mine], labels)


def of(
    thing: object, name: str, frames: Sequence[FrameType], tasks: Collection[Task], labels: Labels
) -> UnguardedRelease | None:
    """Return the same for what *frames* need; *tasks* are all that may have used it."""
    if not _is_taken(thing):
        return None
    attribute = name.partition("[")[0].rpartition(".")[2]
    verbs = OF_EVENTS if objects.is_a(thing, asyncio.Event) else OF_LOCKS
    uses = unguarded_pairs.of(attribute, _keepers(thing, attribute, frames), verbs)
    return _left_by(uses, [(one, line_at(one)) for one in frames], tasks, labels)


def of_entry(
    owner: object, attribute: str, spots: Sequence[Spot], limits: Limits, labels: Labels
) -> UnguardedRelease | None:
    """Return the only function that can have left an entry in a container of *owner*.

    *spots* are the frames of user code that failed, each with its line; *limits* the lines that
    waited when a time limit ran out in this test.
    """
    family = objects.mro(type(owner))
    if not any(_waits_with(function, attribute) for kind in family for function in _own(kind)):
        return None
    kinds = {objects.class_name(one).rpartition(".")[2] for one in family}
    uses = unguarded_pairs.of(attribute, kinds, OF_ENTRIES)
    if uses.opens or uses.kept_on_purpose or _is_inside(uses, spots, owner):
        return None  # another function puts some in, or one that is not over
    if not any(_is_called(one, frame, owner) for one in uses.pairs for frame, _ in spots):
        return None  # it may be the container of another object
    tasks = [one for one in live_loops.every() if futures.is_task(one)]
    return _left_by(uses, spots, tasks, labels, limits, owner)


def _own(kind: type) -> Iterator[object]:
    """Yield what the class *kind* itself defines."""
    yield from (dict(type.__dict__["__dict__"].__get__(kind))).values()


def _waits_with(method: object, attribute: str) -> bool:
    """Return whether *method* can wait, and uses the *attribute*."""
    code = objects.code_of(method)
    waits = inspect.CO_COROUTINE | inspect.CO_ASYNC_GENERATOR
    return code is not None and bool(code.co_flags & waits) and attribute in code.co_names


def _left_by(
    uses: Uses,
    spots: Sequence[Spot],
    tasks: Collection[Task],
    labels: Labels,
    limits: Limits = (),
    owner: object = objects.UNKNOWN,
) -> UnguardedRelease | None:
    frames = [frame for frame, _ in spots]
    living = [*spots]
    for task in tasks:
        if not futures.done(task):
            waiting = await_chain.user_frames(futures.coroutine(task))
            living += [(one, line_at(one)) for one in waiting]
    if not uses.pairs or any(_may_hold(uses, *spot) for spot in living):
        return None
    ended = [one for one in tasks if futures.done(one)]
    seen = {
        id(one): error
        for one in uses.pairs
        if (error := _skipped_by(one, ended, frames, labels) or _limited(one, limits, labels))
    }
    expected = {
        id(one): error for one in uses.pairs if (error := _expected_by(one, spots, labels, owner))
    }
    errors = {**expected, **seen}
    if not errors and (uses.kept_on_purpose or uses.verbs is not OF_LOCKS):
        return None  # nobody may have set the event yet
    pairs = [one for one in uses.pairs if id(one) in errors] or [*uses.pairs]
    if len(pairs) > 1:
        blocks = [parsed_files.function_of(frame.f_code) for frame in frames]
        called = {calls.last(one.func) for one in calls_in(*blocks)}
        pairs = [one for one in pairs if one.function.name in called]
    if len(pairs) != 1:
        return None
    [pair] = pairs
    file = labels.file(pair.file)
    leaves = pair.leaves.name if pair.leaves is not None else None
    return UnguardedRelease(
        function=pair.function.name,
        acquired_at=Place(file, pair.acquired, pair.function.name),
        released_at=Place(file, pair.released, leaves or pair.function.name),
        skipped_by=errors.get(id(pair)),
        sure=id(pair) in seen,
        leaves=leaves,
        waits_at=Place(file, pair.waits[0], pair.function.name) if pair.waits else None,
        guarded=bool(pair.guards),
    )


def _is_taken(thing: object) -> bool:
    """Return whether who needs *thing* has to wait: it is locked, or cleared."""
    if objects.is_a(thing, asyncio.Lock):
        return objects.peek(thing, "_locked") is True
    if objects.is_a(thing, asyncio.Event):
        return objects.peek(thing, "_value") is False
    return objects.is_a(thing, asyncio.Semaphore) and objects.peek(thing, "_value") == 0


def _keepers(thing: object, attribute: str, frames: Sequence[FrameType]) -> set[str]:
    """Return the names of the classes whose object keeps *thing*, as far as *frames* show it."""
    values = (value for frame in frames for value in [*frame.f_locals.values()])
    owners = [one for one in values if objects.peek(one, attribute) is thing]
    kinds = (objects.class_name(kind) for one in owners for kind in objects.mro(type(one)))
    return {kind.rpartition(".")[2] for kind in kinds}


def _may_hold(uses: Uses, frame: FrameType, line: int) -> bool:
    block = parsed_files.function_of(frame.f_code)
    return block is not None and uses.may_be_held(block, line, frame)


def _runs(pair: Pair, code: CodeType) -> bool:
    return code.co_filename == pair.file and parsed_files.function_of(code) is pair.function


def _skipped_by(
    pair: Pair, ended: Sequence[Task], frames: Sequence[FrameType], labels: Labels
) -> Died | None:
    """Return the error that left the function of *pair* between its lines, if it still exists."""
    for error in errors_of(ended, frames):
        trace: TracebackType | None = objects.trace_of(error)
        inside = False
        at: Place | None = None
        while trace is not None:
            code, line = trace.tb_frame.f_code, trace.tb_lineno
            inside = inside or (_runs(pair, code) and pair.may_skip(line))
            if await_chain.owner(code) == "user":
                at = Place(labels.file(code.co_filename), line, code.co_name)
            trace = trace.tb_next
        if inside and at is not None:
            kind = objects.type_name(error)
            return Died(coroutine=pair.function.name, type=kind, place=at)
    for task in ended:
        ran = getattr(futures.coroutine(task), "cr_code", None)
        if type(ran) is CodeType and futures.cancelled(task) and _runs(pair, ran):
            at = Place(labels.file(pair.file), pair.acquired, pair.function.name)
            return Died(coroutine=pair.function.name, type=CANCELLED, place=at)
    return None


def _limited(pair: Pair, limits: Limits, labels: Labels) -> Died | None:
    """Return the time limit that ended the function of *pair* between its lines."""
    for way in limits:
        for code, line in way:
            if _runs(pair, code) and pair.may_skip(line):
                at = Place(labels.file(code.co_filename), line, code.co_name)
                return Died(coroutine=pair.function.name, type=LIMIT, place=at)
    return None


def _is_inside(uses: Uses, spots: Sequence[Spot], owner: object) -> bool:
    """Return whether one of *spots* is in an `async with` that a function of *uses* runs."""
    for frame, at in spots:
        block = parsed_files.function_of(frame.f_code)
        for one in nodes_of((ast.With, ast.AsyncWith), block):
            made = calls_in(*(item.context_expr for item in one.items))
            if body_spans_line(one.body, at) and any(
                _leads_to(pair, call, frame, owner) for call in made for pair in uses.pairs
            ):
                return True
    return False


def _is_called(pair: Pair, frame: FrameType, owner: object) -> bool:
    """Return whether a call in the function of *frame* runs that of *pair*, of the object *owner*.

    One that is in *frame* itself does so, too: it may be the next call.
    """
    if _runs(pair, frame.f_code) and first_argument(frame) is owner:
        return True
    calls_there = calls_in(parsed_files.function_of(frame.f_code))
    return any(_leads_to(pair, call, frame, owner) for call in calls_there)


def _leads_to(pair: Pair, call: ast.Call, frame: FrameType, owner: object) -> bool:
    """Return whether *call*, in the function of *frame*, runs that of *pair*, of *owner*."""
    match call.func:
        case ast.Attribute(value=of, attr=name) if name == pair.function.name:
            return meaning.of(of, frame) is owner
    start = called_bodies.of_call(call, meaning.names_of(frame))
    reached = called_bodies.reached(start, deepest=DEEPEST)
    bodies = [one for one in reached if _runs(pair, one.code)]
    return any(one.env.get(parameters.first(one.code) or "", None) is owner for one in bodies)


def _expected_by(pair: Pair, spots: Sequence[Spot], labels: Labels, owner: object) -> Died | None:
    """Return the error of the function of *pair* that a block which is over has expected.

    It may have come before the function acquired anything. A function that keeps what it acquired
    unless it fails may have kept it without an error.
    """
    if pair.only_after_errors:
        return None
    for frame, at_line in spots:
        block = parsed_files.function_of(frame.f_code)
        over = executed_statements.blocks_over(block.body, at_line) if block else ()
        for one in over:
            for call in calls_in(*one.body) if expecting_blocks.expects(one) else ():
                by_name = calls.last(call.func) == pair.function.name
                known = meaning.known(owner)
                if not (_leads_to(pair, call, frame, owner) if known else by_name):
                    continue
                code = frame.f_code
                at = Place(labels.file(code.co_filename), call.lineno, code.co_name)
                return Died(coroutine=pair.function.name, type="error", place=at)
    return None


def errors_of(ended: Sequence[Task], frames: Sequence[FrameType]) -> Iterator[BaseException]:
    """Yield the errors that tasks have kept, and those in variables of *frames*."""
    for task in ended:
        error = getattr(task, "_exception", None)
        if objects.is_a(error, BaseException):
            yield error
    for frame in frames:
        for value in [*frame.f_locals.values()]:
            kept = objects.peek(value, "_excinfo")  # of pytest.raises
            error = kept[1] if type(kept) is tuple and len(kept) > 1 else value
            if objects.is_a(error, BaseException):
                yield error
