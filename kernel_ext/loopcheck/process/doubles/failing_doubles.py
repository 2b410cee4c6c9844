"""The double that broke the failing line: what the line needed, and what it got."""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import chain
from types import CodeType, CoroutineType, FunctionType, TracebackType
from typing import Any

from loopcheck.labels import Labels
from loopcheck.process import failure, objects
from loopcheck.process.doubles import (
    await_counts,
    believed_mocks,
    bypassed_logic,
    double_makers,
    doubles,
    iterated_mocks,
    made_up_data,
    passed_results,
    reported_errors,
    truth_tests,
    unawaited_doubles,
)
from loopcheck.process.frames import module_of
from loopcheck.process.objects import UNKNOWN
from loopcheck.process.patches.replaced import Entry
from loopcheck.records import DoubleRecord, Place, Subject, Wanted
from loopcheck.source import calls, failing_line, parsed_files
from loopcheck.source.coroutines import unawaited_warnings
from loopcheck.source.failing_line import At, FileLine, Look, Stumble
from loopcheck.source.nodes import calls_in, has_node, nodes_of, results_of

BETWEEN = ("asyncio.", "anyio.", "contextlib")  # these receive what the line of user code passes
HANDED = ("coro_or_future", "coro", "fut", "future", "main", "arg", "aw", "awaitable")
MANAGERS = ("cm", "cls", "_cm_type")
COMPREHENSIONS = (ast.ListComp, ast.SetComp, ast.DictComp, ast.GeneratorExp)
AWAIT = frozenset(
    {"gather", "wait_for", "create_task", "ensure_future", "shield", "as_completed", "run"}
)
ASYNC = (ast.Await, ast.AsyncWith, ast.AsyncFor, ast.Yield, ast.YieldFrom)
_COROUTINES = 0x80 | 0x100 | 0x200  # code flags: coroutine, old-style coroutine, async generator
_PLAIN = frozenset(map(id, (str, bytes, int, float, bool, type(None))))


def read(
    links: Sequence[failure.Link],
    item: Any,
    labels: Labels,
    made_at: Callable[[object], FileLine | None],
    made: Callable[[], list[object]],
    entries: Iterable[Entry],
    warned: Iterable[Any] = (),
) -> tuple[DoubleRecord, ...]:
    """Return the double that broke the failing line, at most one."""
    look = Look(
        item=item,
        made_at=made_at,
        made=made,
        puts=double_makers.puts(entries),
        warned=[one for one in warned if unawaited_warnings.is_one(one)],
    )
    for link in _causes(links):
        trace = failing_line.trace_of(link.error)
        if trace and (found := next(_all(link, trace, look), None)) is not None:
            return (_record(found, link, look, labels),)
    return ()


def _causes(links: Sequence[failure.Link]) -> list[failure.Link]:
    """Return the errors that led to the failure; one that hid another comes after the others."""
    found = []
    for link in links:
        found.append(link)
        if not failure.passed_on(link):
            break
    return sorted(found, key=failure.hid_another) if len(found) > 1 else found


def _all(link: failure.Link, trace: list[TracebackType], look: Look) -> Iterator[Stumble]:
    error = link.error
    if objects.is_a(error, TypeError) or objects.is_a(error, ValueError):
        yield from _awaited(error, trace, look)
    if objects.is_a(error, TypeError) or objects.is_a(error, AttributeError):
        yield from _entered(trace, look)
    yield from unawaited_doubles.read(error, trace, look)
    yield from await_counts.read(error, trace, look)
    yield from truth_tests.read(error, trace, look)
    yield from made_up_data.read(error, trace, look)
    yield from bypassed_logic.read(error, trace, look)
    yield from believed_mocks.read(trace, look)
    yield from reported_errors.read(error, trace, look)
    step = link.user
    if step is not None and objects.is_a(error, AssertionError):
        yield from iterated_mocks.read(trace, step, look)


# await


