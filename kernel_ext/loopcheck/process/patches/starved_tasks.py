"""Tasks that had no turn, as the sleep that a test or its code awaited is a mock.

When the test fails they are gone, and nothing shows that they existed: we read the source, and
follow the test from line to line, also into its helpers and managers.
"""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterable, Iterator, Mapping
from types import CodeType, FunctionType, MethodType
from typing import Literal

from loopcheck.light import dataclass
from loopcheck.process import objects
from loopcheck.process.failure import Link
from loopcheck.process.patches.replaced import MOCKS, Entry
from loopcheck.process.pending import premature_asserts
from loopcheck.process.waiting import await_chain
from loopcheck.source import calls, effects, parsed_files
from loopcheck.source.coroutines.task_starters import STARTERS
from loopcheck.source.nodes import calls_in, head_spans_line, inner_nodes, nodes_of, spans_line
from loopcheck.source.values import assertions, callees, hoped_changes, meaning, special_methods
from loopcheck.source.values.callees import Env

DEEPEST = 4  # functions that call each other
MOST = 1_000  # events of one test
_SCOPES = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef, ast.Lambda)
_COMPREHENSIONS = ast.ListComp | ast.SetComp | ast.DictComp | ast.GeneratorExp
_LOOPS = (ast.For, ast.While)
_UNDOES = ("undo", "stop")
Asks = Callable[[ast.Call, Mapping[str, object]], bool]  # whether a call calls that sleep


@dataclass(frozen=True, eq=False)
class Event:
    """Something that a test does: in "turn", the loop may run its tasks."""

    how: Literal["started", "slept", "turn", "cancelled", "yields", "asserted"]
    call: ast.Call | None = None  # that makes the coroutine of a started task
    env: Env | None = None
    code: CodeType | None = None


def find(asked: premature_asserts.Asked, entry: Entry, asks: Asks) -> str | None:
    """Return the coroutine of a task that should have changed what the failing line reads.

    The test started and cancelled it, and of what it awaited in between, at least one was the
    mocked sleep, and nothing was anything else.
    """
    code = asked.frame.f_code
    block = parsed_files.function_of(code)
    if block is None or not _wants_more(asked):
        return None
    walk = _Walk(entry, asks, asked.step, block)
    useless = hoped_changes.useless(asked.step, meaning.names_of(asked.frame))
    events = walk.of(block.body, meaning.names_of(asked.frame), code, 0)
    starved = _starved(events, entry, walk, cancelled=True)
    change = effects.Sight(equal=effects.equal_to(asked.step), useless=useless)
    return _changing(starved, asked.sight, change)


def behind_a_poll(link: Link, entry: Entry, asks: Asks) -> str | None:
    """Return the coroutine of a task that should have changed what a poll of the project reads.

    The poll gave up with an error of its own. In its rounds it awaited the mocked sleep, and the
    test, from the start of the task on, nothing else that gives the loop a turn.
    """
    last, test = link.users[0], link.users[-1]
    step = last.source.statement
    own = parsed_files.function_of(last.frame.f_code)
    block = parsed_files.function_of(test.frame.f_code)
    if own is None or block is None or not isinstance(step, ast.Raise):
        return None
    names = meaning.names_of(last.frame)
    polls = [one for one in nodes_of(_LOOPS, own) if _sleeps(one, asks, names)]
    if not polls or step.lineno < polls[0].lineno:
        return None
    # A `raise` in the loop itself comes after a round of it.
    within = spans_line(polls[0], step.lineno)
    walk = _Walk(entry, asks, polls[0] if within else step, block)
    events = walk.of(block.body, meaning.names_of(test.frame), test.frame.f_code, 0)
    starved = _starved(events, entry, walk, cancelled=False)
    asked = effects.read_by(polls, names, last.frame.f_code)
    return _changing(starved, asked, effects.Sight())


def _sleeps(poll: ast.AST, asks: Asks, env: Env) -> bool:
    awaited = (one.value for one in nodes_of(ast.Await, poll))
    return any(isinstance(one, ast.Call) and asks(one, env) for one in awaited)


