"""What only LC201 asks: what went on after `gather` or `wait`, and changed what is checked."""

from __future__ import annotations

import ast
from collections.abc import Collection, Iterable, Iterator
from types import CodeType, FrameType
from typing import Literal

from loopcheck.case.live import Live
from loopcheck.light import frozen, replace
from loopcheck.process import objects
from loopcheck.process.errors import gathered_errors
from loopcheck.process.pending import premature_asserts, surplus_asserts
from loopcheck.process.waiting import await_chain
from loopcheck.records import Place
from loopcheck.source import calls, effects, parsed_files
from loopcheck.source.catching import expecting_blocks
from loopcheck.source.nodes import calls_in, nodes_run_by
from loopcheck.source.values import called_bodies, callees, meaning
from loopcheck.source.values.callees import Env
from loopcheck.watch.limits import left_pending

LATER = 2  # statements with an `await` above the assertion: what raised, and a later one
DEEPEST = 3  # functions between the block and the `gather`
STARTS = ("create_task", "ensure_future")
ENDS = ("cancel", "gather", "as_completed", "wait")

Found = tuple[ast.Call, Env, CodeType]  # the call, and what its function sees


@frozen
class Survivor:
    """A coroutine that went on after what waited for it was over."""

    coroutine: str
    changed: str  # what the assertion reads, and expects to be unchanged
    left_by: Literal["gather", "wait"]
    left_at: Place
    asserted_at: Place
    expected_at: Place | None = None  # the block that expects the error
    failed: str | None = None  # the coroutine that raised it, if the test keeps the error


def find_survivor(live: Live) -> Survivor | None:
    """Return what changed a thing that the failed assertion expects to be unchanged."""
    if not objects.is_a(live.error, AssertionError):
        return None
    asked = premature_asserts.asked(live.error)
    if asked is None or not surplus_asserts.expects_less(asked):
        return None
    for ways in (_after_expected_errors, _beside_kept_errors, _after_waits):
        for found in ways(asked, live):
            return found
    return None


def _after_expected_errors(asked: premature_asserts.Asked, live: Live) -> Iterator[Survivor]:
    """Yield what a `gather` has left: the block that expects its error has passed."""
    frame = asked.frame
    for block in _blocks_before(asked):
        for call, env, code in _called("gather", block.body, frame):
            if any(one.arg == "return_exceptions" for one in call.keywords):
                continue
            for one in _coroutines(call):
                at = await_chain.place(code, call.lineno, live.labels)
                found = _left("gather", at, (one, env, code), asked, live)
                if found is not None:
                    expected_at = await_chain.place(frame.f_code, block.lineno, live.labels)
                    yield replace(found, expected_at=expected_at)


def _after_waits(asked: premature_asserts.Asked, live: Live) -> Iterator[Survivor]:
    """Yield what an `asyncio.wait` has left pending, if its function ends none of it."""
    left = {(one.code, one.line): one.codes for one in left_pending.in_this_test()}
    function = parsed_files.function_of(asked.frame.f_code) if left else None
    if function is None or asked.step not in function.body:
        return
    above = function.body[: function.body.index(asked.step)]
    for number, step in enumerate(above):
        if not _waits([*above[number + 1 :], asked.step]):
            continue  # nothing had time to go on
        for call, env, code in _called("wait", [step], asked.frame):
            block, codes = parsed_files.function_of(code), left.get((code, call.lineno), ())
            if block is None or not codes or _ends_them(call, block):
                continue
            at = await_chain.place(code, call.lineno, live.labels)
            for one in _started(block, call.lineno):
                found = _left("wait", at, (one, env, code), asked, live, codes)
                if found is not None:
                    yield found


