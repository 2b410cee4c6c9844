"""A fixture that gives back to a shared container, after each test, what it held before."""

from __future__ import annotations

import ast
import re

from loopcheck.records import Edit, Place
from loopcheck.source.changes.project_sources import Sources
from loopcheck.source.changes.source_text import NoSplice
from loopcheck.source.changes.splices import Source

REFILL = {
    "list": ("{name}[:] = kept",),
    "dict": ("{name}.clear()", "{name}.update(kept)"),
    "set": ("{name}.clear()", "{name}.update(kept)"),
}


def restore_after_each_test(
    sources: Sources, test: str, name: str, kind: str, where: Place
) -> list[Edit]:
    """Return the changes of the file of *test* that restore the container *name* of *where*."""
    lines = REFILL.get(kind.rpartition(".")[2])
    if lines is None or not re.fullmatch(r"\w+(\.\w+)*(\[[^\[\]]+\])*", name):
        raise NoSplice(f"no fixture can restore {kind} `{name}`")
    source = sources.open(test.partition("::")[0])
    whole = name.partition("[")[0]
    root = whole.partition(".")[0]
    fixture = f"restore_{whole.rpartition('.')[2].strip('_').lower()}"
    if re.search(rf"\b{fixture}\b", source.text):
        raise NoSplice(f"the file has `{fixture}`")
    pytest = source.named("pytest")
    text = [
        *("", "", f"@{pytest}.fixture(autouse=True)", f"def {fixture}():"),
        f"{source.step}kept = copy.deepcopy({name})",
        f"{source.step}yield",
        *(f"{source.step}{line.format(name=name)}" for line in lines),
    ]
    below = _lowest(source, root)
    imports = [*source.add_import("copy"), *source.add_import("pytest")]
    if not _binds(source, root):
        imports += source.add_import(_module(sources, where), root)
    return [*imports, source.insert_after(below, *text)]


def _binds(source: Source, root: str) -> bool:
    for node in source.tree.body:
        match node:
            case ast.ClassDef(name=name) | ast.FunctionDef(name=name) if name == root:
                return True
            case ast.Import(names=names) | ast.ImportFrom(names=names):
                if any((one.asname or one.name) == root for one in names):
                    return True
            case ast.Assign(targets=[ast.Name(id=name)]) | ast.AnnAssign(target=ast.Name(id=name)):
                if name == root:
                    return True
    return False


def _lowest(source: Source, root: str) -> ast.stmt:
    """Return the last statement that the fixture has to stand below."""
    heads = (ast.Import, ast.ImportFrom)
    found: ast.stmt | None = None
    for node in source.tree.body:
        match node:
            case ast.ClassDef(name=name) | ast.FunctionDef(name=name) if name == root:
                found = node
            case ast.Assign(targets=[ast.Name(id=name)]) | ast.AnnAssign(target=ast.Name(id=name)):
                found = node if name in (root, "pytestmark") else found
        found = node if isinstance(node, heads) else found
    if found is None:
        raise NoSplice("the file imports nothing")
    return found


def _module(sources: Sources, where: Place) -> str:
    """Return the name by which the project imports the module of *where*."""
    stem = where.file.rpartition("/")[2].removesuffix(".py")
    for source in sources.naming(stem):
        for node in source.tree.body:
            module = node.module if isinstance(node, ast.ImportFrom) and not node.level else None
            if module is not None and module.rpartition(".")[2] == stem:
                return module
    raise NoSplice(f"no file imports from {where.file}")
