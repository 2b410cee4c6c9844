"""unittest's classes lose the first of two methods just the same."""

# name: test_total
import unittest


class CartTests(unittest.IsolatedAsyncioTestCase):
    async def asyncSetUp(self):
        self.items = [1, 2]

    async def test_total(self):  # LC306
        self.assertEqual(sum(self.items), 4)

    async def test_length(self):
        self.assertEqual(len(self.items), 2)

    async def test_total(self):
        self.assertEqual(sum(self.items), 3)
