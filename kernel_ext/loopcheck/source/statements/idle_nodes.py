"""The parts of a function whose values nothing uses: dropped results, and what only those read."""

from __future__ import annotations

import ast
from collections.abc import Collection, Iterable, Iterator, Sequence

from loopcheck.source.nodes import names_read, nodes_of


def idle_in(body: Sequence[ast.stmt], used: Iterable[ast.AST]) -> set[int]:
    """Return the ids of nodes with unused values: dropped results, and names only those read.

    The values of the nodes *used* do matter, though their results are dropped.
    """
    nodes = [node for one in body for node in ast.walk(one)]
    idle = {id(node) for node in nodes if _dropped(node)}
    idle -= {id(node) for node in used}
    given = [node for node in nodes if _only_names(node)]
    unread = {id(node) for node in given}
    told = [n for one in body for n in nodes_except(one, idle | unread)]
    wanted = {name for node in nodes for name in _outer(node)}
    wanted |= {n.id for n in told if isinstance(n, ast.Name) and isinstance(n.ctx, ast.Load)}
    for _ in range(5):  # assignments behind assignments
        more = [node for node in given if id(node) in unread and _gives(node) & wanted]
        unread -= {id(node) for node in more}
        wanted |= {name for node in more for name in names_read(node)}
    return idle | unread


def nodes_except(node: ast.AST, idle: Collection[int]) -> Iterator[ast.AST]:
    """Yield *node* and the nodes in it, without those of the ids *idle* and all that is in them."""
    todo = [node]
    while todo:
        if id(one := todo.pop()) not in idle:
            yield one
            todo += ast.iter_child_nodes(one)


def _outer(node: ast.AST) -> list[str]:
    return node.names if isinstance(node, ast.Global | ast.Nonlocal) else []


_KEEPS = ("append", "appendleft", "extend", "insert", "add", "update", "put", "put_nowait")


def _dropped(node: ast.AST) -> bool:
    """Return whether the value of *node* is unused: `rows.append(…)` does keep its argument."""
    if isinstance(node, ast.withitem):
        return node.optional_vars is None
    if not isinstance(node, ast.Expr):
        return False
    value = node.value.value if isinstance(node.value, ast.Await) else node.value
    called = value.func if isinstance(value, ast.Call) else None
    return isinstance(value, ast.Call) and getattr(called, "attr", "") not in _KEEPS


def _only_names(node: ast.AST) -> bool:
    return isinstance(node, ast.Assign | ast.AnnAssign) and not any(
        isinstance(one, ast.Attribute | ast.Subscript) and isinstance(one.ctx, ast.Store)
        for one in ast.walk(node)
    )


def _gives(node: ast.AST) -> set[str]:
    return {one.id for one in nodes_of(ast.Name, node) if isinstance(one.ctx, ast.Store)}
