"""The lines that read a context variable on the way to the failure, and what they got.

Without a default, `get` raises a LookupError. With one, the code goes on, and something else fails:
the failing line itself, an `if` that asks for the default and raises, or a key that is not there.
"""

from __future__ import annotations

import ast
import inspect
from collections.abc import Iterable, Iterator, Sequence
from contextvars import Context, ContextVar, copy_context
from typing import Any

from loopcheck.case.live import Live
from loopcheck.labels import Labels
from loopcheck.light import dataclass, replace
from loopcheck.process import failure, futures, objects
from loopcheck.process.failure import Link, Step
from loopcheck.process.loops import task_contexts
from loopcheck.records import Place
from loopcheck.source import assignments, parsed_files
from loopcheck.source.nodes import is_text, nodes_of
from loopcheck.source.statements import raise_conditions
from loopcheck.source.values import callees, meaning
from loopcheck.source.values.callees import Env

ELSEWHERE = "was created in a different Context"
NOTHING = (AttributeError, TypeError, AssertionError)
DEEPEST = 3  # functions that only return what another one reads
THREAD = ("concurrent.futures.thread", "run")
COPIES = ("asyncio.threads", "anyio.to_thread", "starlette.concurrency")  # before that frame
ANYIO = "anyio._backends._asyncio"
PLAIN = (type(None), bool, int, float, str, bytes, tuple, frozenset, list, dict, set)


@dataclass(frozen=True, eq=False)
class Read:
    """The line that reads or resets a variable, and the failing frame. Lives during a look only."""

    variable: ContextVar[Any]
    name: str
    link: Link
    at: int  # index of its frame
    line: int  # of the reading call in that frame: the failing line, or one before it
    resets: bool = False
    by_default: bool = False  # it got the default, and the code went on with that
    asserted: Step | None = None  # the assertion that has the error, caught long before

    @property
    def step(self) -> Step:
        return self.link.trace[self.at]

    def place(self, labels: Labels) -> Place:
        """Return where it is read."""
        here = self.step.place(labels)
        return Place(here.file, self.line, here.name)


@dataclass(frozen=True, eq=False)
class Got:
    """A `get` that an expression stands for, and what it returns in a context without a value."""

    variable: ContextVar[Any]
    name: str  # "tenant"
    line: int  # where the frame's own code calls it, or a function that returns it
    default: object
    shown: bool = False  # a name in the failing frame, or the error, has the default


def read_of(link: Link, live: Live) -> Read | None:
    """Return the variable that the failing line lacks, or whose default makes it fail."""
    at = max((i for i, one in enumerate(link.trace) if one.owner == "user"), default=None)
    if at is None:
        return None
    step, given = link.trace[at], objects.args_of(link.error)
    if type(link.error) is LookupError and given and type(given[0]) is ContextVar:
        return Read(given[0], _name(given[0], step), link, at, step.line)
    if type(link.error) is ValueError and ELSEWHERE in objects.said(link.error):
        return next(_resets(link, at), None)
    if link.trace[-1] is not step:
        return None
    for got in (*_of_failing_line(link, step), *_of_conditions(step), *_of_keys(link, step)):
        if is_unset(got.variable, link.trace[: at + 1], live, shown=got.shown):
            return Read(got.variable, got.name, link, at, got.line, by_default=True)
    return None


def calls_of_method(
    step: Step, nodes: Iterable[ast.AST], name: str
) -> Iterator[tuple[ast.Call, ContextVar[Any]]]:
    """Yield the calls of `variable.name(…)` among *nodes*, with their variable."""
    for call in nodes:
        match call:
            case ast.Call(func=ast.Attribute(value=of, attr=attr)) if attr == name:
                variable = meaning.of(of, step.frame)
                if type(variable) is ContextVar:
                    yield call, variable


def _name(variable: ContextVar[Any], step: Step) -> str:
    for call, one in calls_of_method(step, step.source.nodes(), "get"):
        if one is variable:
            return _written(call)
    return variable.name


def _written(call: ast.Call) -> str:
    return ast.unparse(call.func).rpartition(".")[0]


def _resets(link: Link, at: int) -> Iterator[Read]:
    step = link.trace[at]
    for call, variable in calls_of_method(step, step.source.nodes(), "reset"):
        token = meaning.of(call.args[0], step.frame) if call.args else None
        if task_contexts.is_token_of(token, variable):
            yield Read(variable, _written(call), link, at, step.line, resets=True)


# Reads that give the default


def got_by(node: ast.AST | None, env: Env, block: ast.AST | None, deep: int = 0) -> Got | None:
    """Return the `get` whose result *node* is: the call, a name for it, or a function around it."""
    match node:
        case ast.NamedExpr(value=value):
            return got_by(value, env, block, deep)
        case ast.Name(id=name):
            values = assignments.assigned_values(name, block)
            alone = len(values) == 1 and isinstance(values[0], ast.Call | ast.Await)
            return got_by(values[0], env, block, deep) if alone else None
        case ast.Await(value=ast.Call() as call):
            return _returned_by(call, env, deep)
        case ast.Call(func=ast.Attribute(value=of, attr="get")):
            variable = callees.value(of, env)
            if type(variable) is ContextVar:
                default = default_of(variable, node, env)
                return Got(variable, _written(node), node.lineno, default)
    return _returned_by(node, env, deep) if isinstance(node, ast.Call) else None


def _returned_by(call: ast.Call, env: Env, deep: int) -> Got | None:
    """Return the `get` that the called function does nothing but return."""
    inner = callees.inside(call, env) if deep < DEEPEST else None
    block = parsed_files.function_of(inner[1]) if inner is not None else None
    steps = [one for one in block.body if not is_text(one)] if block is not None else []
    match steps:
        case [ast.Return(value=value)] if inner is not None:
            got = got_by(value, inner[0], block, deep + 1)
            return Got(got.variable, got.name, call.lineno, got.default) if got else None
    return None


