"""What a file's tests check: to tell whether a change of the file checks less."""

from __future__ import annotations

import ast
import copy
import re
from collections import Counter
from collections.abc import Iterable, Iterator

from loopcheck.source import parsing
from loopcheck.source.definitions import Def

CHECKS = ("assert", "raises", "RaisesGroup", "warns", "fail", "deprecated_call")
SKIPS = frozenset({"skip", "skipif", "skipIf", "skipUnless", "xfail", "skipTest", "importorskip"})
LEAVES = (ast.Return, ast.Raise, ast.Break, ast.Continue)  # what follows in the block never runs
STARTERS = frozenset({"run", "run_until_complete", "to_thread"})  # they run their argument
RUNNERS = frozenset({"anyio", "trio"})  # their `run` takes the function and its arguments
ERRORS = ("Error", "Exception", "Timeout")
SUPPRESS = frozenset({"suppress", "ignored"})
PARTS = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)
LINE_END = re.compile(r"\r\n?|\n")


def weakened(before: Iterable[str], after: Iterable[str]) -> list[str]:
    """Return what the texts *after* a change check less than those *before* it, a line each.

    An `await` more is no difference; one less is, as a coroutine is true. A check that is now
    inside of `if`, `try` or `suppress`, or below a `return`, may never run: it counts as lost.
    A parameter may have another name, and an error may come from another module.
    """
    texts = list(zip(before, after, strict=True))
    was, is_now = map(_counted, _trees(texts))
    if was - is_now:
        was = _counted(_renamed(*_trees(texts)))
    lost = [f"`{said}` is gone" for (kind, said) in was - is_now if kind == "check"]
    bare = [f"an `await` in `{said}` is gone" for (kind, said) in was - is_now if kind == "await"]
    new = [f"`{said}` is new" for (kind, said) in is_now - was if kind == "skip"]
    return sorted(lost) + sorted(bare) + sorted(new)


Trees = list[ast.Module | None]


def _trees(texts: Iterable[tuple[str, str]]) -> tuple[Trees, Trees]:
    """Return new syntax trees of both texts of each file, without the parts they share.

    An edit changes one function of a file that may have hundreds.
    """
    was, is_now = Trees(), Trees()
    for before, after in texts:
        one, other = _module(before), _module(after)
        if one is not None and other is not None:
            _drop_common((one, before), (other, after))
        was.append(one)
        is_now.append(other)
    return was, is_now


def _module(text: str) -> ast.Module | None:
    tree = parsing.parsed(text)
    return tree if isinstance(tree, ast.Module) else None


def _drop_common(*files: tuple[ast.Module, str]) -> None:
    """Remove the functions and classes that both *files* have, word for word."""
    if any(isinstance(node, LEAVES) for tree, _ in files for node in tree.body):
        return  # the code below may never run
    parts = [list(_parts(tree, text)) for tree, text in files]
    others = [[one for one in tree.body if not isinstance(one, PARTS)] for tree, _ in files]
    if _renamed_imports(others[0]) != _renamed_imports(others[1]):
        return  # the same words may mean another error
    same = Counter(said for said, _ in parts[0]) & Counter(said for said, _ in parts[1])
    for (tree, _), mine in zip(files, parts, strict=True):
        left = same.copy()
        for said, node in mine:
            if left[said]:
                left[said] -= 1
                tree.body.remove(node)


def _parts(tree: ast.Module, text: str) -> Iterator[tuple[str, ast.stmt]]:
    lines = LINE_END.split(text)  # `splitlines` knows more line ends than Python
    for node in tree.body:
        if isinstance(node, PARTS):
            first = min(one.lineno for one in (node, *node.decorator_list))
            yield "\n".join(lines[first - 1 : node.end_lineno]), node


def _renamed_imports(trees: Iterable[ast.AST]) -> list[tuple[str, str]]:
    """Return the names in *trees* that an import gives another name, each with that."""
    imports = (one for tree in trees for one in ast.walk(tree) if isinstance(one, ast.ImportFrom))
    return [(name.name, name.asname) for one in imports for name in one.names if name.asname]


def _counted(trees: Iterable[ast.Module | None]) -> Counter[tuple[str, str]]:
    """Count the checks and skips in *trees*, and change those: to parse again beats a copy."""
    return Counter(
        one
        for tree in trees
        if tree is not None
        for one in _checks(_WithErrors(tree).visit(tree), "")
    )


