"""Each hook of ours is passed by: warnings, logs and tracebacks are those of a run without it."""

import asyncio
import contextlib
import gc
import importlib
import inspect
import logging
import sys
import traceback
import warnings
from collections.abc import Callable, Iterator
from pathlib import Path
from types import CellType, FunctionType
from typing import Any

import pytest

import loopcheck
from loopcheck.process import objects
from loopcheck.watch import hooks, veil

WATCHES = (
    *("asyncgens", "exceptions", "loop_leaks", "loops", "mock_makers", "patches", "tasks"),
    *("thrown_away", "limits.timeouts", "stores.databases", "stores.driver_rows", "stores.locks"),
    *("stores.sockets", "stores.store_errors", "stores.stores", "stores.write_locks"),
)
HOOKED = (
    *("aiosqlite", "asyncpg", "asyncpg.pool", "redis.asyncio", "redis.lock", "redis.asyncio.lock"),
    *("sqlalchemy.ext.asyncio", "unittest.mock", "valkey.asyncio", "valkey.lock"),
)


@pytest.fixture
def watched() -> Iterator[None]:
    """Install every watch, with all that there is to hook."""
    for name in HOOKED:
        try:
            importlib.import_module(name)
        except ImportError:
            continue
    undos = [veil.install()]
    for name in WATCHES:
        undos.append(importlib.import_module(f"loopcheck.watch.{name}").install())
    veil.over_new_modules()
    yield
    while undos:
        undos.pop()()


def standing() -> dict[str, FunctionType]:
    """Return every function of ours that stands in a class or a module of others, by its place."""
    found: dict[str, FunctionType] = {}
    for name, module in list(sys.modules.items()):
        if _of_ours(name):
            continue
        for key, thing in list(getattr(module, "__dict__", {}).items()):
            if _is_ours(thing):
                found[f"{name}.{key}"] = thing
            elif objects.is_a(thing, type) and not _of_ours(objects.module_of(thing)):
                for method, each in list(objects.class_dict(thing).items()):
                    function = each.__func__ if type(each) is classmethod else each
                    if type(function) is FunctionType and _is_ours(function):
                        found[f"{objects.module_of(thing)}.{thing.__qualname__}.{method}"] = (
                            function
                        )
    return found


def _of_ours(module: str) -> bool:
    return module.startswith(("loopcheck", "test_", "conftest"))


def _is_ours(thing: Any) -> bool:
    module = thing.__globals__.get("__name__", "") if type(thing) is FunctionType else ""
    return module.startswith("loopcheck.watch.")


def cell_of_theirs(ours: FunctionType) -> CellType:
    """Return the cell that holds what *ours* calls in the end."""
    cells = dict(zip(ours.__code__.co_freevars, ours.__closure__ or (), strict=True))
    names = [one for one in ("theirs", "born", "gone", "make", "cancel") if one in cells]
    assert len(names) == 1, (ours, cells)
    return cells[names[0]]


def warns(*_: object, **__: object) -> None:
    """Warn at three of the lines that led here, and log."""
    for level in (1, 2, 3):
        warnings.warn(f"{level}", stacklevel=level)
    logging.getLogger(__name__).warning("here", stacklevel=2)


async def warns_awaited(*_: object, **__: object) -> None:
    warns()


def raises(*_: object, **__: object) -> None:
    raise KeyError("mine")


async def raises_awaited(*_: object, **__: object) -> None:
    raise KeyError("mine")


def call(function: Callable[..., Any], logged: pytest.LogCaptureFixture) -> list[object]:
    """Return what is seen of a call: where it warned and logged, and the lines of its error."""
    logged.clear()
    seen: list[object] = []
    arguments = [object()] * len(inspect.signature(function, follow_wrapped=False).parameters)
    try:
        with warnings.catch_warnings(record=True) as caught:
            warnings.simplefilter("always")
            answer = function(*arguments)
            if inspect.iscoroutine(answer):
                answer.send(None)
    except StopIteration:
        pass
    except KeyError as error:
        seen += [
            (one.name, one.filename, one.lineno)
            for one in traceback.extract_tb(error.__traceback__)
        ]
    seen += [(str(one.message), one.filename, one.lineno) for one in caught]
    seen += [(one.funcName, one.pathname, one.lineno) for one in logged.records]
    return seen


def test_warnings_logs_and_tracebacks_pass_every_hook_by(
    watched: None, caplog: pytest.LogCaptureFixture
) -> None:
    there = standing()
    assert len(there) >= 12
    assert {"asyncio.base_events.BaseEventLoop.close", "asyncio.runners._cancel_all_tasks"} <= {
        *there
    }
    differs = []
    for place, ours in there.items():
        cell = cell_of_theirs(ours)
        theirs = cell.cell_contents
        awaits = inspect.iscoroutinefunction(ours) and ours.__code__.co_flags & inspect.CO_COROUTINE
        active = dict(zip(ours.__code__.co_freevars, ours.__closure__ or (), strict=True))["active"]
        for plain, awaited in ((warns, warns_awaited), (raises, raises_awaited)):
            probe: Any = awaited if awaits else plain
            try:
                cell.cell_contents, active.cell_contents = probe, False
                with_it, without = [call(one, caplog) for one in (ours, probe)]
            finally:
                cell.cell_contents, active.cell_contents = theirs, True
            if with_it != without:
                differs.append((place, probe.__name__, with_it, without))
    assert not differs, "\n".join(map(str, differs[:5]))


class Loop:
    """Has a method that is watched."""

    def close(self) -> None:
        raise KeyError("mine")


def test_an_error_that_a_note_has_seen_pass_shows_no_line_of_ours() -> None:
    undo = hooks.hooked(Loop, "close", lambda loop: None)
    try:
        Loop().close()
    except KeyError as error:
        lines = [one.name for one in traceback.extract_tb(error.__traceback__)]
    finally:
        undo()
    assert lines == ["test_an_error_that_a_note_has_seen_pass_shows_no_line_of_ours", "close"]


async def work() -> None: ...


def test_what_python_collects_amid_a_look_of_ours_is_said_of_a_line_of_others(
    watched: None,
) -> None:
    thresholds = gc.get_threshold()
    try:
        with warnings.catch_warnings(record=True) as caught:
            warnings.simplefilter("always")
            for threshold in range(1, 60):
                ring: list[Any] = [work()]
                ring.append(ring)
                gc.set_threshold(threshold)
                del ring
                asyncio.new_event_loop().close()
                gc.set_threshold(*thresholds)
                gc.collect()
    finally:
        gc.set_threshold(*thresholds)
    said = [one for one in caught if "'work' was never awaited" in str(one.message)]
    assert len(said) == 59
    assert not [one.filename for one in said if "loopcheck" in one.filename.replace(__file__, "")]


def _nothing() -> Iterator[None]:
    yield


@pytest.mark.usefixtures("watched")
def test_a_file_is_named_anew_only_where_it_is_ours() -> None:
    veil.over_new_modules()
    renamed = {file for found in veil._veiled.values() for _, file in found}
    ours = str(Path(loopcheck.__file__).parent)
    assert {file for file in renamed if not file.startswith(ours)} == set()
    made: Any = contextlib.contextmanager(_nothing)
    assert made.__code__.co_filename == contextlib.__file__


def test_the_files_are_named_as_they_were_after_the_last_undo() -> None:
    before = hooks.hooked.__code__.co_filename
    undo = veil.install()
    named = hooks.hooked.__code__.co_filename
    undo()
    assert before == hooks.hooked.__code__.co_filename == hooks.__file__ != named
