"""The nodes of a syntax tree: their lines, the calls and names in them, and what a block runs."""

from __future__ import annotations

import ast
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any, TypeVar, overload

# Half of all nodes: there is no other node in them.
_LEAVES = (
    *(ast.Name, ast.Constant, ast.expr_context, ast.operator, ast.unaryop, ast.boolop, ast.cmpop),
    *(ast.alias, ast.Pass, ast.Break, ast.Continue, ast.Global, ast.Nonlocal),
)
Result = ast.Return | ast.Yield
One = TypeVar("One", bound=ast.AST)
Two = TypeVar("Two", bound=ast.AST)
Three = TypeVar("Three", bound=ast.AST)
_SCOPES = (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda, ast.ClassDef)


def spans_line(node: ast.AST, line: int) -> bool:
    """Return whether *line* is one of *node*'s, without its decorators."""
    first: int | None = getattr(node, "lineno", None)
    return first is not None and first <= line <= (getattr(node, "end_lineno", None) or first)


def body_spans_line(body: Sequence[ast.stmt], line: int) -> bool:
    """Return whether *line* is one of a block's *body*, which may be empty."""
    return bool(body) and body[0].lineno <= line <= (body[-1].end_lineno or body[-1].lineno)


def head_spans_line(block: ast.With | ast.AsyncWith | ast.For | ast.AsyncFor, line: int) -> bool:
    """Return whether *line* is one of the lines above the body of *block*, or the only one."""
    return block.lineno <= line <= max(block.lineno, block.body[0].lineno - 1)


def walk(root: ast.AST) -> Iterator[ast.AST]:
    """Yield *root* and all nodes in it, as `ast.walk` does, in half of its time."""
    todo = [root]
    for node in todo:  # it grows
        yield node
        for field in node._fields:
            value = getattr(node, field, None)
            if type(value) is list:
                todo += [one for one in value if isinstance(one, ast.AST)]
            elif isinstance(value, ast.AST):
                todo.append(value)


@overload
def nodes_of(kinds: type[One], *roots: ast.AST | None) -> Iterator[One]: ...
@overload
def nodes_of(kinds: tuple[type[One], type[Two]], *roots: ast.AST | None) -> Iterator[One | Two]: ...
@overload
def nodes_of(
    kinds: tuple[type[One], type[Two], type[Three]], *roots: ast.AST | None
) -> Iterator[One | Two | Three]: ...
def nodes_of(kinds: Any, *roots: ast.AST | None) -> Iterator[Any]:
    """Yield the nodes of these *kinds* in *roots*, the outer ones of each first; None has none."""
    for root in filter(None, roots):
        yield from (node for node in walk(root) if isinstance(node, kinds))


def has_node(kinds: type[ast.AST] | tuple[type[ast.AST], ...], *roots: ast.AST | None) -> bool:
    """Return whether one of *roots* is or contains a node of these *kinds*."""
    return any(isinstance(node, kinds) for root in filter(None, roots) for node in walk(root))


def calls_in(*roots: ast.AST | None) -> Iterator[ast.Call]:
    """Yield the calls in *roots*, the outer ones of each first; None has none."""
    return nodes_of(ast.Call, *roots)


def contains(root: ast.AST, node: ast.AST) -> bool:
    """Return whether *node* is *root* or in it."""
    return any(one is node for one in walk(root))


def mentioned(*roots: ast.AST | None) -> set[str]:
    """Return the names and attributes in *roots*: of `store.keys[name]` store, keys and name."""
    named = nodes_of((ast.Name, ast.Attribute), *roots)
    return {one.id if isinstance(one, ast.Name) else one.attr for one in named}


def inner_nodes(node: ast.AST) -> Iterator[ast.AST]:
    """Yield the nodes directly in *node* that may have nodes in them, in order."""
    for field in node._fields:
        value = getattr(node, field, None)
        for one in value if type(value) is list else (value,):
            if isinstance(one, ast.AST) and not isinstance(one, _LEAVES):
                yield one


def is_text(step: ast.AST) -> bool:
    """Return whether *step* is a docstring, or another constant that does nothing."""
    return isinstance(step, ast.Expr) and isinstance(step.value, ast.Constant)


