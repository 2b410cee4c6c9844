"""A clean-up that a cancelled scope of anyio cut off is noted, and only that."""

import asyncio
import importlib
import sys
from collections.abc import Callable, Coroutine
from typing import Any

import anyio
import pytest

from loopcheck.watch.limits import anyio_limits, cut_off_cleanups

Body = Callable[[], Coroutine[Any, Any, None]]


async def cut_off() -> None:
    with anyio.move_on_after(0.01):
        try:
            await anyio.sleep(5)
        finally:
            await anyio.sleep(0)


async def shielded() -> None:
    with anyio.move_on_after(0.01):
        try:
            await anyio.sleep(5)
        finally:
            with anyio.CancelScope(shield=True):
                await anyio.sleep(0)


async def cancelled_twice() -> None:
    """A scope that is not cancelled itself."""
    with anyio.CancelScope():
        try:
            raise asyncio.CancelledError
        finally:
            raise asyncio.CancelledError


def noted(body: Body) -> list[int]:
    """Return the lines of the clean-ups that were cut off in *body*, from its `def` on."""
    scopes = anyio_limits.Scopes(lambda *_, **__: None)
    before = len(cut_off_cleanups.kept)
    try:
        scopes.look()
        asyncio.run(body())
    except asyncio.CancelledError:
        pass
    finally:
        scopes.undo()
    first = body.__code__.co_firstlineno
    return [one.line - first for one in [*cut_off_cleanups.kept][before:]]


def test_the_line_of_the_clean_up_is_noted() -> None:
    assert noted(cut_off) == [5]


@pytest.mark.parametrize("body", [shielded, cancelled_twice])
def test_nothing_else_is(body: Body) -> None:
    assert noted(body) == []


def test_a_backend_is_watched_once_it_is_imported(monkeypatch: pytest.MonkeyPatch) -> None:
    before = importlib.import_module(anyio_limits.BACKEND)
    scopes = anyio_limits.Scopes(lambda *_, **__: None)
    try:
        with monkeypatch.context() as patch:
            patch.delitem(sys.modules, anyio_limits.BACKEND)
            scopes.look()
            assert not scopes.hooked
            again = importlib.import_module(anyio_limits.BACKEND)
        assert scopes.hooked
    finally:
        scopes.undo()
    assert scopes not in sys.meta_path
    assert type(again.__loader__) is type(again.__spec__.loader) is type(before.__loader__)
