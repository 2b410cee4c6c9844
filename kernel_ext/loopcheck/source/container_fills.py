"""The line that fills a global container, if the line that creates it creates it empty."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from loopcheck.source import parsed_files

EMPTY = frozenset({"dict", "list", "set", "deque", "OrderedDict", "WeakValueDictionary", "WeakSet"})
FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef)
PUTS = frozenset({"append", "appendleft", "add", "setdefault", "insert"})


def line(module: ast.Module, name: str) -> int | None:
    """Return the only line of *module* that puts something into its global *name*.

    None unless the global began empty: there is nothing to change on its own line then.
    """
    if not _begins_empty(module, name):
        return None
    found = dict(_puts(module, name))
    if len(found) != 1:
        return None
    [(at, value)] = found.items()
    if isinstance(value, ast.Name):  # `session = Session()`, and a later line puts it there
        around = [one for one in parsed_files.reaching(module, at) if isinstance(one, FUNCTIONS)]
        return (parsed_files.assigned(around[-1], value.id) if around else None) or at
    return at


def _begins_empty(module: ast.Module, name: str) -> bool:
    for node in module.body:
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


def _puts(module: ast.Module, name: str) -> Iterator[tuple[int, ast.expr | None]]:
    for node in ast.walk(module):
        match node:
            case ast.Assign(targets=targets, value=value):
                if any(_entry(one, name) for one in targets):
                    yield node.lineno, value
            case ast.Call(func=ast.Attribute(value=ast.Name(id=owner), attr=attr), args=args):
                if owner == name and attr in PUTS:
                    yield node.lineno, args[-1] if args else None


def _entry(target: ast.expr, name: str) -> bool:
    held = target.value if isinstance(target, ast.Subscript) else None
    return isinstance(held, ast.Name) and held.id == name
