"""The lines that set a context variable: in which function, and in whose context they run.

Only what has surely run counts: no branch, no loop, and nothing that the same code takes back with
`reset`. Nothing is run, we read the code of the failing frames and of the functions that it calls.
"""

from __future__ import annotations

import ast
import asyncio
import inspect
import sys
from collections.abc import Iterable, Iterator, Sequence
from contextvars import Context, ContextVar
from types import CodeType, FrameType, FunctionType, MethodType
from typing import Any, Literal

from loopcheck.light import dataclass, replace
from loopcheck.process import objects
from loopcheck.source import calls, parsed_files, project_files
from loopcheck.source.definitions import Def
from loopcheck.source.nodes import calls_in, nodes_run_by, nodes_with_parents, own_nodes
from loopcheck.source.statements import executed_statements
from loopcheck.source.values import called_bodies, callees, meaning
from loopcheck.source.values.callees import Env

Kind = Literal["task", "thread", "context"]
DEEPEST = 4  # calls to follow
_RETURNS_NEW = inspect.CO_COROUTINE | inspect.CO_GENERATOR | inspect.CO_ASYNC_GENERATOR
# What runs its argument in another context than the caller's.
RUNNERS: dict[str, Kind] = {
    **dict.fromkeys(("create_task", "ensure_future", "gather", "start_soon", "shield"), "task"),
    **dict.fromkeys(("run_coroutine_threadsafe", "run_until_complete"), "task"),
    **dict.fromkeys(calls.MAYBE_TO_THREADS, "thread"),
}
if sys.version_info < (3, 12):  # from then on it waits in the caller's task
    RUNNERS["wait_for"] = "task"


@dataclass(frozen=True, eq=False)
class Runner:
    """A call that runs a function in another context. Lives only during a look."""

    kind: Kind
    written: str  # "asyncio.gather"
    file: str
    line: int
    function: str  # around that call
    runs: str  # the function that it runs


@dataclass(frozen=True, eq=False)
class Setting:
    """A line that sets the variable. Lives only during a look."""

    file: str
    line: int
    function: str
    apart: Runner | None = None  # the outermost call on the way that has another context
    used: bool = False  # the code of that context reads it, too: it may be meant for itself


def lost_for_others(found: Sequence[Setting]) -> Setting | None:
    """Return the last of the lines that others need, None if each context may have its own value.

    Several in one call, or code that reads what it has set, as a worker does for each of its jobs.
    """
    last = found[-1]
    beside = [
        one for one in found if one.apart and last.apart and one.apart.line == last.apart.line
    ]
    return None if last.used or len(beside) > 1 else last


def last_here(found: Sequence[Setting]) -> Setting | None:
    """Return the last of the lines that set it in the context of the function itself."""
    return next((one for one in reversed(found) if one.apart is None), None)


def is_executors(call: ast.Call) -> bool:
    """Return whether *call* hands a function to an executor, which copies no context."""
    return calls.last(call.func) in ("run_in_executor", "submit")


def handed(call: ast.Call) -> ast.expr | None:
    """Return the function that *call* hands to an executor."""
    at = 1 if calls.last(call.func) == "run_in_executor" else 0
    return call.args[at] if is_executors(call) and len(call.args) > at else None


