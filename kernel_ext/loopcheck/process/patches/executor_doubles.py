"""A mock of an executor: the work passed to it never runs, or returns something wrong."""

from __future__ import annotations

import ast
import asyncio
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from types import FunctionType, MethodType
from typing import Literal, cast

from loopcheck.labels import Labels, plain
from loopcheck.process import object_names, objects, parameters
from loopcheck.process.failure import Link, Step
from loopcheck.process.patches import patch_origins, patch_records
from loopcheck.process.patches.replaced import MOCKS, Entry
from loopcheck.records import HangRecord, MockedExecutor, Place
from loopcheck.source import calls, parsed_files
from loopcheck.source.assignments import assignments_in
from loopcheck.source.failing_line import FileLine
from loopcheck.source.nodes import calls_in, nodes_of
from loopcheck.source.values import asserted_values, meaning

NODES = 300  # mocks to look at behind one double
HANDS = calls.TO_EXECUTORS | {"map"}
COUNTS = frozenset({"called", "call_count", "call_args", "call_args_list", "mock_calls"})
KINDS = frozenset({"ThreadPoolExecutor", "ProcessPoolExecutor"})
How = Literal["never ran", "refused", "no loop", "foreign", "hangs"]
_VALUES = (AssertionError, TypeError, AttributeError, KeyError, ValueError)


def read(
    links: Sequence[Link],
    entries: Sequence[Entry],
    earlier: Sequence[Entry],
    hang: HangRecord | None,
    loops: Sequence[asyncio.AbstractEventLoop],
    labels: Labels,
    made_at: Callable[[object], FileLine | None],
) -> MockedExecutor | None:
    """Return the mock of an executor that explains the failure, None if none does.

    A mock from an *earlier* test counts only if the loop has kept it. *made_at* knows the line of a
    mock that has no name: `resize(MagicMock(), …)`.
    """
    pools = [entry for entry in entries if of_executor(entry)]
    for link in links:
        if (found := _refused(link, pools, labels, made_at)) is not None:
            return found
        if (found := _no_loop(link, pools, labels)) is not None:
            return found
        if (found := _foreign(link, pools, labels)) is not None:
            return found
    for entry in pools:
        handed = list(_handed(entry.double()))
        if not handed:
            continue
        if hang is not None and (at := _waits(hang, labels)) is not None:
            return _record(entry, "hangs", at, handed, labels)
        for link in links:
            if (step := _empty(link, entry)) is not None:
                used = step.place(labels)
                return _record(entry, "never ran", used, handed, labels)
    for link in links:
        if (found := _left(link, earlier, loops, labels)) is not None:
            return found
    return None


def of_executor(entry: Entry) -> bool:
    """Return whether the patch replaced an executor class."""
    original = entry.original()
    if objects.is_a(original, type):
        kind = original
        return objects.module_of(kind).startswith("concurrent.futures") and (
            type.__dict__["__name__"].__get__(kind) in KINDS
        )
    return entry.attribute in KINDS and patch_records.target(entry).startswith("concurrent.futures")


# What a mock received


def _mocks(double: object) -> Iterator[object]:
    """Yield *double* and the mocks that came from it."""
    todo, seen = [double], set[int]()
    while todo and len(seen) < NODES:
        one = todo.pop()
        if id(one) in seen or not objects.is_mock(one):
            continue
        seen.add(id(one))
        yield one
        todo.append(objects.peek(one, "_mock_return_value"))
        children = objects.peek(one, "_mock_children")
        todo += list(children.values()) if type(children) is dict else []


def _handed(double: object) -> Iterator[str]:
    """Yield the names of the functions that an executor mock received and did not run."""
    for one in _mocks(double):
        parent = objects.peek(one, "_mock_new_parent")
        if objects.peek(one, "_mock_new_name") not in ("submit", "map") or parent is None:
            continue
        count, given = objects.peek(one, "_mock_call_count"), objects.peek(one, "_mock_call_args")
        if type(count) is int and count and not _runs(objects.peek(one, "_mock_side_effect")):
            yield _name(_first(given))


def _first(given: object) -> object:
    """Return the first argument of a call that a mock recorded."""
    if not objects.is_a(given, tuple):
        return None
    call = cast("tuple[object, ...]", given)
    args = tuple.__getitem__(call, 0) if tuple.__len__(call) == 2 else None
    return args[0] if type(args) is tuple and args else None


def _name(function: object) -> str:
    """Return the name of the passed function; `to_thread` wraps it."""
    while type(function) is partial:
        inner = function.args[0] if function.args else None
        wraps = getattr(function.func, "__name__", "") == "run" and inner is not None
        function = inner if wraps else function.func
    if type(function) in (FunctionType, MethodType):
        return str(cast("FunctionType", function).__qualname__).rpartition("<locals>.")[2]
    return "a function"


