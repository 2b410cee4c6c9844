"""The handler raises its error again, and before that it wakes the others with nothing."""

# name: self._opened
import asyncio
import unittest


class Refused(Exception):
    pass


class Channel:
    def __init__(self, port):
        self._port = port
        self._opened = None

    async def open(self):
        if self._opened is not None:
            return await self._opened
        self._opened = asyncio.get_running_loop().create_future()
        try:
            await self._connect()
        except Exception:
            self._opened.set_result(None)  # LC205
            self._opened = None
            raise
        self._opened.set_result(self._port)
        return self._port

    async def _connect(self):
        await asyncio.sleep(0)
        raise Refused(self._port)


class Channels(unittest.IsolatedAsyncioTestCase):
    async def test_nobody_gets_a_port(self):
        channel = Channel(7)
        first, second = (asyncio.create_task(channel.open()) for _ in range(2))
        await asyncio.wait([first, second])
        self.assertIsInstance(first.exception(), Refused)
        with self.assertRaises(Refused):
            await second
