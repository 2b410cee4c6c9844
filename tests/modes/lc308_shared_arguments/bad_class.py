"""An attribute of the class is one for all its tests. unittest's words."""

# name: CartTest.items
import unittest


class CartTest(unittest.IsolatedAsyncioTestCase):
    items = {"bread": 1}  # LC308

    async def test_a_removes(self):
        del self.items["bread"]
        self.assertEqual(self.items, {})

    async def test_b_counts(self):
        self.assertEqual(self.items["bread"], 1)

    async def test_c_has_bread(self):
        self.assertIn("bread", self.items)
