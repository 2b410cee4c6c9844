"""The loop of unittest's test case has yet to call what changes the answer."""

# name: Editor._save

import asyncio
import unittest


class Editor:
    def __init__(self, disk):
        self.disk = disk

    def type(self, text):
        asyncio.get_running_loop().call_later(0.05, self._save, text)

    def _save(self, text):
        self.disk["draft"] = text


class TestEditor(unittest.IsolatedAsyncioTestCase):
    async def test_the_draft_is_kept(self):
        disk = {}
        Editor(disk).type("Dear M")
        self.assertEqual(disk["draft"], "Dear M")  # LC208
