"""A plain TestCase drops the coroutine: green, whatever stands in the test."""

# name: test_name
import unittest
from unittest import mock


class TestUser(unittest.TestCase):
    def setUp(self):
        self.name = "ada"

    def test_plain(self):
        self.assertEqual(self.name, "ada")

    @mock.patch("time.sleep")
    async def test_name(self, sleep):  # LC303
        self.assertEqual(self.name, "emmy")

    @unittest.skip("later")
    async def test_later(self):
        self.assertEqual(self.name, "emmy")
