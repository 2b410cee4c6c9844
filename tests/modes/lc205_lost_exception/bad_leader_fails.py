"""One caller loads a page for all, and its `finally` tells the others that it is there."""

# name: loading
import asyncio

import pytest


class Pages:
    def __init__(self, fetch):
        self._fetch, self._loading, self._pages = fetch, {}, {}

    async def page(self, name):
        if name in self._loading:
            await asyncio.shield(self._loading[name])
            return self._pages.get(name)
        return await self._load(name)

    async def _load(self, name):
        loading = self._loading[name] = asyncio.get_running_loop().create_future()
        try:
            self._pages[name] = await self._fetch(name)
        finally:
            del self._loading[name]
            if not loading.done():
                loading.set_result(True)  # LC205
        return self._pages[name]


async def fetch(name):
    await asyncio.sleep(0.01)
    raise ConnectionError(name)


@pytest.mark.asyncio
async def test_all_callers_see_the_error():
    pages = Pages(fetch)
    found = await asyncio.gather(*(pages.page("a") for _ in range(3)), return_exceptions=True)
    assert all(isinstance(one, ConnectionError) for one in found)
