"""How pytest collected a test: what the user wrote, and what was to run it.

This module reads pytest by attribute, and never imports it. It sets up no fixture and imports no
file.
"""

from __future__ import annotations

import ast
import inspect
from types import FunctionType, ModuleType
from typing import Any, Literal

from loopcheck.labels import Labels
from loopcheck.records import ItemRecord, Place
from loopcheck.runner import fixtures
from loopcheck.runner.async_tests import Form, form, isolated, passed_over
from loopcheck.source import parsed_files, project_files, user_code
from loopcheck.source.nodes import has_node, nodes_of

Def = ast.FunctionDef | ast.AsyncFunctionDef
Runner = Literal["pytest", "pytest-asyncio", "unittest", "other"]

LIBRARIES = frozenset({"asyncio", "trio", "anyio"})
RUNNERS: dict[str, Runner] = {
    "_pytest.python": "pytest",
    "_pytest.unittest": "unittest",
    "pytest_asyncio.plugin": "pytest-asyncio",
}


def read_item(item: Any, labels: Labels) -> ItemRecord | None:
    """Return how pytest collected *item*, and what the user wrote."""
    given = _inner(getattr(item, "obj", None))
    if not callable(given):
        return None
    name = str(getattr(item, "originalname", None) or item.name)
    written, node = inspect.unwrap(given), None
    # A decorator that does not set `__wrapped__` has a function of another name.
    if getattr(user_code.own(written), "co_name", name) != name:
        node = _node(item, name)
    said = form(written) if node is None else _form_of(node)
    cls = getattr(item, "cls", None)
    wrapped = said != "plain" and form(given) == "plain"
    return ItemRecord(
        name=name,
        place=_test_place(item, written, node, labels),
        runner=RUNNERS.get(type(item).__module__, "other"),
        form=said,
        wrapper=named(given) if wrapped else None,
        wrapper_at=_own_def(given, labels) if wrapped else None,
        passed_over=passed_over(item),
        marks=tuple(dict.fromkeys(str(mark.name) for mark in item.iter_markers())),
        parameters=_parameters(written),
        isolated=isolated(cls),
        owner_class=_class_place(cls, labels),
        library=_library(written),
    )


def _inner(function: Any) -> Any:
    """Return the test that hypothesis calls with each example, else *function*."""
    handle: Any = getattr(function, "hypothesis", None)
    theirs = type(handle).__module__.startswith("hypothesis.")
    return handle.inner_test if theirs else function


def _library(written: object) -> str | None:
    """Return the only async library used in the test's lines, else the only one in its module."""
    function = getattr(written, "__func__", written)
    if type(function) is not FunctionType:
        return None
    space = function.__globals__
    own = {_package(space[name]) for name in function.__code__.co_names if name in space}
    used = (own if own & LIBRARIES else set(map(_package, list(space.values())))) & LIBRARIES
    return used.pop() if len(used) == 1 else None


def _package(value: object) -> str:
    """Return the package of a module, or of a function's module, such as "trio"."""
    if type(value) is ModuleType:
        return str(value.__dict__.get("__name__", "")).partition(".")[0]
    return str(value.__module__).partition(".")[0] if type(value) is FunctionType else ""


def named(given: object) -> str | None:
    """Return a function's qualified name in the source, such as "traced.wrapper"."""
    made = user_code.own(given)
    return str(made.co_qualname).replace("<locals>.", "") if made is not None else None


def _test_place(item: Any, written: object, node: Def | None, labels: Labels) -> Place | None:
    name = str(getattr(item, "originalname", None) or item.name)
    if node is not None:
        return Place(labels.file(str(item.path)), node.lineno, name)
    return _own_def(written, labels, name)


def _own_def(function: object, labels: Labels, name: str | None = None) -> Place | None:
    """Return the `def` of *function*, if it is in user code."""
    own = user_code.own(function)
    if own is None or project_files.owner(own.co_filename) != "user":
        return None
    return Place(labels.file(own.co_filename), fixtures.def_line(own), name or own.co_name)


def _node(item: Any, name: str) -> Def | None:
    """Return the last function *name* in the file, or in the class, of *item*."""
    file = str(getattr(item, "path", ""))
    cls = getattr(item, "cls", None)
    block = (
        parsed_files.class_named(file, cls.__qualname__)
        if cls is not None
        else parsed_files.tree(file)
    )
    found = [
        node
        for node in (block.body if block is not None else ())
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and node.name == name
    ]
    return found[-1] if found else None


def _form_of(node: Def) -> Form:
    if isinstance(node, ast.FunctionDef):
        return "plain"
    return "generator" if has_node(ast.Yield, node) else "coroutine"


def _parameters(written: object) -> tuple[str, ...]:
    own = user_code.own(written)
    if own is None:
        return ()
    function = getattr(written, "__func__", written)
    given = len(getattr(function, "__defaults__", None) or ())
    names = own.co_varnames[: max(0, own.co_argcount - given)]
    return tuple(name for name in names if name not in ("self", "cls"))


def _class_place(cls: object, labels: Labels) -> Place | None:
    if not isinstance(cls, type):
        return None
    file = project_files.module_file(cls.__module__) or ""
    node = parsed_files.class_named(file, cls.__qualname__) if file else None
    return Place(labels.file(file), node.lineno, cls.__name__) if node is not None else None


# The set-up that did not run


def unrun_set_up(error: BaseException, item: Any, labels: Labels) -> tuple[Place, str] | None:
    """Return the async set-up that nothing runs, and the attribute of the test that is missing."""
    cls, name = getattr(item, "cls", None), getattr(error, "name", None)
    if type(error) is not AttributeError or not isinstance(cls, type) or not isinstance(name, str):
        return None
    if type(getattr(error, "obj", None)) is not cls:
        return None
    method = "setUp" if isolated(cls) else "asyncSetUp"
    for base in cls.__mro__:
        own = base.__dict__.get(method)
        made = user_code.own(own) if form(own) == "coroutine" else None
        if made is not None and project_files.owner(made.co_filename) == "user":
            node = parsed_files.function_of(made)
            if node is not None and _sets(node, name):
                return Place(labels.file(made.co_filename), node.lineno, method), name
    return None


def _sets(function: Def, name: str) -> bool:
    return any(
        isinstance(one.ctx, ast.Store) and (one.attr, ast.unparse(one.value)) == (name, "self")
        for one in nodes_of(ast.Attribute, function)
    )