def _changing(starved: Iterable[Event], asked: effects.Sight, change: effects.Sight) -> str | None:
    """Return the coroutine that would change what is *asked*, in a way that counts."""
    for one in starved:
        if one.call is None or one.env is None or one.code is None:
            continue
        sight = effects.Sight(equal=change.equal, useless=change.useless)
        effects.changed_by([one.call], one.env, one.code, sight)
        function = callees.function(one.call.func, one.env)
        if function is not None and effects.common(asked, sight) is not None:
            return await_chain.short(function.__code__.co_qualname)
    return None


def _wants_more(asked: premature_asserts.Asked) -> bool:
    """Return whether a mock's own assertion failed since there was no call; True for any other."""
    call = assertions.of_mock(asked.step)
    if call is None or not isinstance(call.func, ast.Attribute):
        return isinstance(asked.step, ast.Assert)
    mock = callees.value(call.func.value, meaning.names_of(asked.frame))
    return objects.is_mock(mock) and objects.peek(mock, "_mock_call_count") == 0


def _starved(events: Iterable[Event], entry: Entry, walk: _Walk, *, cancelled: bool) -> list[Event]:
    """Return the starts of the tasks that had no turn, or were *cancelled* in their first one."""
    begun: list[Event] = []
    hungry: list[Event] = []
    starved: list[Event] = []
    slept = 0
    for number, event in enumerate(events):
        if number > MOST:
            return []
        match event.how:
            case "started":
                begun.append(event)
            case "slept":
                slept += 1
                hungry += begun
                begun = []
            case "turn":
                begun, hungry = [], []
            case "cancelled":
                starved += hungry
                begun, hungry = [], []
            case "asserted":
                # What the mock received beyond that, a task has called: so one had a turn.
                others = entry.calls is not None and not walk.repeats and entry.calls > slept
                hungry = starved if cancelled else hungry
                return [] if others or entry.calls == 0 else hungry
    return []


