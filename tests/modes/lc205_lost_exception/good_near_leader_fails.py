"""The waiters get the error, also as a result. Or the test is about another one."""

import asyncio

import pytest

pytestmark = pytest.mark.asyncio


class Told:
    def __init__(self, work):
        self._work, self._shared = work, None

    async def get(self):
        if self._shared is not None:
            return await self._shared
        shared = self._shared = asyncio.get_running_loop().create_future()
        try:
            result = await self._work()
        except OSError as error:
            shared.set_exception(error)
            raise
        finally:
            if not shared.done():
                shared.set_result(None)
        return result


class Outcome(Told):
    async def get(self):
        if self._shared is not None:
            return await self._shared
        shared, outcome = asyncio.get_running_loop().create_future(), "done"
        self._shared = shared
        try:
            await self._work()
        except OSError as error:
            outcome = error
            raise
        finally:
            shared.set_result(outcome)


class Plain(Told):
    async def get(self):
        if self._shared is not None:
            return await self._shared
        self._shared = asyncio.get_running_loop().create_future()
        try:
            await self._work()
        finally:
            self._shared.set_result("tried")


async def fail():
    await asyncio.sleep(0.01)
    raise OSError("disk")


async def callers(shared):
    return await asyncio.gather(shared.get(), shared.get(), return_exceptions=True)


async def test_exception():
    found = await callers(Told(fail))
    assert [isinstance(one, ConnectionError) for one in found] == [False, True]


async def test_outcome():
    tasks = [asyncio.create_task(Outcome(fail).get())]
    tasks += [asyncio.create_task(one) for one in [asyncio.sleep(0)]]
    await asyncio.wait(tasks)
    with pytest.raises(OSError):
        await tasks[1]


async def test_outcome_of_all():
    assert all(one is OSError for one in await callers(Outcome(fail)))


async def test_another_error_is_due():
    shared = Plain(fail)
    first, second = (asyncio.create_task(shared.get()) for _ in range(2))
    await asyncio.wait([first, second])
    with pytest.raises(KeyError):
        await second


async def test_another_function_is_asked():
    task = asyncio.create_task(Plain(fail).get())
    await asyncio.wait([task])
    with pytest.raises(OSError):
        await asyncio.sleep(0)
