"""What only LC202 asks: which coroutine a line awaits that has run already, and what keeps it."""

from __future__ import annotations

import ast
import inspect
from collections.abc import Iterator, Sequence
from types import CodeType, CoroutineType, FunctionType, MethodType
from typing import Literal, NamedTuple

from loopcheck.case.live import Live
from loopcheck.labels import Labels
from loopcheck.light import frozen
from loopcheck.process import objects, parameters
from loopcheck.process.databases import connection_names
from loopcheck.process.doubles import doubles, mock_settings
from loopcheck.process.failure import Step
from loopcheck.process.waiting import await_chain
from loopcheck.records import Place
from loopcheck.source import failing_line
from loopcheck.source.nodes import calls_in, nodes_run_by
from loopcheck.source.values import (
    called_bodies,
    callees,
    handed_parameters,
    meaning,
    value_origins,
)
from loopcheck.source.values.callees import Env
from loopcheck.watch import mock_makers

SAID = ("cannot reuse already awaited coroutine", "coroutine is being awaited already")

DEEPEST = 3  # plain functions between the `await` and the call that creates the coroutine

_NOT_PLAIN = inspect.CO_COROUTINE | inspect.CO_GENERATOR | inspect.CO_ASYNC_GENERATOR

Kind = Literal["name", "attribute", "argument", "fixture", "mock", "cache", "property", "function"]
Found = tuple[Kind, object, ast.expr]  # what keeps the coroutine, that object, the expression


class Created(NamedTuple):
    """A call that creates a coroutine, in a plain function. Lives during a look only."""

    function: FunctionType  # of the coroutine
    code: CodeType  # of the plain function
    line: int


@frozen
class ReusedCoroutine:
    """A coroutine that a line awaits, although it has run."""

    coroutine: str  # its function
    name: str  # what the failing line calls it, or calls to get it
    kind: Kind
    used_at: Place
    made_at: Place | None  # the line that keeps it: it has to call the function each time
    returned_by: str | None = None  # the plain function that returns it again


def find_reused_coroutine(live: Live) -> ReusedCoroutine | None:
    """Return the coroutine that the failing line awaits again."""
    for link in live.links:
        if not objects.is_a(link.error, RuntimeError) or objects.said(link.error) not in SAID:
            continue
        for number, step in enumerate(link.users):
            found = next(_again(step, is_last=step is link.trace[-1]), None)
            if found is not None:
                return _read(found, step, link.users[number:], live)
    return None


def _again(step: Step, *, is_last: bool) -> Iterator[Found]:
    """Yield what on the failing line keeps a coroutine that has begun, or returns it again."""
    env = meaning.names_of(step.frame)
    nodes = list(nodes_run_by(value_origins.statements(step)))
    for node in nodes:
        if isinstance(node, ast.Name | ast.Attribute | ast.Subscript):
            if _has_begun(value := callees.value(node, env)):
                yield ("property" if _is_cached(node, step) else "name"), value, node
        elif isinstance(node, ast.Call):
            target = callees.value(node.func, env)
            target = target.__func__ if type(target) is MethodType else target
            if objects.is_mock(target) and _has_begun(doubles.given(target)):
                yield "mock", target, node.func
            elif is_last and _coroutine_function(target) is not None:
                yield "cache", target, node.func
    awaited = [one.value for one in nodes if isinstance(one, ast.Await)]
    calls = [one for one in awaited if isinstance(one, ast.Call)]
    for call in calls if is_last and len(calls) == 1 else ():
        if (found := _created_in(call, env)) is not None:
            yield "function", found, call.func


def _created_in(call: ast.Call, env: Env) -> Created | None:
    """Return the only call whose coroutine the plain user function that *call* runs may return."""
    found = list[Created]()
    for body in called_bodies.reached(called_bodies.of_call(call, env), deepest=DEEPEST):
        if body.code.co_flags & _NOT_PLAIN:
            if not body.depth:
                return None
            continue
        for one in calls_in(*body.steps):
            function = callees.function(one.func, body.env)
            if function is not None and _is_async(function):
                found.append(Created(function, body.code, one.lineno))
    return found[0] if len(found) == 1 else None


