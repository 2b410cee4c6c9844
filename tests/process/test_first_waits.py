"""Will a task that has not begun come past its first `await`?"""

import asyncio
from collections.abc import Callable
from types import CoroutineType
from typing import Any

import pytest

from loopcheck.process.pending import first_awaits


class Post:
    def __init__(self) -> None:
        self.letters: asyncio.Queue[str] = asyncio.Queue()
        self.open, self.door = asyncio.Event(), asyncio.Lock()
        self.rest = 0.1

    async def reads(self) -> list[str]:
        return [await self.letters.get()]

    async def waits(self) -> None:
        await self.open.wait()

    async def enters(self) -> None:
        async with self.door:
            await self.open.wait()

    async def rests(self) -> None:
        await asyncio.sleep(self.rest)

    async def sleeps(self) -> None:
        await asyncio.sleep(60)

    async def writes(self) -> None:
        await self.letters.put("Dear M")

    async def counts(self) -> int:
        return 1

    async def asks(self) -> int:
        return await self.counts()


def comes_past(function: Callable[[], Any]) -> bool:
    coroutine: CoroutineType[Any, Any, Any] = function()
    frame = coroutine.cr_frame
    assert frame is not None
    try:
        return first_awaits.comes_past(frame)
    finally:
        coroutine.close()


def test_what_is_there_is_not_waited_for() -> None:
    post = Post()
    post.letters.put_nowait("Dear M")
    post.open.set()
    there = (post.reads, post.waits, post.enters, post.rests, post.writes, post.counts)
    assert all(map(comes_past, there))


@pytest.mark.asyncio
async def test_what_is_not_there_is() -> None:
    post = Post()
    await post.door.acquire()
    away = (post.reads, post.waits, post.enters, post.sleeps, post.asks)
    assert not any(map(comes_past, away))
