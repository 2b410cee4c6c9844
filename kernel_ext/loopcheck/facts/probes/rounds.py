"""A `while` that goes round: does anything that it does or asks change from round to round?

Read from the syntax tree, with the frame's own names. A round is *still* if it only looks: no
attribute, item or outer name gets a value, and all that it calls only looks, too. Then the next
round is like the last, unless somebody else changes what it looks at. Whatever can't be resolved
is no such round: a clock, a file and a random number change by themselves.
"""

import ast
import asyncio
import builtins
import gc
import logging
import types
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextvars import ContextVar
from dataclasses import field
from typing import Any, Literal

from loopcheck.facts.labels import Labels
from loopcheck.facts.light import dataclass
from loopcheck.facts.probes import awaits, objects, source, stacks, whose
from loopcheck.facts.records import Place, SpinRecord

Way = Literal["never", "always", "timer"]
DEEPEST = 4  # calls followed
UNKNOWN = object()
CLOCKS = frozenset(
    {"time", "monotonic", "perf_counter", "now", "utcnow", "process_time", "time_ns", "deadline"}
)

LEAVES = (ast.Break, ast.Return, ast.Raise, ast.Assert, ast.Yield)

PURE = frozenset(
    id(getattr(builtins, name))
    for name in (
        *("all", "any", "bool", "callable", "dict", "float", "getattr", "hasattr", "int", "len"),
        *("isinstance", "list", "max", "min", "print", "set", "sorted", "str", "sum", "tuple"),
        *("type", "abs", "frozenset", "id", "repr", "round"),
    )
)
ASKS = frozenset(
    {"done", "is_set", "empty", "full", "qsize", "locked", "cancelled", "result", "get_name"}
)
READS = frozenset(
    {"get", "keys", "values", "items", "count", "index", "copy", "startswith", "endswith"}
)
PLAIN = frozenset(map(id, (dict, list, tuple, set, frozenset, str, bytes, int, float, bool)))


@dataclass(frozen=True)
class Round:
    """A `while` of the user's that a frame is in."""

    line: int
    condition: str
    gives_way: Way
    still: bool
    clock: bool = False  # it asks what time it is
    kept: tuple[int, ...] = ()  # ids of the names' values that it does not give itself
    over: str | None = None  # what an `async for` goes over
    endless: bool = False  # `while True`, and nothing in it leads out


@dataclass()
class _Scope:
    """The names of a function, as far as they are known."""

    names: Mapping[str, object]
    outer: Mapping[str, object]
    assigned: frozenset[str] = frozenset()  # in the round: what they hold is not known
    counters: frozenset[str] = frozenset()

    def get(self, name: str) -> object:
        if name in self.assigned or name in self.counters:
            return UNKNOWN
        if name in self.names:
            return self.names[name]
        return self.outer.get(name, getattr(builtins, name, UNKNOWN))


