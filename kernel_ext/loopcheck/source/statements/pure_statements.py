"""Whether a statement only reads: neither it nor the user functions it calls change anything.

If something can't be resolved, the answer is no: a clock, a file and a random number change by
themselves.
"""

from __future__ import annotations

import ast
import asyncio
import builtins
import logging
import types
from collections.abc import Iterable, Mapping, Sequence
from contextvars import ContextVar
from dataclasses import field
from typing import Literal

from loopcheck.light import dataclass
from loopcheck.process import objects
from loopcheck.source import parsed_files, project_files
from loopcheck.source.nodes import names_in
from loopcheck.source.values import meaning, special_methods

Way = Literal["never", "always", "timer"]
DEEPEST = 4  # calls to follow

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


@dataclass()
class Scope:
    """The names of a function, as far as they are known."""

    names: Mapping[str, object]
    outer: Mapping[str, object]
    assigned: frozenset[str] = frozenset()  # in the iteration: their values are unknown
    counters: frozenset[str] = frozenset()

    def get(self, name: str, default: object = objects.ABSENT) -> object:
        if name in self.assigned or name in self.counters:
            return objects.UNKNOWN
        if name in self.names:
            return self.names[name]
        return self.outer.get(name, default)


@dataclass()
class Reader:
    """Reads one iteration, statement by statement."""

    ways: set[Way] = field(default_factory=set)
    depth: int = 0
    raises: bool = False  # a function that it calls may raise

    def block(self, body: Iterable[ast.stmt], scope: Scope) -> bool:
        return all(self.statement(node, scope) for node in body)

    def statement(self, node: ast.stmt, scope: Scope) -> bool:
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

    def settled(self, value: ast.expr, scope: Scope) -> bool:
        """Return whether *value* is the same in each iteration: no name in it is assigned there."""
        said = names_in(value)
        return not said & (scope.assigned | scope.counters) and self.looks(value, scope)

    def looks(self, node: ast.expr, scope: Scope) -> bool:
        """Return whether *node* only reads."""
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
                if id(type(meaning.of(value, scope))) not in PLAIN:
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

    def gathers(self, element: ast.expr, parts: Sequence[ast.comprehension], scope: Scope) -> bool:
        """Return whether a comprehension only reads, judged by its first item."""
        names = dict(scope.names)
        inner = Scope(names, scope.outer, scope.assigned, scope.counters)
        for part in parts:
            over = meaning.of(part.iter, inner)
            if id(type(over)) not in PLAIN or not isinstance(part.target, ast.Name):
                return False
            kept = list(over)[:1]  # type: ignore[call-overload]
            inner.assigned -= {part.target.id}
            names.update((part.target.id, one) for one in kept)
            if not self.looks(part.iter, scope) or not kept:
                return not kept  # there are no items
        return all(self.looks(one, inner) for part in parts for one in part.ifs) and self.looks(
            element, inner
        )

    def call(self, node: ast.Call, scope: Scope, *, awaited: bool = False) -> bool:
        arguments = [*node.args, *(one.value for one in node.keywords)]
        function = meaning.of(node.func, scope)
        if id(function) in PURE or (
            isinstance(node.func, ast.Attribute) and self.asks(node.func, scope)
        ):
            # A counter may be printed; in another call it must not appear.
            shown = function is print or _of(_owner(node.func, scope), logging.Logger)
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
        return self.enters(function, [meaning.of(one, scope) for one in node.args])

    def asks(self, function: ast.Attribute, scope: Scope) -> bool:
        """Return whether a method is called that only reports the state of its object."""
        thing = meaning.of(function.value, scope)
        if not meaning.known(thing):
            return False
        kind = type(thing)
        if id(kind) in PLAIN:
            return function.attr in READS
        if _of(thing, logging.Logger) or (kind is ContextVar and function.attr == "get"):
            return True
        known = objects.module_of(kind).partition(".")[0] in ("asyncio", "_asyncio")
        return known and function.attr in ASKS

    def enters(self, function: object, arguments: Sequence[object]) -> bool:
        """Return whether a user function only reads."""
        if type(function) is types.MethodType:
            arguments = [function.__self__, *arguments]
            function = function.__func__
        if type(function) is not types.FunctionType or self.depth >= DEEPEST:
            return False
        code = function.__code__
        tree = _written(code)
        if tree is None or project_files.owner(code.co_filename) != "user":
            return False
        if any(isinstance(one, ast.Global | ast.Nonlocal) for one in ast.walk(tree)):
            return False
        given = dict(zip(code.co_varnames, arguments, strict=False))
        names = meaning.own_in_call(function, given)
        self.depth += 1
        self.raises |= any(isinstance(one, ast.Raise | ast.Assert) for one in ast.walk(tree))
        made = made_in([tree])
        scope = Scope(names, function.__globals__, *made)
        if isinstance(tree, ast.Lambda):
            only = self.looks(tree.body, scope)
        else:
            only = self.block(tree.body[ast.get_docstring(tree) is not None :], scope)
        self.depth -= 1
        return only


def _written(code: types.CodeType) -> ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda | None:
    """Return the source of *code*, if that is a function without a decorator, or a `lambda`."""
    if code.co_name != "<lambda>":
        found = parsed_files.function_of(code)
        return found if found is not None and not found.decorator_list else None
    there = parsed_files.lambdas(code)
    return there[0] if len(there) == 1 else None


def made_in(nodes: Iterable[ast.AST]) -> tuple[frozenset[str], frozenset[str]]:
    """Return the names that are assigned there, and those that are only counted."""
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
    """Return whether a user class decides about the truth or the equality of *thing*."""
    asked = ("__bool__", "__len__", "__eq__", "__lt__", "__gt__", "__contains__")
    return any(special_methods.users(thing, name) is not None for name in asked)


def _kept(node: ast.Attribute, scope: Scope) -> bool:
    """Return whether the attribute is a stored value, and not computed when read."""
    thing = meaning.of(node.value, scope)
    if not meaning.known(thing):
        return False
    if objects.is_mock(thing) or objects.is_module(thing):
        return True
    for kind in objects.mro(type(thing)):
        space = objects.class_dict(kind)
        if objects.users_class(kind) is not None and {"__getattr__", "__getattribute__"} & set(
            space
        ):
            return False
        found = space.get(node.attr, objects.ABSENT)
        if found is not objects.ABSENT:
            kinds = (types.FunctionType, types.MemberDescriptorType, types.BuiltinFunctionType)
            return type(found) in kinds or not hasattr(type(found), "__get__")
    return not _answers_itself(objects.peek(thing, node.attr))


def _is_sleep(function: object) -> bool:
    code = getattr(function, "__code__", None) if type(function) is types.FunctionType else None
    return code is not None and code is asyncio.tasks.sleep.__code__


def _of(thing: object, kind: type) -> bool:
    return meaning.known(thing) and objects.is_a(thing, kind)


def _owner(node: ast.expr, scope: Scope) -> object:
    return meaning.of(node.value if isinstance(node, ast.Attribute) else None, scope)
