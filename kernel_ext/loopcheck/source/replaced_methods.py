"""Methods that a test replaces with a double of its own: `patch("shop.Client.close")`."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from loopcheck.source import bindings, calls
from loopcheck.source.nodes import own_nodes


def is_patch(function: ast.expr) -> bool:
    """Return whether a call of *function* replaces a member of something.

    That is `patch` and `mocker.patch.object`, and `setattr`, also monkeypatch's.
    """
    parts = ast.unparse(function).split(".")
    return "patch" in parts or parts[-1] == "setattr"


def closers_in(function: ast.AST) -> Iterator[tuple[int, str, str]]:
    """Yield each line of *function* that replaces a closing method, its owner's name, and it."""
    for node in own_nodes(function):
        if not isinstance(node, ast.Assign | ast.Call):
            continue
        for owner, method in _replaced(node):
            if bindings.ends(method):
                yield node.lineno, owner, method


def _replaced(node: ast.Assign | ast.Call) -> Iterator[tuple[str, str]]:
    match node:
        case ast.Assign(targets=targets):
            for one in targets:
                if isinstance(one, ast.Attribute) and (owner := calls.last(one.value)):
                    yield owner, one.attr
        case ast.Call(func=function, args=[ast.Constant(value=str(target)), *_]):
            parts = target.split(".")
            if is_patch(function) and len(parts) > 1:
                yield parts[-2], parts[-1]
        case ast.Call(func=function, args=[owned, ast.Constant(value=str(method)), *_]):
            owner = calls.last(owned)
            if is_patch(function) and owner:
                yield owner, method
