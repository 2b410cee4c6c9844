"""What only LC201 asks: what went on after `gather` had raised, and changed what is checked."""

from __future__ import annotations

import ast
import inspect
from collections.abc import Iterable, Iterator
from itertools import chain
from types import CodeType, FrameType, TracebackType

from loopcheck.case.live import Live
from loopcheck.light import dataclass, frozen
from loopcheck.process import objects
from loopcheck.process.frames import module_of
from loopcheck.process.pending import premature_asserts
from loopcheck.process.waiting import await_chain
from loopcheck.records import Place
from loopcheck.source import calls, effects, lines, parsed_files, project_files
from loopcheck.source.bindings import Function
from loopcheck.source.catching import expecting_blocks
from loopcheck.source.nodes import calls_in, nodes_run_by
from loopcheck.source.values import callees, meaning
from loopcheck.source.values.callees import Env

NOTHING = ("assert_not_called", "assert_not_awaited", "assertFalse", "assertIsNone")
LATER = 2  # statements with an `await` above the assertion: what raised, and a later one
RAISED = "_pytest._code.code.ExceptionInfo"  # what `raises` returns
NODES, STEPS = 500, 6  # objects to look at for errors, and the way to one from a name
# Python's own: a user's class may define others.
BEHIND = tuple(vars(BaseException)[name].__get__ for name in ("__cause__", "__context__"))
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


@dataclass(frozen=True, eq=False)
class Raised:
    """A call of `gather` that raised the error of one coroutine. Lives only during a look."""

    gather: ast.Call
    code: CodeType  # of the function that calls it
    below: tuple[FrameType, ...]  # of the coroutine that raised, and of those it was raised from


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
    for raised in _raised_by_gather(asked.frame):
        for node, frame, failed in _ran_beside(raised, function, asked.frame):
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


def _raised_by_gather(frame: FrameType) -> Iterator[Raised]:
    """Yield the calls of `gather` that raised an error which a name of *frame* leads to."""
    left = NODES
    for value in list(frame.f_locals.values()):
        if objects.type_name(value) == RAISED:
            value = objects.peek(value, "_excinfo")
        for path, thing, _ in objects.walk(value):
            left -= 1
            if len(path) > STEPS or left < 0:
                break
            if objects.is_a(thing, Exception):
                yield from _through_gather(thing)


def _through_gather(error: Exception) -> Iterator[Raised]:
    """Yield the `gather` of user code in the traceback of *error*, and what raised below it."""
    trace = objects.trace_of(error)
    while trace is not None:
        here, trace = trace, trace.tb_next
        code, line = here.tb_frame.f_code, lines.of_trace(here)
        if trace is None or project_files.owner(code.co_filename) != "user":
            continue
        waits = any(isinstance(node, ast.Await) for node in line.nodes())
        for call in line.nodes() if waits else ():
            if isinstance(call, ast.Call) and _raises_first_error(call):
                causes = [get(error) for get in BEHIND]
                traces = [trace, *(objects.trace_of(one) for one in causes if one is not None)]
                below = tuple(chain.from_iterable(map(_coroutines_of, traces)))
                if below:
                    yield Raised(call, code, below)


def _coroutines_of(trace: TracebackType | None) -> Iterator[FrameType]:
    """Yield the coroutines in *trace*, without those of asyncio: a `wait_for` around the call."""
    while trace is not None:
        frame, trace = trace.tb_frame, trace.tb_next
        if not module_of(frame).startswith("asyncio."):
            if not frame.f_code.co_flags & inspect.CO_COROUTINE:
                return
            yield frame


def _raises_first_error(call: ast.Call) -> bool:
    named = {one.arg for one in call.keywords}
    return calls.last(call.func) == "gather" and "return_exceptions" not in named


def _coroutines_named_in(function: Function, env: Env) -> Iterator[ast.expr]:
    """Yield each name and attribute in *function* that stands for a coroutine function."""
    known = set[str]()
    for node in ast.walk(function):
        if isinstance(node, ast.Name | ast.Attribute) and isinstance(node.ctx, ast.Load):
            target = callees.function(node, env) if ast.unparse(node) not in known else None
            known.add(ast.unparse(node))
            if target is not None and target.__code__.co_flags & inspect.CO_COROUTINE:
                yield node


def _ran_beside(
    raised: Raised, function: Function, frame: FrameType
) -> Iterator[tuple[ast.expr, FrameType, CodeType]]:
    """Yield what ran in one `gather` with the coroutine that failed, the frame that has its name.

    Then comes the failed one. *function* is the test, at *frame*.
    """
    codes = [one.f_code for one in raised.below]
    kinds = (ast.List, ast.Tuple, ast.Set, ast.Dict, ast.Call)
    rows = [row for row in ast.walk(function) if type(row) in kinds]
    for node in _coroutines_named_in(function, meaning.names_of(frame)):
        beside = [row for row in rows if _names(row, ast.unparse(node))]
        for code in codes:
            if any(_names(row, code.co_name) for row in beside):
                yield node, frame, code
    if any(isinstance(one, ast.Starred) for one in raised.gather.args):
        for below in raised.below:  # the same function, with other arguments
            yield _name_of_own(below.f_code), below, below.f_code


def _name_of_own(code: CodeType) -> ast.expr:
    """Return the expression that stands for its function in a frame of *code*: `self.fetch`."""
    method = "." in code.co_qualname.rpartition("<locals>.")[2] and code.co_argcount
    own = f"{code.co_varnames[0]}.{code.co_name}" if method else code.co_name
    return ast.parse(own, mode="eval").body


def _names(row: ast.AST, name: str) -> bool:
    """Return whether an expression in *row* is *name*, or ends with it: `orders.save`."""
    parts = (one for one in ast.walk(row) if isinstance(one, ast.Name | ast.Attribute))
    return any(ast.unparse(one) == name or calls.last(one) == name for one in parts)


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
