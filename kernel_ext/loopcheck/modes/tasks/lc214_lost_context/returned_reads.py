"""Reads in functions that have returned: only the value that the test compares shows them.

No frame is left. We follow the compared value back through the code: the call that returned it, the
function's result, and the `get` that this depends on. Of a result with several parts only the
compared part counts. What a function may return by two ways is not followed.
"""

from __future__ import annotations

import ast
import inspect
import re
from collections.abc import Iterator
from contextvars import ContextVar
from types import CodeType, FunctionType
from typing import Any, cast

from loopcheck.case.live import Live
from loopcheck.light import dataclass, replace
from loopcheck.modes.tasks.lc214_lost_context import reading_lines
from loopcheck.modes.tasks.lc214_lost_context.setting_lines import (
    Search,
    Setting,
    lost_for_others,
)
from loopcheck.process import asgi_apps, objects
from loopcheck.process.failure import Link, Step
from loopcheck.source import assignments, parsed_files
from loopcheck.source.definitions import Def
from loopcheck.source.nodes import nodes_with_parents, results_of
from loopcheck.source.values import asserted_values, assertions, callees, compared_values, meaning
from loopcheck.source.values.callees import Env

DEEPEST = 4  # functions that return what another one returned
HOPS = 12  # names and parts to go through in one function
VERBS = frozenset({"get", "post", "put", "patch", "delete"})
BODY = frozenset({"json", "text"})  # of a response: what the endpoint returned
EQUALS = frozenset({"assertEqual", "assertIs", "assertListEqual", "assertDictEqual"})
SINGLE = (str, int, float, bool, type(None))
BUILTINS = frozenset({"len", "list", "set", "sorted", "str", "tuple"})
_NOT_PLAIN = inspect.CO_COROUTINE | inspect.CO_ASYNC_GENERATOR


@dataclass(frozen=True, eq=False)
class Here:
    """Code that has run, and where it called what returned the value. Lives during a look only."""

    code: CodeType
    env: Env
    block: Def
    line: int = 0


@dataclass(frozen=True, eq=False)
class ReturnedRead:
    """A read that a compared value depends on. Lives during a look only."""

    variable: ContextVar[Any]
    name: str
    default: object
    way: tuple[Here, ...]  # from the function that reads it, up to the test
    request: asgi_apps.Route | None = None  # that the test has sent on this way

    @property
    def here(self) -> Here:
        return self.way[0]


@dataclass(frozen=True, eq=False)
class Compared:
    """An expression whose value was compared, and the part of it: `["user"]` or `.user`."""

    node: ast.expr
    part: tuple[str, ...] = ()  # the outermost part first
    awaited: bool = False
    other: ast.expr | None = None  # what the test compares it with


def reads_behind(link: Link, live: Live) -> Iterator[ReturnedRead]:
    """Yield the reads that the compared value depends on, and that found only the default."""
    at = max((i for i, one in enumerate(link.trace) if one.owner == "user"), default=None)
    if at is None or type(link.error) is not AssertionError:
        return
    if any(one.module != "unittest.case" for one in link.trace[at + 1 :]):
        return
    step = link.trace[at]
    block = parsed_files.function_of(step.frame.f_code)
    if block is None:
        return
    here = Here(step.frame.f_code, meaning.names_of(step.frame), block)
    for compared in _compared(step):
        for read in _of_test(compared, here, step):
            if _expects(compared.other, read.default, here.env):
                continue
            if reading_lines.is_unset(read.variable, link.trace[: at + 1], live):
                yield read


@dataclass(frozen=True, eq=False)
class Lost:
    """What has set a variable in another context. Lives during a look only."""

    setting: Setting
    dependency: CodeType | None = None  # that FastAPI has run in a thread


def lost_by(read: ReturnedRead) -> Lost | None:
    """Return what has set the variable before, in another context; None if its own has set it."""
    search = Search(read.variable)
    for here in read.way:
        found = search.before_line(here.code, here.env, here.block, here.line)
        if any(one.apart is None for one in found):
            return None
        if found:
            last = lost_for_others(found)
            return Lost(last) if last is not None else None
        if read.request is not None and here is read.way[-2]:
            return _by_dependencies(read.request, search)
    return None


