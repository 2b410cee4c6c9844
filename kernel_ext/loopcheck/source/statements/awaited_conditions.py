"""What a wait for a condition checks: the `while` around it, or what `wait_for` gets."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from types import FrameType

from loopcheck.light import dataclass
from loopcheck.source import parsed_files
from loopcheck.source.nodes import body_spans_line, contains, nodes_of, own_nodes, results_of
from loopcheck.source.values import assertions, callees, meaning
from loopcheck.source.values.callees import Env

_WAITS = (ast.Await, ast.AsyncWith, ast.AsyncFor)
_MAY_DROP = (ast.Try, ast.TryStar, ast.With, ast.AsyncWith)  # what ended the wait
DEEPEST = 4  # functions that only return what another one checks


@dataclass(frozen=True, eq=False)
class Check:
    """An expression and what it has to be for the wait to end. Lives only while a look runs."""

    test: ast.expr
    env: Env
    wanted: bool

    def holds(self) -> bool | None:
        """Return whether it is so now, None if that is unknown."""
        found = assertions.told(self.test, self.env)
        return None if found is None else found is self.wanted

    @property
    def text(self) -> str:
        """The expression as it has to be."""
        test, wanted = self.test, self.wanted
        while isinstance(test, ast.UnaryOp) and isinstance(test.op, ast.Not):
            test, wanted = test.operand, not wanted
        simple = isinstance(test, ast.Name | ast.Attribute | ast.Call | ast.Subscript)
        said = ast.unparse(test)
        return said if wanted else f"not {said}" if simple else f"not ({said})"


def of(frame: FrameType, line: int, condition: object) -> Check | None:
    """Return what the wait for *condition* at *line* of *frame* checks; None: a bare `wait()`."""
    block = parsed_files.function_of(frame.f_code)
    env = meaning.names_of(frame)
    for node in own_nodes(block) if block is not None else ():
        match node:
            case ast.Await(value=ast.Call(func=ast.Attribute(value=of, attr=method)) as call):
                last = node.end_lineno or node.lineno
                if not node.lineno <= line <= last or meaning.of(of, env) is not condition:
                    continue
                if method == "wait_for" and call.args:
                    return _of_function(call.args[0], env)
                if method == "wait" and block is not None:
                    return _of_while(block, line, env)
    return None


def _of_while(block: ast.AST, line: int, env: Env) -> Check | None:
    turns = [one for one in nodes_of(ast.While, block) if body_spans_line(one.body, line)]
    if not turns or isinstance(turns[-1].test, ast.Constant):
        return None
    return _inside(Check(turns[-1].test, env, wanted=False))


def _of_function(given: ast.expr, env: Env) -> Check | None:
    if isinstance(given, ast.Lambda):
        return _inside(Check(given.body, env, wanted=True))
    call = ast.Call(func=given, args=[], keywords=[])
    return _called(call, env, wanted=True)


def _called(call: ast.Call, env: Env, *, wanted: bool) -> Check | None:
    """Return what the user function that *call* runs returns, if it does nothing else."""
    inner = callees.inside(call, env)
    if inner is None:
        return None
    bodies = [one.body for one in parsed_files.lambdas(inner[1])]
    results = bodies or [*results_of(parsed_files.function_of(inner[1]), (ast.Return,))]
    return _inside(Check(results[0], inner[0], wanted)) if len(results) == 1 else None


def _inside(check: Check, deep: int = DEEPEST) -> Check:
    """Return *check*, or what the user function returns that it only calls."""
    if isinstance(check.test, ast.Call) and deep:
        return _called(check.test, check.env, wanted=check.wanted) or check
    return check


@dataclass(frozen=True, eq=False)
class Once:
    """An `if` whose body waits for a condition: what the wait brings is not checked again."""

    check: Check  # what has to be for the code to go on
    block: ast.If
    wait: ast.Await
    waits_for: ast.expr


def checked_once(frame: FrameType, line: int) -> Once | None:
    """Return the last `if` with a wait that *frame* went past on its way to *line*.

    None if it has waited again since then: others could change what it had checked. Or if it has
    left a block that may have ended the wait, and dropped the error: `try`, `move_on_after`.
    """
    block = parsed_files.function_of(frame.f_code)
    if block is None:
        return None
    known = [one for one in map(_once, own_nodes(block)) if one is not None]
    before = [one for one in known if (one[0].end_lineno or line) < line]
    if not before:
        return None
    around, wait, condition = max(before, key=lambda one: one[0].lineno)
    last = around.end_lineno or around.lineno
    waits = (node for node in own_nodes(block) if isinstance(node, _WAITS))
    blocks = (node for node in own_nodes(block) if isinstance(node, _MAY_DROP))
    left = (one for one in blocks if contains(one, around) and not body_spans_line(one.body, line))
    if any(last < node.lineno <= line for node in waits) or any(left):
        return None
    return Once(Check(around.test, meaning.names_of(frame), wanted=False), around, wait, condition)


def _once(node: ast.AST) -> tuple[ast.If, ast.Await, ast.expr] | None:
    match node:
        case ast.If(
            body=[
                *_,
                ast.Expr(
                    value=ast.Await(
                        value=ast.Call(func=ast.Attribute(value=of, attr="wait"), args=[])
                    ) as wait
                ),
            ],
            orelse=[],
        ):
            return node, wait, of
    return None


def deciding(check: Check) -> Iterator[Check]:
    """Yield the parts of *check* that make it hold now."""
    test, env, wanted = check.test, check.env, check.wanted
    match test:
        case ast.UnaryOp(op=ast.Not(), operand=operand):
            yield from deciding(Check(operand, env, not wanted))
        case ast.BoolOp(op=op, values=values):
            parts = [Check(one, env, wanted) for one in values]
            one_is_enough = isinstance(op, ast.Or) is wanted
            if one_is_enough:
                parts = [one for one in parts if one.holds()][:1] or parts
            for one in parts:
                yield from deciding(one)
        case ast.Call():
            inner = _inside(check)
            yield from deciding(inner) if inner is not check else (check,)
        case _:
            yield check
