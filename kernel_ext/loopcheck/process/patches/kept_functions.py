"""What keeps a function without importing its name: tables, classes, defaults, `Depends(…)`."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Sequence
from types import FunctionType
from typing import Literal

from loopcheck.labels import Labels
from loopcheck.process import objects, parameters
from loopcheck.process.patches import patch_records
from loopcheck.records import Place
from loopcheck.source import calls, modules, parsed_files
from loopcheck.source.nodes import calls_in

TABLES = (dict, list, tuple)
How = Literal["kept", "default", "depends"]  # the last: by FastAPI
Keeper = tuple[str, Place | None, How]  # name and line


def keepers(original: object, labels: Labels) -> Iterator[Keeper]:
    """Yield what in user code keeps *original*."""
    for space in modules.spaces():
        for name, value in list(space.held.items()):
            if type(name) is not str or name.startswith("__"):
                continue
            written = space.written(name)
            if type(value) in TABLES:
                if any(one is original for _, one in objects.steps(value)):
                    yield written, modules.line_of(space, name, labels), "kept"
            elif _of(space, value):
                yield from _in_class(value, written, original)
                if (function := _called_by(value)) is not None:
                    yield from _in_defaults(function, written, original, labels)


def keeps_only(value: object, original: object) -> bool:
    """Return whether *value*, if it is a table, has nothing to call but *original*."""
    kept = [one for _, one in objects.steps(value)] if type(value) in TABLES else []
    return all(one is original for one in kept if callable(one))


def _of(space: modules.Space, value: object) -> bool:
    """Return whether a class or function is defined in *space*, and not only imported there."""
    if objects.is_a(value, type):
        return objects.module_of(value) == space.name
    function = objects.function_of(value)
    return function is not None and function.__module__ == space.name


def _in_class(kind: object, written: str, original: object) -> Iterator[Keeper]:
    mine = objects.function_of(original)
    held_by = objects.class_dict(kind) if objects.is_a(kind, type) else {}
    for attribute, held in list(held_by.items()):
        if mine is not None and objects.function_of(held) is mine:
            yield f"{written}.{attribute}", None, "kept"


def _called_by(value: object) -> FunctionType | None:
    """Return the function that a call of *value* runs: of a class, what makes its objects."""
    held = objects.class_dict(value).get("__init__") if objects.is_a(value, type) else value
    return objects.function_of(held)


def has_default(value: object, original: object) -> bool:
    """Return whether each call of *value* gets *original*: no line of the project gives another."""
    if (function := _called_by(value)) is None:
        return False
    names, given = parameters.positional(function.__code__), parameters.defaults(function)
    mine = next((name for name, default in given.items() if default is original), None)
    return mine is not None and not any(_gives(one, mine, names) for one in _calls_of(value))


def _calls_of(value: object) -> Iterator[ast.Call]:
    name = objects.class_name(value) if objects.is_a(value, type) else ""
    function = objects.function_of(value)
    name = name.rpartition(".")[2] or (function.__name__ if function is not None else "")
    for file in modules.files():
        if name in parsed_files.text(file):
            calls_there = calls_in(parsed_files.tree(file))
            yield from (one for one in calls_there if calls.last(one.func) == name)


def _gives(call: ast.Call, parameter: str, names: Sequence[str]) -> bool:
    """Return whether *call* may give an argument for *parameter*."""
    many = any(isinstance(one, ast.Starred) for one in call.args)
    named = any(one.arg in (None, parameter) for one in call.keywords)
    place = names.index(parameter) if parameter in names else len(names)
    bound = "self" in names[:1]
    return many or named or len(call.args) > place - bound


def _in_defaults(
    function: FunctionType, written: str, original: object, labels: Labels
) -> Iterator[Keeper]:
    code = function.__code__
    for default in (*(function.__defaults__ or ()), *_noted(function)):
        asked = objects.peek(default, "dependency")
        if default is original or asked is original:
            block = parsed_files.function_of(code)
            line = patch_records.def_line(block, code.co_firstlineno)
            how: How = "depends" if asked is original else "default"
            yield written, Place(labels.file(code.co_filename), line), how


def _noted(function: FunctionType) -> Iterator[object]:
    """Yield the keyword defaults, and the metadata of `Annotated[…]` parameters."""
    yield from (function.__kwdefaults__ or {}).values()
    for value in list(function.__annotations__.values()):
        more = objects.peek(value, "__metadata__")
        yield from more if type(more) is tuple else ()
