"""The old style: a class sets itself up, and its tests have a loop each."""

# name: self.store | TestShelf.store
import os

import pytest
import valkey.asyncio as valkey


class TestShelf:
    @classmethod
    def setup_class(cls):
        cls.store = valkey.from_url(os.environ["VALKEY_URL"])  # LC102

    @pytest.mark.asyncio(loop_scope="class")
    async def test_jam_is_put(self):
        assert await self.store.hset("shelf", "jam", 3) >= 0

    @pytest.mark.asyncio
    async def test_jam_is_there(self):
        assert await self.store.hget("shelf", "jam") == b"3"