@dataclass()
class _Reader:
    """Reads a round, statement by statement."""

    ways: set[Way] = field(default_factory=set)
    depth: int = 0
    raises: bool = False  # a function that it calls may

    def block(self, body: Iterable[ast.stmt], scope: _Scope) -> bool:
        return all(self.statement(node, scope) for node in body)

    def statement(self, node: ast.stmt, scope: _Scope) -> bool:
        match node:
            case ast.Pass() | ast.Continue() | ast.Break():
                return True
            case ast.Expr(value=value) | ast.Assert(test=value):
                return self.looks(value, scope)
            case ast.Return(value=value):
                return value is None or self.looks(value, scope)
            case ast.Raise(exc=exc):
                return exc is not None
            case ast.If(test=test, body=body, orelse=orelse):
                return self.looks(test, scope) and self.block([*body, *orelse], scope)
            case ast.Assign(targets=targets, value=value):
                named = all(isinstance(one, ast.Name) for one in targets)
                return named and self.settled(value, scope)
            case ast.AnnAssign(target=ast.Name(), value=value):
                return value is None or self.settled(value, scope)
            case ast.AugAssign(target=ast.Name(id=name), value=value):
                return name in scope.counters and self.settled(value, scope)
            case ast.Try(body=body, handlers=handlers, orelse=orelse, finalbody=last):
                caught = [line for one in handlers for line in one.body]
                return self.block([*body, *caught, *orelse, *last], scope)
            case ast.While(test=test, body=body, orelse=orelse):
                return self.looks(test, scope) and self.block([*body, *orelse], scope)
        return False

    def settled(self, value: ast.expr, scope: _Scope) -> bool:
        """Return whether *value* is the same in each round: made of nothing that rounds make."""
        said = {node.id for node in ast.walk(value) if isinstance(node, ast.Name)}
        return not said & (scope.assigned | scope.counters) and self.looks(value, scope)

    def looks(self, node: ast.expr, scope: _Scope) -> bool:
        """Return whether *node* only looks."""
        match node:
            case ast.Await(value=ast.Call() as call):
                return self.call(call, scope, awaited=True)
            case ast.Call():
                return self.call(node, scope)
            case ast.NamedExpr(value=value):
                return self.settled(value, scope)
            case ast.Name(id=name):
                return name not in scope.counters and not _answers_itself(scope.get(name))
            case ast.Attribute():
                return self.looks(node.value, scope) and _kept(node, scope)
            case ast.Subscript(value=value):
                if id(type(resolve(value, scope))) not in PLAIN:
                    return False
            case ast.Constant() | ast.Compare() | ast.BoolOp() | ast.UnaryOp():
                pass
            case ast.BinOp() | ast.IfExp() | ast.Tuple() | ast.List():
                pass
            case (
                ast.GeneratorExp(elt=elt, generators=parts)
                | ast.ListComp(elt=elt, generators=parts)
            ):
                return self.gathers(elt, parts, scope)
            case ast.JoinedStr() | ast.FormattedValue():
                pass
            case _:
                return False
        return all(self.looks(part, scope) for part in _expressions(node))

    def gathers(self, element: ast.expr, parts: Sequence[ast.comprehension], scope: _Scope) -> bool:
        """Return whether a comprehension only looks, judged by the first of what it goes over."""
        names = dict(scope.names)
        inner = _Scope(names, scope.outer, scope.assigned, scope.counters)
        for part in parts:
            over = resolve(part.iter, inner)
            if id(type(over)) not in PLAIN or not isinstance(part.target, ast.Name):
                return False
            kept = list(over)[:1]  # type: ignore[call-overload]
            inner.assigned -= {part.target.id}
            names.update((part.target.id, one) for one in kept)
            if not self.looks(part.iter, scope) or not kept:
                return not kept  # it goes over nothing
        return all(self.looks(one, inner) for part in parts for one in part.ifs) and self.looks(
            element, inner
        )

    def call(self, node: ast.Call, scope: _Scope, *, awaited: bool = False) -> bool:
        arguments = [*node.args, *(one.value for one in node.keywords)]
        function = resolve(node.func, scope)
        if id(function) in PURE or (
            isinstance(node.func, ast.Attribute) and self.asks(node.func, scope)
        ):
            # What is printed may be counted; what is asked may not.
            shown = function is print or _of(resolve_owner(node.func, scope), logging.Logger)
            return shown or all(self.looks(one, scope) for one in arguments)
        if not all(self.looks(one, scope) for one in arguments):
            return False
        if _is_sleep(function):
            zero = bool(node.args) and isinstance(node.args[0], ast.Constant)
            zero = zero and node.args[0].value == 0  # type: ignore[attr-defined]
            self.ways.add("always" if zero else "timer")
            return awaited
        if objects.is_mock(function):
            return objects.peek(function, "_mock_side_effect") is None
        return self.enters(function, [resolve(one, scope) for one in node.args])

    def asks(self, function: ast.Attribute, scope: _Scope) -> bool:
        """Return whether a method is called that only tells the state of what it belongs to."""
        thing = resolve(function.value, scope)
        if thing is UNKNOWN:
            return False
        kind = type(thing)
        if id(kind) in PLAIN:
            return function.attr in READS
        if _of(thing, logging.Logger) or (kind is ContextVar and function.attr == "get"):
            return True
        known = objects.module_of(kind).partition(".")[0] in ("asyncio", "_asyncio")
        return known and function.attr in ASKS

    def enters(self, function: object, arguments: Sequence[object]) -> bool:
        """Return whether a function of the user's only looks."""
        if type(function) is types.MethodType:
            arguments = [function.__self__, *arguments]
            function = function.__func__
        if type(function) is not types.FunctionType or self.depth >= DEEPEST:
            return False
        code = function.__code__
        tree = _written(code)
        if tree is None or whose.owner(code.co_filename) != "user":
            return False
        if any(isinstance(one, ast.Global | ast.Nonlocal) for one in ast.walk(tree)):
            return False
        names = dict(zip(code.co_varnames, arguments, strict=False))
        for name, cell in zip(code.co_freevars, function.__closure__ or (), strict=False):
            names[name] = _inside(cell)
        self.depth += 1
        self.raises |= any(isinstance(one, ast.Raise | ast.Assert) for one in ast.walk(tree))
        made = _made([tree])
        scope = _Scope(names, function.__globals__, *made)
        if isinstance(tree, ast.Lambda):
            only = self.looks(tree.body, scope)
        else:
            only = self.block(tree.body[ast.get_docstring(tree) is not None :], scope)
        self.depth -= 1
        return only


