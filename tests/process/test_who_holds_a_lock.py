"""Who holds what is waited for: whoever also waits for it can't give it back."""

import asyncio

from loopcheck.labels import Labels
from loopcheck.process.waiting import waits
from loopcheck.records import Holder


async def take(lock: asyncio.Lock) -> None:
    async with lock:
        pass


async def take_twice(lock: asyncio.Lock) -> None:
    async with lock:
        await take(lock)


async def take_and_wait(lock: asyncio.Lock, gate: asyncio.Event) -> None:
    async with lock:
        await gate.wait()


async def holder_of(lock: asyncio.Lock, first: "asyncio.Task[None]") -> Holder:
    """Return who is said to hold *lock*: the task *first* took it, and another waits for it."""
    loop = asyncio.get_running_loop()
    waiter = loop.create_task(take(lock))
    await asyncio.sleep(0)
    await asyncio.sleep(0)
    found = waits.chain_of([waiter], asyncio.all_tasks(loop))
    [seen] = waits.read(found, loop, None, Labels("/"))
    for task in (first, waiter):
        task.cancel()
    await asyncio.wait([first, waiter])
    [holder] = seen.holders
    return holder


def test_a_holder_who_waits_for_its_own_lock_is_known() -> None:
    async def main() -> Holder:
        lock = asyncio.Lock()
        return await holder_of(lock, asyncio.create_task(take_twice(lock)))

    holder = asyncio.run(main())
    assert (holder.coroutine, holder.again, holder.same) == ("take_twice", True, False)


def test_a_holder_who_waits_for_another_thing_is_not_taken_for_one() -> None:
    async def main() -> Holder:
        lock = asyncio.Lock()
        return await holder_of(lock, asyncio.create_task(take_and_wait(lock, asyncio.Event())))

    holder = asyncio.run(main())
    assert (holder.coroutine, holder.again) == ("take_and_wait", False)