def _left(
    by: Literal["gather", "wait"],
    at: Place,
    started: Found,
    asked: premature_asserts.Asked,
    live: Live,
    codes: Collection[CodeType] | None = None,  # if known, of the coroutines that were pending
) -> Survivor | None:
    """Return the coroutine of *started* if, after a wait, it changes what the assertion reads."""
    call, env, code = started
    function, sight = callees.function(call.func, env), effects.Sight()
    if function is None or not _waits_first(function.__code__):
        return None
    if codes is not None and function.__code__ not in codes:
        return None
    effects.changed_by([call], env, code, sight)
    changed = effects.common(asked.sight, sight)
    if changed is None:
        return None
    return Survivor(
        coroutine=await_chain.short(function.__code__.co_qualname),
        changed=changed,
        left_by=by,
        left_at=at,
        asserted_at=asked.place(live.labels),
    )


def _ends_them(wait: ast.Call, function: ast.AST) -> bool:
    """Return whether *function* goes on with what *wait* left pending, or with its tasks."""
    after = [one for one in calls_in(function) if one.lineno > wait.lineno]
    return any(calls.last(one.func) in ENDS for one in after)


def _started(function: ast.AST, line: int) -> Iterator[ast.Call]:
    """Yield the calls whose coroutines *function* starts as tasks above *line*, or on it."""
    for one in calls_in(function):
        if one.lineno <= line and calls.last(one.func) in STARTS:
            yield from (given for given in one.args[:1] if isinstance(given, ast.Call))


def _beside_kept_errors(asked: premature_asserts.Asked, live: Live) -> Iterator[Survivor]:
    """Yield what ran beside a coroutine whose error the test keeps, and changes what is checked.

    The traceback of that error goes through the `gather`. The text of the test shows what ran
    beside it: both are in one list or call, or are the same function.
    """
    function = parsed_files.function_of(asked.frame.f_code)
    if function is None or asked.step not in function.body:
        return
    above = function.body[: function.body.index(asked.step)]
    if sum(map(_waits, ([one] for one in above))) < LATER:
        return  # nothing had time to go on
    for raised in gathered_errors.raised_by_gather(asked.frame):
        for node, frame, failed in gathered_errors.ran_beside(raised, function, asked.frame):
            call = ast.copy_location(ast.Call(func=node, args=[], keywords=[]), node)
            at = await_chain.place(raised.code, raised.gather.lineno, live.labels)
            started = call, meaning.names_of(frame), frame.f_code
            found = _left("gather", at, started, asked, live)
            if found is not None:
                yield replace(found, failed=await_chain.short(failed.co_qualname))


def _blocks_before(asked: premature_asserts.Asked) -> Iterator[ast.With | ast.AsyncWith]:
    """Yield the blocks above the assertion that expect an error, with an `await` in between."""
    function = parsed_files.function_of(asked.frame.f_code)
    if function is None or asked.step not in function.body:
        return
    above = function.body[: function.body.index(asked.step)]
    for at, step in enumerate(above):
        waited = _waits([*above[at + 1 :], asked.step])
        if isinstance(step, ast.With) and waited and expecting_blocks.expects(step):
            yield step


def _waits(steps: Iterable[ast.AST]) -> bool:
    return any(isinstance(node, ast.Await) for node in nodes_run_by(steps))


def _called(name: str, steps: list[ast.stmt], frame: FrameType) -> Iterator[Found]:
    """Yield the calls of asyncio's *name* in *steps*, and in the user functions that they call."""
    start = called_bodies.of_frame(frame, steps)
    for body in called_bodies.reached(start, deepest=DEEPEST):
        for call in calls_in(*body.steps):
            if calls.last(call.func) == name:
                yield call, body.env, body.code


def _coroutines(gather: ast.Call) -> list[ast.Call]:
    """Return the calls that make what *gather* runs; one alone has nobody beside it."""
    found = [one for one in gather.args if isinstance(one, ast.Call)]
    return found if len(gather.args) > 1 else []


def _waits_first(code: CodeType) -> bool:
    """Return whether the function of *code* waits before its end: else it is over at once."""
    block = parsed_files.function_of(code)
    waits = (ast.Await, ast.AsyncFor, ast.AsyncWith)
    return isinstance(block, ast.AsyncFunctionDef) and any(
        isinstance(node, waits) for node in nodes_run_by(block.body)
    )