def _written(code: types.CodeType) -> ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda | None:
    """Return what *code* was made of, if that is a function without a decorator, or a `lambda`."""
    if code.co_name != "<lambda>":
        found = source.function_at(code.co_filename, code.co_firstlineno)
        return found if found is not None and not found.decorator_list else None
    there = source.lambdas(code)
    return there[0] if len(there) == 1 else None


def round_of(frame: types.FrameType, line: int | None = None) -> Round | None:
    """Return the innermost `while` that *frame* is in, None if it is in none."""
    code = frame.f_code
    now = line or frame.f_lineno
    if now is None:  # an instruction of no line, as the end of an `async for` has
        return None
    around = source.enclosing(code.co_filename, now)
    loops = [
        node
        for node in (ast.walk(around[0]) if around else ())
        if isinstance(node, ast.While) and node.lineno <= now <= (node.end_lineno or 0)
    ]
    loops = [node for node in loops if not any(now >= one.lineno for one in node.orelse)]
    if not loops or around[0].name != code.co_name:
        return None
    node = max(loops, key=lambda one: one.lineno)
    assigned, counters = _made([node])
    there = stacks.locals_of(frame)
    scope = _Scope(there, frame.f_globals, assigned, counters)
    reader = _Reader()
    only = not _outer(around[0], assigned | counters) and reader.statement(node, scope)
    way: Way = "never"
    for one in ("always", "timer"):
        way = one if one in reader.ways or _sleeps(node, one) else way
    own = assigned | counters
    kept = tuple(id(value) for name, value in there.items() if name not in own)
    said = {one.id for one in ast.walk(node) if isinstance(one, ast.Name)}
    said |= {one.attr for one in ast.walk(node) if isinstance(one, ast.Attribute)}
    return Round(
        node.lineno,
        ast.unparse(node.test),
        way,
        only,
        bool(said & CLOCKS),
        kept,
        endless=not reader.raises and _no_way_out(node),
    )


def _no_way_out(loop: ast.While) -> bool:
    """Return whether *loop* always goes on, but for a cancellation or an error of what it calls."""
    always = isinstance(loop.test, ast.Constant) and bool(loop.test.value)
    return always and not any(isinstance(one, LEAVES) for one in _uncancelled(loop))


