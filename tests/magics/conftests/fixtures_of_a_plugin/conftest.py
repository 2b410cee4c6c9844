import pytest_asyncio

pytest_plugins = ["shop_fixtures_of_a_plugin"]


@pytest_asyncio.fixture
async def shop(till, counter):
    yield [till, counter]
