"""A plain TestCase drops the coroutine. Only strict warnings make it fail."""

# name: test_name
import unittest


class TestUser(unittest.TestCase):
    def setUp(self):
        self.name = "ada"

    async def test_name(self):  # LC303
        self.assertEqual(self.name, "ada")
