"""IsolatedAsyncioTestCase that fails for reasons of its own."""

import unittest
from unittest import mock


class TestUser(unittest.IsolatedAsyncioTestCase):
    async def asyncSetUp(self):
        self.user = "ada"

    async def test_plain(self):
        self.assertEqual(self.user, "emmy")

    async def test_attribute(self):
        self.assertEqual(self.name, "ada")

    async def test_wrong_call(self):
        async def greet(name):
            return name

        await greet()

    @mock.patch("os.getcwd", return_value="/srv")
    async def test_patched(self, getcwd):
        self.assertIs(getcwd(), None)


class TestSynchronous(unittest.TestCase):
    def setUp(self):
        self.user = "ada"

    def test_attribute(self):
        self.assertEqual(self.name, "ada")
