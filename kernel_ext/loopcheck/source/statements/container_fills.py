"""The line that fills a container of a module or class which is created empty."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from loopcheck.source import parsed_files

EMPTY = frozenset({"dict", "list", "set", "deque", "OrderedDict", "WeakValueDictionary", "WeakSet"})
FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef)
PUTS = frozenset({"append", "appendleft", "add", "setdefault", "insert"})


def line(block: ast.Module | ast.ClassDef, name: str) -> int | None:
    """Return the only line of a module or class that puts something into its own *name*.

    None unless the container began empty: there is nothing to change on its own line then.
    """
    if not _begins_empty(block, name):
        return None
    written = {name}
    if isinstance(block, ast.ClassDef):
        written = {f"{owner}.{name}" for owner in ("self", "cls", block.name)}
    found = dict(_puts(block, written))
    if len(found) != 1:
        return None
    [(at, value)] = found.items()
    if isinstance(value, ast.Name):  # `session = Session()`, and a later line puts it there
        around = [one for one in parsed_files.reaching(block, at) if isinstance(one, FUNCTIONS)]
        return (parsed_files.assigned(around[-1], value.id) if around else None) or at
    return at


def _begins_empty(block: ast.Module | ast.ClassDef, name: str) -> bool:
    for node in block.body:
        match node:
            case ast.Assign(targets=[ast.Name(id=said)], value=value):
                if said == name:
                    return _empty(value)
            case ast.AnnAssign(target=ast.Name(id=said), value=value):
                if said == name:
                    return _empty(value)
    return False


def _empty(value: ast.expr | None) -> bool:
    match value:
        case ast.Dict(keys=held) | ast.List(elts=held):
            return not held
        case ast.Call(func=made, args=[], keywords=[]):
            return ast.unparse(made).rpartition(".")[2] in EMPTY
    return False


def _puts(block: ast.AST, written: set[str]) -> Iterator[tuple[int, ast.expr | None]]:
    for node in ast.walk(block):
        match node:
            case ast.Assign(targets=targets, value=value):
                held = (one.value for one in targets if isinstance(one, ast.Subscript))
                if any(ast.unparse(one) in written for one in held):
                    yield node.lineno, value
            case ast.Call(func=ast.Attribute(value=owner, attr=attr), args=args):
                if attr in PUTS and ast.unparse(owner) in written:
                    yield node.lineno, args[-1] if args else None
