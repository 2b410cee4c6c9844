"""An async generator, manager or function that the failing line uses like a plain one.

Python's own error names the type, not the line's mistake: `for` for `async for`, `with` for `async
with`, an `await` of what gives many values, a function where its call belongs. Or the other way
round: `async` or `await` for what is plain.
"""

from __future__ import annotations

import ast
import inspect
import re
from collections.abc import Iterator
from types import AsyncGeneratorType, BuiltinFunctionType, FunctionType
from typing import Literal, NamedTuple

from loopcheck.case.live import Live
from loopcheck.labels import plain
from loopcheck.light import frozen
from loopcheck.process import futures, objects
from loopcheck.process.doubles import doubles
from loopcheck.process.failure import Step
from loopcheck.process.objects import ABSENT
from loopcheck.records import Place
from loopcheck.source import calls
from loopcheck.source.values import callees, made_objects, meaning
from loopcheck.source.values.callees import Env

Kind = Literal[
    "for",
    "list",
    "next",
    "anext",  # of what is no iterator itself
    "comprehension",
    "with",
    "await",  # of an async generator
    "awaits",  # an `await` of several
    "function",  # where its call belongs
    "gather",
    "async for",  # from here on the other way round
    "async with",
    "class",
    "plain await",
]
AWAITS = "can't be used in 'await' expression"
ERRORS = (TypeError, AttributeError, ValueError)
NO_MANAGER = re.compile(r"'(\w+)' object does not support the (?:asynchronous )?context manager")
# They go through their first argument; those whose result a list could replace.
TAKES_ALL = frozenset(
    {*("list", "tuple", "set", "sorted", "sum", "min", "max", "any", "all", "dict", "len")}
)
# They take a coroutine. Asyncio's, and methods of loops, groups and runners.
RUNS = frozenset(
    {
        *("create_task", "ensure_future", "wait_for", "shield", "gather", "run"),
        *("run_until_complete", "run_coroutine_threadsafe"),
    }
)
_COMPREHENSIONS = (ast.ListComp, ast.SetComp, ast.DictComp, ast.GeneratorExp)


@frozen
class PlainUse:
    """What a line uses in a plain way, and how it is written there."""

    kind: Kind
    name: str  # "rows()", "lock", "fetch"
    at: Place
    by: str = ""  # the call that goes through it, or gets it: "list", "asyncio.create_task"


class _Use(NamedTuple):
    """Lives during a look only."""

    kind: Kind
    node: ast.expr
    by: str = ""


def find_plain_use(live: Live) -> PlainUse | None:
    """Return what the failing line uses in a plain way, if that line itself raised the error."""
    link = live.links[0]
    step = link.user
    if step is None or not isinstance(link.error, ERRORS) or not _is_its_own(step, live):
        return None
    env = meaning.names_of(step.frame)
    found = next(_uses(step, env, link.error), None) or next(
        _turned_round(step, env, link.error), None
    )
    if found is None:
        return None
    return PlainUse(
        kind=found.kind,
        name=plain(ast.unparse(found.node)),
        at=step.place(live.labels),
        by=plain(found.by),
    )


def _is_its_own(step: Step, live: Live) -> bool:
    """Return whether *step* raised the error, or asyncio did, which got its arguments."""
    trace = live.links[0].trace
    below = trace[trace.index(step) + 1 :]
    return all(one.module.partition(".")[0] == "asyncio" for one in below)


def _uses(step: Step, env: Env, error: BaseException) -> Iterator[_Use]:
    """Yield the plain uses of what is async in the statement of *step*."""
    statement = step.source.statement
    if isinstance(statement, ast.For) and _is_async_iterable(statement.iter, env):
        yield _Use("for", statement.iter)
    if isinstance(statement, ast.With):
        for item in statement.items:
            entered = item.context_expr
            if _is_async_manager(entered, env) or _is_returned_manager(entered, env, error):
                yield _Use("with", entered)
    for node in step.source.nodes():
        match node:
            case ast.ListComp() | ast.SetComp() | ast.DictComp() | ast.GeneratorExp():
                first = node.generators[0]
                if not first.is_async and _is_async_iterable(first.iter, env):
                    yield _Use("comprehension", first.iter)
            case ast.Await(value=ast.List() | ast.Tuple() as many) if many.elts:
                if any(_is_awaitable(one, env) for one in many.elts):
                    yield _Use("awaits", many)
            case ast.Await(value=value):
                if _is_async_generator(value, env):
                    yield _Use("await", value)
                elif _is_row_of_awaitables(value, env):
                    yield _Use("awaits", value)
            case ast.Call(func=func, args=[given, *_]):
                yield from _of_call(func, given, env)


def _of_call(func: ast.expr, given: ast.expr, env: Env) -> Iterator[_Use]:
    name = calls.last(func) or ""
    if isinstance(func, ast.Name) and name in TAKES_ALL and _is_async_iterable(given, env):
        yield _Use("list", given, name)
    if isinstance(func, ast.Name) and name == "next" and _is_async_iterable(given, env):
        yield _Use("next", given, name)
    if (
        isinstance(func, ast.Name)
        and name == "anext"
        and _has_only(given, env, "__aiter__", "__anext__")
    ):
        yield _Use("anext", given, name)
    if name not in RUNS or callees.of_user(callees.target(func, env)):
        return
    if isinstance(given, ast.Name | ast.Attribute) and _is_coroutine_function(given, env):
        yield _Use("function", given, ast.unparse(func))
    elif name == "gather":
        elements = given.elts if isinstance(given, ast.List | ast.Tuple) else []
        if any(_is_awaitable(one, env) for one in elements) or _is_row_of_awaitables(given, env):
            yield _Use("gather", given, ast.unparse(func))


