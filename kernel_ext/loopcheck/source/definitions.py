"""A test as its text shows it: its decorators, whether it checks anything, uses of its name."""

from __future__ import annotations

import ast
from collections.abc import Iterator

Def = ast.FunctionDef | ast.AsyncFunctionDef
Kinds = ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef

SKIPS = ("pytest.mark.skip", "mark.skip", "unittest.skip", "skip")


def first_line(one: Kinds) -> int:
    """Return the first line of *one*: of its decorators, if it has any."""
    return min([one.lineno, *(each.lineno for each in one.decorator_list)])


def said(decorator: ast.expr) -> str:
    """Return the dotted name of a decorator."""
    bare = decorator.func if isinstance(decorator, ast.Call) else decorator
    return ast.unparse(bare)


def fixture(one: Kinds) -> bool:
    """Return whether *one* is decorated as a fixture."""
    return any("fixture" in said(each).lower() for each in one.decorator_list)


def mark(decorator: ast.expr) -> bool:
    """Return whether *decorator* is a mark of pytest's."""
    return said(decorator).startswith(("pytest.mark.", "mark."))


def dataclass_made(decorator: ast.expr) -> bool:
    """Return whether *decorator* makes a dataclass, or a class of attrs."""
    return said(decorator).rpartition(".")[2] in ("dataclass", "define", "attrs", "s")


def skipped(one: Kinds) -> bool:
    """Return whether *one* is decorated as skipped."""
    return any(said(each) in SKIPS for each in one.decorator_list)


def only_marked(one: Kinds) -> bool:
    """Return whether it has only pytest marks as decorators, and none of them skips it."""
    return all(map(mark, one.decorator_list)) and not skipped(one)


def uses(tree: ast.Module, name: str) -> Iterator[int]:
    """Yield the lines that read *name*, also as a text: `getattr(module, "TestCart")`."""
    for one in ast.walk(tree):
        match one:
            case ast.Name(id=said) | ast.Attribute(attr=said) | ast.Constant(value=said):
                if said == name:
                    yield one.lineno


def checks(one: Def) -> bool:
    """Return whether a function asserts, or expects an error."""
    for each in ast.walk(one):
        if isinstance(each, ast.Assert):
            return True
        if isinstance(each, ast.Call):
            name = said(each).rpartition(".")[2]
            if name.startswith("assert") or name in ("raises", "warns", "fail"):
                return True
    return False


def outermost_functions(tree: ast.Module) -> Iterator[Def]:
    """Yield the functions of a module and of its classes, without those nested in them."""
    todo: list[ast.AST] = [tree]
    while todo:
        for one in ast.iter_child_nodes(todo.pop()):
            if isinstance(one, Def):
                yield one
            elif not isinstance(one, ast.expr):
                todo.append(one)
