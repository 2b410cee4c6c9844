"""What a process would start with, for a run that has to share one: modules, settings, patches."""

import asyncio
import contextvars
import gc
import importlib
import logging
import os
import sys
import warnings
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from types import ModuleType
from typing import Any

# Modules that all runs share: pytest and what shows its results. All others are imported anew.
SHARED = frozenset(
    (
        *("__main__", "loopcheck", "pytest", "_pytest", "pluggy", "iniconfig", "packaging"),
        *("pygments", "pytest_asyncio", "ipytest", "IPython", "traitlets", "comm", "ipykernel"),
        *("fakeredis", "redis", "sortedcontainers"),  # the server of this process runs on them
        *("pyodide_kernel", "piplite", "micropip", "js", "pyodide_js", "pyodide", "_pyodide"),
    )
)
MADE_BY_PYTHON = 1 << 9  # Py_TPFLAGS_HEAPTYPE: those of C refuse new attributes
_OF_SYS = (
    *("argv", "path", "meta_path", "path_hooks", "dont_write_bytecode", "excepthook"),
    *("unraisablehook", "stdout", "stderr", "displayhook"),
)
_LATEST = ("last_type", "last_value", "last_traceback", "last_exc")


@contextmanager
def restored(folder: Path, variables: Mapping[str, str]) -> Iterator[None]:
    """Give the block the modules, the environment and *folder* of a new process.

    Afterwards all is as before, whatever a test has patched in the standard library.
    """
    here, before = os.getcwd(), dict(os.environ)
    hidden = {name: one for name, one in sys.modules.items() if not _is_shared(name, one)}
    system = {name: _copy(getattr(sys, name)) for name in _OF_SYS}
    patched = _Names()
    depth = sys.get_coroutine_origin_tracking_depth()
    for name in hidden:
        del sys.modules[name]
    os.environ.clear()
    os.environ.update(variables)
    os.chdir(folder)
    importlib.invalidate_caches()
    try:
        with warnings.catch_warnings(), _loggers():
            try:
                yield
            finally:
                _collect_what_is_left()
    finally:
        os.chdir(here)
        os.environ.clear()
        os.environ.update(before)
        sys.modules.update(hidden)
        for name, value in system.items():
            setattr(sys, name, value)
        patched.restore()
        sys.set_coroutine_origin_tracking_depth(depth)


def _collect_what_is_left() -> None:
    """Let the run report what a process reports at its end, by its own loggers.

    Its latest error and its modules would keep it until a later run, which would then report it.
    """
    for name in _LATEST:
        vars(sys).pop(name, None)
    gc.collect()
    for name in [name for name, one in sys.modules.items() if not _is_shared(name, one)]:
        del sys.modules[name]
    gc.collect()


@contextmanager
def _loggers() -> Iterator[None]:
    """Give each logger its level, handlers and switches back."""
    manager = logging.root.manager
    known = [one for one in manager.loggerDict.values() if isinstance(one, logging.Logger)]
    before = [(one, {name: _copy(value) for name, value in vars(one).items()}) for one in known]
    before.append((logging.root, {name: _copy(one) for name, one in vars(logging.root).items()}))
    off = manager.disable
    try:
        yield
    finally:
        manager.disable = off
        for one, state in before:
            vars(one).update(state)
            one.manager._clear_cache()  # type: ignore[attr-defined]


def _copy(value: Any) -> Any:
    return list(value) if isinstance(value, list) else value


def _is_shared(name: str, module: ModuleType) -> bool:
    """True for a module that a run must not import anew.

    Python can't load a compiled module twice.
    """
    top = name.partition(".")[0]
    if top in SHARED:
        return True
    if _is_stand_in(module):
        return False
    file = getattr(module, "__file__", None)
    return top in sys.stdlib_module_names or file is None or not file.endswith(".py")


def _is_stand_in(module: ModuleType) -> bool:
    """True for a module that code has made by hand: it has neither a file nor a spec."""
    return getattr(module, "__file__", None) is None and getattr(module, "__spec__", None) is None


@contextmanager
def without_stand_ins() -> Iterator[None]:
    """Remove the empty modules that replace those which the platform lacks.

    The kernel of a browser tab has an empty `fcntl`, `resource` and `tornado`. Packages that
    have another way then expect an ImportError.
    """
    modules = [
        (name, one) for name, one in sys.modules.items() if name.partition(".")[0] not in SHARED
    ]
    hidden = {name: one for name, one in modules if _is_stand_in(one)}
    for name in hidden:
        del sys.modules[name]
    try:
        yield
    finally:
        sys.modules.update({name: one for name, one in hidden.items() if name not in sys.modules})


class _Names:
    """What the names of the standard library's modules, and of asyncio's classes, stand for."""

    def __init__(self) -> None:
        modules = [one for name, one in list(sys.modules.items()) if _is_library(name)]
        classes = [
            kind
            for name, one in list(sys.modules.items())
            if name.partition(".")[0] == "asyncio"
            for kind in vars(one).values()
            if isinstance(kind, type) and kind.__flags__ & MADE_BY_PYTHON
        ]
        owners: list[Any] = [*modules, *dict.fromkeys(classes)]
        self.known = [(owner, dict(vars(owner))) for owner in owners]

    def restore(self) -> None:
        for owner, names in self.known:
            for name, value in names.items():
                if vars(owner).get(name, _GONE) is not value and not name.startswith("__"):
                    setattr(owner, name, value)
            if isinstance(owner, type) or owner is asyncio:
                for name in [name for name in vars(owner) if name not in names]:
                    if not name.startswith("__"):
                        delattr(owner, name)


_GONE = object()


def _is_library(name: str) -> bool:
    top = name.partition(".")[0]
    return top in sys.stdlib_module_names and top not in ("sys", "importlib", "builtins")


def in_own_context(function: Any, *given: Any) -> Any:
    """Return what *function* returns; context variables that it sets are gone afterwards."""
    return contextvars.copy_context().run(function, *given)
