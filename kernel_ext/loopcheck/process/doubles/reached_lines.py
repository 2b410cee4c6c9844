"""Whether a line of a replaced function would have been reached. No user code runs."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from types import FunctionType

from loopcheck.process import parameters
from loopcheck.process.doubles import doubles
from loopcheck.process.objects import UNKNOWN
from loopcheck.source import effects, parsed_files
from loopcheck.source.nodes import contains, names_in, nodes_of, nodes_run_by
from loopcheck.source.values import assertions, meaning
from loopcheck.source.values.callees import Env

_LEAVES = (ast.Return, ast.Raise, ast.Break, ast.Continue)
_SELF = ("self", "cls")
CALLS = 20  # of a mock, whose arguments we try


def line(step: ast.stmt, function: FunctionType, of: object, double: object) -> bool:
    """Return whether *step* of *function* runs with the arguments that *double* received."""
    code = function.__code__
    block = parsed_files.function_of(code)
    if block is None:
        return False
    return any(
        _to(step, block.body, meaning.in_call(function, given), function)
        for given in _given(function, of, double)
    )


def _given(function: FunctionType, of: object, double: object) -> Iterator[dict[str, object]]:
    """Yield the parameters that *function* would have had, for each call of *double*."""
    code = function.__code__
    names = parameters.positional(code)
    bound = {names[0]: of} if names[:1] and names[0] in _SELF and of is not UNKNOWN else {}
    if (mock := doubles.mock_of(double)) is None:
        yield bound
        return
    defaults = parameters.defaults(function)
    for args, keywords in doubles.arguments(mock)[:CALLS]:
        if names[:1] and names[0] in _SELF and (not args or args[0] is not of):
            args = (of, *args)
        yield {**defaults, **bound, **dict(zip(names, args, strict=False)), **keywords}


def _to(step: ast.stmt, block: list[ast.stmt], env: Env, function: FunctionType) -> bool:
    """Return whether *block* is sure to reach *step*, which is in it or deeper."""
    for index, one in enumerate(block):
        if one is step:
            return True
        if contains(one, step):
            return _into(step, one, block[:index], env, function)
        if not _passes(one, block[:index], env, function):
            return False
    return False


def _into(
    step: ast.stmt, one: ast.stmt, before: list[ast.stmt], env: Env, function: FunctionType
) -> bool:
    if isinstance(one, ast.With | ast.AsyncWith):
        return _to(step, one.body, env, function)
    if not isinstance(one, ast.If):
        return False  # a loop may run zero times, an error may not occur, or be caught
    told = _told(one.test, before, env, function)
    if told is None:
        return False
    return _to(step, one.body if told else one.orelse, env, function)


def _passes(one: ast.stmt, before: list[ast.stmt], env: Env, function: FunctionType) -> bool:
    """Return whether the function continues after *one*."""
    if not any(isinstance(node, _LEAVES) for node in nodes_run_by([one])):
        return True
    if not isinstance(one, ast.If):
        return False
    told = _told(one.test, before, env, function)
    if told is None:
        return False
    taken = one.body if told else one.orelse
    return not any(isinstance(node, _LEAVES) for node in nodes_run_by(taken))


def _told(test: ast.expr, before: list[ast.stmt], env: Env, function: FunctionType) -> bool | None:
    """Return the truth of *test*, None if it is unknown or the lines before change it."""
    changed = effects.Sight()
    effects.changed_by(before, env, function.__code__, changed)
    asked = effects.read_by([test], env, function.__code__)
    names = names_in(test)
    anew = {
        node.id
        for one in before
        for node in nodes_of(ast.Name, one)
        if isinstance(node.ctx, ast.Store)
    }
    if names & anew or effects.common(asked, changed) is not None:
        return None
    return assertions.told(test, env)