def _runs(effect: object) -> bool:
    """Return whether a side effect calls its first argument."""
    function = objects.function_of(effect)
    if function is None:
        return False
    code = function.__code__
    block = parsed_files.function_of(code)
    around = [block] if block is not None else parsed_files.lambdas(code)
    given = parameters.first(code)
    return any(
        isinstance(call.func, ast.Name) and call.func.id == given for call in calls_in(*around)
    )


def _root(mock: object) -> object:
    """Return the mock that *mock* came from."""
    for _ in range(20):
        parent = objects.peek(mock, "_mock_new_parent")
        if parent is None:
            break
        mock = parent
    return mock


# What the test shows


def _refused(
    link: Link,
    pools: Sequence[Entry],
    labels: Labels,
    made_at: Callable[[object], FileLine | None],
) -> MockedExecutor | None:
    """Return the mock that asyncio refused, or whose future it refused."""
    for step in reversed(link.trace):
        name = step.frame.f_code.co_name
        if not step.module.startswith("asyncio.") or name not in (
            "run_in_executor",
            "wrap_future",
            "set_default_executor",
        ):
            continue
        local = step.frame.f_locals
        mock = local.get("executor") if name != "wrap_future" else local.get("future")
        if objects.is_a(link.error, TypeError) and name == "set_default_executor" and pools:
            mock = pools[0].double() if not objects.is_mock(mock) else mock
        if not objects.is_mock(mock):
            continue
        entry = next((e for e in pools if e.double() is _root(mock)), None)
        user = link.user
        if user is None:
            return None
        used = user.place(labels)
        makers = (_maker(one, _root(mock), labels) for one in link.users[::-1])
        made = next(filter(None, makers), None)
        if made is None and (line := made_at(_root(mock))) is not None:
            made = Place(labels.file(line[0]), line[1])
        return _record(entry, "refused", used, [], labels, made)
    return None


def _maker(step: Step, mock: object, labels: Labels) -> Place | None:
    """Return the line that created a mock which no patch installed, by its name in user code."""
    code = step.frame.f_code
    for name, value in list(step.frame.f_locals.items()):
        if value is mock or (objects.is_mock(value) and _root(value) is mock):
            around = parsed_files.enclosing(code.co_filename, step.line)
            line = parsed_files.assigned(around[0], name) if around else None
            if line is not None:
                return Place(labels.file(code.co_filename), line, name)
    for name, value in list(step.frame.f_globals.items()):
        if value is mock:
            return object_names.global_line(code.co_filename, name, labels)
    return None


def _no_loop(link: Link, pools: Sequence[Entry], labels: Labels) -> MockedExecutor | None:
    """Return the double whose `submit` would create an asyncio future where no loop runs."""
    said = objects.said(link.error)
    if not objects.is_a(link.error, RuntimeError) or "event loop" not in said:
        return None
    if (made := _unmade(link, pools, labels)) is not None:
        return made
    for entry in pools:
        double = entry.double()
        for index, step in enumerate(link.trace):
            own = step.frame.f_locals.get("self")
            by_mock = step.module in MOCKS and own is not None and _root(own) is double
            by_class = objects.is_a(double, type) and objects.is_a(own, double)
            if double is not None and (by_mock or by_class):
                users = [s for s in link.trace[:index] if s.owner == "user"]
                used = users[-1].place(labels) if users else None
                return _record(entry, "no loop", used, [], labels)
    return None


def _unmade(link: Link, pools: Sequence[Entry], labels: Labels) -> MockedExecutor | None:
    """Return the patched executor whose `submit` should return a future that failed to create."""
    step = link.user
    statement = step.source.statement if step is not None else None
    if step is None or not pools or not isinstance(statement, ast.Assign):
        return None
    made, names = statement.value, {ast.unparse(one) for one in statement.targets}
    called = made.func if isinstance(made, ast.Call) else None
    if called is None or meaning.of(called, step.frame) is not asyncio.Future:
        return None
    around = parsed_files.enclosing(step.frame.f_code.co_filename, step.line)[:1]
    if not any(names & _given_by_submit(block) for block in around):
        return None
    return _record(pools[0], "no loop", step.place(labels), [], labels)


def _given_by_submit(block: ast.AST) -> set[str]:
    """Return what *block* sets as the result of `submit`: `pool.submit.return_value = job`."""
    return {
        ast.unparse(one.value)
        for one in assignments_in(block)
        if one.how == "assigned" and ".submit." in ast.unparse(one.target)
    }


def _foreign(link: Link, pools: Sequence[Entry], labels: Labels) -> MockedExecutor | None:
    """Return where the code needed a thread's future and got an asyncio future."""
    step = link.user
    if step is None or not _asks_future(link, step):
        return None
    made = patch_origins.made_of(step)
    if not any(calls.last(call.func) in ("submit", "map") for call in calls_in(*made)):
        return None
    used = step.place(labels)
    made_at = _future_line(link, labels) or used
    return _record(next(iter(pools), None), "foreign", used, [], labels, made_at)


