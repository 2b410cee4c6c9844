"""setUp is called, and its coroutine dropped: here it must be asyncSetUp."""

# name: setUp
import unittest


class TestUser(unittest.IsolatedAsyncioTestCase):
    async def setUp(self):  # LC309
        self.user = "ada"

    async def test_user(self):
        self.assertEqual(self.user, "ada")
