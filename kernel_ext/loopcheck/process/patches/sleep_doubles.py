"""A mock or fake of `asyncio.sleep` that never yields to the loop, and how a test shows it."""

from __future__ import annotations

import ast
import asyncio
import sys
from collections.abc import Iterator, Mapping, Sequence
from types import FunctionType

from loopcheck.labels import Labels, plain
from loopcheck.light import replace
from loopcheck.process import objects
from loopcheck.process.failure import Link, Step
from loopcheck.process.patches import patch_origins, patch_records, starved_polls, starved_tasks
from loopcheck.process.patches.replaced import Entry
from loopcheck.process.pending import premature_asserts
from loopcheck.process.waiting import interrupted_loops
from loopcheck.records import HangRecord, MockedSleep, Place, Premature, SleepFailure
from loopcheck.source import calls, lines, modules, parsed_files
from loopcheck.source.assignments import Assignment, assignments_in
from loopcheck.source.nodes import calls_in, nodes_of, spans_line
from loopcheck.source.values import meaning

MANY = 300  # calls of a mock: no test that ends makes that many
REPEATED = 10  # frames of one function: it calls itself
CLOCKS = frozenset({"monotonic", "perf_counter", "time", "monotonic_ns", "perf_counter_ns"})
UNAWAITABLE = ("'await' expression", "object can't be awaited", "coroutine was expected")  # 3.14
_SLEEPS = (("asyncio", "asyncio.tasks"), ("anyio", "anyio._core._eventloop"))


def read(
    links: Sequence[Link],
    entries: Sequence[Entry],
    hang: HangRecord | None,
    early: Sequence[Premature],
    labels: Labels,
) -> MockedSleep | None:
    """Return the double because of which the test failed, or did not end."""
    for entry in [*filter(_of_sleep, entries), *_assigned()]:
        found = _hung(entry, hang, labels) if hang is not None else None
        if found is not None:
            return found
        for link in links:
            if (seen := _failed(link, entry, early)) is not None:
                how, step = seen
                used = step.place(labels) if step is not None else None
                return _record(entry, how, used, labels)
            if (starved := _starved(link, entry, labels)) is not None:
                return starved
    return None


def _of_sleep(entry: Entry) -> bool:
    """Return whether the patch replaced the real sleep, in one module or for all."""
    original = entry.original()
    if type(original) is not FunctionType or original.__name__ != "sleep":
        return False
    made_in = original.__globals__.get("__name__")  # anyio gives its functions another `__module__`
    return any(made_in == home for _, home in _SLEEPS)


def _assigned() -> Iterator[Entry]:
    """Yield the double that a plain `asyncio.sleep = …` installed."""
    now = vars(asyncio).get("sleep")
    real = vars(asyncio.tasks).get("sleep")
    if now is real or type(real) is not FunctionType or real.__module__ != "asyncio.tasks":
        return
    started = list(_places())
    code = now.__code__ if type(now) is FunctionType else None
    if len(started) == 1:
        yield Entry(
            owner=lambda: asyncio,
            attribute="sleep",
            original=lambda: real,
            double=lambda: now,
            by="unittest.mock",
            site=started[0],
            calls=_calls(now),
            kind=objects.type_name(now).rpartition(".")[2],
            code=code,
        )


def _places() -> Iterator[tuple[str, int, str]]:
    """Yield the lines with `asyncio.sleep = …`, except those that restore it."""
    for space in modules.spaces():
        for file in space.files():
            module = parsed_files.tree(file) if ".sleep" in parsed_files.text(file) else None
            for one in assignments_in(module):
                if one.how == "assigned" and _replaces(one, space):
                    yield file, one.line, "sleep"


def _replaces(one: Assignment, space: modules.Space) -> bool:
    gives_back = any(word in ast.unparse(one.value) for word in ("real", "orig", "saved", "old"))
    targets = [part for part in one.parts() if isinstance(part, ast.Attribute)]
    asyncios = (meaning.of(one.value, space.held) for one in targets if one.attr == "sleep")
    return not gives_back and any(one is asyncio for one in asyncios)


