"""A list of arguments, of a fixture for all tests of the module, that grows."""

import pytest


@pytest.fixture(scope="module")
def args():  # LC308
    return ["mail", "hello"]


# name: args


async def send(channel, body):
    return channel, body


@pytest.mark.asyncio
async def test_more(args):
    args.append(5)
    assert args[-1] == 5


@pytest.mark.asyncio
async def test_both(args):
    assert await send(*args) == ("mail", "hello")
