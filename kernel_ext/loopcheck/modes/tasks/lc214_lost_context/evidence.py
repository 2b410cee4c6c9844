"""What only LC214 asks: who set the context variable that the failing line does not have."""

from __future__ import annotations

import ast
import inspect
import unittest
from collections.abc import Iterable, Iterator, Sequence
from contextvars import ContextVar
from types import CodeType, FunctionType
from typing import Any, Literal

from loopcheck.case.live import Live
from loopcheck.labels import Labels, plain
from loopcheck.light import frozen, replace
from loopcheck.modes.tasks.lc214_lost_context import (
    reading_lines,
    returned_reads,
    written_reads,
)
from loopcheck.modes.tasks.lc214_lost_context.reading_lines import Read
from loopcheck.modes.tasks.lc214_lost_context.setting_lines import (
    Search,
    Setting,
    handed,
    is_executors,
    last_here,
    lost_for_others,
)
from loopcheck.process import asgi_apps, objects, thread_stacks
from loopcheck.process.failure import Step
from loopcheck.process.loops import task_contexts
from loopcheck.process.waiting import await_chain
from loopcheck.records import Place
from loopcheck.runner import fixtures
from loopcheck.source import assignments, calls, parsed_files, project_files, user_code
from loopcheck.source.modules import spaces
from loopcheck.source.nodes import own_nodes, spans_line
from loopcheck.source.values import meaning
from loopcheck.watch import tasks

How = Literal[
    "task",  # what sets it runs as a task of its own
    "thread",  # what sets it runs in a thread
    "context",  # what sets it runs in a copied context
    "reader's thread",  # what reads it runs in a thread
    "older task",  # what reads it runs in a task that was created before
    "fixture",
    "class set-up",
    "lifespan",
    "dependency",
    "middleware",  # what sets it is an endpoint, which a middleware runs as a task
    "reset",  # set in one context, reset in another
    "reset of a dependency",
    "constructor",  # the constructor of the object that keeps the variable sets it
]
CONSTRUCTORS = ("__init__", "__post_init__")
_NOT_PLAIN = inspect.CO_COROUTINE | inspect.CO_ASYNC_GENERATOR


@frozen
class LostContext:
    """A context variable that one context has, and the line that reads it in another."""

    name: str  # as the failing line writes it: "tenant"
    how: How
    read_at: Place
    set_at: Place
    set_by: str  # the function that does, or the dependency or fixture that calls it: "login"
    written: str = ""  # the call that runs one of them in another context: "asyncio.gather"
    runs: str = ""  # the function that it runs: "login", "render"
    apart_at: Place | None = None  # that call; of an older task the line that created it
    defined_at: Place | None = None  # the dependency or fixture to make `async def`
    by_anyio: bool = False  # its plugin runs the test
    returned: bool = False  # no frame of the reader is left: its code shows that it reads it


def find_lost_context(live: Live) -> LostContext | None:
    """Return the first variable that a line of the project reads where it is not set."""
    if not _may_read_one(live):
        return None
    for link in live.links:
        read = reading_lines.read_of(link, live)
        if read is not None and any(one is link.error for one in live.links[0].among):
            read = replace(read, asserted=live.links[0].user)
        found = _explain(read, live) if read is not None else None
        if found is not None:
            return found
    return _returned(live) or _written_down(live)


def _may_read_one(live: Live) -> bool:
    """Return whether the project has a context variable at all: the other questions take longer."""
    if any(type(link.error) in (LookupError, ValueError) for link in live.links):
        return True  # the error may name the variable of a library
    return any(
        any(type(value) is ContextVar for value in list(space.held.values()))
        or any(parsed_files.has_word(file, ContextVar.__name__) for file in space.files())
        for space in spaces()
    )


# Who set it


