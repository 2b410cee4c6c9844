"""What a class keeps and a task changes, on a loop that was run: the assertions are wrong."""

import asyncio
from unittest import IsolatedAsyncioTestCase


class Service:
    def __init__(self):
        self.ups = []

    async def boot(self, name):
        await asyncio.sleep(0)
        self.ups.append(name)


class TestService(IsolatedAsyncioTestCase):
    @classmethod
    def setUpClass(cls):
        cls.service = Service()
        loop = asyncio.new_event_loop()
        loop.run_until_complete(cls.service.boot("mail"))
        loop.close()

    async def test_it_is_up(self):
        await self.service.boot("disk")
        self.assertEqual(self.service.ups, ["disk", "mail"])

    async def test_there_are_three(self):
        self.assertEqual(len(self.service.ups), 3)
