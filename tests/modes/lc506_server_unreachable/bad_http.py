"""An HTTP client: its own words have neither host nor port."""

import httpx
import pytest


class Prices:
    BASE = "http://127.0.0.1:9"  # LC506

    def __init__(self, http):
        self.http = http

    async def of(self, name):
        answer = await self.http.get(f"{self.BASE}/prices/{name}")
        return answer.json()


# name: prices.http | self.http | http
@pytest.mark.asyncio
async def test_price():
    async with httpx.AsyncClient() as http:
        prices = Prices(http)
        assert await prices.of("apples") == {"price": 3}
