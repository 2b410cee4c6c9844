"""A worker thread runs a loop of its own for good; the test waits on the worker's queue."""

# name: printer.done
import asyncio
import threading

import pytest


class Printer:
    def __init__(self):
        self.loop, self.done = asyncio.new_event_loop(), asyncio.Queue()
        threading.Thread(target=self.loop.run_forever, daemon=True).start()

    def submit(self, coro):
        return asyncio.run_coroutine_threadsafe(coro, self.loop).result(timeout=5)

    async def page(self):
        getter = asyncio.ensure_future(self.done.get())
        await asyncio.sleep(0)
        await self.done.put("page")
        return await getter


@pytest.fixture(scope="module")
def printer():  # LC102
    printer = Printer()
    assert printer.submit(printer.page()) == "page"
    yield printer
    printer.loop.call_soon_threadsafe(printer.loop.stop)


@pytest.mark.asyncio
async def test_page_is_printed(printer):
    assert await asyncio.wait_for(printer.done.get(), timeout=1) == "page"
