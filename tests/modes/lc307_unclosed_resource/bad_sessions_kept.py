"""Sessions of aiohttp that an object or a list keeps, and that nothing closes."""

# name: self.session | several
# findings: 2
import aiohttp
import pytest

pytestmark = pytest.mark.asyncio


class Api:
    async def open(self):
        self.session = aiohttp.ClientSession()  # LC307

    async def renew(self):
        self.session = aiohttp.ClientSession(headers={"Accept": "text/plain"})

    async def close(self):
        await self.session.close()


async def test_replaced_in_an_attribute():
    api = Api()
    await api.open()
    await api.renew()
    await api.close()


async def test_in_a_list():
    several = [aiohttp.ClientSession() for _ in range(2)]  # LC307
    await several[0].close()
