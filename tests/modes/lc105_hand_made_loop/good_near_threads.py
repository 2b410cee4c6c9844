"""A loop made by hand that a thread runs, until its test is over: the work was done, or is due."""

import asyncio
import threading
from unittest import IsolatedAsyncioTestCase

import pytest


class Press:
    def __init__(self):
        self.pages, self.loop = [], asyncio.new_event_loop()
        self.thread = threading.Thread(target=self.loop.run_forever)
        self.thread.start()

    def print(self, *pages):
        asyncio.run_coroutine_threadsafe(self._print(pages), self.loop)

    async def _print(self, pages):
        for page in pages:
            self.pages.append(page)
            await asyncio.sleep(0.03)

    def stop(self):
        self.loop.call_soon_threadsafe(self.loop.stop)
        self.thread.join()


class TestPress(IsolatedAsyncioTestCase):
    def setUp(self):
        self.press = Press()

    def tearDown(self):
        self.press.stop()

    async def test_it_prints(self):
        self.press.print("one", "two", "three")
        await asyncio.sleep(0.02)
        self.assertEqual(self.press.pages, ["one", "three"])


@pytest.mark.asyncio
async def test_two_pages_are_printed():
    press = Press()
    press.print("one", "two", "three")
    try:
        await asyncio.sleep(0.02)
        assert press.pages == ["one", "three"]
    finally:
        press.stop()


@pytest.fixture
def press():
    press = Press()
    yield press
    press.stop()


@pytest.mark.asyncio
async def test_three_pages_are_printed(press):
    press.print("one", "two", "three")
    await asyncio.sleep(0.02)
    assert press.pages == ["one", "three"]
