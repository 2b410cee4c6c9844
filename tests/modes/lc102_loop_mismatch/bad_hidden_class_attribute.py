"""The class, not its instances, holds the client: every new repository shares it."""

# name: Bakery.shelves | bakery.shelves | self.shelves
import os

import pytest
import valkey.asyncio as valkey


class Bakery:
    shelves = valkey.from_url(os.environ["VALKEY_URL"])  # LC102

    def __init__(self, town):
        self.town = town

    async def bake(self, bread):
        return await self.shelves.zincrby(self.town, 1, bread)


@pytest.fixture
def bakery():
    return Bakery("Bergen")


@pytest.mark.asyncio(loop_scope="module")
async def test_rye_is_baked(bakery):
    assert await bakery.bake("rye") >= 1


@pytest.mark.asyncio
async def test_oat_is_baked(bakery):
    assert await bakery.bake("oat") >= 1
