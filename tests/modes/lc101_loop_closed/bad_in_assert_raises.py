"""`assertRaises` takes the names out of the frames of an error that it does not expect."""

# name: api._session | api.session

import os
import unittest

import aiohttp


class Api:
    def __init__(self):
        self._session = None

    @property
    def session(self):
        if self._session is None:
            self._session = aiohttp.ClientSession()
        return self._session

    async def status(self, path):
        async with self.session.get(os.environ["HTTP_URL"] + path) as answer:
            if path == "gone":
                raise LookupError(path)
            return answer.status


api = Api()  # LC101


class Statuses(unittest.IsolatedAsyncioTestCase):
    async def test_a_page(self):
        self.assertEqual(await api.status("here"), 200)

    async def test_no_page(self):
        with self.assertRaises(LookupError):
            await api.status("gone")
