"""The future that an awaited call returned, where nothing in the frames keeps it.

`await bridge.submit(item)`: asyncio refuses the future of another loop, and drops it. What `submit`
returns says which loop that was: `self._loop.create_future()`.
"""

from __future__ import annotations

import ast
import asyncio
from collections.abc import Iterator
from types import CodeType
from typing import NamedTuple

from loopcheck.process import objects
from loopcheck.process.failure import Step
from loopcheck.source import calls, parsed_files
from loopcheck.source.assignments import assignments_in
from loopcheck.source.nodes import results_of
from loopcheck.source.values import callees, meaning
from loopcheck.source.values.callees import Env

DEEPEST = 4  # functions that return what another one returns
MAKES = {"create_future": "Future", "create_task": "Task", "ensure_future": "Task"}

Loop = asyncio.AbstractEventLoop


class Returned(NamedTuple):
    """A future that a function made and returned."""

    name: str  # in that function
    kind: str
    loop: Loop
    file: str
    line: int
    function: str


def awaited(step: Step, used_on: Loop | None) -> Returned | None:
    """Return what the call that fails in an `await` of *step* returned, None if that is unknown."""
    code = step.frame.f_code
    nodes = parsed_files.covering(code.co_filename, step.line, step.span)
    waits = [one.value for one in nodes if isinstance(one, ast.Await)]
    if not waits:
        return None
    found = list(_from(waits[-1], _Scope(meaning.names_of(step.frame), code)))
    made = found[0] if len(found) == 1 else None
    return made if made is not None and made.loop is not used_on else None


class _Scope(NamedTuple):
    """The function in which an expression stands."""

    env: Env
    code: CodeType
    running: Loop | None = None  # the loop that runs it, if another thread's does
    deep: int = DEEPEST


def _from(node: ast.expr, scope: _Scope, name: str = "") -> Iterator[Returned | None]:
    """Yield the futures that *node* may be, None for what is unknown."""
    if not isinstance(node, ast.Call) or not scope.deep:
        yield None
        return
    last = calls.last(node.func)
    owner = meaning.of(node.func.value, scope.env) if isinstance(node.func, ast.Attribute) else None
    loop = owner if objects.is_loop(owner) else scope.running
    handed = _handed_to_a_loop(node, scope.env)
    if last in MAKES and loop is not None:
        code = scope.code
        yield Returned(
            name or _name(node), MAKES[last], loop, code.co_filename, node.lineno, code.co_name
        )
    elif handed is not None:
        yield from _inside(handed[0], scope._replace(running=handed[1]), is_async=True)
    else:
        yield from _inside(node, scope, is_async=False)


def _name(made: ast.Call) -> str:
    """Return what a future is called that no name keeps: a task by what it runs."""
    match made.args:
        case [ast.Call(func=work), *_]:
            return ast.unparse(work)
    return f"{ast.unparse(made.func)}()"


def _handed_to_a_loop(node: ast.Call, env: Env) -> tuple[ast.Call, Loop] | None:
    """Return the call whose result `run_coroutine_threadsafe(call, loop).result()` returns."""
    match node.func:
        case ast.Attribute(value=ast.Call(func=func, args=[ast.Call() as work, to]), attr="result"):
            loop = meaning.of(to, env)
            if calls.last(func) == "run_coroutine_threadsafe" and objects.is_loop(loop):
                return work, loop
    return None


def _inside(call: ast.Call, scope: _Scope, *, is_async: bool) -> Iterator[Returned | None]:
    """Yield the futures that the user's function that *call* runs may return."""
    inside = callees.inside(call, scope.env)
    block = parsed_files.function_of(inside[1]) if inside is not None else None
    if inside is None or block is None or isinstance(block, ast.AsyncFunctionDef) is not is_async:
        yield None  # the result of a coroutine is not what its caller awaits
        return
    env = {**inside[0], **callees.assigned_once(block, inside[0])}
    inner = scope._replace(env=env, code=inside[1], deep=scope.deep - 1)
    for result in results_of(block, (ast.Return,)):
        if isinstance(result, ast.Name):
            given = [one.value for one in assignments_in(block) if one.sets(result.id)]
            for value in given:
                yield from _from(value, inner, result.id)
            if not given:
                yield None
        else:
            yield from _from(result, inner)
