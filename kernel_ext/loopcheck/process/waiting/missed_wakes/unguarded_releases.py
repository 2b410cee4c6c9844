"""The function whose release of a lock or semaphore an error has skipped: nothing guards it."""

from __future__ import annotations

import asyncio
from collections.abc import Collection, Iterator, Sequence
from types import CodeType, FrameType, TracebackType

from loopcheck.labels import Labels
from loopcheck.process import futures, objects
from loopcheck.process.frames import line_at
from loopcheck.process.loops import live_loops, queued_work
from loopcheck.process.loops.queued_work import Loop, Task
from loopcheck.process.waiting import await_chain
from loopcheck.records import Died, Place, UnguardedRelease
from loopcheck.source import calls, parsed_files
from loopcheck.source.catching import expecting_blocks
from loopcheck.source.nodes import calls_in
from loopcheck.source.statements import executed_statements, unguarded_pairs
from loopcheck.source.statements.unguarded_pairs import OF_EVENTS, OF_LOCKS, Pair, Uses

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
    living = [*frames]
    for task in tasks:
        if not futures.done(task):
            living += await_chain.user_frames(futures.coroutine(task))
    if not uses.pairs or any(_may_hold(uses, frame) for frame in living):
        return None
    ended = [one for one in tasks if futures.done(one)]
    seen = {
        id(one): error for one in uses.pairs if (error := _skipped_by(one, ended, frames, labels))
    }
    expected = {
        id(one): error for one in uses.pairs if (error := _expected_by(one, frames, labels))
    }
    errors = {**expected, **seen}
    if not errors and (uses.kept_on_purpose or verbs is OF_EVENTS):
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


def _may_hold(uses: Uses, frame: FrameType) -> bool:
    block = parsed_files.function_of(frame.f_code)
    return block is not None and uses.may_be_held(block, line_at(frame), frame)


def _runs(pair: Pair, code: CodeType) -> bool:
    return code.co_filename == pair.file and parsed_files.function_of(code) is pair.function


def _skipped_by(
    pair: Pair, ended: Sequence[Task], frames: Sequence[FrameType], labels: Labels
) -> Died | None:
    """Return the error that left the function of *pair* between its lines, if it still exists."""
    for error in _errors(ended, frames):
        trace: TracebackType | None = objects.trace_of(error)
        inside = False
        at: Place | None = None
        while trace is not None:
            code, line = trace.tb_frame.f_code, trace.tb_lineno
            inside = inside or (_runs(pair, code) and pair.acquired < line < _end(pair))
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


def _end(pair: Pair) -> int:
    """Return the line at which its function gives it back, or ends with it."""
    if pair.leaves is None:
        return pair.released
    return (pair.function.end_lineno or pair.function.lineno) + 1


def _expected_by(pair: Pair, frames: Sequence[FrameType], labels: Labels) -> Died | None:
    """Return the error of the function of *pair* that a block which is over has expected.

    It may have come before the function acquired anything.
    """
    for frame in frames:
        block = parsed_files.function_of(frame.f_code)
        over = executed_statements.blocks_over(block.body, line_at(frame)) if block else ()
        for one in over:
            called = {calls.last(call.func): call.lineno for call in calls_in(*one.body)}
            line = called.get(pair.function.name)
            if line is not None and expecting_blocks.expects(one):
                code = frame.f_code
                at = Place(labels.file(code.co_filename), line, code.co_name)
                return Died(coroutine=pair.function.name, type="error", place=at)
    return None


def _errors(ended: Sequence[Task], frames: Sequence[FrameType]) -> Iterator[BaseException]:
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