class _Walk:
    """Follows a test to its failing line."""

    def __init__(self, entry: Entry, asks: Asks, step: ast.stmt, block: ast.AST) -> None:
        self.asks, self.step = asks, step
        self.repeats = False  # there is a loop: nobody knows how often it sleeps
        self.tests: list[str] = []  # of the `if`s around a line
        file, line, name = entry.site or ("", 0, "")
        self.site = (file, line)
        inside = spans_line(block, line)
        used = any(calls.last(one.func) == name for one in calls_in(block))
        self.known = inside or not used  # else a helper patches for some of the lines
        self.active = not inside

    def of(self, nodes: Iterable[ast.AST], env: Env, code: CodeType, depth: int) -> Iterator[Event]:
        """Yield what *nodes* do, in order; of branches what each does, one after the other."""
        for node in nodes:
            yield from self._of(node, env, code, depth)

    def _of(self, node: ast.AST, env: Env, code: CodeType, depth: int) -> Iterator[Event]:
        if node is self.step and not isinstance(node, _LOOPS):
            yield Event("asserted")
        here = code.co_filename == self.site[0]
        match node:
            case ast.With() | ast.AsyncWith():
                yield from self._block(node, env, code, depth, here)
                return
            case ast.Await(value=value):
                yield from self._await(value, env, code, depth)
                return
            case ast.If(test=test):
                yield from self._of(test, env, code, depth)
                self.tests.append(ast.unparse(test))
                yield from self.of([*node.body, *node.orelse], env, code, depth)
                self.tests.pop()
                return
            case ast.Call():
                yield from self._call(node, env, code, depth)
            case ast.AsyncFor():
                yield Event("turn")
            case ast.comprehension(is_async=1):
                yield Event("turn")
            case ast.For() | ast.While():
                self.repeats = True
            case ast.Yield():
                yield Event("yields")
        if not isinstance(node, _SCOPES):
            parts = inner_nodes(node)
            kept = (one for one in parts if not isinstance(one, ast.ExceptHandler))
            yield from self.of(kept, env, code, depth)
        if here and isinstance(node, ast.stmt) and spans_line(node, self.site[1]):
            self.active = self.active or not hasattr(node, "body")
        if node is self.step and isinstance(node, _LOOPS):
            yield Event("asserted")

    def _block(
        self, node: ast.With | ast.AsyncWith, env: Env, code: CodeType, depth: int, here: bool
    ) -> Iterator[Event]:
        patches = here and head_spans_line(node, self.site[1])
        before = self.active
        exits: list[list[Event]] = []
        for item in node.items:
            if isinstance(node, ast.AsyncWith):
                enters, leaves = self._manager(item.context_expr, env, depth)
                yield from enters
                exits.append(leaves)
            else:
                yield from self._of(item.context_expr, env, code, depth)
        self.active = before or patches
        yield from self.of(node.body, env, code, depth)
        for leaves in reversed(exits):
            yield from leaves
        self.active = before if patches else self.active

    def _manager(self, made: ast.expr, env: Env, depth: int) -> tuple[Iterable[Event], list[Event]]:
        """Return what entering and leaving a manager does: a library's may give a turn."""
        if depth < DEEPEST:
            inner = _inside(made, env) if isinstance(made, ast.Call) else None
            block = parsed_files.function_of(inner[1]) if inner is not None else None
            if inner is not None and block is not None:
                events = [*self.of(block.body, *inner, depth + 1)]
                at = next((n for n, one in enumerate(events) if one.how == "yields"), None)
                if at is not None:
                    return events[:at], events[at + 1 :]
            of = callees.held(made, env)
            enters, leaves = (special_methods.users(of, n) for n in ("__aenter__", "__aexit__"))
            if enters is not None and leaves is not None:
                return self._method(enters, depth), [*self._method(leaves, depth)]
        return [Event("turn")], [Event("turn")]

    def _method(self, method: MethodType, depth: int) -> Iterator[Event]:
        function = method.__func__
        if type(function) is not FunctionType:
            return
        block = parsed_files.function_of(function.__code__)
        env = meaning.in_call(function, {function.__code__.co_varnames[0]: method.__self__})
        yield from self.of(block.body if block else (), env, function.__code__, depth + 1)

    def _await(self, value: ast.expr, env: Env, code: CodeType, depth: int) -> Iterator[Event]:
        if not isinstance(value, ast.Call):
            yield Event("turn")
            return
        yield from self.of([*value.args, *value.keywords], env, code, depth)
        if self.asks(value, env):
            yield Event("slept" if self.active and self.known else "turn")
            return
        target = callees.target(value.func, env)
        if objects.is_mock(target) and _returns_at_once(target):
            return
        inner = callees.inside(value, env) if depth < DEEPEST else None
        block = parsed_files.function_of(inner[1]) if inner is not None else None
        if inner is not None and isinstance(block, ast.AsyncFunctionDef):
            yield from self.of(block.body, *inner, depth + 1)
        else:
            yield Event("turn")

    def _call(self, node: ast.Call, env: Env, code: CodeType, depth: int) -> Iterator[Event]:
        name = calls.last(node.func)
        if name in STARTERS and name != "shield":
            match node.args:
                case [ast.Call() as made, *_]:
                    yield Event("started", made, env, code)
                case [ast.Name() | ast.Attribute() as function, *given] if name == "start_soon":
                    yield Event("started", ast.Call(function, given, []), env, code)
        elif name == "cancel" and isinstance(node.func, ast.Attribute):
            task = ast.unparse(node.func.value)
            if all(task in test for test in self.tests):  # `if self.task: self.task.cancel()`
                yield Event("cancelled")
        elif name in _UNDOES and isinstance(node.func, ast.Attribute) and self._undoes(node, env):
            self.active = False
        elif depth < DEEPEST and (inner := callees.inside(node, env)) is not None:
            block = parsed_files.function_of(inner[1])
            if isinstance(block, ast.FunctionDef):
                yield from self.of(block.body, *inner, depth + 1)

    def _undoes(self, node: ast.Call, env: Env) -> bool:
        assert isinstance(node.func, ast.Attribute)
        of = callees.value(node.func.value, env)
        return objects.module_of(type(of)) in (*MOCKS, "_pytest.monkeypatch")


def _returns_at_once(mock: object) -> bool:
    parts = ("_mock_side_effect", "_mock_wraps", "_mock_delegate")
    return all(objects.peek(mock, name) is None for name in parts)


def _inside(call: ast.Call, env: Env) -> tuple[Env, CodeType] | None:
    """Return the names in the user's generator that a call of its `@asynccontextmanager` makes."""
    made = callees.function(call.func, env)
    inner = objects.peek(made, "__wrapped__") if made is not None else None
    if type(inner) is not FunctionType or not callees.of_user(inner):
        return None
    given = callees.given_to(inner.__code__, objects.UNKNOWN, call, env)
    return meaning.in_call(inner, given), inner.__code__