def _uncancelled(node: ast.AST) -> Iterator[ast.AST]:
    """Yield what is in *node*, without functions and what runs when it is cancelled."""
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
    """Return the innermost `while` or `async for` around *line*, one that never gave way.

    Of what goes on while others have their turns, an `async for` may wait for more by right.
    """
    turn = round_of(frame, line)
    around = source.enclosing(frame.f_code.co_filename, line)
    if not around or around[0].name != frame.f_code.co_name:
        return turn
    found = [
        node
        for node in ast.walk(around[0])
        if isinstance(node, ast.AsyncFor) and node.lineno <= line <= node.body[-1].end_lineno  # type: ignore[operator]
    ]
    node = max(found, key=lambda one: one.lineno, default=None)
    if node is None or (turn is not None and turn.line > node.lineno):
        return turn
    return Round(node.lineno, "", "never", still=False, over=ast.unparse(node.iter))


def bare_call(frame: types.FrameType) -> bool:
    """Return whether all calls on the line of *frame* have no arguments, and so no limit."""
    here = source.nodes_at(frame.f_code.co_filename, frame.f_lineno)
    calls = [one for one in here if isinstance(one, ast.Call)]
    return bool(calls) and not any(one.args or one.keywords for one in calls)


def record(frame: types.FrameType, turn: Round, labels: Labels) -> SpinRecord:
    """Return the `while` that *frame* is in, in words."""
    code = frame.f_code
    return SpinRecord(
        loop_at=Place(labels.file(code.co_filename), turn.line, code.co_name),
        coroutine=awaits.short(code.co_qualname),
        waits_on=turn.condition or None,
        over=turn.over,
        gives_way=turn.gives_way,
        still=turn.still,
        endless=turn.endless,
    )


def looked_at(frame: types.FrameType, step: object, line: int) -> list[object]:
    """Return what the `while` at *line* looks at, and what the names that it says are kept in.

    Who gets at one of these may change what it sees. *step* is the coroutine of *frame*.
    """
    code = frame.f_code
    around = source.enclosing(code.co_filename, line)
    scope = _Scope(frame.f_locals, frame.f_globals)
    found: list[object] = [one for one in gc.get_referents(step) if type(one) is types.CellType]
    for node in ast.walk(around[0]) if around else ():
        if isinstance(node, ast.While) and node.lineno == line:
            said = [one for one in ast.walk(node) if isinstance(one, ast.Name | ast.Attribute)]
            things = [resolve(one, scope) for one in said]
            found += [_data(one) for one in things]
            found += [each for one in things for each in _reached_by(one)]
            own = [one.id for one in said if isinstance(one, ast.Name)]
            kept = [_data(frame.f_globals[name]) for name in own if name in frame.f_globals]
            if any(one is not UNKNOWN for one in kept):
                found.append(frame.f_globals)
    return [one for one in found if one is not UNKNOWN and one is not None]


def _reached_by(function: object) -> list[object]:
    """Return what a function closes over, and the globals that it names: it may ask those."""
    if type(function) is not types.FunctionType:
        return []
    outer = function.__globals__
    cells = function.__closure__ or ()
    kept = [_data(outer[name]) for name in function.__code__.co_names if name in outer]
    if any(one is not UNKNOWN for one in kept):
        kept.append(outer)
    return [*cells, *(_data(_inside(one)) for one in cells), *kept]


def _data(thing: object) -> object:
    """Return *thing* where it can change: of a module of the user's, its names."""
    if objects.is_module(thing):
        file = str(vars(thing).get("__file__", ""))
        return vars(thing) if whose.owner(file) == "user" else UNKNOWN
    kinds = (types.FunctionType, types.MethodType, types.BuiltinFunctionType)
    if type(thing) in kinds:
        return UNKNOWN
    if objects.is_a(thing, type) and objects.users_class(thing) is None:
        return UNKNOWN
    return thing


def _outer(function: ast.AST, names: frozenset[str]) -> bool:
    """Return whether one of *names* is not the function's own."""
    said = (one.names for one in ast.walk(function) if isinstance(one, ast.Global | ast.Nonlocal))
    return any(name in names for each in said for name in each)


