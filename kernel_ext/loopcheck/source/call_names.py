"""What stands in the source where a frame is: the call that it is in, as a person would name it."""

from __future__ import annotations

import ast
from types import CodeType

from loopcheck.source import parsed_files

Statement = ast.expr | ast.With | ast.For


def called_at(code: CodeType, instruction: int) -> Statement | None:
    """Return the call, or what else ran, at *instruction*: calls into C have no frame."""
    positions = list(code.co_positions())
    index = instruction // 2
    if not 0 <= index < len(positions):
        return None
    line, end_line, start, stop = positions[index]
    module = parsed_files.tree(code.co_filename)
    if module is None or None in (line, end_line, start, stop):
        return None
    end = (end_line, stop)
    found = [one for one in ast.walk(module) if isinstance(one, Statement) and _end(one) == end]
    exact = [one for one in found if (one.lineno, one.col_offset) == (line, start)]
    # A method's name may stand on a later line than its call begins: then only the ends agree.
    upper = [one for one in found if (one.lineno, one.col_offset) <= (line, start)]
    calls = [one for one in upper if isinstance(one, ast.Call)]
    return next(iter(exact or calls), None)


def _end(node: Statement) -> tuple[int | None, int | None]:
    return node.end_lineno, node.end_col_offset


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
