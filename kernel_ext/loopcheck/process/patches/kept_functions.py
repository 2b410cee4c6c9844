"""What keeps a function without importing its name: tables, classes, defaults, `Depends(…)`."""

from __future__ import annotations

from collections.abc import Iterator
from types import FunctionType

from loopcheck.labels import Labels
from loopcheck.process import objects
from loopcheck.process.patches import patch_records
from loopcheck.records import Place
from loopcheck.source import modules, parsed_files

TABLES = (dict, list, tuple)
Keeper = tuple[str, Place | None, bool]  # name, line, whether it is a FastAPI dependency


def keepers(original: object, labels: Labels) -> Iterator[Keeper]:
    """Yield what in user code keeps *original*."""
    for space in modules.spaces():
        for name, value in list(space.held.items()):
            if type(name) is not str or name.startswith("__"):
                continue
            written = space.written(name)
            if type(value) in TABLES:
                if any(one is original for _, one in objects.steps(value)):
                    yield written, modules.line_of(space, name, labels), False
            elif _of(space, value):
                yield from _in_class(value, written, original)
                yield from _in_defaults(value, written, original, labels)


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
            yield f"{written}.{attribute}", None, False


def _in_defaults(value: object, written: str, original: object, labels: Labels) -> Iterator[Keeper]:
    function = objects.function_of(value)
    if function is None:
        return
    code = function.__code__
    for default in (*(function.__defaults__ or ()), *_noted(function)):
        asked = objects.peek(default, "dependency")
        if default is original or asked is original:
            block = parsed_files.function_of(code)
            line = patch_records.def_line(block, code.co_firstlineno)
            yield written, Place(labels.file(code.co_filename), line), asked is original


def _noted(function: FunctionType) -> Iterator[object]:
    """Yield the keyword defaults, and the metadata of `Annotated[…]` parameters."""
    yield from (function.__kwdefaults__ or {}).values()
    for value in list(function.__annotations__.values()):
        more = objects.peek(value, "__metadata__")
        yield from more if type(more) is tuple else ()
