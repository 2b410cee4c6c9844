"""Keeps our frames out of warnings, logs and tracebacks that user code causes.

A hook of ours is on the stack between the user's line and the function that it calls. Code that
counts frames (`stacklevel`), or reports the running line (Python itself, for what it collects at
any moment), would name a file of ours. Python's `warnings` and `logging` skip the import system.
They recognize it by the name of its file, and so they skip any code with that file name. A wrapper
calls `leave` when an error passes it.
"""

from __future__ import annotations

import _imp
import sys
from collections.abc import Iterable, Iterator, Mapping
from types import BuiltinFunctionType, CodeType, FrameType, FunctionType, ModuleType
from typing import Any

from loopcheck.process.new_modules import NewModules
from loopcheck.source.project_files import LOOKING, VEIL
from loopcheck.watch.hooks import Counted, Undo

PLAIN = frozenset({str, int, float, ModuleType, BuiltinFunctionType, type(None)})

_veiled: dict[str, list[tuple[CodeType, str]]] = {}  # by module: its code, and its file
_new_modules = NewModules()


def over_new_modules() -> None:
    """Veil the modules of ours that are loaded now."""
    for name in _new_modules.names():
        module = sys.modules.get(name) if name.startswith(LOOKING) else None
        if module is None:
            continue
        _veiled[name] = found = []
        file = getattr(module, "__file__", None)
        for code in _codes(vars(module), name):
            # A function decorated by `contextmanager` has contextlib's code, which all such
            # functions share: renaming it would hide frames of the tests.
            if code.co_filename == file:
                found.append((code, code.co_filename))
                _rename(code, f"{VEIL}{name}>")


def _rename(code: CodeType, file: str) -> None:
    # As Python does if a file that it has compiled was moved: in place, and in nested code.
    _imp._fix_co_filename(code, file)  # type: ignore[attr-defined]


def _codes(space: Mapping[str, Any], module: str) -> Iterator[CodeType]:
    """Yield the code of each function of *module* that *space* holds."""
    for thing in list(space.values()):
        kind = type(thing)
        if kind in PLAIN:
            continue
        if kind is FunctionType:
            if thing.__module__ == module:
                yield thing.__code__
        elif isinstance(thing, type):
            if thing.__module__ == module:
                yield from _codes(vars(thing), module)
            continue
        for one in _held(thing):
            if type(one) is FunctionType and one.__module__ == module:
                yield one.__code__


def _held(thing: Any) -> Iterable[Any]:
    """Return the functions that a decorator, a property or a table of them holds."""
    kind = type(thing)
    if kind is property:
        return thing.fget, thing.fset, thing.fdel
    if kind is dict:
        return list(thing.values())
    if kind in (list, tuple):
        return list(thing)
    return (getattr(thing, "__wrapped__", None), getattr(thing, "__func__", None))


def outer(frame: FrameType | None) -> FrameType | None:
    """Return the frame that a warning at *frame* is attributed to, None if there is none."""
    while frame is not None and _is_passed_over(frame.f_code.co_filename):
        frame = frame.f_back
    return frame


def _is_passed_over(file: str) -> bool:
    return "importlib" in file and "_bootstrap" in file  # the check that `warnings` makes


def _draw() -> Undo:
    over_new_modules()

    def undo() -> None:
        _new_modules.forget()
        while _veiled:
            for code, file in _veiled.popitem()[1]:
                _rename(code, file)

    return undo


install = Counted(_draw).install
