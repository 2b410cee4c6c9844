"""A worker of a class with a loop of its own class: `stop` ends its thread, and leaves it open."""

# name: self.worker.loop

import asyncio
import threading
import unittest


class Own(asyncio.SelectorEventLoop):
    pass


def halt(loop):
    loop.call_soon_threadsafe(loop.stop)


class Worker:
    def __init__(self):
        self.loop = Own()
        self.thread = threading.Thread(target=self.loop.run_forever)

    def start(self):
        self.thread.start()

    def stop(self):
        self._end()

    def _end(self):
        halt(self.loop)  # LC307
        self.thread.join()


class WorkerTest(unittest.TestCase):
    def setUp(self):
        self.worker = Worker()

    def test_the_loop_ends_with_the_worker(self):
        self.worker.start()
        self.worker.stop()
        self.assertTrue(self.worker.loop.is_closed())