def _turned_round(step: Step, env: Env, error: BaseException) -> Iterator[_Use]:
    """Yield what the statement of *step* uses like something async."""
    statement = step.source.statement
    if isinstance(statement, ast.AsyncFor) and _has_only(
        statement.iter, env, "__iter__", "__aiter__"
    ):
        yield _Use("async for", statement.iter)
    if isinstance(statement, ast.With | ast.AsyncWith):
        word = "async with" if isinstance(statement, ast.AsyncWith) else "with"
        for item in statement.items:
            entered = callees.value(item.context_expr, env)
            if objects.is_a(entered, type):
                yield _Use("class", item.context_expr, word)
            elif word == "async with" and _is_plain_manager(item.context_expr, env):
                yield _Use("async with", item.context_expr)
    for node in step.source.nodes():
        match node:
            case ast.Await(value=ast.Call() as call) if AWAITS in objects.said(error):
                if _is_plain_call(call, env):
                    yield _Use("plain await", call)


def _is_plain_call(call: ast.Call, env: Env) -> bool:
    """Return whether *call* runs a function that can't give an awaitable: it is no wrapper."""
    target = callees.function_of(callees.target(call.func, env))
    if type(target) is not FunctionType or doubles.mock_of(target) is not None:
        return type(target) is BuiltinFunctionType
    plain_ = not target.__code__.co_flags & (inspect.CO_COROUTINE | inspect.CO_ITERABLE_COROUTINE)
    return plain_ and objects.ABSENT is objects.own_attribute(target, "__wrapped__")


# What a name or a call stands for


def _function(node: ast.expr, env: Env) -> FunctionType | None:
    """Return the function that a call runs, below `functools.wraps`."""
    found = callees.function(node.func, env) if isinstance(node, ast.Call) else None
    return objects.function_of(found)


def _is_async_generator(node: ast.expr, env: Env) -> bool:
    function = _function(node, env)
    if function is not None:
        return bool(function.__code__.co_flags & inspect.CO_ASYNC_GENERATOR) and (
            function is callees.function(getattr(node, "func", node), env)
        )
    return type(callees.value(node, env)) is AsyncGeneratorType


def _is_async_iterable(node: ast.expr, env: Env) -> bool:
    return _is_async_generator(node, env) or _has_only(node, env, "__aiter__", "__iter__")


def _is_async_manager(node: ast.expr, env: Env) -> bool:
    by_decorator = _is_made_by_decorator(node, env, inspect.CO_ASYNC_GENERATOR)
    return by_decorator or _has_only(node, env, "__aenter__", "__enter__")


def _is_returned_manager(node: ast.expr, env: Env, error: BaseException) -> bool:
    """Return whether a library's function returned the async manager that *error* names.

    Its class is in the module of the function: `asyncio.timeout` returns a `Timeout`.
    """
    found = NO_MANAGER.search(objects.said(error))
    function = callees.function(node.func, env) if isinstance(node, ast.Call) else None
    if found is None or function is None or callees.of_user(function):
        return False
    kind = function.__globals__.get(found[1])
    return objects.is_a(kind, type) and (
        objects.class_attribute(kind, "__aenter__") is not ABSENT
        and objects.class_attribute(kind, "__enter__") is ABSENT
    )


def _is_plain_manager(node: ast.expr, env: Env) -> bool:
    by_decorator = _is_made_by_decorator(node, env, inspect.CO_GENERATOR)
    return by_decorator or _has_only(node, env, "__enter__", "__aenter__")


def _is_made_by_decorator(node: ast.expr, env: Env, flag: int) -> bool:
    """Return whether *node* calls what a decorator of contextlib has made of a generator."""
    function, target = _function(node, env), None
    if isinstance(node, ast.Call):
        target = callees.function_of(callees.target(node.func, env))
    made = type(target) is FunctionType and target.__globals__.get("__name__") == "contextlib"
    return made and function is not None and bool(function.__code__.co_flags & flag)


def _has_only(node: ast.expr, env: Env, wanted: str, other: str) -> bool:
    """Return whether the class of *node* has the method *wanted*, and not its plain *other*."""
    thing = callees.held(node, env)
    if not meaning.known(thing) or objects.is_mock(thing):
        return False
    kind = made_objects.kind_of(thing)
    return (
        objects.class_attribute(kind, wanted) is not ABSENT
        and objects.class_attribute(kind, other) is ABSENT
    )


def _is_coroutine_function(node: ast.expr, env: Env) -> bool:
    function = callees.function(node, env)
    return function is not None and bool(function.__code__.co_flags & inspect.CO_COROUTINE)


def _is_awaitable(node: ast.expr, env: Env) -> bool:
    function = _function(node, env)
    if function is not None and function.__code__.co_flags & inspect.CO_COROUTINE:
        return True
    thing = callees.value(node, env)
    return futures.is_future(thing) or inspect.iscoroutine(thing)


def _is_row_of_awaitables(node: ast.expr, env: Env) -> bool:
    if isinstance(node, ast.ListComp):
        return _is_awaitable(node.elt, env)
    row = callees.value(node, env)
    if type(row) not in (list, tuple, set):
        return False
    parts = [one for _, one in objects.steps(row)]
    return bool(parts) and all(futures.is_future(one) or inspect.iscoroutine(one) for one in parts)
