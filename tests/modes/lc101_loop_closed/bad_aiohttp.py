"""A cached session of aiohttp: its time-outs are timers of a loop that is gone."""

# name: Api.session | api.session
import os

import aiohttp
import pytest


class Api:
    session = None

    async def status(self):
        if self.session is None:
            self.session = aiohttp.ClientSession()  # LC101
        async with self.session.get(os.environ["HTTP_URL"]) as answer:
            return answer.status


api = Api()  # LC101


@pytest.mark.asyncio
@pytest.mark.parametrize("day", ["monday", "tuesday"])
async def test_status(day):
    assert await api.status() == 200
