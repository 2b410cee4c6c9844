"""Reads in functions that have returned: only the value that the test compares shows them.

No frame is left. We follow the compared value back through the code: the call that returned it, the
function's result, and the `get` that this depends on. Of a result with several parts only the
compared part counts. What a function may return by two ways is followed into a thread only: there,
the compared value itself shows that nothing was set.
"""

from __future__ import annotations

import ast
import inspect
import re
from collections.abc import Iterator, Sequence
from contextvars import ContextVar
from types import CodeType, FunctionType
from typing import Any, cast

from loopcheck.case.live import Live
from loopcheck.light import dataclass, replace
from loopcheck.modes.tasks.lc214_lost_context import reading_lines, setting_lines
from loopcheck.modes.tasks.lc214_lost_context.setting_lines import (
    Search,
    Setting,
    last_here,
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
BODY = frozenset({"json", "text"})  # of a response: what the endpoint returned
EQUALS = frozenset({"assertEqual", "assertIs", "assertListEqual", "assertDictEqual"})
SINGLE = (str, int, float, bool, type(None))
BUILTINS = frozenset({"len", "list", "set", "sorted", "str", "tuple"})
_NOT_PLAIN = inspect.CO_COROUTINE | inspect.CO_ASYNC_GENERATOR


@dataclass(frozen=True, eq=False)
class Handed:
    """A call that hands a function to an executor's thread. Lives during a look only."""

    call: ast.Call
    code: CodeType  # around it


@dataclass(frozen=True, eq=False)
class Here:
    """Code that has run, and where it called what returned the value. Lives during a look only."""

    code: CodeType
    env: Env
    block: Def
    line: int = 0
    thread: Handed | None = None  # what it calls runs in that


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

    @property
    def in_thread(self) -> bool:
        return any(one.thread is not None for one in self.way)


@dataclass(frozen=True, eq=False)
class Compared:
    """An expression whose value was compared, and the part of it: `["user"]` or `.user`."""

    node: ast.expr
    part: tuple[str, ...] = ()  # the outermost part first
    awaited: bool = False
    other: ast.expr | None = None  # what the test compares it with
    value: object = objects.UNKNOWN  # of the test's expressions


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
    for compared in _compared(step, link.trace[at + 1 :]):
        for read in _of_test(compared, here, step):
            if _expects(compared.other, read.default, here.env):
                continue
            shown = read.in_thread and holds(compared.value, read.default)
            if shown or reading_lines.is_unset(read.variable, link.trace[: at + 1], live):
                yield read


@dataclass(frozen=True, eq=False)
class Lost:
    """What has set a variable in another context. Lives during a look only."""

    setting: Setting
    dependency: CodeType | None = None  # that FastAPI has run in a thread
    by: Handed | None = None  # what has handed the reader to a thread


def lost_by(read: ReturnedRead) -> Lost | None:
    """Return what has set the variable before, in another context; None if its own has set it."""
    search = Search(read.variable)
    crossed: Handed | None = None
    for here in read.way:
        crossed = here.thread or crossed
        found = search.before_line(here.code, here.env, here.block, here.line)
        own = last_here(found)
        if own is not None:
            return Lost(own, by=crossed) if crossed is not None else None
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


def _compared(step: Step, below: Sequence[Step]) -> Iterator[Compared]:
    """Yield the two sides of the failed comparison, limited to what differs."""
    for node in step.source.nodes():
        match node:
            case ast.Assert(test=test) if node.lineno <= step.line:
                yield from _sides(test, step)
            case ast.Call(func=ast.Attribute(attr=name), args=[left, right, *_]) if name in EQUALS:
                one, another = _given(below[0]) if below else (objects.UNKNOWN, objects.UNKNOWN)
                yield Compared(left, other=right, value=one)
                yield Compared(right, other=left, value=another)


def _given(step: Step) -> tuple[object, object]:
    """Return what a method of unittest compares."""
    names = step.frame.f_code.co_varnames[1:3]
    one, other = (meaning.named(name, step.frame) for name in names)
    return one, other


def _sides(test: ast.expr, step: Step) -> Iterator[Compared]:
    match test:
        case ast.Compare(
            left=left, ops=[ast.Eq() | ast.Is() | ast.In() as op], comparators=[right]
        ):
            values = compared_values.operands(test, step.frame)
            sides = Compared(left, other=right), Compared(right, other=left)
            keys = _differing(test, step) if isinstance(op, ast.Eq) else None
            for one, value in zip(sides, values, strict=True):
                if keys is None:
                    yield replace(one, value=value)
                else:
                    yield from (replace(one, part=(key,), value=value) for key in keys)


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
    request = asgi_apps.requested(made.node, here.env)
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
    return holds(wanted, default)


def holds(wanted: object, default: object) -> bool:
    """Return whether *default* is *wanted*, or a part of it."""
    if type(wanted) is dict:
        return any(holds(one, default) for one in wanted.values())
    if type(wanted) in (list, tuple, set, frozenset):
        return any(holds(one, default) for one in cast("list[object]", wanted))
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
    handed = setting_lines.handed(call)
    if handed is not None:
        function = callees.function(handed, at.env)
        inner = _inside(function, {}) if function is not None else None
        if inner is not None:
            yield from _of_result(
                made.part, inner, (replace(at, thread=Handed(call, at.code)), *above), 0
            )
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
    for one in results:
        for read in _of_value(Compared(one, part), here, above, hops):
            if len(results) == 1 or read.in_thread:
                yield read


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