class Search:
    """Looks for the lines that set *variable*."""

    def __init__(self, variable: ContextVar[Any]) -> None:
        self.variable = variable
        self._seen: list[CodeType] = []  # on the way from the first function

    def before(self, frame: FrameType, line: int) -> list[Setting]:
        """Return what has set it, and has not taken it back, when *frame* is at *line*."""
        code, env = frame.f_code, meaning.names_of(frame)
        block = parsed_files.function_of(code)
        if block is not None:
            return self.before_line(code, env, block, line)
        tree = parsed_files.tree(code.co_filename) if code.co_name == "<module>" else None
        return self.before_line(code, env, tree, line) if tree is not None else []

    def before_line(
        self, code: CodeType, env: Env, block: Def | ast.Module, line: int
    ) -> list[Setting]:
        """Return the same for code that has ended, and that came to *line*."""
        return self._sets(executed_statements.before(block.body, line), env, code, block, line)

    def in_function(self, function: FunctionType, given: dict[str, object]) -> list[Setting]:
        """Return what a whole call of *function* sets; of a generator, up to its `yield`."""
        code = function.__code__
        block = parsed_files.function_of(code)
        deep = len(self._seen) >= DEEPEST or code in self._seen
        if block is None or deep or project_files.owner(code.co_filename) != "user":
            return []
        self._seen.append(code)
        try:
            steps = list(executed_statements.up_to_end(block.body))
            ends = [one for one in steps if isinstance(one, ast.stmt)]
            stops = bool(ends) and executed_statements.holds_yield(ends[-1])
            end = ends[-1].lineno if stops else (block.end_lineno or block.lineno) + 1
            return self._sets(steps, meaning.in_call(function, given), code, block, end)
        finally:
            self._seen.pop()

    def sets(self, call: ast.Call, env: Env) -> bool:
        """True if *call* is `variable.set(…)`."""
        return self._is_method(call, env, "set")

    def _is_method(self, call: ast.Call, env: Env, name: str) -> bool:
        match call.func:
            case ast.Attribute(value=of, attr=attr) if attr == name:
                return callees.value(of, env) is self.variable
        return False

    def _sets(
        self,
        steps: Iterable[executed_statements.Ran],
        env: Env,
        code: CodeType,
        block: ast.AST,
        end: int,
    ) -> list[Setting]:
        found: list[tuple[int, Setting]] = []  # with the line in *block* that leads there
        for step in steps:
            for node, above in nodes_with_parents(step):
                if isinstance(node, ast.Call):
                    each = self._of_call(node, above[-1], env, code)
                    found += [(node.lineno, one) for one in each]
        taken_back = [
            one.lineno
            for one in own_nodes(block)
            if isinstance(one, ast.Call) and one.lineno < end and self._takes_back(one, env)
        ]
        return [
            one if one.apart or one.used else replace(one, used=self._reads(block, line, env, code))
            for line, one in found
            if one.apart is not None or not any(line < other for other in taken_back)
        ]

    def _reads(self, block: ast.AST, line: int, env: Env, code: CodeType) -> bool:
        """True if *block* reads the variable from *line* on, or a function that it calls does."""

        start = called_bodies.Body([block], env, code)

        def calls(body: called_bodies.Body) -> Iterator[ast.Call]:
            first = body is start
            for one in own_nodes(block) if first else nodes_run_by(body.steps):
                if isinstance(one, ast.Call) and not (first and one.lineno < line):
                    yield one

        return any(
            self._is_method(call, body.env, "get")
            for body in called_bodies.reached(start, deepest=DEEPEST, calls=calls)
            for call in calls(body)
        )

    def _takes_back(self, call: ast.Call, env: Env) -> bool:
        """True if *call* is `variable.reset(…)`, or runs a function of the project with that."""
        if self._is_method(call, env, "reset"):
            return True
        target = callees.target(call.func, env)
        function = self._function(target, entered=False)
        block = parsed_files.function_of(function.__code__) if function is not None else None
        if function is None or block is None or not callees.of_user(function):
            return False
        inner = meaning.in_call(function, {})
        return any(self._is_method(one, inner, "reset") for one in calls_in(block))

    def _of_call(
        self, call: ast.Call, parent: ast.AST, env: Env, code: CodeType
    ) -> Iterator[Setting]:
        if self.sets(call, env):
            yield Setting(code.co_filename, call.lineno, code.co_name)
            return
        target = callees.target(call.func, env)
        kind = self._kind(call, target, env)
        if kind is not None:
            yield from self._apart(call, kind, env, code)
            return
        function = self._function(target, entered=isinstance(parent, ast.withitem))
        if function is None:
            return
        # A call of an async function runs nothing yet; a manager's generator runs when entered.
        runs_now = isinstance(parent, ast.Await | ast.withitem)
        if function.__code__.co_flags & _RETURNS_NEW and not runs_now:
            return
        yield from self._follow(call, target, function, env)

    def _follow(
        self, call: ast.expr, target: object, function: FunctionType, env: Env
    ) -> Iterator[Setting]:
        of = target.__self__ if type(target) is MethodType else objects.UNKNOWN
        given = callees.given_to(function.__code__, of, call, env)
        yield from self.in_function(function, given)

    def _function(self, target: object, *, entered: bool) -> FunctionType | None:
        """Return the function that a call of *target* runs, below `@contextmanager`."""
        if entered and objects.is_a(target, type):
            for name in ("__enter__", "__aenter__"):
                method = objects.class_attribute(target, name)
                if type(method) is FunctionType:
                    return method
        return objects.function_of(target)

    def _kind(self, call: ast.Call, target: object, env: Env) -> Kind | None:
        """Return what runs the arguments of *call* in another context, None if nothing does."""
        name = calls.last(call.func) or ""
        if callees.of_user(target):
            return None
        if name != "run":
            return RUNNERS.get(name)
        match call.func:
            case ast.Attribute(value=ast.Call(func=func)) if calls.last(func) == "copy_context":
                return "context"
            case ast.Attribute(value=of) if objects.is_a(callees.value(of, env), Context):
                return "context"
        return "task" if target is asyncio.run else None

    def _apart(self, call: ast.Call, kind: Kind, env: Env, code: CodeType) -> Iterator[Setting]:
        """Yield what the functions that *call* runs set, each in a context of its own."""
        for one in (*call.args, *(word.value for word in call.keywords)):
            made = one.func if isinstance(one, ast.Call) else one
            target = callees.target(made, env)
            function = self._function(target, entered=False)
            if function is None:
                continue
            runner = Runner(
                kind=kind,
                written=ast.unparse(call.func),
                file=code.co_filename,
                line=call.lineno,
                function=code.co_name,
                runs=ast.unparse(made),
            )
            call_of = one if isinstance(one, ast.Call) else made
            for found in self._follow(call_of, target, function, env):
                yield Setting(found.file, found.line, found.function, runner, found.used)
