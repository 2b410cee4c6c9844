"""unittest cancels the tasks of its loop, and closes it, before pytest hears of the error."""

# name: Editor._print

import asyncio
from unittest import IsolatedAsyncioTestCase


class Editor:
    def __init__(self):
        self.pages, self.tasks = [], set()

    def print(self, text):
        self.tasks.add(asyncio.create_task(self._print(text)))

    async def _print(self, text):
        await asyncio.sleep(0.05)
        self.pages.append(text)


class TestEditor(IsolatedAsyncioTestCase):
    async def test_the_page_is_printed(self):
        self.editor = Editor()
        self.editor.print("Dear M")
        self.assertEqual(self.editor.pages, ["Dear M"])  # LC208

    async def asyncTearDown(self):
        self.editor.pages = ["Dear M"]
