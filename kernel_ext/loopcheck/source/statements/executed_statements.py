"""The statements of a block that have surely run when the code is at a line, or has ended."""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator, Sequence

from loopcheck.source.nodes import body_spans_line, spans_line

_WITH = (ast.With, ast.AsyncWith)
_TRY = (ast.Try, ast.TryStar)
Ran = ast.stmt | ast.withitem | ast.expr


def before(body: Sequence[ast.stmt], line: int) -> Iterator[Ran]:
    """Yield what has run without a condition before *line*, in order.

    Of a `with` that the code is inside of, its managers count; of one that is over, only its body.
    """
    for node in body:
        if not spans_line(node, line):
            yield from _all_of(node)
            continue
        if isinstance(node, _WITH) and body_spans_line(node.body, line):
            yield from node.items
        if (head := _head(node)) is not None and head.lineno < line and not spans_line(head, line):
            yield head
        yield from _inside(node, line)
        return


def calls_of(ran: Ran) -> Iterator[ast.Call]:
    """Yield the calls that run whenever *ran* does: none in a lambda, or under a condition."""
    todo: list[ast.AST] = [ran]
    while todo:
        node = todo.pop()
        if isinstance(node, ast.Call):
            yield node
        todo += [*_surely_run(node)][::-1]


def _surely_run(node: ast.AST) -> Iterable[ast.AST]:
    """Return the nodes directly in *node* that run whenever it does."""
    match node:
        case ast.FunctionDef() | ast.AsyncFunctionDef() | ast.Lambda() | ast.ClassDef():
            return ()
        case ast.IfExp(test=first) | ast.Assert(test=first):
            return (first,)
        case ast.BoolOp(values=[first, *_]):
            return (first,)
        case ast.ListComp() | ast.SetComp() | ast.DictComp() | ast.GeneratorExp():
            return (node.generators[0].iter,)
    return ast.iter_child_nodes(node)


def blocks_over(body: Sequence[ast.stmt], line: int) -> Iterator[ast.With | ast.AsyncWith]:
    """Yield the `with` blocks that have run without a condition, and are over before *line*."""
    for node in body:
        if not spans_line(node, line):
            yield from _blocks_in(node)
            continue
        parts = (getattr(node, name, []) for name in ("body", "orelse", "finalbody"))
        for part in parts:
            if isinstance(part, list) and body_spans_line(part, line):
                yield from blocks_over(part, line)
        return


def up_to_end(body: Sequence[ast.stmt]) -> Iterator[Ran]:
    """Yield what runs without a condition until *body* ends; of a generator, until its `yield`."""
    for node in body:
        if not holds_yield(node):
            yield from _all_of(node)
        elif isinstance(node, _WITH):
            yield from node.items
            yield from up_to_end(node.body)
            return
        elif isinstance(node, _TRY):
            yield from up_to_end(node.body)
            return
        else:
            yield node
            return


def holds_yield(node: ast.stmt) -> bool:
    """Return whether a generator that runs *node* surely stops at a `yield` in it."""
    if isinstance(node, (*_WITH, *_TRY)):
        return any(map(holds_yield, node.body))
    value = node.value if isinstance(node, ast.Expr | ast.Assign) else None
    return isinstance(value, ast.Yield)


def _all_of(node: ast.stmt) -> Iterator[Ran]:
    """Yield what has run without a condition in *node*, which is over."""
    if isinstance(node, _WITH):
        yield from up_to_end(node.body)
    elif isinstance(node, _TRY):
        if _has_run(node):
            yield from up_to_end([*node.body, *node.orelse])
        yield from up_to_end(node.finalbody)
    elif (head := _head(node)) is not None:
        yield head
    elif not hasattr(node, "body"):
        yield node


def _head(node: ast.stmt) -> ast.expr | None:
    """Return what *node* evaluates in any case before it chooses what else to run."""
    match node:
        case ast.If(test=head) | ast.While(test=head) | ast.Match(subject=head):
            return head
        case ast.For(iter=head) | ast.AsyncFor(iter=head):
            return head
    return None


def _has_run(node: ast.Try | ast.TryStar) -> bool:
    """Return whether the body of *node*, which is over without an error, was not cut short."""
    return all(isinstance(one.body[-1], ast.Raise) for one in node.handlers)


def _blocks_in(node: ast.stmt) -> Iterator[ast.With | ast.AsyncWith]:
    if isinstance(node, _WITH):
        yield node
    if isinstance(node, _WITH) or (isinstance(node, _TRY) and _has_run(node)):
        for one in node.body:
            yield from _blocks_in(one)


def _inside(node: ast.stmt, line: int) -> Iterator[Ran]:
    """Yield what has run in the part of *node* that has *line*."""
    handlers = [one.body for one in getattr(node, "handlers", ())]
    cases = [one.body for one in getattr(node, "cases", ())]
    parts = [getattr(node, name, []) for name in ("body", "orelse", "finalbody")]
    for part in (*parts, *handlers, *cases):
        if isinstance(part, list) and body_spans_line(part, line):
            yield from before(part, line)
