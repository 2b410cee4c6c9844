"""A group cancels the others, and `return_exceptions` waits for them: the checks are wrong."""

import asyncio

import pytest

pytestmark = pytest.mark.asyncio
saved = []


async def save(name):
    saved.append("began")
    await asyncio.sleep(0.01)
    saved.append(name)


async def check(name):
    await asyncio.sleep(0)
    raise ValueError(name)


async def both(name):
    async with asyncio.TaskGroup() as tasks:
        tasks.create_task(save(name))
        tasks.create_task(check(name))


async def all_of(name):
    for error in await asyncio.gather(save(name), check(name), return_exceptions=True):
        if error is not None:
            raise error


async def test_a_group():
    saved.clear()
    with pytest.raises(ExceptionGroup):
        await both("tea")
    await asyncio.sleep(0.05)
    assert saved == []


async def test_all_of_them():
    saved.clear()
    with pytest.raises(ValueError):
        await all_of("tea")
    await asyncio.sleep(0.05)
    assert saved == []