def _calls(double: object) -> int | None:
    count = objects.peek(double, "_mock_call_count") if objects.is_mock(double) else None
    return count if type(count) is int else None


# What the test shows


def _hung(entry: Entry, hang: HangRecord, labels: Labels) -> MockedSleep | None:
    if (entry.calls or 0) >= MANY:
        used = hang.spin.loop_at if hang.spin is not None else hang.blocked_at
        return _record(entry, "spins", used, labels)
    spin = hang.spin
    if spin is None or entry.calls == 0 or _gives_way(entry.double(), entry):
        return None
    for space in modules.spaces():
        for file in space.files():
            if labels.file(file) != spin.loop_at.file:
                continue
            module = parsed_files.tree(file)
            for node in nodes_of(ast.While, module):
                here = node.lineno == spin.loop_at.line
                if here and module and _sleeps_in(node, module, space.held, entry):
                    return _record(entry, "spins", spin.loop_at, labels)
    return None


def _sleeps_in(
    node: ast.AST, module: ast.Module, held: Mapping[str, object], entry: Entry, depth: int = 2
) -> bool:
    """Return whether *node*, or a function of its file that it awaits, calls that sleep."""
    awaited = list(_awaited(node))
    if any(_asks(call, held, entry) for call in awaited):
        return True
    names = {calls.last(call.func) for call in awaited}
    inner = [n for n in nodes_of(ast.AsyncFunctionDef, module) if n.name in names]
    return depth > 0 and any(_sleeps_in(one, module, held, entry, depth - 1) for one in inner)


def _awaited(node: ast.AST) -> Iterator[ast.Call]:
    for one in nodes_of(ast.Await, node):
        if isinstance(one.value, ast.Call):
            yield one.value


def _asks(call: ast.Call, env: Mapping[str, object], entry: Entry) -> bool:
    """Return whether *call* calls the replaced name."""
    owner = entry.owner()
    if isinstance(call.func, ast.Attribute):
        there = meaning.of(call.func.value, env)
        return there is owner and call.func.attr == entry.attribute
    if isinstance(call.func, ast.Name) and objects.is_module(owner):
        if meaning.of(call.func, env) is entry.double() and entry.double() is not None:
            return True
        own = vars(owner).get("__name__") == env.get("__name__")
        return own and call.func.id == entry.attribute
    return False


def _failed(
    link: Link, entry: Entry, early: Sequence[Premature]
) -> tuple[SleepFailure, Step | None] | None:
    last = link.user
    if last is None:
        return None
    if objects.is_a(link.error, RecursionError):
        own = [step for step in link.trace if patch_records.through(entry, (step,))]
        return ("recursion", last) if len(own) >= REPEATED else None
    stopped = interrupted_loops.ended_from_outside(link)
    if stopped and patch_records.through(entry, link.trace[-40:]):
        caller = next((s for s in link.users if s.frame.f_code is not entry.code), last)
        return "spins", caller
    if objects.is_a(link.error, TypeError):
        return ("not awaitable", last) if _unawaitable(link, last, entry) else None
    if entry.over and entry.error is None and not entry.late and not _passed(link):
        return None
    if _gives_way(entry.double(), entry) or not _everywhere(entry):
        return None
    if objects.is_a(link.error, AssertionError) and last is link.trace[-1]:
        found = _asserted(last, entry, early) or _polled(last, entry)
        if found is not None:
            return found
    if _wants_a_timeout(link, last, entry):
        return "no timeout", last
    if premature_asserts.did_not_raise(link.error) is not None and _no_timeout(last, entry):
        return "no timeout", last
    return None


def _starved(link: Link, entry: Entry, labels: Labels) -> MockedSleep | None:
    """Return the double if the real sleep would have let a task begin.

    The test cancelled that task, or its code polled for what the task brings, and gave up.
    """
    if not link.users or not _everywhere(entry) or _gives_way(entry.double(), entry):
        return None
    if entry.double() is None and not _was_plain(entry):
        return None

    def asks(call: ast.Call, env: Mapping[str, object]) -> bool:
        return _asks(call, env, entry)

    how: SleepFailure
    if objects.is_a(link.error, AssertionError):
        asked = premature_asserts.asked(link.error)
        name = starved_tasks.find(asked, entry, asks) if asked is not None else None
        how, used = "cancelled", asked.place(labels) if asked is not None else None
    elif entry.over and entry.error is None and not entry.late:
        return None
    else:
        name = starved_tasks.behind_a_poll(link, entry, asks)
        how, used = "too early", link.users[0].place(labels)
    if name is None:
        return None
    return replace(_record(entry, how, used, labels), coroutine=name)


