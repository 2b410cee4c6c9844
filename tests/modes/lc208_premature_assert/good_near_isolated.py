"""Failures of unittest's own that no waiting mends: the work is done, or about other things."""

import asyncio
from unittest import IsolatedAsyncioTestCase


class Editor:
    def __init__(self):
        self.pages, self.saved, self.tasks = [], 0, set()

    def print(self, text):
        self.tasks.add(asyncio.create_task(self._print(text)))

    async def _print(self, text):
        await asyncio.sleep(0)
        self.pages.append(text)

    async def clock(self):
        while True:
            await asyncio.sleep(0.01)
            self.saved += 1


class TestEditor(IsolatedAsyncioTestCase):
    async def asyncSetUp(self):
        self.editor = Editor()
        self.task = asyncio.create_task(self.editor.clock())

    async def asyncTearDown(self):
        self.task.cancel()
        self.editor.pages.clear()

    async def test_no_page_is_printed(self):
        self.editor.print("Dear M")
        await asyncio.gather(*self.editor.tasks)
        self.assertEqual(self.editor.pages, [])

    async def test_the_words_are_others(self):
        await asyncio.sleep(0)
        self.assertEqual(self.editor.pages, ["Dear N"])

    async def test_it_stumbles(self):
        self.assertEqual(self.editor.paper, "A4")