def names_in(*roots: ast.AST) -> set[str]:
    """Return the names in *roots*: of `store.keys[name]`, "store" and "name"."""
    return {node.id for root in roots for node in walk(root) if isinstance(node, ast.Name)}


def names_read(node: ast.AST | None) -> Iterator[str]:
    """Yield the names that *node* reads."""
    for one in nodes_of(ast.Name, node):
        if isinstance(one.ctx, ast.Load):
            yield one.id


def own_nodes(block: ast.AST) -> Iterator[ast.AST]:
    """Yield the nodes in *block* that run with it, in order: none in a function or class in it."""
    return nodes_run_by(ast.iter_child_nodes(block))


def nodes_run_by(steps: Iterable[ast.AST]) -> Iterator[ast.AST]:
    """Yield *steps* and the nodes in them, in order. Of a function only its definition runs."""
    return nodes_entering(lambda node: not isinstance(node, _SCOPES), steps)


def nodes_entering(
    enters: Callable[[ast.AST], bool], steps: Iterable[ast.AST]
) -> Iterator[ast.AST]:
    """Yield *steps* and the nodes in them, in order, but none in a node that *enters* refuses.

    The caller sees a node before *enters* decides about it.
    """
    todo = [*steps][::-1]
    while todo:  # no recursion: a sum of a thousand parts is a thousand nodes deep
        node = todo.pop()
        yield node
        if enters(node):
            todo += [*ast.iter_child_nodes(node)][::-1]


def results_of(
    function: ast.AST | None, kinds: tuple[type[Result], ...] = (ast.Return, ast.Yield)
) -> Iterator[ast.expr]:
    """Yield the expressions that *function* returns or yields; None and a class have none.

    Those of its own statements come before those of blocks in it. What functions in it return is
    not its result.
    """
    todo: deque[ast.AST] = deque(ast.iter_child_nodes(function) if function is not None else ())
    while todo:
        node = todo.popleft()
        if isinstance(node, kinds) and node.value is not None:
            yield node.value
        if not isinstance(node, _SCOPES):
            todo.extend(inner_nodes(node))


def parents(root: ast.AST) -> dict[ast.AST, ast.AST]:
    """Return the node around each node in *root*, in the order of the text."""
    found: dict[ast.AST, ast.AST] = {}
    todo = [(root, root)]
    while todo:
        node, around = todo.pop()
        found[node] = around
        if isinstance(node, _LEAVES):
            continue
        for field in reversed(node._fields):
            value = getattr(node, field, None)
            if type(value) is list:
                todo += [(one, node) for one in reversed(value) if isinstance(one, ast.AST)]
            elif isinstance(value, ast.AST):
                todo.append((value, node))
    del found[root]
    return found


def nodes_with_parents(
    root: ast.AST, *, deep: bool = False
) -> Iterator[tuple[ast.AST, tuple[ast.AST, ...]]]:
    """Yield the nodes in *root*, in order, each with its parents, outermost first.

    Those in nested functions and classes only if *deep*.
    """
    stack: list[tuple[ast.AST, tuple[ast.AST, ...]]] = [(root, ())]
    while stack:
        node, above = stack.pop()
        if above:
            yield node, above
        if deep or not above or not isinstance(node, _SCOPES):
            inner = [(child, (*above, node)) for child in ast.iter_child_nodes(node)]
            stack += reversed(inner)


def used_values(node: ast.AST) -> Iterator[ast.AST]:
    """Yield the expressions whose value is used: not what is called, or read for an attribute."""
    if isinstance(node, ast.Call | ast.Name | ast.Attribute | ast.Subscript | ast.Await):
        yield node
    if isinstance(node, ast.Attribute | ast.Await):
        return
    for child in ast.iter_child_nodes(node):
        if not (isinstance(node, ast.Call) and child is node.func):
            yield from used_values(child)


def literal_parts(node: ast.AST) -> Iterator[ast.AST]:
    """Yield the parts of a literal: `{"a": [b"x"]}`, without the arguments of calls."""
    rows = (ast.Dict, ast.List, ast.Tuple, ast.Set)
    return nodes_entering(lambda one: isinstance(one, rows), [node])
