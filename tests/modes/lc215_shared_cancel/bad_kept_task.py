"""A limit ends the load that others share; the test asks their tasks how they have ended."""
# name: job | self.running[key] | entry | self.refresh
# findings: 4

import asyncio

import pytest

pytestmark = pytest.mark.asyncio


class Atlas:
    def __init__(self):
        self.running = {}

    async def find(self, place):
        job = self.running.get(place)
        if job is None:
            job = asyncio.ensure_future(self.load(place))
            self.running[place] = job
        return await job  # LC215

    async def load(self, place):
        await asyncio.sleep(0.05)
        return len(place)


class Prices:
    def __init__(self):
        self.running = {}

    async def get(self, key):
        if key not in self.running:
            self.running[key] = asyncio.create_task(self.fetch(key))
        return await self.running[key]  # LC215

    async def fetch(self, key):
        await asyncio.sleep(0.05)
        return f"{key}: 3"


jobs = {}


async def render(name):
    await asyncio.sleep(0.05)
    return name.upper()


async def page(name):
    if name not in jobs:
        entry = asyncio.create_task(render(name))
        jobs[name] = entry
    entry = jobs[name]
    return await entry  # LC215


class Tokens:
    def __init__(self):
        self.refresh = None

    async def get(self):
        if self.refresh is None:
            self.refresh = asyncio.create_task(self.renew())
        return await self.refresh  # LC215

    async def renew(self):
        try:
            await asyncio.sleep(0.05)
            return "fresh"
        finally:
            self.refresh = None


async def hasty(coroutine):
    try:
        return await asyncio.wait_for(coroutine, 0.01)
    except TimeoutError:
        return None


async def test_the_patient_one_is_not_cancelled():
    atlas = Atlas()
    patient = asyncio.create_task(atlas.find("rome"))
    await asyncio.sleep(0)
    assert await hasty(atlas.find("rome")) is None
    await asyncio.wait({patient}, timeout=1)
    assert not patient.cancelled()


async def test_the_price_of_the_patient_one():
    prices = Prices()
    patient = asyncio.create_task(prices.get("tea"))
    await asyncio.sleep(0)
    await hasty(prices.get("tea"))
    await asyncio.wait({patient}, timeout=1)
    assert patient.result() == "tea: 3"


async def test_no_page_is_lost():
    readers = [asyncio.create_task(page("news")) for _ in range(2)]
    await asyncio.sleep(0)
    await hasty(page("news"))
    await asyncio.wait(readers, timeout=1)
    assert not readers[0].cancelled()


async def test_the_api_gets_its_token():
    tokens = Tokens()
    call = asyncio.create_task(tokens.get())
    assert await hasty(tokens.get()) is None
    assert await call == "fresh"