def default_of(variable: ContextVar[Any], call: ast.Call, env: Env) -> object:
    """Return what *call*, a `get`, gives in a context where nothing has set *variable*."""
    if call.args:
        return callees.value(call.args[0], env)
    try:
        return Context().run(variable.get)
    except LookupError:
        return objects.ABSENT


def _of_failing_line(link: Link, step: Step) -> Iterator[Got]:
    """Yield the reads on the failing line, and those whose None has a name there."""
    if not isinstance(link.error, NOTHING):
        return
    if type(link.error) is not AssertionError and "'NoneType'" not in objects.all_said(link.error):
        return
    nodes, env, block = list(step.source.nodes()), *_around(step)
    for call, variable in calls_of_method(step, nodes, "get"):
        yield Got(variable, _written(call), step.line, None)
    for node in nodes_of(ast.Name, *nodes) if block is not None else ():
        got = got_by(node, env, block)
        found = meaning.named(node.id, step.frame)
        if got is None or found is not got.default:
            continue
        if found is None or type(link.error) is AssertionError:
            yield replace(got, shown=True)


def _around(step: Step) -> tuple[Env, ast.AST | None]:
    return meaning.names_of(step.frame), parsed_files.function_of(step.frame.f_code)


def _of_conditions(step: Step) -> Iterator[Got]:
    """Yield the reads whose default is why the failing line, a `raise`, runs at all."""
    env, block = _around(step)
    file = step.frame.f_code.co_filename
    if block is None or parsed_files.step_at(file, step.line, step.span) != "raise":
        return
    for test, held in raise_conditions.decided_by(file, step.line):
        for node, asked in _asks(test, held):
            got = got_by(node, env, block)
            wanted = meaning.of(asked, step.frame) if asked is not None else objects.UNKNOWN
            if got is None or not _is_default(got.default, wanted, any_false=asked is None):
                continue
            if not isinstance(node, ast.Name):
                yield got
            elif meaning.named(node.id, step.frame) is got.default:
                yield replace(got, shown=True)


def _asks(test: ast.expr, held: bool) -> Iterator[tuple[ast.expr, ast.expr | None]]:
    """Yield what *test* compares with what; with None if it only asks whether it is false."""
    match test:
        case ast.UnaryOp(op=ast.Not(), operand=inner):
            yield from _asks(inner, not held)
        case ast.BoolOp(op=ast.And(), values=parts) if held:
            for one in parts:
                yield from _asks(one, held)
        case ast.BoolOp(op=ast.Or(), values=parts) if not held:
            for one in parts:
                yield from _asks(one, held)
        case ast.Compare(left=left, ops=[ast.Is() | ast.Eq()], comparators=[right]) if held:
            yield left, right
        case ast.Compare(left=left, ops=[ast.IsNot() | ast.NotEq()], comparators=[right]) if (
            not held
        ):
            yield left, right
        case ast.Name() | ast.Call() | ast.Await() | ast.NamedExpr() if not held:
            yield test, None


def _is_default(default: object, wanted: object, *, any_false: bool) -> bool:
    if any_false:
        return type(default) in PLAIN and not default
    if not meaning.known(default):
        return False
    return default is wanted or (
        type(default) is type(wanted) and type(default) in (str, int, bytes) and default == wanted
    )


def _of_keys(link: Link, step: Step) -> Iterator[Got]:
    """Yield the reads whose default is the key that a KeyError is about."""
    given = objects.args_of(link.error) if type(link.error) is KeyError else ()
    if not given:
        return
    env, block = _around(step)
    for node in nodes_of(ast.Subscript, *step.source.nodes()):
        got = got_by(node.slice, env, block)
        if got is not None and _is_default(got.default, given[0], any_false=False):
            yield replace(got, shown=True)


# The contexts


def is_unset(
    variable: ContextVar[Any], trace: Sequence[Step], live: Live, *, shown: bool = False
) -> bool:
    """True if the context that the end of *trace* ran in is known, and has no value.

    In a thread of an executor we see no context. There the default must be *shown* to be the value.
    """
    known = tasks(live)
    for at in range(len(trace) - 1, -1, -1):
        if in_bare_thread(trace, at):
            return shown
        mine = [one for one in known if runs(one, trace[at])]
        if mine:
            contexts = [context for one in mine for context in task_contexts.contexts_of(one)]
            return bool(contexts) and not any(variable in one for one in contexts)
    return _is_plain(trace) and variable not in copy_context()


def _is_plain(trace: Sequence[Step]) -> bool:
    """True if only the test's thread ran *trace*, without a task: loopcheck asks in its context."""
    return not any(
        one.frame.f_code.co_flags & inspect.CO_COROUTINE
        or one.module.partition(".")[0] in ("asyncio", "concurrent", "threading")
        for one in trace
    )


def in_bare_thread(trace: Sequence[Step], at: int) -> bool:
    """True if the frame at *at* is an executor's, whose thread has no copy of the context."""
    if (trace[at].module, trace[at].frame.f_code.co_name) != THREAD:
        return False
    library = [one.module for one in trace[max(at - 4, 0) : at] if one.owner == "library"]
    return not any(one in COPIES or one == ANYIO for one in library)


def tasks(live: Live) -> list[Any]:
    """Return the tasks of the loops that ran the failing lines, done or not."""
    return task_contexts.tasks_of([*map(failure.ran_on, live.links), live.loop])


def runs(task: Any, step: Step) -> bool:
    """True if the coroutine of *task* is that of *step*, or has awaited it."""
    coro = futures.coroutine(task)
    return getattr(coro, "cr_code", None) is step.frame.f_code
