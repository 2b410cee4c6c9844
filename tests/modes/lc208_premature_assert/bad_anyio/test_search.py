"""anyio closes the loop of a test before pytest hears that it has failed."""

# findings: 2

import asyncio

import pytest

pytestmark = pytest.mark.anyio


@pytest.fixture
def anyio_backend():
    return "asyncio"


class Search:
    def __init__(self, index):
        self.index, self.hits, self.log = index, None, []

    def type(self, text):
        asyncio.get_running_loop().call_later(0.3, self._search, text)
        self.noting = asyncio.create_task(self._note(text))

    def _search(self, text):
        self.hits = [one for one in self.index if text in one]

    async def _note(self, text):
        await asyncio.sleep(0.3)
        self.log.append(text)


# name: Search._search | Search._note
async def test_hits():
    search = Search(["hero", "heron"])
    search.type("her")
    await asyncio.sleep(0)
    assert search.hits == ["hero", "heron"]  # LC208


async def test_log():
    search = Search([])
    search.type("her")
    await asyncio.sleep(0)
    assert search.log == ["her"]  # LC208
