"""Methods that Python calls for an expression without their name: `len(basket)`, `a in basket`."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from types import FunctionType, MethodType

from loopcheck.process import objects
from loopcheck.source.values import callees, meaning
from loopcheck.source.values.callees import Env

# What builtins ask of their first argument: the first of these methods that its class has.
_OF_BUILTINS = (
    ((len,), ("__len__",)),
    ((bool,), ("__bool__", "__len__")),
    ((str,), ("__str__", "__repr__")),
    ((repr,), ("__repr__",)),
    ((abs,), ("__abs__",)),
    ((int,), ("__int__", "__index__")),
    ((float,), ("__float__",)),
    ((all, any, dict, list, max, min, set, sorted, sum, tuple), ("__iter__",)),
)
_COMPARED = {ast.Eq: "__eq__", ast.NotEq: "__eq__", ast.Lt: "__lt__", ast.Gt: "__gt__"}
_COMPARED |= {ast.LtE: "__le__", ast.GtE: "__ge__"}


def called_by(node: ast.AST, env: Env) -> Iterator[MethodType]:
    """Yield the user's special methods that *node* itself calls, bound to their objects."""
    for part, names in _asked(node, env):
        of = callees.value(part, env)
        found = (users(of, name) for name in names)
        method = next((one for one in found if one is not None), None)
        if method is not None:
            yield method


def users(of: object, name: str) -> MethodType | None:
    """Return the special method *name* of the object *of*, if user code defines it."""
    found = objects.class_attribute(type(of), name) if meaning.known(of) else None
    if type(found) is not FunctionType or of is None or not callees.of_user(found):
        return None
    return MethodType(found, of)


def _asked(node: ast.AST, env: Env) -> Iterator[tuple[ast.expr, tuple[str, ...]]]:
    """Yield each part of *node* that answers by a method, and the names of that method."""
    match node:
        case ast.Call(func=ast.Name() as function, args=[first, *_]):
            called = callees.value(function, env)
            for those, names in _OF_BUILTINS:
                if any(one is called for one in those):
                    yield first, names
        case ast.Compare(left=left, ops=ops, comparators=[*right]):
            for one, operator, other in zip([left, *right], ops, right, strict=False):
                if isinstance(operator, ast.In | ast.NotIn):
                    yield other, ("__contains__", "__iter__")
                elif type(operator) in _COMPARED:
                    yield one, (_COMPARED[type(operator)],)
        case ast.Subscript(value=of, ctx=ast.Load()):
            yield of, ("__getitem__",)
        case ast.FormattedValue(value=of):
            yield of, ("__format__", "__str__", "__repr__")
        case ast.UnaryOp(op=ast.Not(), operand=of):
            yield of, ("__bool__", "__len__")
        case ast.BoolOp(values=parts):
            yield from ((part, ("__bool__", "__len__")) for part in parts)
        case ast.AsyncFor(iter=of) | ast.comprehension(iter=of, is_async=1):
            yield of, ("__aiter__",)
            yield of, ("__anext__",)
        case ast.For(iter=of) | ast.comprehension(iter=of):
            yield of, ("__iter__",)
