"""The source at a frame's line: the call that it is in, as a person would name it."""

from __future__ import annotations

import ast

from loopcheck.source.lines import Statement


def asked(node: Statement | None) -> str | None:
    """Return the name of what the statement calls, enters or reads."""
    match node:
        case ast.Call(func=func):
            return words(func)
        case ast.Await(value=value):
            return asked(value)
        case ast.With(items=[item]):  # before 3.13 the whole statement enters it
            return words(item.context_expr)
        case ast.For(iter=value):  # before 3.12 the whole statement takes the next item
            return asked(value)
        case ast.expr():
            return words(node)
    return None


def words(node: ast.expr) -> str | None:
    """Return *node* as a name that a person would use: "client.get", "pool.submit(…).result"."""
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
