"""What wraps a library's method looks like that method to all who ask."""

import asyncio
import inspect
from collections.abc import Callable
from typing import Any
from unittest.mock import AsyncMock, create_autospec

import aiosqlite
import asyncpg  # type: ignore[import-untyped]
import pytest
import valkey.asyncio.client
import valkey.asyncio.lock
from sqlalchemy.ext.asyncio import AsyncConnection

from loopcheck.watch import hooks
from loopcheck.watch.stores import databases, driver_rows, locks, stores, tables, write_locks

CLASSES = (
    *(aiosqlite.Connection, aiosqlite.Cursor, asyncpg.Connection, asyncpg.Pool),
    *(asyncpg.transaction.Transaction, AsyncConnection),
    *(valkey.asyncio.client.Valkey, valkey.asyncio.client.Pipeline, valkey.asyncio.lock.Lock),
)


def shapes() -> dict[tuple[type, str], tuple[bool, inspect.Signature]]:
    return {
        (kind, name): (inspect.iscoroutinefunction(thing), inspect.signature(thing))
        for kind in CLASSES
        for name, thing in vars(kind).items()
        if inspect.isfunction(thing)
    }


@pytest.mark.parametrize("watch", [databases, driver_rows, tables, stores, locks, write_locks])
def test_a_method_keeps_its_kind_and_its_signature(watch: object) -> None:
    before = shapes()
    install: Callable[[], hooks.Undo] = vars(watch)["install"]
    undo = install()
    try:
        assert shapes() == before
    finally:
        undo()
    assert shapes() == before


class Till:
    async def open(self, key: int) -> int:
        return key


def test_a_mock_of_the_class_is_awaited_as_without() -> None:
    undo = hooks.hooked(Till, "open", lambda till, key: None)
    try:
        assert isinstance(create_autospec(Till).open, AsyncMock)
    finally:
        undo()


def test_it_sees_the_call_before_anybody_awaits_and_gives_theirs_back() -> None:
    theirs, seen = Till.open, []
    undo = hooks.hooked(Till, "open", lambda till, key: seen.append(key))
    try:
        coroutine: Any = Till().open(7)
        assert seen == [7]
        assert coroutine.cr_code is theirs.__code__
        assert asyncio.run(coroutine) == 7
    finally:
        undo()


def test_what_is_put_in_is_taken_out_unless_others_have_wrapped_it() -> None:
    theirs = Till.open

    async def ours(self: Till, key: int) -> int:
        return await theirs(self, key)

    undo = hooks.placed(Till, "open", ours)
    assert Till.open is ours
    undo()
    assert Till.open is theirs

    undo = hooks.placed(Till, "open", ours)
    try:
        other = Till.open = lambda till, key: ours(till, key)  # type: ignore[method-assign,assignment]
        undo()
        assert Till.open is other
    finally:
        Till.open = theirs  # type: ignore[method-assign]
