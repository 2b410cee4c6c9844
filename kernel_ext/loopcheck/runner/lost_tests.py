"""Tests in collected files of which pytest made no item.

Each file is scanned for names only; a syntax tree is built if the text has more tests than pytest
found. pytest's own collectors decide what is a test.
"""

from __future__ import annotations

import ast
import gc
import re
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from types import FunctionType, ModuleType
from typing import Any

from loopcheck.labels import Labels
from loopcheck.light import dataclass
from loopcheck.process import objects
from loopcheck.records import LostTests, Place
from loopcheck.runner.lost_test_scan import Collected
from loopcheck.source import mentions, parsed_files
from loopcheck.source.definitions import (
    Def,
    Kinds,
    checks,
    dataclass_made,
    first_line,
    fixture,
    mark,
    only_marked,
    outermost_functions,
    skipped,
    uses,
)
from loopcheck.source.nodes import calls_in, has_node, names_in, nodes_of

# Set-up methods, which are no tests, in a class of tests.
SET_UP = re.compile(r"_|(setup|teardown)(_method|_class|_function)?$")
REFLECTS = frozenset({"locals", "globals", "vars", "eval", "exec", "dir"})
CONSTRUCTORS = ("__init__", "__new__")


@dataclass(frozen=True, kw_only=True, eq=False)
class Seen:
    """One collected file, during the check."""

    node: Any
    file: str
    space: Mapping[str, object]  # the module's
    collected: Collected
    labels: Labels
    whole: bool  # the run covers its whole folder
    root: Path

    def is_test(self, name: str) -> bool:
        return bool(self.node.funcnamefilter(name))

    def is_class(self, name: str) -> bool:
        return bool(self.node.classnamefilter(name))

    def names(self, node: Any) -> dict[str, Any]:
        """Return what *node* collected, keyed by the names in the source."""
        given = self.collected.results.get(node.nodeid, ())
        return {str(getattr(one, "originalname", None) or one.name): one for one in given}

    def place(self, node: Kinds) -> Place:
        return Place(self.labels.file(self.file), node.lineno, node.name)


def read(
    node: Any, collected: Collected, whole: Callable[[Path], bool], labels: Labels
) -> Iterator[LostTests]:
    """Yield the lost tests in the file of *node*, a collected module that looks suspicious."""
    module = getattr(node, "obj", None)
    if type(module) is not ModuleType or module.__dict__.get("__test__") is False:
        return
    path = Path(node.path)
    tree = parsed_files.tree(str(path))
    if tree is None:
        return
    root = Path(node.config.rootpath)
    seen = Seen(
        node=node,
        file=str(path),
        space=module.__dict__,
        collected=collected,
        labels=labels,
        whole=whole(path),
        root=root,
    )
    yield from _in_body(tree, tree, node, module.__dict__, seen)
    yield from _nested(tree, seen)


# What is lost


def _in_body(
    tree: ast.Module, block: Any, node: Any, space: Mapping[str, object], seen: Seen
) -> Iterator[LostTests]:
    """Yield the lost tests in the body of a module or a class, and in its classes."""
    found = seen.names(node)
    yield from _twins(tree, block, found, seen)
    for one in _last(block):
        live = space.get(one.name)
        if not isinstance(one, ast.ClassDef) or not isinstance(live, type):
            continue
        if live.__dict__.get("__module__") != seen.space.get("__name__"):
            continue
        inner = found.get(one.name)
        given = seen.collected.results.get(inner.nodeid) if inner is not None else None
        if given:
            yield from _in_body(tree, one, inner, live.__dict__, seen)
        elif inner is None or given is not None:  # otherwise the run does not include this class
            yield from _class(tree, one, live, seen)


def _last(block: Any) -> list[Kinds]:
    """Return the definitions in *block* that no later one of the same name hides."""
    return list({one.name: one for one in block.body if isinstance(one, Kinds)}.values())


def _twins(
    tree: ast.Module, block: Any, found: Mapping[str, Any], seen: Seen
) -> Iterator[LostTests]:
    by_name: dict[str, list[Kinds]] = {}
    for one in block.body:
        if isinstance(one, Kinds):
            by_name.setdefault(one.name, []).append(one)
    alive: set[int] | None = None
    for name, twins in by_name.items():
        survivor = found.get(name)
        if len(twins) == 1 or survivor is None or any(map(fixture, twins)):
            continue
        for lost in twins[:-1]:
            if isinstance(twins[-1], ast.ClassDef) or isinstance(lost, ast.ClassDef):
                gone = _class_gone(tree, lost, twins[-1], seen)
            else:
                alive = _alive(seen.space) if alive is None else alive
                gone = first_line(lost) not in alive and not skipped(lost)
                gone = gone and not seen.collected.frozen
            if gone:
                yield LostTests(
                    how="twin",
                    name=name,
                    place=seen.place(lost),
                    tests=_tests(lost, seen) if isinstance(lost, ast.ClassDef) else (),
                    inside=block.name if isinstance(block, ast.ClassDef) else None,
                    twin=seen.place(twins[-1]),
                )


def _alive(space: Mapping[str, object]) -> set[int]:
    """Return the first lines of a module's functions to which something still refers.

    `@overload`, a registry or an alias keeps the first of two; a twin's function is gone for good.
    """
    held = gc.get_referrers(space)
    return {one.__code__.co_firstlineno for one in held if type(one) is FunctionType}