def _awaited(error: BaseException, trace: list[TracebackType], look: Look) -> Iterator[Stumble]:
    """Yield the double whose result was awaited, or passed to asyncio, and can't be awaited."""
    last, user = failing_line.at(trace[-1], look.stood), _taker(trace)
    if last.module.startswith(BETWEEN):
        value = _first(last, HANDED)
        if value is not UNKNOWN and type(value) is not CoroutineType and user is not None:
            where = failing_line.at(user, look.stood)
            yield from chain(_gave(value, where, look), _faked(value, where, look))
    elif last.owner != "machinery" and (node := _await(last)) is not None:
        yield from _awaits(node.value, last, _said_type(error), look)


def _taker(trace: list[TracebackType]) -> TracebackType | None:
    """Return the innermost line outside asyncio's own code."""
    outer = [one for one in trace if not module_of(one.tb_frame).startswith(BETWEEN)]
    return outer[-1] if outer else None


def _first(last: At, names: tuple[str, ...]) -> object:
    space = last.frame.f_locals
    return next((space[name] for name in names if name in space), UNKNOWN)


def _await(where: At) -> ast.Await | None:
    """Return the `await` that failed."""
    if isinstance(where.node, ast.Await):
        return where.node
    if where.node is not None:
        return None
    found = [one for one in where.nodes() if isinstance(one, ast.Await)]
    return found[0] if len(found) == 1 else None


def _awaits(node: ast.expr, where: At, kind: str | None, look: Look) -> Iterator[Stumble]:
    if kind is None:
        return
    for call in _results(node):
        callee = where.mean(call.func)
        double = _sync(callee, look)
        if callee is UNKNOWN:
            double = look.called(lambda one: doubles.gives_at_once(one, kind)).get(_attr(call))
        if double is not None and not _defined_here(double, where, look):
            got = doubles.given(double) if objects.is_mock(double) else UNKNOWN
            yield Stumble(
                double=double,
                wanted="await",
                node=call,
                at=where,
                got=got,
                kind=kind,
                sure=UNKNOWN not in (callee, got) and kind == type_of(got),
            )
            return
    value = where.mean(node)
    if value is not UNKNOWN and type_of(value) == kind:
        yield from _gave(value, where, look)


def _attr(call: ast.Call) -> str:
    return call.func.attr if isinstance(call.func, ast.Attribute) else ""


def _defined_here(double: object, where: At, look: Look) -> bool:
    """Return whether the awaiting function defines it: then it replaces nothing."""
    if look.original(double) is not None:
        return False
    code = double.code if type(double) is doubles.Fake else getattr(double, "__code__", None)
    here = f"{where.frame.f_code.co_qualname}.<locals>."
    return type(code) is CodeType and code.co_qualname.startswith(here)


def _results(node: ast.AST) -> Iterator[ast.Call]:
    """Yield the calls that may produce the value of *node*."""
    match node:
        case ast.Call():
            yield node
        case ast.IfExp(body=one, orelse=other):
            yield from (*_results(one), *_results(other))
        case ast.BoolOp(values=values):
            for one in values:
                yield from _results(one)
        case ast.NamedExpr(value=value):
            yield from _results(value)


def _sync(callee: object, look: Look) -> object | None:
    """Return the double behind *callee* if its call returns its result at once."""
    mock = doubles.mock_of(callee)
    if mock is not None:
        return None if doubles.is_async(mock) or not doubles.calls(mock) else mock
    function = doubles.fake(callee, double_makers.patched(look))
    return None if function is None or _asynchronous(function) else function


def _asynchronous(function: FunctionType) -> bool:
    return bool(function.__code__.co_flags & _COROUTINES)