def _sleeps(node: ast.AST, way: Way) -> bool:
    calls = [one.value for one in ast.walk(node) if isinstance(one, ast.Await)]
    return way == "always" and any(ast.unparse(one) == "asyncio.sleep(0)" for one in calls)


def _made(nodes: Iterable[ast.AST]) -> tuple[frozenset[str], frozenset[str]]:
    """Return the names that get values there, and those that are only counted."""
    assigned: set[str] = set()
    counted: set[str] = set()
    for node in nodes:
        for one in ast.walk(node):
            match one:
                case ast.AugAssign(target=ast.Name(id=name)):
                    counted.add(name)
                case ast.Name(id=name, ctx=ast.Store()):
                    assigned.add(name)
    return frozenset(assigned - counted), frozenset(counted)


def _expressions(node: ast.AST) -> Iterable[ast.expr]:
    return (part for part in ast.iter_child_nodes(node) if isinstance(part, ast.expr))


def _answers_itself(thing: object) -> bool:
    """Return whether a class of the user's decides what *thing* is worth, or equal to."""
    asked = ("__bool__", "__len__", "__eq__", "__lt__", "__gt__", "__contains__")
    return thing is not UNKNOWN and any(
        type(objects.class_dict(kind).get(name)) is types.FunctionType
        and objects.users_class(kind) is not None
        for kind in objects.mro(type(thing))
        for name in asked
    )


def _kept(node: ast.Attribute, scope: _Scope) -> bool:
    """Return whether the attribute is a value that is kept, and not worked out when asked."""
    thing = resolve(node.value, scope)
    if thing is UNKNOWN:
        return False
    if objects.is_mock(thing) or objects.is_module(thing):
        return True
    for kind in objects.mro(type(thing)):
        space = objects.class_dict(kind)
        if objects.users_class(kind) is not None and {"__getattr__", "__getattribute__"} & set(
            space
        ):
            return False
        found = space.get(node.attr, UNKNOWN)
        if found is not UNKNOWN:
            kinds = (types.FunctionType, types.MemberDescriptorType, types.BuiltinFunctionType)
            return type(found) in kinds or not hasattr(type(found), "__get__")
    return not _answers_itself(objects.peek(thing, node.attr))


def resolve(node: ast.expr, scope: Any) -> object:
    """Return what *node* stands for, as far as that can be read without running anything."""
    if isinstance(node, ast.Name):
        return scope.get(node.id)
    if isinstance(node, ast.Attribute):
        return attribute(resolve(node.value, scope), node.attr)
    return UNKNOWN


def resolve_owner(node: ast.expr, scope: _Scope) -> object:
    return resolve(node.value, scope) if isinstance(node, ast.Attribute) else UNKNOWN


def attribute(thing: object, name: str) -> object:
    """Return the attribute *name* of *thing* if it keeps it, or its class has a function of it."""
    if thing is UNKNOWN or thing is None:
        return UNKNOWN
    if objects.is_mock(thing):
        children = objects.peek(thing, "_mock_children")
        return dict.get(children, name, UNKNOWN) if type(children) is dict else UNKNOWN
    if objects.is_module(thing):
        return vars(thing).get(name, UNKNOWN)
    found = objects.peek(thing, name)
    if found is not None:
        return found
    for kind in objects.mro(type(thing)):
        value = objects.class_dict(kind).get(name, UNKNOWN)
        if type(value) is types.FunctionType:
            return types.MethodType(value, thing)
        if value is not UNKNOWN:
            return UNKNOWN if objects.is_a(value, property) else value
    return UNKNOWN


def _is_sleep(function: object) -> bool:
    code = getattr(function, "__code__", None) if type(function) is types.FunctionType else None
    return code is not None and code is asyncio.tasks.sleep.__code__


def _of(thing: object, kind: type) -> bool:
    return thing is not UNKNOWN and objects.is_a(thing, kind)


def _inside(cell: Any) -> object:
    try:
        return cell.cell_contents
    except ValueError:
        return UNKNOWN
