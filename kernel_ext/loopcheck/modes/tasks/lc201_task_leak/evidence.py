"""What only LC201 asks: what went on after `gather` had raised, and changed what is checked."""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator
from types import CodeType

from loopcheck.case.live import Live
from loopcheck.light import frozen
from loopcheck.process import objects
from loopcheck.process.errors import gathered_errors
from loopcheck.process.pending import premature_asserts
from loopcheck.process.waiting import await_chain
from loopcheck.records import Place
from loopcheck.source import calls, effects, parsed_files
from loopcheck.source.catching import expecting_blocks
from loopcheck.source.nodes import calls_in, nodes_run_by
from loopcheck.source.values import callees, meaning
from loopcheck.source.values.callees import Env

NOTHING = ("assert_not_called", "assert_not_awaited", "assertFalse", "assertIsNone")
LATER = 2  # statements with an `await` above the assertion: what raised, and a later one
DEEPEST = 3  # functions between the block and the `gather`
EMPTY = (0, "", b"", None, False)

Gather = tuple[ast.Call, Env, CodeType]


@frozen
class Survivor:
    """A coroutine that went on after `gather` had raised the error of another one."""

    coroutine: str
    changed: str  # what the assertion reads, and expects to be unchanged
    gathered_at: Place
    asserted_at: Place
    expected_at: Place | None = None  # the block that expects the error
    failed: str | None = None  # the coroutine that raised it, if the test keeps the error


def find_survivor(live: Live) -> Survivor | None:
    """Return what changed a thing that the failed assertion expects to be unchanged.

    The block that expects the error has passed, or the test keeps the error, so `gather` has raised
    it.
    """
    if not objects.is_a(live.error, AssertionError):
        return None
    asked = premature_asserts.asked(live.error)
    if asked is None or not _expects_nothing(asked.step):
        return None
    frame = asked.frame
    for block in _blocks_before(asked):
        for call, env, code in _gathers(block.body, meaning.names_of(frame), frame.f_code, 0):
            for one in _coroutines(call):
                function = callees.function(one.func, env)
                if function is None or not _waits_first(function.__code__):
                    continue
                sight = effects.Sight()
                effects.changed_by([one], env, code, sight)
                changed = effects.common(asked.sight, sight)
                if changed is not None:
                    labels = live.labels
                    return Survivor(
                        coroutine=await_chain.short(function.__code__.co_qualname),
                        changed=changed,
                        gathered_at=Place(labels.file(code.co_filename), call.lineno, code.co_name),
                        expected_at=Place(
                            labels.file(frame.f_code.co_filename), block.lineno, code.co_name
                        ),
                        asserted_at=asked.place(labels),
                    )
    return next(_beside_kept_errors(asked, live), None)


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
            env, sight = meaning.names_of(frame), effects.Sight()
            target = callees.function(node, env)
            if target is None or not _waits_first(target.__code__):
                continue
            call = ast.copy_location(ast.Call(func=node, args=[], keywords=[]), node)
            effects.changed_by([call], env, frame.f_code, sight)
            changed = effects.common(asked.sight, sight)
            if changed is not None:
                labels, at = live.labels, raised.code
                yield Survivor(
                    coroutine=await_chain.short(target.__code__.co_qualname),
                    changed=changed,
                    gathered_at=Place(
                        labels.file(at.co_filename), raised.gather.lineno, at.co_name
                    ),
                    asserted_at=asked.place(labels),
                    failed=await_chain.short(failed.co_qualname),
                )


def _expects_nothing(step: ast.stmt) -> bool:
    """Return whether *step* asserts that nothing has happened: `assert rows == []`."""
    match step:
        case ast.Assert(test=ast.UnaryOp(op=ast.Not())):
            return True
        case ast.Assert(test=ast.Compare(ops=[ast.Eq() | ast.Is()], comparators=[other])):
            return _is_empty(other)
        case ast.Expr(value=ast.Call(func=ast.Attribute(attr=name), args=given)):
            equal = name == "assertEqual" and len(given) == 2 and _is_empty(given[1])
            return name in NOTHING or equal
    return False


def _is_empty(node: ast.expr) -> bool:
    match node:
        case ast.Constant(value=value):
            return any(value is one or (value == one and type(value) is type(one)) for one in EMPTY)
        case ast.List(elts=[]) | ast.Dict(keys=[]) | ast.Tuple(elts=[]):
            return True
        case ast.Call(func=ast.Name(id="set" | "list" | "dict"), args=[]):
            return True
    return False


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


def _gathers(steps: list[ast.stmt], env: Env, code: CodeType, depth: int) -> Iterator[Gather]:
    """Yield the calls of `gather` in *steps*, and in the user functions that they call."""
    for call in calls_in(*steps):
        if calls.last(call.func) == "gather":
            if not any(one.arg == "return_exceptions" for one in call.keywords):
                yield call, env, code
        elif depth < DEEPEST and (inner := callees.inside(call, env)) is not None:
            block = parsed_files.function_of(inner[1])
            if block is not None:
                yield from _gathers(block.body, *inner, depth + 1)


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