def _explain(read: Read, live: Live) -> LostContext | None:
    search = Search(read.variable)
    if read.resets:
        return _of_reset(read, search, live)
    for at in range(read.at, -1, -1):
        step = read.link.trace[at]
        if step.owner != "user":
            continue
        found = search.before(step.frame, read.line if at == read.at else step.line)
        own = last_here(found)
        if own is not None:
            return _crossed(own, at, read, live)
        if found and read.by_default:
            lost = lost_for_others(found)
            return _apart(lost, read, live.labels) if lost is not None else None
        if found:
            return _apart(found[-1], read, live.labels)
    return (
        _above_handler(read, search, live)
        or _set_up(read, search, live)
        or _below_middleware(read, search, live)
        or _constructed(read, search, live.labels)
    )


def _returned(live: Live) -> LostContext | None:
    """Return what a function has lost that has returned: the compared value depends on its read."""
    for read in returned_reads.reads_behind(live.links[0], live):
        lost = returned_reads.lost_by(read)
        if lost is None:
            continue
        setting, by_code = lost.setting, lost.dependency
        runner, labels, here = setting.apart, live.labels, read.here
        one = LostContext(
            name=plain(read.name),
            how="dependency",
            read_at=Place(labels.file(here.code.co_filename), here.line, here.code.co_name),
            set_at=Place(labels.file(setting.file), setting.line, setting.function),
            set_by=by_code.co_name if by_code is not None else setting.function,
            defined_at=_defined_at(by_code, labels) if by_code is not None else None,
            returned=True,
        )
        if lost.by is not None:
            call, code = lost.by.call, lost.by.code
            at = Place(labels.file(code.co_filename), call.lineno, code.co_name)
            return replace(one, how="reader's thread", apart_at=at, **_said(call))
        if runner is not None:
            at = Place(labels.file(runner.file), runner.line, runner.function)
            said = {"written": plain(runner.written), "runs": plain(runner.runs)}
            return replace(one, how=runner.kind, apart_at=at, **said)
        return one
    return None


def _written_down(live: Live) -> LostContext | None:
    """Return what a middleware has read after its endpoint had set it in a task of its own."""
    for read in written_reads.reads_behind(live.links[0]):
        found = Search(read.got.variable).in_function(read.endpoint, {})
        own = last_here(found)
        if own is not None:
            return LostContext(
                name=plain(read.got.name),
                how="middleware",
                read_at=await_chain.place(read.code, read.got.line, live.labels),
                set_at=Place(live.labels.file(own.file), own.line, own.function),
                set_by=own.function,
                returned=True,
            )
    return None


def _above_handler(read: Read, search: Search, live: Live) -> LostContext | None:
    """Return what the test has set before it got the result that keeps the error."""
    step = read.asserted
    if step is None:
        return None
    found = search.before(step.frame, _came_at(step))
    own = last_here(found)
    if own is not None:
        return _crossed(own, -1, read, live)
    return _apart(found[-1], read, live.labels) if found else None


def _came_at(step: Step) -> int:
    """Return the line that gave the names of the assertion at *step* their values."""
    code = step.frame.f_code
    names = parsed_files.names_at(code.co_filename, step.line)
    lines = [
        one.line
        for one in assignments.assignments_in(parsed_files.function_of(code))
        if one.line < step.line and any(map(one.sets, names))
    ]
    return max(lines, default=step.line)


def _constructed(read: Read, search: Search, labels: Labels) -> LostContext | None:
    """Return the constructor that set it, if the variable is an attribute of a living object.

    The object exists, so its constructor has run to the end, in a context that is not this one.
    """
    for call, variable in reading_lines.calls_of_method(read.step, read.step.source.nodes(), "get"):
        if variable is not read.variable or not isinstance(call.func, ast.Attribute):
            continue
        kept = call.func.value
        owner = meaning.of(kept.value, read.step.frame) if isinstance(kept, ast.Attribute) else None
        for kind in objects.mro(type(owner)) if owner is not None else ():
            for name in CONSTRUCTORS:
                method = kind.__dict__.get(name)
                if type(method) is not FunctionType or not method.__code__.co_argcount:
                    continue
                own = {method.__code__.co_varnames[0]: owner}
                found = [one for one in search.in_function(method, own) if one.apart is None]
                if found:
                    return _lost("constructor", found[-1], read, labels, runs=kind.__name__)
    return None


