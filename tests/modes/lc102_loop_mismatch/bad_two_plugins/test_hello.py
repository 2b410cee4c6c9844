"""aiohttp's plugin makes the client on its loop, and pytest-asyncio runs the test on another."""

# name: cli


async def test_hello(cli):
    answer = await cli.get("/?who=me")
    assert (await answer.json())["who"] == "me"
