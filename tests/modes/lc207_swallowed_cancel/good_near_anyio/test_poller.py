"""`move_on_after` asks for no error, and nothing is lost where the code was not told of it."""

import asyncio

import anyio
import pytest

pytestmark = pytest.mark.anyio


@pytest.fixture
def anyio_backend():
    return "asyncio"


class Poller:
    def __init__(self):
        self.results = []

    async def run(self, seconds=3600):
        try:
            await anyio.sleep(seconds)
        except asyncio.CancelledError:
            self.results.append(None)


async def test_it_comes_back_early():
    poller = Poller()
    with anyio.move_on_after(0.05):
        await poller.run()
    assert poller.results == [None]


async def test_it_goes_on_below_a_shield():
    poller = Poller()
    with anyio.move_on_after(0.05):
        with anyio.CancelScope(shield=True):
            await poller.run(0.1)
    assert poller.results == []
