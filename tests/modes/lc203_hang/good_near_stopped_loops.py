"""Loops of other threads that stop: with their tasks done or cancelled, or with a limit meant."""

import asyncio
import threading

import pytest

pytestmark = pytest.mark.asyncio


class Meter:
    def __init__(self):
        self.loop = asyncio.new_event_loop()
        self.thread = threading.Thread(target=self.work)
        self.thread.start()

    def work(self):
        self.loop.run_forever()
        self.loop.close()

    async def ask(self):
        return await self.loop.create_future()

    async def answer(self):
        return 7

    def read(self, work):
        return asyncio.wrap_future(asyncio.run_coroutine_threadsafe(work, self.loop))

    async def cancel_all(self):
        others = asyncio.all_tasks() - {asyncio.current_task()}
        for task in others:
            task.cancel()
        await asyncio.gather(*others, return_exceptions=True)

    def close(self):
        self.loop.call_soon_threadsafe(self.loop.stop)
        self.thread.join()

    async def close_in_order(self):
        await self.read(self.cancel_all())
        self.close()


async def test_a_request_that_was_answered():
    meter = Meter()
    assert await asyncio.wait_for(meter.read(meter.answer()), 5) == 7
    meter.close()


async def test_a_request_is_cancelled_before_the_loop_stops():
    meter = Meter()
    request = meter.read(meter.ask())
    await meter.close_in_order()
    with pytest.raises(asyncio.CancelledError):
        await asyncio.wait_for(request, 5)


async def test_no_answer_from_a_running_meter():
    meter = Meter()
    with pytest.raises(TimeoutError):
        await asyncio.wait_for(meter.read(meter.ask()), 0.05)
    await meter.close_in_order()


async def test_no_answer_from_a_stopped_meter_is_expected():
    meter = Meter()
    request = meter.read(meter.ask())
    await meter.read(meter.answer())
    meter.loop.call_soon_threadsafe(meter.loop.stop)
    with pytest.raises(TimeoutError):
        await asyncio.wait_for(asyncio.shield(request), 0.05)
    meter.thread.join()
