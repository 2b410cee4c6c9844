"""A walk through code, and through the functions of the project that it calls."""

from __future__ import annotations

import ast
import contextlib
import inspect
from collections import ChainMap
from collections.abc import AsyncIterator, Callable, Iterator
from types import CodeType, FunctionType, MethodType
from typing import cast

from loopcheck.light import replace
from loopcheck.process import asgi_apps, objects, parameters
from loopcheck.process.doubles import doubles
from loopcheck.source import calls, parsed_files, project_files
from loopcheck.source.concurrent_writes import locks, shared_state
from loopcheck.source.concurrent_writes.statement_walk import StatementWalk
from loopcheck.source.concurrent_writes.tracked_values import (
    NOTHING,
    Begun,
    FileLine,
    Guard,
    Scope,
    Value,
)
from loopcheck.source.values import callees, meaning
from loopcheck.source.values.callees import Env

DEEPEST = 6  # calls to follow
GATHERS = frozenset({"gather"})
STARTS = frozenset({"create_task", "ensure_future", "create_eager_task", "spawn"})
CALLS_IN_TASK = frozenset({"start_soon"})  # they take the function, and call it
VERBS = frozenset({"GET", "POST", "PUT", "PATCH", "DELETE"})
RUNS = frozenset({"run", "run_until_complete", "wait_for", "shield", "timeout"})


def _nothing() -> Iterator[None]:
    yield


async def _nothing_async() -> AsyncIterator[None]:
    yield


# What a call of a `@contextmanager` function runs: contextlib's, of one code for all of them.
MANAGERS = [
    cast("FunctionType", made).__code__
    for made in (
        contextlib.contextmanager(_nothing),
        contextlib.asynccontextmanager(_nothing_async),
    )
]


