"""The application's own defaults, imported into two test files."""

# name: DEFAULTS
from options import DEFAULTS, open_store


class TestStore:
    async def test_open(self):
        assert await open_store(DEFAULTS) == "localhost:6379"

    async def test_open_again(self):
        assert await open_store(DEFAULTS) == "localhost:6379"
