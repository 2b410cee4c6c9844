"""A client closes its gate while it pauses, and a cancellation ends the pause."""

# name: client.gate
import asyncio
import unittest


class Client:
    def __init__(self):
        self.gate = asyncio.Event()
        self.gate.set()
        self.sent = []

    async def send(self, letter, pause=0.0):
        await self.gate.wait()
        if pause:
            self.gate.clear()  # LC203
            await asyncio.sleep(pause)
            self.gate.set()
        self.sent.append(letter)


class TestClient(unittest.IsolatedAsyncioTestCase):
    async def test_the_gate_is_open_after_a_cancelled_pause(self):
        client = Client()
        sending = asyncio.create_task(client.send("card", pause=30))
        while client.gate.is_set():
            await asyncio.sleep(0)
        sending.cancel()
        with self.assertRaises(asyncio.CancelledError):
            await sending
        self.assertTrue(client.gate.is_set())
