"""The fixture's task is on a loop that stands still while unittest runs the test."""

# name: bus
import unittest

import pytest


@pytest.mark.usefixtures("with_bus")
class TestBus(unittest.IsolatedAsyncioTestCase):
    async def test_it_hears(self):
        await self.bus.say("tea")
        self.assertEqual(self.bus.heard, ["tea"])