def _has_begun(thing: object) -> bool:
    return type(thing) is CoroutineType and not await_chain.is_new(thing)


def _is_cached(node: ast.expr, step: Step) -> bool:
    """Return whether *node* is an attribute that a `cached_property` keeps."""
    return _property(node, step) is not None


def _property(node: ast.expr, step: Step) -> FunctionType | None:
    if not isinstance(node, ast.Attribute):
        return None
    of = callees.value(node.value, meaning.names_of(step.frame))
    found = objects.class_attribute(type(of), node.attr) if meaning.known(of) else None
    if objects.type_name(found) != "functools.cached_property":
        return None
    function = objects.peek(found, "func")
    return function if type(function) is FunctionType else None


def _coroutine_function(cache: object) -> FunctionType | None:
    """Return the function that a library's *cache* wraps, if a call of it creates a coroutine."""
    function = objects.peek(cache, "__wrapped__")
    if callees.of_user(cache) or _is_async(cache) or not _is_async(function):
        return None
    return function if type(function) is FunctionType else None


def _is_async(thing: object) -> bool:
    """Return whether each call of *thing* creates a coroutine of its own."""
    return type(thing) is FunctionType and bool(thing.__code__.co_flags & inspect.CO_COROUTINE)


def _read(found: Found, step: Step, users: Sequence[Step], live: Live) -> ReusedCoroutine:
    kind, thing, node = found
    name = ast.unparse(node)
    called: str | None = None
    plain: str | None = None
    made_at: Place | None
    if isinstance(thing, Created):
        made_at = await_chain.place(thing.code, thing.line, live.labels)
        called, plain = await_chain.short(thing.function.__qualname__), thing.code.co_name
    elif kind in ("cache", "property"):
        function = _coroutine_function(thing) if kind == "cache" else _property(node, step)
        made_at = _of_function(function, live.labels)
        called = await_chain.short(function.__code__.co_qualname) if function is not None else None
    else:
        coroutine = doubles.given(thing) if kind == "mock" else thing
        kept = connection_names.named([coroutine], users, live.item, live.labels)
        made_at = kept.kept_at or kept.made_at
        if kind == "mock":
            made_at = set_at(thing, "return_value", live) or made_at
        elif kept.fixture is not None:
            kind = "fixture"
        elif isinstance(node, ast.Attribute):
            kind = "attribute"
        elif isinstance(node, ast.Name) and node.id in parameters.named(step.frame.f_code):
            kind = "argument"
            made_at = handed_parameters.place(node.id, step, users, live.labels) or made_at
        called = await_chain.name_of(coroutine)
    return ReusedCoroutine(
        coroutine=called or name,
        name=f"{name}()" if kind in ("mock", "cache", "function") else name,
        kind=kind,
        used_at=step.place(live.labels),
        made_at=made_at,
        returned_by=plain,
    )


def _of_function(function: FunctionType | None, labels: Labels) -> Place | None:
    if function is None:
        return None
    code = function.__code__
    return Place(labels.file(code.co_filename), code.co_firstlineno, code.co_name)


def set_at(mock: object, attribute: str, live: Live) -> Place | None:
    """Return the line that sets the *attribute* of *mock*, else the one that creates the mock."""
    look = failing_line.Look(
        item=live.item, made_at=mock_makers.made_at, made=mock_makers.made, puts=()
    )
    settings = (one.line for one in mock_settings.settings(mock, attribute, look))
    made_at = (mock_makers.made_at(one) for one, _ in doubles.up(mock))
    line = next((one for one in (*settings, *made_at) if one is not None), None)
    return Place(live.labels.file(line[0]), line[1]) if line is not None else None
