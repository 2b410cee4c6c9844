"""All callers have a limit. The first one runs out, and the second one fails at once."""

# name: self.loading
import asyncio

import pytest

pytestmark = pytest.mark.asyncio


class Settings:
    def __init__(self):
        self.file, self.loading = asyncio.Queue(), None

    def start(self):
        self.loading = self.loading or asyncio.ensure_future(self.file.get())
        return self.loading

    async def value(self, name):
        self.start()
        values = await self.loading  # LC215
        return values[name]


@pytest.fixture
def settings():
    return Settings()


async def test_settings_that_come_late(settings):
    with pytest.raises(asyncio.TimeoutError):
        await asyncio.wait_for(settings.value("colour"), 0.01)
    settings.file.put_nowait({"colour": "red", "size": 3})
    async with asyncio.timeout(5):
        assert await asyncio.wait_for(settings.value("size"), timeout=4) == 3
