"""Two files with settings: pytest reads the ini, and says so in its header only."""

# name: asyncio_mode
import asyncio


async def test_shop():
    await asyncio.sleep(0)


class TestShop:
    async def test_open(self):
        await asyncio.sleep(0)
