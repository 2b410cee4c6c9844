"""asyncSetUp in a plain TestCase: nobody calls it."""

# name: asyncSetUp
import unittest


class TestUser(unittest.TestCase):
    async def asyncSetUp(self):  # LC309
        self.user = "ada"

    def test_user(self):
        self.assertEqual(self.user, "ada")
