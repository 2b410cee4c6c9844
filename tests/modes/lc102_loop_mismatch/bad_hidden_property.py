"""The public name is a property; the client is made behind it on first use."""

# name: museum._tickets
import os

import pytest
import valkey.asyncio as valkey


class Museum:
    def __init__(self, url):
        self._url, self._tickets = url, None

    @property
    def tickets(self):
        if self._tickets is None:
            self._tickets = valkey.from_url(self._url)
        return self._tickets

    async def admit(self, visitor):
        return await self.tickets.sadd("admitted", visitor)


@pytest.fixture(scope="session")
def museum():  # LC102
    return Museum(os.environ["VALKEY_URL"])


@pytest.mark.asyncio(loop_scope="module")
async def test_ada_is_admitted(museum):
    await museum.admit("ada")


@pytest.mark.asyncio
async def test_grace_is_admitted(museum):
    await museum.admit("grace")