def _gave(value: object, where: At, look: Look, wanted: Wanted = "await") -> Iterator[Stumble]:
    """Yield the double whose call, in the lines of *where*, returned *value*; or *value* itself."""
    mock = doubles.mock_of(value)
    node = where.node or next(iter(where.heads()), None)
    plain = id(type(value)) in _PLAIN
    for block in (*where.heads(), *([where.function] if where.function and not plain else [])):
        for call in calls_in(block):
            double = _sync(where.mean(call.func), look)
            if objects.is_mock(double) and doubles.given(double) is value:
                yield Stumble(
                    double=double, wanted=wanted, node=call, at=where, got=value, sure=True
                )
                return
    for head in where.heads() if node is not None else ():
        for call, then in passed_results.calls(head, where):
            double = _sync(then.mean(call.func), look)
            if objects.is_mock(double) and doubles.given(double) is value:
                yield Stumble(
                    double=double, wanted=wanted, node=call, at=where, got=value, sure=True
                )
                return
    if mock is None or doubles.is_async(mock) or node is None:
        return
    parent = objects.peek(mock, "_mock_new_parent")
    result = objects.peek(mock, "_mock_new_name") == doubles.RESULT
    double = parent if result and objects.is_mock(parent) else mock
    yield Stumble(double=double, wanted=wanted, node=node, at=where, got=value, sure=True)


def _faked(value: object, where: At, look: Look) -> Iterator[Stumble]:
    """Yield the fake whose result asyncio received as *value*, if its `return` has that type."""
    for call in chain.from_iterable(map(_handed_over, where.heads())):
        double = _sync(where.mean(call.func), look)
        if type(double) is not FunctionType or _defined_here(double, where, look):
            continue
        sync = double_makers.real(double, look) == "sync"  # then the double is not at fault
        if not sync and type_of(value) in _literals(double.__code__):
            yield Stumble(double=double, wanted="await", node=call, at=where, got=value, sure=True)
            return


def _handed_over(head: ast.AST) -> Iterator[ast.Call]:
    """Yield the calls whose results are passed to an awaiting call: `gather(*[fetch(u) …])`."""
    for call in calls_in(head):
        if calls.last(call.func) in AWAIT:
            todo = list(call.args)
            while todo:
                match todo.pop():
                    case ast.Starred(value=one):
                        todo.append(one)
                    case ast.ListComp(elt=one) | ast.SetComp(elt=one) | ast.GeneratorExp(elt=one):
                        todo.append(one)
                    case ast.List(elts=more) | ast.Tuple(elts=more) | ast.Set(elts=more):
                        todo += more
                    case ast.Call() as one:
                        yield one


def _literals(code: CodeType) -> set[str]:
    """Return the types of the literals that a function returns, if it returns only literals."""
    block = parsed_files.function_of(code)
    lambdas = parsed_files.lambdas(code) if code.co_name == "<lambda>" else []
    given = [one.body for one in lambdas] or results_of(block, (ast.Return,))
    kinds = [_literal(one) for one in given]
    return set() if None in kinds else {one for one in kinds if one is not None}


def _literal(node: ast.expr) -> str | None:
    match node:
        case ast.Constant(value=value):
            return type(value).__name__
        case ast.JoinedStr():
            return "str"
        case ast.Dict() | ast.DictComp():
            return "dict"
        case ast.List() | ast.ListComp():
            return "list"
        case ast.Set() | ast.SetComp():
            return "set"
        case ast.Tuple():
            return "tuple"
    return None


def _said_type(error: BaseException) -> str | None:
    """Return the type in Python's message: `object dict can't be used in 'await' expression`."""
    said = objects.said(error)
    for head, tail in (
        ("object ", " can't be used in 'await'"),
        ("'", "' object can't be awaited"),
    ):
        if said.startswith(head) and tail in said:
            return said[len(head) : said.index(tail)]
    return None


def type_of(thing: object) -> str:
    """Return the name of the class of *thing*; for a mock the class in its spec."""
    if objects.is_mock(thing):
        return doubles.kind_of(thing)
    return str(type.__dict__["__name__"].__get__(type(thing)))


# async with, async for


