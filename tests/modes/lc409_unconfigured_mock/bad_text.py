"""Formatted, encoded and put into a dict, the mock has left the line that asked for it long ago."""

import json
from unittest import IsolatedAsyncioTestCase
from unittest.mock import AsyncMock


class Profile:
    def __init__(self, repo):
        self._repo = repo

    async def page(self, key):
        user = await self._repo.find(key)
        return {"key": key, "tags": [user.tag]}

    async def body(self, key):
        return json.dumps(await self.page(key))


# name: self.repo.find().tag
class TestProfile(IsolatedAsyncioTestCase):
    def setUp(self):
        self.repo = AsyncMock()  # LC409
        self.profile = Profile(self.repo)

    async def test_page(self):
        assert await self.profile.page("ada") == {"key": "ada", "tags": ["new"]}

    async def test_body(self):
        self.assertEqual(await self.profile.body("ada"), "{}")
