"""What a file's tests check: to tell whether a change of the file checks less."""

from __future__ import annotations

import ast
from collections import Counter
from collections.abc import Iterable, Iterator

from loopcheck.source import parsing

CHECKS = ("assert", "raises", "warns", "fail", "deprecated_call")
SKIPS = frozenset({"skip", "skipif", "skipIf", "skipUnless", "xfail", "skipTest", "importorskip"})
LEAVES = (ast.Return, ast.Raise, ast.Break, ast.Continue)  # what follows in the block never runs
SUPPRESS = frozenset({"suppress", "ignored"})


def weakened(before: Iterable[str], after: Iterable[str]) -> list[str]:
    """Return what the texts *after* a change check less than those *before* it, a line each.

    An `await` more is no difference; one less is, as a coroutine is true. A check that is now
    inside of `if`, `try` or `suppress`, or below a `return`, may never run: it counts as lost.
    """
    was, is_now = _counted(before), _counted(after)
    lost = [f"`{said}` is gone" for (kind, said) in was - is_now if kind == "check"]
    bare = [f"an `await` in `{said}` is gone" for (kind, said) in was - is_now if kind == "await"]
    new = [f"`{said}` is new" for (kind, said) in is_now - was if kind == "skip"]
    return sorted(lost) + sorted(bare) + sorted(new)


def _counted(texts: Iterable[str]) -> Counter[tuple[str, str]]:
    trees = (parsing.parsed(text) for text in texts)
    return Counter(one for tree in trees if tree is not None for one in _checks(tree, ""))


def _checks(node: ast.AST, guard: str) -> Iterator[tuple[str, str]]:
    """Yield the checks and skips in *node*, each with what may keep it from running."""
    if isinstance(node, ast.Assert):
        yield from _check(f"{guard}assert {_plain(node.test)}", node.test)
    elif isinstance(node, ast.Call) and _last(node.func).startswith(CHECKS):
        yield from _check(f"{guard}{_plain(node)}", node)
    elif isinstance(node, ast.Name | ast.Attribute) and _last(node) in SKIPS:
        yield "skip", ast.unparse(node)
    for name, value in ast.iter_fields(node):
        inside = guard + _guards(node, name)
        for child in value if isinstance(value, list) else [value]:
            if isinstance(child, ast.AST):
                yield from _checks(child, inside)
            if isinstance(child, LEAVES):
                inside += "never: "


def _check(said: str, node: ast.AST) -> Iterator[tuple[str, str]]:
    """Yield a check, and once more for each `await` in it."""
    yield "check", said
    yield from (("await", said) for one in ast.walk(node) if isinstance(one, ast.Await))


def _guards(node: ast.AST, name: str) -> str:
    """Return the word of *node* if what is in its field *name* may not run, or fails silently."""
    match node:
        case ast.Try(handlers=[_, *_]) if name == "body":
            return "try: "
        case ast.With() | ast.AsyncWith() if name == "body":
            used = (item.context_expr for item in node.items)
            called = [_last(one.func) for one in used if isinstance(one, ast.Call)]
            return "suppress: " if not SUPPRESS.isdisjoint(called) else ""
        case ast.If() | ast.While() if name in ("body", "orelse"):
            return f"if {_plain(node.test)}: "
    return ""


def _last(node: ast.expr) -> str:
    """Return the last part of a dotted name."""
    match node:
        case ast.Attribute(attr=name) | ast.Name(id=name):
            return name
    return ""


class _WithoutAwaits(ast.NodeTransformer):
    def visit_Await(self, node: ast.Await) -> ast.AST:
        return self.visit(node.value)  # type: ignore[no-any-return]

    def visit_ListComp(self, node: ast.ListComp) -> ast.AST:
        # `all(f(x) for x in y)` needs a list once it awaits.
        made = ast.GeneratorExp(elt=node.elt, generators=node.generators)
        return self.generic_visit(ast.copy_location(made, node))


def _plain(node: ast.AST) -> str:
    # A copy: trees are kept for other readers.
    return ast.unparse(_WithoutAwaits().visit(ast.parse(ast.unparse(node))))