def _class_gone(tree: ast.Module, lost: Kinds, last: Kinds, seen: Seen) -> bool:
    """Return whether a later class replaced *lost*, and no line in between used it.

    A class without references stays until it is collected: the heap can't show this.
    """
    if not (isinstance(lost, ast.ClassDef) and isinstance(last, ast.ClassDef)):
        return False
    between = range(lost.lineno, last.body[0].lineno)
    used = any(line in between for line in uses(tree, lost.name))
    return only_marked(lost) and not used and bool(_tests(lost, seen))


def _class(tree: ast.Module, one: ast.ClassDef, live: type, seen: Seen) -> Iterator[LostTests]:
    """Yield *one* if it is a class of tests that pytest does not collect."""
    tests = _tests(one, seen)
    off = _switched_off(live, seen.labels) if seen.is_class(one.name) else None
    if not tests or list(uses(tree, one.name)) or not (off or _plain_class(live)):
        return
    if type.__subclasses__(live) or mentions.elsewhere(one.name, Path(seen.file), seen.root):
        return
    if off is not None:
        yield LostTests(
            how="switched off",
            name=one.name,
            place=seen.place(one),
            tests=tests,
            off_at=off,
        )
        return
    if seen.is_class(one.name):
        made = _constructor(live, seen.labels)
        plain = all(mark(each) or dataclass_made(each) for each in one.decorator_list)
        if made is not None and plain:
            yield LostTests(
                how="constructor",
                name=one.name,
                place=seen.place(one),
                tests=tests,
                constructor=made,
            )
        return
    if seen.whole and _all_tests(one, seen) and all(map(mark, one.decorator_list)):
        yield LostTests(
            how="class name",
            name=one.name,
            place=seen.place(one),
            tests=tests,
            patterns=tuple(seen.node.config.getini("python_classes")),
        )


def _plain_class(live: type) -> bool:
    """Return whether *live* and its bases are the user's own, and meant to be collected."""
    if type(live) is not type:
        return False
    for base in objects.mro(live):
        if base is object:
            continue
        if base.__dict__.get("__test__") is False or objects.users_class(base) is None:
            return False
    return True


def _switched_off(live: type, labels: Labels) -> Place | None:
    """Return the line `__test__ = False` of a base of *live*, if the class itself has none."""
    if type(live) is not type or "__test__" in live.__dict__:
        return None
    for base in objects.mro(live)[1:]:
        if "__test__" not in base.__dict__:
            continue
        file = objects.users_class(base) if base.__dict__["__test__"] is False else None
        block = parsed_files.class_named(file, base.__qualname__) if file is not None else None
        for one in block.body if block is not None else ():
            if isinstance(one, ast.Assign) and "__test__" in map(ast.unparse, one.targets):
                return Place(labels.file(str(file)), one.lineno, base.__name__)
        return None
    return None


def _constructor(live: type, labels: Labels) -> Place | None:
    """Return the constructor that pytest refuses; a generated one has the line of its class."""
    for base in objects.mro(live):
        for name in CONSTRUCTORS:
            made = base.__dict__.get(name) if base is not object else None
            code = getattr(getattr(made, "__func__", made), "__code__", None)
            if code is not None:
                return Place(labels.file(code.co_filename), code.co_firstlineno, name)
    return None


def _tests(block: Kinds, seen: Seen) -> tuple[str, ...]:
    """Return the names of a class's test methods."""
    return tuple(
        one.name
        for one in block.body
        if isinstance(one, Def) and seen.is_test(one.name) and not fixture(one)
    )


def _all_tests(block: ast.ClassDef, seen: Seen) -> bool:
    """Return whether a class has only tests, which check something, and their set-up."""
    if block.name.startswith("_"):
        return False
    own = [one for one in block.body if isinstance(one, Def) and not fixture(one)]
    rest = [one for one in own if not seen.is_test(one.name)]
    if any(one.name in CONSTRUCTORS or not SET_UP.match(one.name) for one in rest):
        return False
    return any(checks(one) for one in own)


def _nested(tree: ast.Module, seen: Seen) -> Iterator[LostTests]:
    """Yield test functions nested in functions that do nothing with them."""
    for outer in outermost_functions(tree):
        inner = [
            one
            for one in nodes_of((ast.FunctionDef, ast.AsyncFunctionDef), outer)
            if one is not outer
        ]
        lost = [one for one in inner if seen.is_test(one.name) and checks(one)]
        if not lost or _reflects(outer) or _handed_on(tree, outer.name):
            continue
        used = names_in(outer)
        shared = {name for one in nodes_of(SCOPED, outer) for name in one.names}
        for one in lost:
            alone = one.name not in used | shared and not _collected(one, seen)
            if alone and only_marked(one):
                yield LostTests(
                    how="nested", name=one.name, place=seen.place(one), inside=outer.name
                )


SCOPED = (ast.Global, ast.Nonlocal)


def _reflects(outer: Def) -> bool:
    called = (one.func for one in calls_in(outer))
    in_class = has_node(ast.ClassDef, outer)
    return in_class or any(isinstance(one, ast.Name) and one.id in REFLECTS for one in called)


def _handed_on(tree: ast.Module, name: str) -> bool:
    """Return whether a function is used other than by a call: code may read its source."""
    calls = {id(one.func) for one in calls_in(tree)}
    return any(one.id == name and id(one) not in calls for one in nodes_of(ast.Name, tree))


def _collected(one: Def, seen: Seen) -> bool:
    """Return whether a plugin collects such functions (pytest-describe)."""
    return any(
        one.name in seen.names(node)
        for key, node in seen.collected.nodes.items()
        if key.startswith(f"{seen.node.nodeid}::") and one.name in seen.names(node)
    )
