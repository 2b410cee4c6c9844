"""A thread that serves calls makes a loop for each of them. The growth is measured by rounds."""

# name: _serve
import asyncio
import os
import threading
import unittest


class Server:
    def __init__(self):
        self.served = []

    def call(self, number):
        thread = threading.Thread(target=self._serve, args=(number,))
        thread.start()
        thread.join()

    def _serve(self, number):
        loop = asyncio.new_event_loop()  # LC307
        asyncio.set_event_loop(loop)
        self.served.append((loop.run_until_complete(self._answer(number)), loop))

    async def _answer(self, number):
        return number + 1


@unittest.skipUnless(os.path.isdir("/dev/fd"), "counts files by name")
class ServerTest(unittest.TestCase):
    def test_calls_do_not_add_up(self):
        server, growth = Server(), []
        for number in range(3):
            before = len(os.listdir("/dev/fd"))
            server.call(number)
            growth.append(len(os.listdir("/dev/fd")) - before)
        self.assertEqual(growth, [0, 0, 0])
