"""The lines that configure a mock: its `return_value` or `side_effect`, under the mock's name."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from loopcheck.source import parsed_files


def settings_in(filename: str, last: str, attribute: str) -> Iterator[tuple[ast.expr, int]]:
    """Yield each value that *filename* sets for *attribute* of a mock called *last*, and its line.

    Without a name it is the mock that a name is assigned to.
    """
    module = parsed_files.tree(filename)
    for node in ast.walk(module) if module is not None else ():
        yield from _settings_of(node, last, attribute)


def _settings_of(node: ast.AST, last: str, attribute: str) -> Iterator[tuple[ast.expr, int]]:
    match node:
        case ast.Assign(targets=[ast.Attribute(value=of, attr=attr)], value=value):
            if attr == attribute and ast.unparse(of).rpartition(".")[2] == last:
                yield value, node.lineno
            elif attr == last and isinstance(value, ast.Call):
                yield from _keywords(value, attribute)
        case ast.Assign(targets=[ast.Name()], value=ast.Call() as call) if not last:
            yield from _keywords(call, attribute)
        case ast.keyword(arg=name, value=ast.Call() as call) if name == last and last:
            yield from _keywords(call, attribute)
        case ast.Dict(keys=keys, values=values):
            for key, value in zip(keys, values, strict=True):
                said = key.value if isinstance(key, ast.Constant) else None
                if type(said) is str and said.endswith(f"{last}.{attribute}"):
                    yield value, value.lineno
        case ast.Call(func=ast.Attribute(attr="object" | "patch") | ast.Name(id="patch")):
            texts = [one.value for one in node.args[:2] if isinstance(one, ast.Constant)]
            if texts and str(texts[-1]).rpartition(".")[2] == last:
                yield from _keywords(node, attribute)


def _keywords(call: ast.Call, attribute: str) -> Iterator[tuple[ast.expr, int]]:
    for one in call.keywords:
        if one.arg == attribute:
            yield one.value, one.value.lineno