def _future_line(link: Link, labels: Labels) -> Place | None:
    """Return the line of user code that created the future."""
    for step in link.trace:
        file = step.frame.f_code.co_filename
        around = parsed_files.enclosing(file, step.line) if step.owner == "user" else []
        for name, value in list(step.frame.f_locals.items()) if around else ():
            line = parsed_files.assigned(around[0], name) if type(value) is asyncio.Future else None
            if line is not None:
                return Place(labels.file(file), line, name)
    return None


def _asks_future(link: Link, step: Step) -> bool:
    """Return whether the error comes from using an asyncio future like a thread's."""
    error = link.error
    if objects.is_a(error, AttributeError):
        thing = AttributeError.__dict__["obj"].__get__(error)
        return type(thing) is asyncio.Future
    if not objects.is_a(error, TypeError) and not objects.is_a(error, asyncio.InvalidStateError):
        return False
    said = objects.said(error)
    statement = step.source.statement
    asked = [*calls_in(statement)]
    results = [n for n in asked if getattr(n.func, "attr", None) == "result"]
    return bool(results) and ("Future.result()" in said or "Result is not" in said)


def _empty(link: Link, entry: Entry) -> Step | None:
    """Return the user's step that got None, or a mock, as the result of a call."""
    if type(link.error) not in _VALUES:
        if objects.is_a(link.error, OSError) and link.trace:
            loop = link.trace[-1].frame.f_locals.get("self")
            pool = objects.peek(loop, "_default_executor") if objects.is_loop(loop) else None
            mine = pool is not None and _root(pool) is entry.double()
            return link.user if mine else None
        return None
    last = link.trace[-1] if link.trace else None
    unittests = last is not None and last.module == "unittest.case"
    step = link.user
    if step is None or (last is not step and not unittests):
        return None
    statement = step.source.statement
    if statement is None or any(one.attr in COUNTS for one in nodes_of(ast.Attribute, statement)):
        return None
    if not _hands(step):
        return None
    compared = asserted_values.in_statement(step.frame, statement)
    return step if any(_nothing(one, entry) for one in compared) else None


def _hands(step: Step) -> bool:
    """Return whether the values of the failing line came, or may have come, from a thread."""
    made = patch_origins.made_of(step)
    if any(calls.last(call.func) in HANDS for call in calls_in(*made)):
        return True
    return patch_origins.is_call_behind(step, HANDS)


def _nothing(value: object, entry: Entry) -> bool:
    return value is None or (objects.is_mock(value) and _root(value) is entry.double())


def _waits(hang: HangRecord, labels: Labels) -> Place | None:
    """Return the line of user code that waits for a result that no thread works on."""
    for wait in hang.waits:
        for place in reversed(wait.stack):
            text = next((t for t in _texts(place, labels)), "")
            if any(word in text for word in ("to_thread", "run_in_executor", "wrap_future")):
                return place
    if hang.blocked_at is not None and (hang.blocked_in or "").endswith("result"):
        return hang.blocked_at
    return None


def _texts(place: Place, labels: Labels) -> Iterator[str]:
    from loopcheck.source import modules

    for space in modules.spaces():
        for file in space.files():
            if labels.file(file) == place.file:
                yield "".join(parsed_files.text(file).splitlines()[place.line - 1 : place.line + 2])


def _left(
    link: Link,
    pools: Sequence[Entry],
    loops: Sequence[asyncio.AbstractEventLoop],
    labels: Labels,
) -> MockedExecutor | None:
    """Return the mock that an earlier test left in its loop: the loop keeps it for life."""
    for loop in loops:
        pool = objects.peek(loop, "_default_executor")
        if not objects.is_mock(pool):
            continue
        entry = next((e for e in pools if e.double() is _root(pool)), None)
        handed = list(_handed(_root(pool)))
        for one in [entry] if entry is not None else []:
            step = _empty(link, one)
            if step is not None and handed:
                used = step.place(labels)
                return _record(one, "never ran", used, handed, labels, left=True)
    return None


def _record(
    entry: Entry | None,
    how: How,
    used_at: Place | None,
    handed: Sequence[str],
    labels: Labels,
    made_at: Place | None = None,
    *,
    left: bool = False,
) -> MockedExecutor:
    return MockedExecutor(
        target=plain(patch_records.target(entry)) if entry is not None else None,
        how=how,
        place=patch_records.place(entry, labels) if entry is not None else made_at or used_at,
        used_at=used_at,
        double=entry.kind if entry is not None else "mock",
        function=handed[0] if handed else None,
        left=left,
    )