def _entered(trace: list[TracebackType], look: Look) -> Iterator[Stumble]:
    """Yield the double in the head of the `async with` or `async for` that failed."""
    last, user = failing_line.at(trace[-1], look.stood), _taker(trace)
    if last.module == "contextlib" and user is not None:
        value = _first(last, MANAGERS)
        where = failing_line.at(user, look.stood)
        taken = [one.args[0] for one in calls_in(*where.heads()) if one.args]
        yield from _opened(taken, "async with", where, look, value)
    elif last.owner != "machinery":
        heads, wanted = _openers(last)
        yield from _opened(heads, wanted, last, look, UNKNOWN)


def _openers(where: At) -> tuple[list[ast.expr], Wanted]:
    """Return what the failing head iterates over or enters."""
    step, node = where.step, where.node
    if isinstance(step, ast.AsyncWith) and (node is step or _is_in(node, step.items)):
        found = [one.context_expr for one in step.items]
        exact = [one for one in found if one is node]
        return exact or found, "async with"
    if isinstance(step, ast.AsyncFor) and node in (step, step.iter):
        return [step.iter], "async for"
    rows = [
        one.iter
        for each in where.nodes()
        if isinstance(each, COMPREHENSIONS)
        for one in each.generators
        if one.is_async and (node is each or node is one.iter)
    ]
    return rows, "async for"


def _is_in(node: ast.AST | None, items: Sequence[ast.withitem]) -> bool:
    parts = (part for one in items for part in (one, one.context_expr, one.optional_vars))
    return node is not None and any(node is part for part in parts)


def _opened(
    heads: Sequence[ast.expr], wanted: Wanted, where: At, look: Look, value: object
) -> Iterator[Stumble]:
    for node in heads:
        got = where.mean(node)
        if type(got) is doubles.Coroutine:
            yield Stumble(
                double=got.of, wanted=wanted, node=node, at=where, kind="coroutine", sure=True
            )
            return
        if (mock := doubles.behind(got)) is not None:
            yield Stumble(
                double=mock, wanted=wanted, node=node, at=where, kind="coroutine", sure=True
            )
            return
        if (found := _not_opened(node, got, wanted, where, look)) is not None:
            yield found
            return
        if (found := _awaited_rows(node, got, wanted, where)) is not None:
            yield found
            return
        fake = double_makers.fake_of(got, look)
        if fake is not None and not _defined_here(fake, where, look):
            yield Stumble(double=fake, wanted=wanted, node=node, at=where, kind="coroutine")
            return
    for node in heads if value is UNKNOWN else ():
        if isinstance(node, ast.Call) and where.mean(node.func) is UNKNOWN:
            mock = look.called(doubles.is_async).get(_attr(node))
            if mock is not None:
                yield Stumble(double=mock, wanted=wanted, node=node, at=where, kind="coroutine")
                return
    if (mock := doubles.behind(value)) is not None and heads:
        node = heads[-1]
        yield Stumble(double=mock, wanted=wanted, node=node, at=where, kind="coroutine", sure=True)


def _not_opened(
    node: ast.expr, got: object, wanted: Wanted, where: At, look: Look
) -> Stumble | None:
    """Return the double that returned what can't be entered or iterated."""
    enter = "__aenter__" if wanted == "async with" else "__aiter__"
    if isinstance(node, ast.Call):
        callee = where.mean(node.func)
        mock = doubles.mock_of(callee)
        if mock is not None and got is not UNKNOWN and not _has(got, enter):
            return Stumble(double=mock, wanted=wanted, node=node, at=where, got=got, sure=True)
        function = doubles.fake(callee, double_makers.patched(look)) if mock is None else None
        gives = _gives(function) if function is not None else None
        if gives == "coroutine" or (gives is not None and wanted == "async with"):
            return Stumble(double=function, wanted=wanted, node=node, at=where, kind=gives)
    elif objects.is_mock(got) and not _has(got, enter):
        return Stumble(double=got, wanted=wanted, node=node, at=where, got=got, sure=True)
    return None