def _was_plain(entry: Entry) -> bool:
    """Return whether the line that patched made a mock without an effect: the mock is gone."""
    if entry.calls is None or entry.site is None:
        return False
    file, line, _ = entry.site
    made = [one for one in calls_in(*lines.Line(file, line).heads()) if spans_line(one, line)]
    words = [word.arg for one in made for word in one.keywords]
    values = [word.value for one in made for word in one.keywords if word.arg in ("new", "value")]
    values += [one.args[-1] for one in made if one.args]
    plain = all(isinstance(one, ast.Call | ast.Constant) for one in values)
    return bool(made) and plain and {None, "side_effect", "wraps"}.isdisjoint(words)


def _passed(link: Link) -> bool:
    """Return whether the failing line checks something that happened before."""
    return objects.is_a(link.error, AssertionError)


def _everywhere(entry: Entry) -> bool:
    return entry.owner() in (sys.modules.get("asyncio"), sys.modules.get("anyio"))


def _unawaitable(link: Link, step: Step, entry: Entry) -> bool:
    said = objects.said(link.error)
    if not any(words in said for words in UNAWAITABLE):
        return False
    statement = step.source.statement
    env = meaning.names_of(step.frame)
    node = step.source.expression
    within = node if isinstance(node, ast.Await | ast.Call) else statement
    inside = [*calls_in(within)]
    return any(_asks(call, env, entry) for call in inside)


def _asserted(
    step: Step, entry: Entry, early: Sequence[Premature]
) -> tuple[SleepFailure, Step | None] | None:
    around = parsed_files.enclosing(step.frame.f_code.co_filename, step.line)
    statement = step.source.statement
    if not around or not isinstance(statement, ast.Assert):
        return None
    env = meaning.names_of(step.frame)
    mine = [call for call in _awaited(around[0]) if call.lineno < step.line]
    waited = [call for call in mine if _asks(call, env, entry)]
    if not waited and entry.calls and all(_used([call], step, entry) for call in mine):
        waited = mine  # a helper that polls, for example
    if early and waited and not early[0].itself:
        return "too early", step
    if not entry.calls and not _used(around[0].body, step, entry):
        return None
    if _of_time(statement, step):
        return "no time", step
    return ("no timeout", step) if _of_limit(statement, step) else None


def _polled(step: Step, entry: Entry) -> tuple[SleepFailure, Step | None] | None:
    statement = step.source.statement
    if entry.calls == 0 or not isinstance(statement, ast.Assert):
        return None
    what = starved_polls.polled(step, statement, lambda call, env: _asks(call, env, entry))
    if what is None:
        return None
    return ("too early" if what == "task" else "no timer"), step


def _wants_a_timeout(link: Link, step: Step, entry: Entry) -> bool:
    """Return whether the test itself reports, by `raise` or `pytest.fail`, a missing timeout."""
    failed = objects.type_name(link.error).rpartition(".")[2] == "Failed"
    if entry.calls == 0 or not (failed or objects.is_a(link.error, AssertionError)):
        return False
    body = starved_polls.limited(step)
    return body is not None and _used(body, step, entry)


def _of_limit(statement: ast.Assert, step: Step) -> bool:
    """Return whether the assertion expects exactly what its code returns after a timeout."""
    match statement.test:
        case ast.Compare(left=left, ops=[ast.Eq()], comparators=[right]):
            wanted = [one.value for one in (left, right) if isinstance(one, ast.Constant)]
        case _:
            return False
    for file in dict.fromkeys(file for space in modules.spaces() for file in space.files()):
        module = parsed_files.tree(file) if "TimeoutError" in parsed_files.text(file) else None
        for node in parsed_files.statements(module) if module else ():
            if isinstance(node, ast.AsyncFunctionDef) and any(_gives_up(node, v) for v in wanted):
                return patch_origins.is_call_behind(step, {node.name})
    return False


