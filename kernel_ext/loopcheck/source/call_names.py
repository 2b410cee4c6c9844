"""What stands in the source where a frame is: the call that it is in, as a person would name it."""

from __future__ import annotations

import ast

from loopcheck.source.lines import Statement


def asked(node: Statement | None) -> str | None:
    """Return what was called, entered or read there, as a name."""
    match node:
        case ast.Call(func=func):
            return words(func)
        case ast.Await(value=value):
            return asked(value)
        case ast.With(items=[item]):  # before 3.13 it is the whole statement that enters
            return words(item.context_expr)
        case ast.For(iter=value):  # before 3.12 it is the whole statement that takes the next
            return asked(value)
        case ast.expr():
            return words(node)
    return None


def words(node: ast.expr) -> str | None:
    """Return *node* as a name that a person would say: "client.get", "pool.submit(…).result"."""
    match node:
        case ast.Name(id=name):
            return name
        case ast.Attribute(value=value, attr=name):
            inner = words(value)
            return f"{inner}.{name}" if inner else None
        case ast.Call(func=func, args=args, keywords=keywords):
            inner = words(func)
            return f"{inner}({'…' if args or keywords else ''})" if inner else None
        case ast.Subscript(value=value):
            inner = words(value)
            return f"{inner}[…]" if inner else None
    return None