class Walk(StatementWalk):
    """A walk through statements, and through the project's functions that they call."""

    # Where a walk begins

    def function(self, begun: Begun) -> None:
        """Walk through what a task runs."""
        self._run(begun.function, begun.given, {}, [])

    def frame(self, env: Env, code: CodeType, line: int) -> None:
        """Walk through the lines of a frame, up to and with *line*."""
        block = parsed_files.function_of(code)
        if block is not None:
            known: dict[str, object] = {}
            scope = Scope(ChainMap(known, env), known, code, {}, [], is_frame=True)  # type: ignore[arg-type]
            self._block(block.body, scope, line)

    # Calls

    def _call(self, node: ast.Call, scope: Scope, *, awaited: bool) -> Value:
        target = callees.target(node.func, scope.env)
        name = calls.last(node.func) or ""
        owner = node.func.value if isinstance(node.func, ast.Attribute) else None
        found = self._value(owner, scope, base=True) if owner is not None else NOTHING
        given = [self._value(one, scope) for one in node.args]
        named = {one.arg: self._value(one.value, scope) for one in node.keywords}
        every = found
        for one in (*given, *named.values()):
            every |= one
        if owner is not None and name in ("acquire", "release") and locks.is_lock(owner, scope.env):
            if name == "release":
                self.held = max(0, self.held - 1)
            else:
                self._wait(scope.line(node))
                self.held += 1
            return every
        self._pass_on(node, scope)
        if callees.of_user(target) and isinstance(target, FunctionType | MethodType):
            return self._user_call(target, node, given, named, scope, awaited=awaited)
        if owner is not None and not awaited and name.upper() in VERBS and node.args:
            answers = self._request(node, owner, name, scope)
            if answers is not None:
                return Value(begun=(answers,))
        if name in GATHERS:
            self.tasks.gather(every.begun, scope.line(node))
        elif name in STARTS and every.begun:
            if awaited:
                self.tasks.start_and_wait(every.begun)
                self._wait(scope.line(node))
                return NOTHING
            self.tasks.start(every.begun)
            return Value(tasks=every.begun)
        elif name == "map" and len(node.args) > 1:
            return Value(begun=self._called_later(node, scope, with_arguments=False))
        elif name in CALLS_IN_TASK and node.args:
            self.tasks.start(self._called_later(node, scope, with_arguments=True))
            return NOTHING
        elif name in RUNS:
            ran, line = every.begun, scope.line(node)
            every = replace(every, begun=())
            for begun in ran:
                every |= self._run(begun.function, begun.given, {}, scope.guards, line)
        elif owner is not None:
            every |= self._method(node, target, owner, every, scope, awaited=awaited)
        if objects.is_mock(target):
            return self._mock(target, node, every, scope, awaited=awaited)
        if awaited:
            self.tasks.end(every.tasks)
            self._wait(scope.line(node))
            taken = None if scope.is_frame else locks.turn_taken(node, scope.env, scope.code)
            if taken is not None:
                self.turns.append((scope.code, taken))
        return every

    def _pass_on(self, node: ast.Call, scope: Scope) -> None:
        """Note that from here on other tasks run that have waited for what *node* passes on."""
        mine = (scope.code, locks.turn_of(node, locks.PASSES_ON) or "")
        self.turns = [one for one in self.turns if one != mine]

    def _user_call(
        self,
        target: FunctionType | MethodType,
        node: ast.Call,
        given: list[Value],
        named: dict[str | None, Value],
        scope: Scope,
        *,
        awaited: bool,
    ) -> Value:
        function = callees.function_of(target)
        assert isinstance(function, FunctionType)
        code = function.__code__
        names = parameters.positional(code)[int(type(target) is MethodType) :]
        values = dict(zip(names, given, strict=False))
        values |= {name: one for name, one in named.items() if name is not None}
        is_coroutine = bool(code.co_flags & inspect.CO_COROUTINE)
        if is_coroutine and not awaited:
            of = target.__self__ if type(target) is MethodType else objects.UNKNOWN
            known = callees.given_to(code, of, node, scope.env)
            return Value(begun=(self.tasks.call(function, known, scope.line(node)),))
        found = self._follow(target, node, values, scope)
        if awaited and not is_coroutine:
            self.tasks.end(found.tasks)
            self._wait(scope.line(node))
        return found

    def _around(self, manager: ast.expr, scope: Scope, inside: Callable[[Value], None]) -> bool:
        target = callees.target(getattr(manager, "func", None), scope.env)
        helper = callees.function_of(target)
        if not isinstance(manager, ast.Call) or getattr(helper, "__code__", None) not in MANAGERS:
            return False
        function = objects.function_of(helper)
        if function is None or not callees.of_user(function):
            return False
        bound = MethodType(function, target.__self__) if type(target) is MethodType else function
        given = [self._value(one, scope) for one in manager.args]
        names = parameters.positional(function.__code__)[int(type(target) is MethodType) :]
        values = dict(zip(names, given, strict=False))
        values |= {one.arg: self._value(one.value, scope) for one in manager.keywords if one.arg}
        outer = len(self.inside), len(self.called)
        begun = False

        def at_yield(found: Value) -> None:
            nonlocal begun
            begun = True
            mine = self.inside, self.called
            self.inside, self.called = self.inside[: outer[0]], self.called[: outer[1]]
            inside(found)
            self.inside, self.called = mine

        self._follow(bound, manager, values, scope, at_yield)
        if not begun:
            inside(NOTHING)
        return True

    def _follow(
        self,
        target: object,
        call: ast.expr,
        values: dict[str, Value],
        scope: Scope,
        at_yield: Callable[[Value], None] | None = None,
    ) -> Value:
        function = callees.function_of(target)
        of = target.__self__ if type(target) is MethodType else objects.UNKNOWN
        if not isinstance(function, FunctionType):
            return NOTHING
        known = callees.given_to(function.__code__, of, call, scope.env)
        return self._run(function, known, values, scope.guards, scope.line(call), at_yield)

    def _run(
        self,
        function: FunctionType,
        given: dict[str, object],
        values: dict[str, Value],
        guards: list[Guard],
        called: FileLine | None = None,
        at_yield: Callable[[Value], None] | None = None,
    ) -> Value:
        code = function.__code__
        block = parsed_files.function_of(code)
        if block is None or code in self.inside or len(self.inside) >= DEEPEST:
            return NOTHING
        if project_files.owner(code.co_filename) != "user":
            return NOTHING
        self.inside.append(code)
        if called is not None:
            self.called.append(called)
        self.kept += given.values()
        known: dict[str, object] = {}
        env = meaning.in_call(function, given)
        scope = Scope(ChainMap(known, env), known, code, values, list(guards))  # type: ignore[arg-type]
        scope.at_yield = at_yield
        self._block(block.body, scope)
        self.inside.pop()
        self.turns = [one for one in self.turns if one[0] is not code]
        if called is not None:
            self.called.pop()
        return scope.returned

    def _called_later(
        self, node: ast.Call, scope: Scope, *, with_arguments: bool
    ) -> tuple[Begun, ...]:
        """Return the task of `start_soon(function, *args)`, or those of `map(function, rows)`."""
        target = callees.target(node.args[0], scope.env)
        function = callees.function_of(target)
        if type(function) is not FunctionType or not callees.of_user(target):
            return ()
        of = target.__self__ if type(target) is MethodType else objects.UNKNOWN
        given = node.args[1:] if with_arguments else []
        call = ast.copy_location(ast.Call(node.args[0], given, []), node)
        known = callees.given_to(function.__code__, of, call, scope.env)
        deeper = int(not with_arguments)
        return (self.tasks.call(function, known, scope.line(node), deeper=deeper),)

    def _request(self, node: ast.Call, owner: ast.expr, verb: str, scope: Scope) -> Begun | None:
        """Return the endpoint's coroutine that a request of an app's client leads to."""
        client, path = callees.value(owner, scope.env), callees.value(node.args[0], scope.env)
        function = asgi_apps.endpoint(client, verb.upper(), path) if meaning.known(client) else None
        if function is None or not function.__code__.co_flags & inspect.CO_COROUTINE:
            return None
        return self.tasks.call(function, {}, scope.line(node))

    def _method(
        self,
        node: ast.Call,
        target: object,
        owner: ast.expr,
        given: Value,
        scope: Scope,
        *,
        awaited: bool,
    ) -> Value:
        """Note what a container's method, or a library's client, reads or writes."""
        of, name = callees.held(owner, scope.env), calls.last(node.func) or ""
        line = scope.line(node)
        first = callees.value(node.args[0], scope.env) if node.args else objects.UNKNOWN
        if isinstance(owner, ast.Name) and name in ("append", "add", "extend"):
            before = scope.value_of(owner.id)  # a list of coroutines or tasks
            scope.give(owner.id, before | replace(given, reads=frozenset()))
        if shared_state.is_container(of):
            found = NOTHING
            if name in shared_state.GETS:
                found = self._reads(shared_state.item(of, first), node, scope)
            if name not in shared_state.READS_ONLY:
                keys = list(shared_state.item(of, first)) if name in shared_state.FILLS else []
                self._write([*keys, *shared_state.whole(of)], given, line, scope)
            return found
        if meaning.known(of) and awaited and type(first) in (str, bytes):
            key = ("called", id(of), first)
            if name.startswith(shared_state.STORES):
                self._wait(line)  # another task may come between
                self._write([(key, of)], given, line, scope)
                return NOTHING
            if not objects.is_mock(of):
                return self._reads([(key, of)], node, scope)
        return NOTHING

    def _mock(
        self, mock: object, node: ast.Call, given: Value, scope: Scope, *, awaited: bool
    ) -> Value:
        line = scope.line(node)
        self._write(shared_state.whole(mock), given, line, scope)
        effect = callees.called(doubles.effect(mock))
        if callees.of_user(effect):
            return self._follow(effect, node, {}, scope)
        return given  # awaiting a mock lets no other task run
