"""Which earlier call may have left a lock locked?"""

import asyncio
import sys
from collections.abc import Awaitable, Callable

import pytest

from loopcheck.labels import Labels
from loopcheck.process.waiting import earlier_calls
from loopcheck.records import Unreleased


class Box:
    def __init__(self) -> None:
        self.locks = {"a": asyncio.Lock(), "b": asyncio.Lock()}

    async def keep(self, name: str) -> None:
        lock = self.locks[name]
        await lock.acquire()

    async def leave(self, name: str, early: bool) -> None:
        await self.locks[name].acquire()
        if early:
            return
        self.locks[name].release()

    async def guard(self, name: str) -> None:
        await self.locks[name].acquire()
        try:
            if name:
                return
        finally:
            self.locks[name].release()

    async def enter(self, name: str) -> None:
        async with self.locks[name]:
            pass


def look(box: Box) -> Unreleased | None:
    frames = [sys._getframe(1)]
    return earlier_calls.unreleased(box.locks["a"], frames, Labels("."))


async def kept(box: Box) -> Unreleased | None:
    await box.keep("a")
    return look(box)


async def left(box: Box) -> Unreleased | None:
    await box.leave("a", early=True)
    return look(box)


async def another(box: Box) -> Unreleased | None:
    await box.keep("b")
    await box.locks["a"].acquire()
    return look(box)


async def guarded(box: Box) -> Unreleased | None:
    await box.guard("a")
    await box.enter("a")
    await box.locks["a"].acquire()
    return look(box)


def test_a_call_that_acquires_it_and_has_no_release_kept_it() -> None:
    found = asyncio.run(kept(Box()))
    assert found is not None
    assert (found.function, found.left_at) == ("Box.keep", None)


def test_the_return_before_the_release_is_named() -> None:
    found = asyncio.run(left(Box()))
    assert found is not None
    assert found.left_at is not None
    assert found.left_at.line == found.acquired_at.line + 2


@pytest.mark.parametrize("run", [another, guarded])
def test_another_lock_or_a_release_on_each_way_out_is_not(
    run: Callable[[Box], Awaitable[Unreleased | None]],
) -> None:
    async def main() -> Unreleased | None:
        return await run(Box())

    assert asyncio.run(main()) is None
