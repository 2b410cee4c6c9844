"""A test that polls, or expects a timeout, while a mocked `asyncio.sleep` holds up the loop.

We read only the source: once the test has failed, its loop runs on, and calls what was due.
"""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterator, Mapping, Sequence
from types import FunctionType
from typing import Literal

from loopcheck.process import objects
from loopcheck.process.failure import Step
from loopcheck.process.patches import patch_origins
from loopcheck.source import calls, modules, parsed_files
from loopcheck.source.nodes import calls_in, has_node, names_in, nodes_of, own_nodes, spans_line
from loopcheck.source.values import meaning

TASKS = frozenset({"create_task", "ensure_future"})
TIMERS = frozenset({"call_later", "call_at", "call_soon"})
SOON = 1.0  # seconds: no test polls for something that comes later
LIMITS = frozenset({"wait_for", "timeout", "timeout_at", "fail_after"})
# An error inside one of these may depend on more than the limit.
PERHAPS = ast.If | ast.For | ast.While | ast.Match | ast.AsyncFor | ast.ExceptHandler
Asks = Callable[[ast.Call, Mapping[str, object]], bool]  # whether a call calls that sleep


def polled(step: Step, statement: ast.Assert, asks: Asks) -> Literal["task", "timer"] | None:
    """Return what the test started and its failing line polls for, with a poll that only sleeps."""
    around = parsed_files.enclosing(step.frame.f_code.co_filename, step.line)
    if not around or not isinstance(statement.test, ast.Await | ast.Name):
        return None  # only for these it is certain that the poll failed
    own = list(own_nodes(around[0]))
    for poll in _awaited(patch_origins.made_of(step)):
        names = _names(_asked_of(poll), step)
        for started, call in _started(own) if _only_sleeps(poll, asks) else ():
            mine = names & _names([*call.args, *_targets(started)], step)
            if mine and started.lineno < poll.lineno and not _gave_way(own, call, poll):
                return "task" if calls.last(call.func) in TASKS else "timer"
    return None


def _awaited(nodes: Sequence[ast.AST]) -> Iterator[ast.Call]:
    for one in nodes_of(ast.Await, *nodes):
        if isinstance(one.value, ast.Call):
            yield one.value


def _only_sleeps(poll: ast.Call, asks: Asks) -> bool:
    """Return whether each function of that name loops, and awaits only that sleep."""
    name, found = calls.last(poll.func), list[bool]()
    for space in modules.spaces():
        for file in space.files():
            module = (
                parsed_files.tree(file) if f"async def {name}(" in parsed_files.text(file) else None
            )
            for node in nodes_of(ast.AsyncFunctionDef, module):
                if node.name == name:
                    found.append(_sleeps(node, space.held, asks))
    return bool(found) and all(found)


def _sleeps(function: ast.AsyncFunctionDef, held: Mapping[str, object], asks: Asks) -> bool:
    awaits = list(nodes_of(ast.Await, function))
    rounds = has_node((ast.For, ast.While), function)
    others = has_node((ast.AsyncFor, ast.AsyncWith), function)
    asked = (isinstance(one.value, ast.Call) and asks(one.value, held) for one in awaits)
    return bool(awaits) and rounds and not others and all(asked)


def _started(own: Sequence[ast.AST]) -> Iterator[tuple[ast.stmt, ast.Call]]:
    """Yield the statements that schedule something on the loop that is due soon."""
    for node in own:
        call = node.value if isinstance(node, ast.Expr | ast.Assign | ast.AnnAssign) else None
        if isinstance(node, ast.stmt) and isinstance(call, ast.Call):
            name = calls.last(call.func)
            if name in TASKS or (name in TIMERS and not _late(name, call)):
                yield node, call


def _late(name: str | None, call: ast.Call) -> bool:
    match call.args[:1]:
        case [ast.Constant(value=int() | float() as delay)] if name == "call_later":
            return delay > SOON
    return name == "call_later"  # the delay is unknown


def _gave_way(own: Sequence[ast.AST], start: ast.Call, poll: ast.Call) -> bool:
    """Return whether the loop may have run between the two lines."""
    for node in own:
        if isinstance(node, ast.Await) and node.value is not poll:
            if start.lineno < node.lineno <= poll.lineno:
                return True
        elif isinstance(node, ast.AsyncWith | ast.AsyncFor):
            end = node.end_lineno or 0
            if start.lineno < node.lineno <= poll.lineno or start.lineno <= end < poll.lineno:
                return True
    return False


def _asked_of(poll: ast.Call) -> Iterator[ast.AST]:
    yield from poll.args
    yield from (word.value for word in poll.keywords)
    if isinstance(poll.func, ast.Attribute):
        yield poll.func.value


def _targets(statement: ast.stmt) -> list[ast.expr]:
    return statement.targets if isinstance(statement, ast.Assign) else []


def _names(nodes: Iterator[ast.AST] | Sequence[ast.AST], step: Step) -> set[str]:
    """Return the names in *nodes*, except modules and functions: no test waits for those."""
    env = meaning.names_of(step.frame)
    found = names_in(*nodes)
    return {one for one in found - {"self", "cls"} if not _is_code(env.get(one))}


def _is_code(thing: object) -> bool:
    return objects.is_module(thing) or type(thing) in (FunctionType, type)


# A timeout that the test expects


def limited(step: Step) -> list[ast.stmt] | None:
    """Return the code that should have run into a limit, if the failing line reports it did not."""
    around = parsed_files.enclosing(step.frame.f_code.co_filename, step.line)
    own = list(own_nodes(around[0])) if around else []
    perhaps = any(isinstance(node, PERHAPS) and _holds([node], step.line) for node in own)
    if perhaps or not _gives_up(step.source.statement):
        return None
    blocks = (node for node in own if isinstance(node, ast.Try))
    return next((one.body for one in blocks if _wants_timeout(one, step.line)), None)


def _gives_up(statement: ast.stmt | None) -> bool:
    match statement:
        case ast.Raise() | ast.Assert(test=ast.Constant(value=False)):
            return True
        case ast.Expr(value=ast.Call(func=function)):
            return calls.last(function) == "fail"
    return False


def _wants_timeout(block: ast.Try, line: int) -> bool:
    """Return whether *line* runs only if the limit in *block* did not run out."""
    waits = [one for one in block.handlers if one.type and "TimeoutError" in ast.unparse(one.type)]
    asked = [*calls_in(*block.body)]
    limits = [node.lineno for node in asked if calls.last(node.func) in LIMITS]
    if not waits or not limits:
        return False
    if line > (block.end_lineno or 0):
        return all(isinstance(one.body[-1], ast.Return) for one in block.handlers)
    return line > min(limits) and _holds([*block.body, *block.orelse], line)


def _holds(nodes: Sequence[ast.stmt | ast.ExceptHandler], line: int) -> bool:
    return any(spans_line(one, line) for one in nodes)
