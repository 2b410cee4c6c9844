"""A fixture hands over the lists it is parametrized with."""

import pytest

# name: case | CASES[0]
CASES = [["mail", "hello", 5]]  # LC308


@pytest.fixture(params=CASES, ids=["mail"], scope="module")
def case(request):
    return request.param


async def send(channel, body, ttl):
    return channel, body, ttl


@pytest.mark.asyncio
class TestSend:
    async def test_channel(self, case):
        channel = case.pop(0)
        assert (await send(channel, *case))[0] == channel

    async def test_ttl(self, case):
        assert (await send(*case))[2] == 5
