"""Tasks that the failing function cancelled, that ran to their end, and what that changed."""

from __future__ import annotations

import ast
from collections import deque
from collections.abc import Iterator
from types import CoroutineType
from typing import Any

from loopcheck.labels import Labels
from loopcheck.process import futures
from loopcheck.process.pending import premature_asserts
from loopcheck.records import SwallowedCancel
from loopcheck.source import calls, effects, parsed_files
from loopcheck.source.assignments import assigned_values
from loopcheck.source.catching import cancel_handlers
from loopcheck.source.nodes import calls_in, nodes_of
from loopcheck.source.values import callees, meaning
from loopcheck.source.values.callees import Env

DEEPEST = 4  # coroutines between the task and the one that caught it
ADDS = frozenset({"append", "appendleft", "add"})
_MANY = (list, tuple, set, dict, deque)
_PLAIN = (str, bytes, int, float, bool)
Function = ast.FunctionDef | ast.AsyncFunctionDef


def read(asked: premature_asserts.Asked, labels: Labels) -> Iterator[SwallowedCancel]:
    """Yield the handler that dropped a task's cancellation, if the task changed what *asked* reads.

    The task has ended and its names are gone: the line that created it still shows what it ran.
    """
    for name, task in list(asked.frame.f_locals.items()):
        if not futures.is_task(task):
            continue
        again = not _went_past(task, asked)
        found = cancel_handlers.ended(task, labels, round_again=again)
        if found is not None and effects.common(asked.sight, _changes(name, task, asked)):
            yield found


def _changes(name: str, task: Any, asked: premature_asserts.Asked) -> effects.Sight:
    """Return what the calls behind the task *name* change: `create_task(job.run())`."""
    env, code, sight = meaning.names_of(asked.frame), asked.frame.f_code, effects.Sight()
    ran = futures.coroutine(task)
    block = parsed_files.function_of(code)
    for value in assigned_values(name, block):
        mine = [one for one in calls_in(value) if _is(callees.function(one.func, env), ran)]
        effects.changed_by(mine, env, code, sight)
    return sight


def _is(function: Any, coroutine: Any) -> bool:
    code = coroutine.cr_code if type(coroutine) is CoroutineType else None
    return function is not None and function.__code__ is code


# A step that dropped it, and let the later steps run


def _went_past(task: Any, asked: premature_asserts.Asked) -> bool:
    """Return whether *asked* finds the result of code after the step that dropped the cancellation.

    A task's outermost handler may legitimately end the task in this way, with its clean-up. A
    handler in an inner step does not end the task.
    """
    caught = cancel_handlers.dropped_by(task)
    if caught is None or not isinstance(asked.step, ast.Assert):
        return False
    file = caught.code.co_filename
    inner = parsed_files.enclosing(file, caught.line)
    root = parsed_files.function_at(file, caught.code.co_firstlineno)
    if not inner or root is None or inner[0].lineno == root.lineno:
        return False
    later = _after(root, inner[0].name, file, 0)
    test, env = asked.step.test, meaning.names_of(asked.frame)
    return any(_found(test, node, env) for node in later or ())


def _after(block: Function, name: str, file: str, depth: int) -> list[ast.AST] | None:
    """Return what follows in *block* after it has awaited *name*; None if it does not await it."""
    found: list[ast.AST] | None = None
    for node in ast.walk(block):
        called = node.value if isinstance(node, ast.Await) else None
        callee = calls.last(called.func) if isinstance(called, ast.Call) else None
        if called is None or callee is None:
            continue
        inner = [] if callee == name else _within(callee, name, file, depth + 1)
        if inner is not None:
            found = [*(found or ()), *inner, *_in_any_case(block, called.lineno)]
    return found


def _in_any_case(block: Function, line: int) -> Iterator[ast.AST]:
    """Yield what unconditionally follows *line* in *block*: a step may report that it was ended."""
    unsure = set[int]()
    choices = nodes_of((ast.If, ast.IfExp, ast.While), block)
    for one in (*choices, *nodes_of((ast.Match, ast.ExceptHandler), block)):
        lines = range(one.lineno, (one.end_lineno or one.lineno) + 1)
        unsure.update(lines if line not in lines[1:] else ())
    for step in effects.rest(block.body, line):
        yield from (node for node in ast.walk(step) if getattr(node, "lineno", 0) not in unsure)


def _within(callee: str, name: str, file: str, depth: int) -> list[ast.AST] | None:
    tree = parsed_files.tree(file) if depth < DEEPEST else None
    same = [
        one
        for one in (parsed_files.statements(tree) if tree is not None else ())
        if isinstance(one, ast.AsyncFunctionDef) and one.name == callee
    ]
    return _after(same[0], name, file, depth) if len(same) == 1 else None


def _found(test: ast.expr, node: ast.AST, env: Env) -> bool:
    """Return whether *test* failed because of *node*: it expects that this did not happen."""
    match node:
        case ast.Call(func=ast.Attribute(attr=how), args=[ast.Constant(value=value)]):
            return how in ADDS and _is_there(test, value, env)
        case ast.Assign(targets=[ast.Attribute(attr=name)], value=ast.Constant(value=value)):
            return _is_so(test, name, value, env)
    return False


def _is_there(test: ast.expr, value: object, env: Env) -> bool:
    """Return whether what *test* reads contains *value* more often than expected."""
    match test:
        case ast.Compare(left=ast.Constant(value=said), ops=[ast.NotIn()], comparators=[many]):
            return _same(said, value) and _count(callees.value(many, env), value) > 0
        case ast.Compare(left=left, ops=[ast.Eq()], comparators=[right]):
            both = ((left, right), (right, left))
            return any(
                _count(callees.value(one, env), value) > _count(expected, value)
                for one, other in both
                if (expected := _literal(other)) is not None
            )
    return False


def _is_so(test: ast.expr, name: str, value: object, env: Env) -> bool:
    """Return whether the attribute that *test* reads is *value*, and the test expects another."""
    match test:
        case ast.UnaryOp(op=ast.Not(), operand=ast.Attribute(attr=asked) as part):
            return asked == name and bool(value) and _same(callees.value(part, env), value)
        case ast.Compare(
            left=ast.Attribute(attr=asked) as part,
            ops=[ast.Eq() | ast.Is()],
            comparators=[ast.Constant(value=said)],
        ):
            same = _same(callees.value(part, env), value)
            return asked == name and same and not _same(said, value)
    return False


def _same(one: object, value: object) -> bool:
    return type(one) is type(value) and type(one) in _PLAIN and one == value


def _count(many: Any, value: object) -> int:
    return sum(_same(one, value) for one in many) if type(many) in _MANY else 0


def _literal(node: ast.expr) -> object | None:
    """Return the list, tuple or set literal *node* as a value, if its items are constants."""
    if not isinstance(node, ast.List | ast.Tuple | ast.Set):
        return None
    return [one.value if isinstance(one, ast.Constant) else None for one in node.elts]