def _of_reset(read: Read, search: Search, live: Live) -> LostContext | None:
    for step in reversed(read.link.trace[: read.at + 1]):
        found = search.before(step.frame, step.line) if step.owner == "user" else []
        own = last_here(found)
        if own is not None:
            plain_code = bool(step.frame.f_code.co_flags & inspect.CO_GENERATOR)
            threaded = plain_code and step is read.step and _in_anyios_thread(read)
            if threaded:
                code = step.frame.f_code
                return _lost("reset of a dependency", own, read, live.labels, by=code)
            return _lost("reset", own, read, live.labels)
        if found:
            return _reset_apart(found, read, live.labels)
    return None


def _reset_apart(found: Sequence[Setting], read: Read, labels: Labels) -> LostContext | None:
    """Return the only line that has set it, if it ran apart and kept the token."""
    if len(found) != 1 or not _keeps_token(found[0], read):
        return None
    apart = _apart(found[0], read, labels)
    return replace(apart, how="reset") if apart is not None else None


def _keeps_token(setting: Setting, read: Read) -> bool:
    """Return whether the line keeps the token by the name that the failing line resets it with."""
    given = [
        call.args[0]
        for call, _ in reading_lines.calls_of_method(read.step, read.step.source.nodes(), "reset")
    ]
    wanted = {calls.last(one) for one in given}
    standing = parsed_files.standing_at(setting.file, setting.line)
    kept = [to for one in standing if isinstance(one, ast.Assign) for to in one.targets]
    return any(calls.last(to) in wanted for to in kept)


def _in_anyios_thread(read: Read) -> bool:
    names = [(one.module, one.frame.f_code.co_name) for one in _inner(read)]
    return (reading_lines.ANYIO, "run") in names


def _inner(read: Read) -> Sequence[Step]:
    return read.link.trace[: read.at]


def _lost(
    how: How,
    setting: Setting,
    read: Read,
    labels: Labels,
    *,
    written: str = "",
    runs: str = "",
    apart_at: Place | None = None,
    by: CodeType | None = None,
) -> LostContext:
    return LostContext(
        name=plain(read.name),
        how=how,
        read_at=read.place(labels),
        set_at=Place(labels.file(setting.file), setting.line, setting.function),
        set_by=by.co_name if by is not None else setting.function,
        defined_at=_defined_at(by, labels) if by is not None else None,
        written=plain(written),
        runs=plain(runs),
        apart_at=apart_at,
        by_anyio=_by_anyio(read),
    )


def _defined_at(code: CodeType, labels: Labels) -> Place | None:
    """Return the line of the `def`, below its decorators."""
    block = parsed_files.function_of(code)
    if block is None:
        return None
    return Place(labels.file(code.co_filename), block.lineno, code.co_name)


def _apart(setting: Setting, read: Read, labels: Labels) -> LostContext | None:
    runner = setting.apart
    if runner is None:
        return None
    place = Place(labels.file(runner.file), runner.line, runner.function)
    return _lost(
        runner.kind,
        setting,
        read,
        labels,
        written=runner.written,
        runs=runner.runs,
        apart_at=place,
    )


def _crossed(setting: Setting, at: int, read: Read, live: Live) -> LostContext | None:
    """Return what reads it in a context of its own, below the frame *at* that has a value."""
    trace, labels = read.link.trace, live.labels
    for index in range(max(at, 0), read.at):
        if reading_lines.in_bare_thread(trace, index):
            above = next((one for one in reversed(trace[:index]) if one.owner == "user"), None)
            call = _hands_over(above) if above is not None else None
            place = above.place(labels) if above is not None else None
            if place is not None and call is not None and not spans_line(call, place.line):
                place = Place(place.file, call.lineno, place.name)
            lost = _lost("reader's thread", setting, read, labels, apart_at=place)
            return replace(lost, **_said(call)) if call is not None else lost
    for task in reading_lines.tasks(live):
        below = trace[at + 1 : read.at + 1]
        own = [one for one in below if one.owner == "user" and reading_lines.runs(task, one)]
        contexts = task_contexts.contexts_of(task)
        if own and contexts and not any(read.variable in one for one in contexts):
            created = _created_at(task, labels)
            name = own[0].frame.f_code.co_name
            return _lost("older task", setting, read, labels, runs=name, apart_at=created)
    return None


