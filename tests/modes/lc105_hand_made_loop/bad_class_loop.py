"""One loop for the whole class, which only its end runs: the class keeps the service."""

# name: Service.boot
import asyncio
from unittest import IsolatedAsyncioTestCase


class Service:
    def __init__(self, loop):
        self.loop, self.up = loop, False

    def start(self):
        self.task = self.loop.create_task(self.boot())

    async def boot(self):
        await asyncio.sleep(0.001)
        self.up = True


class TestService(IsolatedAsyncioTestCase):
    @classmethod
    def setUpClass(cls):
        cls.loop = asyncio.new_event_loop()  # LC105
        cls.service = Service(cls.loop)
        cls.service.start()

    @classmethod
    def tearDownClass(cls):
        cls.loop.run_until_complete(cls.service.task)
        cls.loop.close()

    async def test_it_is_up(self):
        await asyncio.sleep(0.02)
        self.assertTrue(self.service.up)
