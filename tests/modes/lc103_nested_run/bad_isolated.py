"""unittest runs a loop for the test, and the helper wants one, too."""

# name: TestMail.send
import asyncio
import unittest


class TestMail(unittest.IsolatedAsyncioTestCase):
    async def send(self):
        return "sent"

    def send_now(self):
        return asyncio.run(self.send())  # LC103

    async def test_mail(self):
        self.assertEqual(self.send_now(), "sent")