def _hands_over(step: Step) -> ast.Call | None:
    """Return the call that hands a function to an executor, on the line of *step* or before it."""
    here = _executor_calls(step.source.nodes())
    if here:
        return here[0]
    block = parsed_files.function_of(step.frame.f_code)
    own = own_nodes(block) if block is not None else ()
    before = [one for one in _executor_calls(own) if one.lineno < step.line]
    return before[0] if len(before) == 1 else None


def _said(call: ast.Call) -> dict[str, str]:
    """Return how *call* is written, and the function that it hands to an executor."""
    function = handed(call)
    runs = ast.unparse(function) if function is not None else ""
    return {"written": plain(ast.unparse(call.func)), "runs": plain(runs)}


def _executor_calls(nodes: Iterable[ast.AST]) -> list[ast.Call]:
    return [one for one in nodes if isinstance(one, ast.Call) and is_executors(one)]


def _created_at(task: Any, labels: Labels) -> Place | None:
    for _, file, line, function in tasks.site(task):
        if project_files.owner(file) == "user":
            return Place(labels.file(file), line, function)
    return None


# What has run before the test, or around it


def _set_up(read: Read, search: Search, live: Live) -> LostContext | None:
    for how, function, given in (*_of_app(read), *_of_test(live)):
        for found in reversed(search.in_function(function, given)):
            if found.apart is not None:
                return _apart(found, read, live.labels)
            if how == "dependency":
                return _lost(how, found, read, live.labels, by=function.__code__)
            if how != "fixture":
                return _lost(how, found, read, live.labels)
            crossed = _crossed(found, -1, read, live)
            if crossed is not None or _by_anyio(read):
                return crossed or _lost(how, found, read, live.labels, by=function.__code__)
    return None


def _by_anyio(read: Read) -> bool:
    return any(await_chain.is_of_anyios_runner(one.frame.f_code) for one in _inner(read))


Ran = tuple[How, FunctionType, dict[str, object]]


def _of_app(read: Read) -> Iterator[Ran]:
    """Yield the dependencies and lifespans that have run before the endpoint that reads."""
    trace = _inner(read)
    for step in trace:
        if (step.module, step.frame.f_code.co_name) == ("fastapi.routing", "run_endpoint_function"):
            dependant = thread_stacks.locals_of(step.frame).get("dependant")
            for called in asgi_apps.dependencies(dependant):
                if not called.__code__.co_flags & _NOT_PLAIN:
                    yield "dependency", called, {}
    sender = asgi_apps.sender(trace)
    for app in asgi_apps.applications(trace)[:1]:
        for starter in asgi_apps.starters(app) if sender is not None and sender.entered else ():
            yield "lifespan", starter.function, starter.given


def _of_test(live: Live) -> Iterator[Ran]:
    """Yield the fixtures of the test that have run, and the set-up of its class."""
    for definition in fixtures.definitions(live.item).values() if live.item is not None else ():
        cached = getattr(definition, "cached_result", None)
        code = user_code.fixture(definition)
        function = objects.function_of(getattr(definition, "func", None))
        if cached and cached[2] is None and code is not None and function is not None:
            frame = fixtures.paused_frame(definition)
            yield (
                "fixture",
                function,
                {**thread_stacks.locals_of(frame)} if frame is not None else {},
            )
    kind = getattr(live.item, "cls", None)
    if objects.is_a(kind, type) and unittest.IsolatedAsyncioTestCase in objects.mro(kind):
        method = objects.class_attribute(kind, "setUpClass")
        inner = method.__func__ if type(method) is classmethod else None
        if type(inner) is FunctionType:
            yield "class set-up", inner, {inner.__code__.co_varnames[0]: kind}


def _below_middleware(read: Read, search: Search, live: Live) -> LostContext | None:
    """Return what the endpoint has set that a middleware ran in a task of its own."""
    endpoint = asgi_apps.run_by_middleware(_inner(read))
    found = search.in_function(endpoint, {}) if endpoint is not None else []
    own = last_here(found)
    return _lost("middleware", own, read, live.labels) if own is not None else None