def _awaited_rows(node: ast.expr, got: object, wanted: Wanted, where: At) -> Stumble | None:
    """Return the async double whose awaited result *got* can't be iterated: `await ask()`."""
    if wanted != "async for" or got is UNKNOWN or _has(got, "__aiter__"):
        return None
    around = where.function if isinstance(node, ast.Name) else None
    for one in (node, *nodes_of(ast.Await, around)):
        if isinstance(one, ast.Await) and isinstance(one.value, ast.Call):
            mock = doubles.mock_of(where.mean(one.value.func))
            if mock is not None and doubles.is_async(mock) and doubles.given(mock) is got:
                return Stumble(double=mock, wanted=wanted, node=node, at=where, got=got, sure=True)
    return None


def _gives(function: FunctionType) -> str | None:
    """Return the type that a call of a fake returns and that can't be entered."""
    flags = function.__code__.co_flags
    if flags & 0x80:
        return "coroutine"
    return "async_generator" if flags & 0x200 else None


def _has(thing: object, name: str) -> bool:
    return any(name in objects.class_dict(kind) for kind in objects.mro(type(thing)))


# In words


def _record(found: Stumble, link: failure.Link, look: Look, labels: Labels) -> DoubleRecord:
    double, where = found.double, found.at
    mock = objects.is_mock(double) or type(double) is doubles.Gone
    frames = [where.frame, *(step.frame for step in reversed(link.trace))]
    origin = double_makers.of(double, found.node, frames, look, labels)
    spec, member = double_makers.spec(double) if objects.is_mock(double) else (None, UNKNOWN)
    user = link.user if not found.freed else None
    code = user.frame.f_code if user is not None else None
    return DoubleRecord(
        subject=Subject(name=origin.name, type=_class(double)),
        kind="fake" if not mock else "async" if doubles.is_async(double) else "sync",
        wanted=found.wanted,
        said=doubles.words(found.node) if found.node is not None else f"{origin.name}()",
        got=type_of(found.got) if found.got is not UNKNOWN else found.kind,
        sure=found.sure,
        made_at=origin.place,
        set_at=Place(labels.file(found.set_at[0]), found.set_at[1]) if found.set_at else None,
        used_at=_called_at(found, labels)
        if found.called
        else Place(labels.file(code.co_filename), user.line, code.co_name)
        if user is not None and code is not None
        else None,
        spec=spec,
        in_spec=member is not UNKNOWN,
        real=double_makers.real(double, look),
        original=origin.original,
        unnamed=origin.unnamed,
        returned_by=origin.returned_by,
        class_passed=origin.class_passed,
        returns=not mock and found.wanted == "async with" and _only_returns(double),
        detail=found.detail,
        skipped=found.skipped,
        layer_at=Place(labels.file(found.layer_at[0]), found.layer_at[1])
        if found.layer_at
        else None,
        called_at=_called_at(found, labels),
        freed=found.freed,
    )


def _only_returns(double: object) -> bool:
    """Return whether a fake returns a value, and nothing in it needs its `async`."""
    code = double.code if type(double) is doubles.Fake else getattr(double, "__code__", None)
    if type(code) is not CodeType:
        return False
    block = parsed_files.function_of(code)
    gives = next(results_of(block, (ast.Return,)), None) is not None
    return gives and not has_node(ASYNC, block)


def _class(double: object) -> str:
    if objects.is_mock(double):
        return doubles.kind_of(double)
    return "mock" if type(double) is doubles.Gone else "function"


def _called_at(found: Stumble, labels: Labels) -> Place | None:
    """Return the line of the call: not the failing one, if the result has a name."""
    if found.called is not None:
        return Place(labels.file(found.called[0]), found.called[1])
    code, block = found.at.frame.f_code, found.at.function
    line = found.at.line
    if isinstance(found.node, ast.Name) and block is not None:
        line = parsed_files.assigned(block, found.node.id) or line
    return Place(labels.file(code.co_filename), line, code.co_name)