def _by_dependencies(request: asgi_apps.Route, search: Search) -> Lost | None:
    """Return what FastAPI's threads have set for *request*; None if its own task sets it, too."""
    functions = list(request.dependencies())
    plain = [one for one in functions if not one.__code__.co_flags & _NOT_PLAIN]
    if any(search.in_function(one, {}) for one in functions if one not in plain):
        return None
    for function in reversed(plain):
        found = search.in_function(function, {})
        if found:
            last = lost_for_others(found)
            return Lost(last, function.__code__) if last is not None and not last.apart else None
    return None


# The compared value


def _compared(step: Step) -> Iterator[Compared]:
    """Yield the two sides of the failed comparison, limited to what differs."""
    for node in step.source.nodes():
        match node:
            case ast.Assert(test=test) if node.lineno <= step.line:
                yield from _sides(test, step)
            case ast.Call(func=ast.Attribute(attr=name), args=[left, right, *_]) if name in EQUALS:
                yield from (Compared(left, other=right), Compared(right, other=left))


def _sides(test: ast.expr, step: Step) -> Iterator[Compared]:
    match test:
        case ast.Compare(left=left, ops=[ast.Eq()], comparators=[right]):
            keys = _differing(test, step)
            for one, other in ((left, right), (right, left)):
                if keys is None:
                    yield Compared(one, other=other)
                yield from (Compared(one, (key,), other=other) for key in keys or ())
        case ast.Compare(left=left, ops=[ast.Is() | ast.In()], comparators=[right]):
            yield from (Compared(left, other=right), Compared(right, other=left))


def _differing(test: ast.expr, step: Step) -> list[str] | None:
    """Return the keys whose values differ, None if no two dicts were compared."""
    for actual, expected in compared_values.sides(test, step.frame):
        try:
            one, other = assertions.copied(actual), assertions.copied(expected)
        except (assertions.Unknown, TypeError, RecursionError):
            continue
        if type(one) is dict and type(other) is dict and one != other:
            keys = [*one, *(key for key in other if key not in one)]
            return [key for key in keys if type(key) is str and one.get(key) != other.get(key)]
    return None


def _of_test(compared: Compared, here: Here, step: Step) -> Iterator[ReturnedRead]:
    """Yield the reads behind *compared*, an expression of the test."""
    made = _call_behind(compared, here)
    if made is None or not isinstance(made.node, ast.Call):
        return
    at = replace(here, line=made.node.lineno)
    request = _request(made.node, here.env)
    if request is None:
        yield from _of_call(made, at, ())
        return
    if not made.part or made.part[-1] not in BODY or not _has_answered(made.node, here, step):
        return
    inner = _inside(request.endpoint, {})
    if inner is not None:
        for read in _of_result(made.part[:-1], inner, (at,), 0):
            yield replace(read, request=request)


def _call_behind(compared: Compared, here: Here) -> Compared | None:
    """Return the call that *compared* got its value from, through names, parts and methods."""
    node, part, awaited = compared.node, compared.part, False
    for _ in range(HOPS):
        match node:
            case ast.Await(value=inner):
                node, awaited = inner, True
            case ast.NamedExpr(value=inner):
                node = inner
            case ast.Subscript(value=inner, slice=ast.Constant(value=str() as key)):
                node, part = inner, (*part, key)
            case ast.Subscript(value=inner):
                node, part = inner, ()
            case ast.Call(func=ast.Attribute(value=inner, attr="json"), args=[], keywords=[]):
                node, part = inner, (*part, "json")
            case ast.Call(func=ast.Name(id=name), args=[inner], keywords=[]) if name in BUILTINS:
                node, part = inner, ()
            case ast.Attribute(value=inner, attr=name):
                node, part = inner, (*part, name)
            case ast.Name(id=name):
                values = assignments.assigned_values(name, here.block)
                if len(values) != 1:
                    return None
                node = values[0]
            case ast.Call():
                return Compared(node, part, awaited)
            case _:
                return None
    return None


def _expects(node: ast.expr | None, default: object, env: Env) -> bool:
    """True if the test names the default: then it is right to it that nothing is set."""
    wanted = assertions.plain(node, env, objects.UNKNOWN) if node is not None else objects.UNKNOWN
    return _holds(wanted, default)


def _holds(wanted: object, default: object) -> bool:
    if type(wanted) is dict:
        return any(_holds(one, default) for one in wanted.values())
    if type(wanted) in (list, tuple, set, frozenset):
        return any(_holds(one, default) for one in cast("list[object]", wanted))
    if type(default) not in SINGLE:
        return False
    if type(wanted) is str and default != "":
        return re.search(rf"(?<!\w){re.escape(str(default))}(?!\w)", wanted) is not None
    return type(wanted) is type(default) and wanted == default