def _renamed(before: Trees, after: Trees) -> Iterator[ast.Module | None]:
    """Yield the trees *before*, each parameter renamed to its later name if only one is new."""
    for was, is_now in zip(before, after, strict=False):
        if was is None or is_now is None:
            yield was
            continue
        later = {one.name: _parameters(one) for one in ast.walk(is_now) if isinstance(one, Def)}
        for one in ast.walk(was):
            if not isinstance(one, Def) or one.name not in later:
                continue
            mine = _parameters(one)
            gone, new = mine - later[one.name], later[one.name] - mine
            if len(gone) == len(new) == 1:
                _Rename(gone.pop(), new.pop()).visit(one)
        yield was


def _parameters(function: Def) -> set[str]:
    spec = function.args
    return {one.arg for one in (*spec.posonlyargs, *spec.args, *spec.kwonlyargs)}


class _Rename(ast.NodeTransformer):
    def __init__(self, old: str, new: str) -> None:
        self.old, self.new = old, new

    def visit_Name(self, node: ast.Name) -> ast.AST:
        return ast.Name(self.new, node.ctx) if node.id == self.old else node


class _WithErrors(ast.NodeTransformer):
    """Leaves the last name of an error's class: which module it comes from is not checked."""

    def __init__(self, tree: ast.AST) -> None:
        self.imported = _renamed_imports([tree])

    def visit_Name(self, node: ast.Name) -> ast.AST:
        real = next((name for name, asname in self.imported if asname == node.id), node.id)
        return ast.Name(real, node.ctx) if real.endswith(ERRORS) else node

    def visit_Attribute(self, node: ast.Attribute) -> ast.AST:
        if node.attr.endswith(ERRORS) and isinstance(node.ctx, ast.Load):
            return ast.Name(node.attr, node.ctx)
        return self.generic_visit(node)


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


def _root(node: ast.expr) -> str:
    while isinstance(node, ast.Attribute):
        node = node.value
    return node.id if isinstance(node, ast.Name) else ""


def _raises(call: ast.Call, member: ast.expr) -> ast.Call:
    """Return the `raises` that checks what a `RaisesGroup` with one *member* checks of it."""
    raises: ast.expr = ast.Name("raises", ast.Load())
    if isinstance(call.func, ast.Attribute):
        raises = ast.Attribute(call.func.value, "raises", ast.Load())
    match member:
        case ast.Call(func=func, args=args, keywords=keywords) if _last(func) == "RaisesExc":
            return ast.Call(raises, args, keywords)
    return ast.Call(raises, [member], [])


class _WithoutAwaits(ast.NodeTransformer):
    """Leaves what is checked, whether a line awaits it, runs it on a loop or in a thread.

    An error alone in a group is the same check as the error itself.
    """

    def visit_Await(self, node: ast.Await) -> ast.AST:
        return self.visit(node.value)  # type: ignore[no-any-return]

    def visit_Call(self, node: ast.Call) -> ast.AST:
        """Take what starts a loop or a thread for the call that runs there, as `await` does."""
        name = _last(node.func)
        match node:
            case ast.Call(args=[ast.Call() as made], keywords=[]) if name in STARTERS:
                return self.visit(made)  # type: ignore[no-any-return]
            case ast.Call(args=[work, *given]) if (
                name == "to_thread" or _root(node.func) in RUNNERS
            ):
                return self.visit(ast.Call(work, given, node.keywords))  # type: ignore[no-any-return]
            case ast.Call(args=[ast.AST() as member]) if name == "RaisesGroup":
                return self.visit(_raises(node, member))  # type: ignore[no-any-return]
            case ast.Call(args=[future], keywords=[]) if name == "wrap_future":
                result = ast.Attribute(future, "result", ast.Load())
                return self.visit(ast.Call(result, [], []))  # type: ignore[no-any-return]
        return self.generic_visit(node)

    def visit_ListComp(self, node: ast.ListComp) -> ast.AST:
        # `all(f(x) for x in y)` needs a list once it awaits.
        made = ast.GeneratorExp(elt=node.elt, generators=node.generators)
        return self.generic_visit(ast.copy_location(made, node))


def _plain(node: ast.AST) -> str:
    return ast.unparse(_WithoutAwaits().visit(copy.deepcopy(node)))
