"""A spinning `while`: does anything that it does or reads change from iteration to iteration?

We read it from the syntax tree, with the frame's own names. An iteration is *still* if it only
reads: it assigns no attribute, item or outer name, and all that it calls only reads, too. Then the
next iteration is like the last, unless other code changes what it reads. An iteration with
something that can't be resolved is not still: a clock, a file and a random number change by
themselves.
"""

from __future__ import annotations

import ast
import gc
import inspect
import types
from collections.abc import Iterator
from typing import Literal

from loopcheck.labels import Labels
from loopcheck.light import dataclass
from loopcheck.process import objects, thread_stacks
from loopcheck.process.frames import line_at
from loopcheck.process.waiting import await_chain
from loopcheck.records import Place, SpinRecord
from loopcheck.source import parsed_files, project_files
from loopcheck.source.nodes import (
    body_spans_line,
    head_spans_line,
    names_in,
    own_nodes,
    spans_line,
)
from loopcheck.source.statements.pure_statements import Reader, Scope, Way, made_in
from loopcheck.source.values import meaning

CLOCKS = frozenset(
    {"time", "monotonic", "perf_counter", "now", "utcnow", "process_time", "time_ns", "deadline"}
)

GIVES = (ast.Assign, ast.AnnAssign, ast.AugAssign, ast.NamedExpr)
ASKS = (ast.While, ast.If, ast.IfExp, ast.Assert)
Keyword = Literal["while", "async for", "for"]
LEAVES = (ast.Break, ast.Return, ast.Raise, ast.Assert, ast.Yield)


@dataclass(frozen=True)
class Round:
    """A `while` in user code that a frame is in."""

    line: int
    condition: str
    gives_way: Way
    still: bool
    clock: bool = False  # a clock may end it
    kept: tuple[int, ...] = ()  # ids of the values of names that it does not assign
    over: str | None = None  # what a `for` or `async for` iterates
    keyword: Keyword = "while"
    endless: bool = False  # `while True`, and no statement in it leaves it


def round_of(frame: types.FrameType, line: int | None = None) -> Round | None:
    """Return the innermost `while` that *frame* is in, None if it is in none."""
    code = frame.f_code
    now = line or line_at(frame)
    around = parsed_files.enclosing(code.co_filename, now)
    loops = [
        node
        for node in (ast.walk(around[0]) if around else ())
        if isinstance(node, ast.While) and spans_line(node, now)
    ]
    loops = [node for node in loops if not any(now >= one.lineno for one in node.orelse)]
    if not loops or around[0].name != code.co_name:
        return None
    node = max(loops, key=lambda one: one.lineno)
    assigned, counters = made_in([node])
    there = thread_stacks.locals_of(frame)
    scope = Scope(there, frame.f_globals, assigned, counters)
    reader = Reader()
    only = not _outer(around[0], assigned | counters) and reader.statement(node, scope)
    way: Way = "never"
    for one in ("always", "timer"):
        way = one if one in reader.ways or _sleeps(node, one) else way
    own = assigned | counters
    kept = tuple(id(value) for name, value in there.items() if name not in own)
    return Round(
        node.lineno,
        ast.unparse(node.test),
        way,
        only,
        _asks_a_clock(node),
        kept,
        endless=not reader.raises and _no_way_out(node),
    )


def _asks_a_clock(loop: ast.While) -> bool:
    """Return whether time may end *loop*: a condition in it reads a clock, or a value from one.

    A clock's value that is only stored, or printed, ends nothing.
    """
    clocks, assigned = set(CLOCKS), [one for one in ast.walk(loop) if isinstance(one, GIVES)]
    for _ in range(len(assigned)):  # one stored value may be computed from another
        known = len(clocks)
        for one in assigned:
            if one.value is not None and clocks & _names(one.value):
                targets = one.targets if isinstance(one, ast.Assign) else [one.target]
                for target in targets:
                    clocks |= _names(target)
        if len(clocks) == known:
            break
    asked = [one.test for one in ast.walk(loop) if isinstance(one, ASKS)]
    return any(clocks & _names(one) for one in asked)


def _names(node: ast.AST) -> set[str]:
    """Return the names and attributes in *node*."""
    found = names_in(node)
    return found | {one.attr for one in ast.walk(node) if isinstance(one, ast.Attribute)}


def _no_way_out(loop: ast.While) -> bool:
    """Return whether only a cancellation, or an error in a call, can end *loop*."""
    always = isinstance(loop.test, ast.Constant) and bool(loop.test.value)
    return always and not any(isinstance(one, LEAVES) for one in _uncancelled(loop))


def _uncancelled(node: ast.AST) -> Iterator[ast.AST]:
    """Yield the nodes in *node*, without functions and without handlers of a cancellation."""
    for one in ast.iter_child_nodes(node):
        if isinstance(one, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda):
            continue
        if isinstance(one, ast.ExceptHandler) and _catches_cancel(one):
            continue
        yield one
        yield from _uncancelled(one)


def _catches_cancel(handler: ast.ExceptHandler) -> bool:
    caught = handler.type
    name = caught.attr if isinstance(caught, ast.Attribute) else getattr(caught, "id", None)
    return name == "CancelledError"


