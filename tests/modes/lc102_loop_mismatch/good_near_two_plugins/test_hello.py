"""All on the loop of aiohttp's plugin; one test fails for what it says."""


async def test_hello(cli):
    answer = await cli.get("/?who=me")
    assert (await answer.json())["who"] == "you"
