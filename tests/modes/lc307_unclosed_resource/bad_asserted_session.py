"""A test asserts that `aclose()` closes the session, and it only forgets it."""

# name: session

import aiohttp
import pytest


class Rates:
    def __init__(self, url):
        self.url = url
        self._session = None

    async def open(self):
        self._session = aiohttp.ClientSession()

    async def aclose(self):  # LC307
        self.url = None
        self._session = None


@pytest.mark.asyncio
async def test_the_session_ends_with_its_client():
    rates = Rates("http://rates.test")
    await rates.open()
    session = rates._session
    await rates.aclose()
    assert session.closed