# What a call returned


def _of_call(made: Compared, at: Here, above: tuple[Here, ...]) -> Iterator[ReturnedRead]:
    """Yield the reads that the result of a call of the project's depends on."""
    call = made.node
    if len(above) >= DEEPEST or not isinstance(call, ast.Call):
        return
    found = callees.inside(call, at.env)
    if found is None:
        return
    env, code = found
    runs = made.awaited == bool(code.co_flags & inspect.CO_COROUTINE)
    block = parsed_files.function_of(code)
    if block is None or not runs or any(one.code is code for one in (at, *above)):
        return
    yield from _of_result(made.part, Here(code, env, block), (at, *above), 0)


def _inside(function: FunctionType, given: dict[str, object]) -> Here | None:
    block = parsed_files.function_of(function.__code__)
    if block is None:
        return None
    return Here(function.__code__, meaning.in_call(function, given), block)


def _of_result(
    part: tuple[str, ...], here: Here, above: tuple[Here, ...], hops: int
) -> Iterator[ReturnedRead]:
    results = list(results_of(here.block, (ast.Return,)))
    if len(results) == 1:
        yield from _of_value(Compared(results[0], part), here, above, hops)


def _of_value(
    value: Compared, here: Here, above: tuple[Here, ...], hops: int
) -> Iterator[ReturnedRead]:
    """Yield the reads that *value*, an expression in *here*, depends on."""
    if hops > HOPS:
        return
    chosen = _chosen(value, here)
    for node, parents in nodes_with_parents(ast.Expr(value=chosen.node)):
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load):
            values = assignments.assigned_values(node.id, here.block)
            part = chosen.part if node is chosen.node else ()
            if len(values) == 1:
                yield from _of_value(Compared(values[0], part), here, above, hops + 1)
        elif isinstance(node, ast.Call):
            got = reading_lines.got_by(node, here.env, here.block, reading_lines.DEEPEST)
            at = replace(here, line=node.lineno)
            if got is not None and got.default is not objects.ABSENT:
                yield ReturnedRead(got.variable, got.name, got.default, (at, *above))
            elif got is None:
                awaited = isinstance(parents[-1], ast.Await)
                whole = node is chosen.node or (awaited and parents[-1] is chosen.node)
                part = chosen.part if whole else ()
                yield from _of_call(Compared(node, part, awaited), at, above)


def _chosen(value: Compared, here: Here) -> Compared:
    """Return the part of *value* that was compared, as far as its expression writes it out."""
    node, part = value.node, value.part
    while part:
        match node:
            case ast.Dict(keys=keys, values=values) if None not in keys:
                pairs = zip(keys, values, strict=True)
                found = [v for k, v in pairs if isinstance(k, ast.Constant) and k.value == part[-1]]
            case ast.Call(keywords=words) if not callees.of_user(
                callees.target(node.func, here.env)
            ):
                found = [one.value for one in words if one.arg == part[-1]]
            case _:
                found = []
        if len(found) != 1:
            break
        node, part = found[0], part[:-1]
    return Compared(node, part)


# A request


def _request(call: ast.Call, env: Env) -> asgi_apps.Route | None:
    match call.func:
        case ast.Attribute(value=owner, attr=verb) if verb in VERBS and call.args:
            client, path = callees.value(owner, env), callees.value(call.args[0], env)
            return asgi_apps.route(client, verb.upper(), path) if meaning.known(client) else None
    return None


def _has_answered(call: ast.Call, here: Here, step: Step) -> bool:
    """True if the response of *call* is at hand, and is not one of an error."""
    named = [
        meaning.named(one.target.id, step.frame)
        for one in assignments.assignments_in(here.block)
        if isinstance(one.target, ast.Name) and any(n is call for n in _unwrapped(one.value))
    ]
    for thing in named or asserted_values.operands(step.frame):
        status = objects.peek(thing, "status_code") if meaning.known(thing) else None
        if type(status) is int:
            return status < 300
    return False


def _unwrapped(node: ast.expr) -> tuple[ast.expr, ...]:
    return (node, node.value) if isinstance(node, ast.Await) else (node,)
