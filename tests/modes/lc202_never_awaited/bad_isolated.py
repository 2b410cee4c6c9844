"""unittest's own async tests, without pytest-asyncio's help."""

from unittest import IsolatedAsyncioTestCase


class Queue:
    async def put(self, job):
        self.job = job


# name: Queue.put
class TestQueue(IsolatedAsyncioTestCase):
    async def test_put(self):
        queue = Queue()
        queue.put("job")  # LC202
        self.assertFalse(hasattr(queue, "job"))