def endless(frame: types.FrameType, line: int) -> Round | None:
    """Return the innermost `while`, `for` or `async for` around *line* that never yielded.

    A loop that lets others run between its iterations may rightly wait for more.
    """
    turn = round_of(frame, line)
    around = parsed_files.enclosing(frame.f_code.co_filename, line)
    if not around or around[0].name != frame.f_code.co_name:
        return turn
    found = [
        node
        for node in ast.walk(around[0])
        if isinstance(node, ast.AsyncFor | ast.For)
        and (head_spans_line(node, line) or body_spans_line(node.body, line))
    ]
    node = max(found, key=lambda one: one.lineno, default=None)
    if node is None or (turn is not None and turn.line > node.lineno):
        return turn
    keyword: Keyword = "async for" if isinstance(node, ast.AsyncFor) else "for"
    over = ast.unparse(node.iter)
    return Round(node.lineno, "", "never", still=False, over=over, keyword=keyword)


def of_generator(line: int, frame: types.FrameType) -> tuple[types.CodeType, int] | None:
    """Return the code of the generator that *frame* iterates at *line*, and the line of its loop.

    None if the generator is a library's, or in the same file.
    """
    around = parsed_files.enclosing(frame.f_code.co_filename, line)
    nodes = own_nodes(around[0]) if around else ()
    loops = (one for one in nodes if isinstance(one, ast.AsyncFor) and one.lineno == line)
    call = next((one.iter for one in loops), None)
    function = meaning.of(call.func, frame) if isinstance(call, ast.Call) else None
    code = getattr(function, "__code__", None) if type(function) is types.FunctionType else None
    if code is None or not code.co_flags & inspect.CO_ASYNC_GENERATOR:
        return None
    file = code.co_filename
    if file == frame.f_code.co_filename or project_files.owner(file) != "user":
        return None
    block = parsed_files.function_of(code)
    for node in own_nodes(block) if block is not None else ():
        yields = isinstance(node, ast.While) and any(
            isinstance(one, ast.Yield) for one in own_nodes(node)
        )
        if isinstance(node, ast.While) and yields:
            return code, node.lineno
    return None


def bare_call(frame: types.FrameType) -> bool:
    """Return whether all calls on the line of *frame* have no arguments, and so no limit."""
    here = parsed_files.nodes_at(frame.f_code.co_filename, line_at(frame))
    calls = [one for one in here if isinstance(one, ast.Call)]
    return bool(calls) and not any(one.args or one.keywords for one in calls)


def record(frame: types.FrameType, turn: Round, labels: Labels) -> SpinRecord:
    """Return the `while` that *frame* is in as a record."""
    code = frame.f_code
    return SpinRecord(
        loop_at=Place(labels.file(code.co_filename), turn.line, code.co_name),
        coroutine=await_chain.short(code.co_qualname),
        waits_on=turn.condition or None,
        over=turn.over,
        keyword=turn.keyword,
        gives_way=turn.gives_way,
        still=turn.still,
        endless=turn.endless,
    )


def looked_at(frame: types.FrameType, step: object, line: int) -> list[object]:
    """Return what the `while` at *line* reads, and the namespaces of its names.

    Code that reaches one of these may change what it sees. *step* is the coroutine of *frame*.
    """
    code = frame.f_code
    around = parsed_files.enclosing(code.co_filename, line)
    scope = Scope(frame.f_locals, frame.f_globals)
    found: list[object] = [one for one in gc.get_referents(step) if type(one) is types.CellType]
    for node in ast.walk(around[0]) if around else ():
        if isinstance(node, ast.While) and node.lineno == line:
            said = [one for one in ast.walk(node) if isinstance(one, ast.Name | ast.Attribute)]
            things = [meaning.of(one, scope) for one in said]
            found += [_data(one) for one in things]
            found += [each for one in things for each in _reached_by(one)]
            own = [one.id for one in said if isinstance(one, ast.Name)]
            kept = [_data(frame.f_globals[name]) for name in own if name in frame.f_globals]
            if any(one is not objects.UNKNOWN for one in kept):
                found.append(frame.f_globals)
    return [one for one in found if meaning.known(one) and one is not None]


def _reached_by(function: object) -> list[object]:
    """Return the closure of a function, and the globals that it names: it may read those."""
    if type(function) is not types.FunctionType:
        return []
    outer = function.__globals__
    cells = function.__closure__ or ()
    kept = [_data(outer[name]) for name in function.__code__.co_names if name in outer]
    if any(one is not objects.UNKNOWN for one in kept):
        kept.append(outer)
    return [*cells, *map(_data, objects.closed_over(function).values()), *kept]


def _data(thing: object) -> object:
    """Return *thing* if it can change: of a user module, its names."""
    if objects.is_module(thing):
        file = str(vars(thing).get("__file__", ""))
        return vars(thing) if project_files.owner(file) == "user" else objects.UNKNOWN
    kinds = (types.FunctionType, types.MethodType, types.BuiltinFunctionType)
    if type(thing) in kinds:
        return objects.UNKNOWN
    if objects.is_a(thing, type) and objects.users_class(thing) is None:
        return objects.UNKNOWN
    return thing


def _outer(function: ast.AST, names: frozenset[str]) -> bool:
    """Return whether one of *names* is not the function's own."""
    said = (one.names for one in ast.walk(function) if isinstance(one, ast.Global | ast.Nonlocal))
    return any(name in names for each in said for name in each)


def _sleeps(node: ast.AST, way: Way) -> bool:
    calls = [one.value for one in ast.walk(node) if isinstance(one, ast.Await)]
    return way == "always" and any(ast.unparse(one) == "asyncio.sleep(0)" for one in calls)
