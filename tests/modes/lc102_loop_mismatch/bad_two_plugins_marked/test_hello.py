"""The mark gives the test to pytest-asyncio; without it aiohttp's plugin runs it, as the other."""

# name: cli
import pytest


@pytest.mark.asyncio
async def test_hello(cli):  # LC102
    answer = await cli.get("/?who=me")
    assert (await answer.json())["who"] == "me"


async def test_hello_to_nobody(cli):
    answer = await cli.get("/")
    assert (await answer.json())["who"] is None