def _gives_up(function: ast.AsyncFunctionDef, value: object) -> bool:
    """Return whether *function* returns *value* when a limit of its own runs out."""
    for block in nodes_of(ast.Try, function):
        asked = [n.func for n in calls_in(*block.body)]
        limited = any(calls.last(one) in starved_polls.LIMITS for one in asked)
        for handler in block.handlers if limited else ():
            if "TimeoutError" in ast.unparse(handler.type or handler):
                for node in handler.body:
                    if isinstance(node, ast.Return) and isinstance(node.value, ast.Constant):
                        return node.value.value == value
    return False


def _of_time(statement: ast.Assert, step: Step) -> bool:
    """Return whether the assertion expects that time has passed: `elapsed >= 0.1`."""
    match statement.test:
        case ast.Compare(left=left, ops=[ast.Gt() | ast.GtE()]) if not _is_number(left):
            pass
        case ast.Compare(left=left, ops=[ast.Lt() | ast.LtE(), *_]) if _is_number(left):
            pass
        case _:
            return False
    made = patch_origins.made_of(step)
    asked = [n.func for n in calls_in(*made)]
    return any(calls.last(one) in CLOCKS for one in asked)


def _is_number(node: ast.expr) -> bool:
    return isinstance(node, ast.Constant) and isinstance(node.value, int | float)


def _no_timeout(step: Step, entry: Entry) -> bool:
    """Return whether a `with pytest.raises(TimeoutError)` contains code that uses that sleep."""
    around = parsed_files.standing_at(step.frame.f_code.co_filename, step.line)
    for block in (one for one in around if isinstance(one, ast.With)):
        said = [ast.unparse(one.context_expr) for one in block.items]
        waits = any("raises" in one and "Timeout" in one for one in said)
        if waits and step.line <= block.body[0].lineno:
            return _used(block.body, step, entry)
    return False


def _used(body: Sequence[ast.AST], step: Step, entry: Entry) -> bool:
    """Return whether *body*, or a user function that it calls, reads that sleep."""
    owner = vars(entry.owner())
    uses = patch_origins.read_in(body, step)
    return any(use.held is owner and use.name == entry.attribute for use in uses)


def _gives_way(double: object, entry: Entry, depth: int = 0) -> bool:
    """Return whether *double* lets other tasks run: it awaits something other than itself."""
    if depth > 3 or double is None:
        return double is None and entry.calls is None and entry.code is None
    if objects.is_mock(double):
        inner = objects.peek(double, "_mock_side_effect") or objects.peek(double, "_mock_wraps")
        return inner is not None and _gives_way(inner, entry, depth + 1)
    function = objects.function_of(double)
    code = objects.code_of(double)
    block = parsed_files.function_of(code) if code else None
    if function is None or block is None:
        return function is not None and code is not None and code.co_name != "<lambda>"
    env = {**function.__globals__, **objects.closed_over(function)}
    awaits = list(nodes_of(ast.Await, block))
    own = [n for n in awaits if isinstance(n.value, ast.Call) and _asks(n.value, env, entry)]
    return len(own) < len(awaits)


def _record(entry: Entry, how: SleepFailure, used_at: Place | None, labels: Labels) -> MockedSleep:
    mock = entry.calls is not None
    known = entry.code.co_name if entry.code is not None and not mock else None
    return MockedSleep(
        target=plain(patch_records.target(entry)),
        how=how,
        place=patch_records.place(entry, labels),
        used_at=used_at,
        double=known or entry.kind,
        mock=mock,
        everywhere=_everywhere(entry),
        real=tuple(_real(entry)),
    )


def _real(entry: Entry) -> Iterator[str]:
    """Yield the names in user code that still hold the real one."""
    original = entry.original()
    for space in modules.spaces():
        for name, value in list(space.held.items()):
            if value is original and original is not None:
                yield plain(space.written(name))
