"""A helper returns what the function that it gets returns: a coroutine, which nothing awaits."""
# name: AsyncClient.get

import asyncio

import httpx
import pytest


async def persistent(attempt, times=3):
    for _ in range(times):
        try:
            return attempt()  # LC202
        except OSError:
            await asyncio.sleep(0)


class Rates:
    def __init__(self, http):
        self.http = http

    async def of(self, currency):
        answer = await persistent(lambda: self.http.get(f"/{currency}"))
        return answer.json()["rate"]


@pytest.mark.asyncio
async def test_a_rate():
    transport = httpx.MockTransport(lambda _: httpx.Response(200, json={"rate": 2}))
    async with httpx.AsyncClient(transport=transport, base_url="http://rates") as http:
        assert await Rates(http).of("eur") == 2
